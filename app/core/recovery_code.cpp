// SPDX-License-Identifier: Apache-2.0
#include "app/core/recovery_code.h"

#include <sodium.h>

#include <array>
#include <cstdint>
#include <string>

namespace tramontane {
namespace {

constexpr std::string_view kSymbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::string_view kPrefix = "tramontane";
constexpr std::size_t kDataSymbols = 34; // 170 bits; the last two are zero
constexpr std::size_t kCheckSymbols = 6;
constexpr std::size_t kAllSymbols = kDataSymbols + kCheckSymbols;
constexpr std::size_t kGroup = 5;
constexpr std::uint32_t kBech32m = 0x2bc830a3;
/// Hyphens and dashes (U+2010 to U+2015), the minus sign and spaces that word processors put in their place.
constexpr std::array<std::string_view, 11> kSkipped{"\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015",
                                                    "\u2212", "\u00a0", "\u202f", "\u2009", "\ufeff"};

/// Symbols as numbers of five bits, in locked memory.
using Symbols = SecretBytes;

std::uint32_t polymodStep(std::uint32_t check, std::uint8_t value)
{
    constexpr std::array<std::uint32_t, 5> kGenerator{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    const std::uint32_t top = check >> 25;
    check = (check & 0x1ffffff) << 5 ^ value;
    for (std::size_t i = 0; i < kGenerator.size(); ++i)
        check ^= ((top >> i) & 1U) != 0 ? kGenerator[i] : 0;
    return check;
}

/// BIP 173's polymod over the expanded prefix and `symbols`.
std::uint32_t polymod(std::span<const std::uint8_t> symbols)
{
    std::uint32_t check = 1;
    for (const char c : kPrefix)
        check = polymodStep(check, static_cast<std::uint8_t>(c >> 5));
    check = polymodStep(check, 0);
    for (const char c : kPrefix)
        check = polymodStep(check, static_cast<std::uint8_t>(c & 31));
    for (const std::uint8_t symbol : symbols)
        check = polymodStep(check, symbol);
    return check;
}

Symbols symbolsOf(const SecretBytes &bytes)
{
    Symbols symbols(kAllSymbols);
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
        const bool set = (bytes.data()[bit / 8] >> (7 - bit % 8) & 1) != 0;
        symbols.data()[bit / 5] |= static_cast<std::uint8_t>(set ? 1U << (4 - bit % 5) : 0);
    }
    const std::uint32_t check = polymod(symbols.bytes()) ^ kBech32m; // the check part is still zero
    for (std::size_t i = 0; i < kCheckSymbols; ++i)
        symbols.data()[kDataSymbols + i] = check >> (5 * (kCheckSymbols - 1 - i)) & 31;
    return symbols;
}

int valueOf(char c)
{
    char symbol = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (symbol == 'O')
        symbol = '0';
    else if (symbol == 'I' || symbol == 'L')
        symbol = '1';
    else if (symbol == 'U')
        symbol = 'V';
    const auto found = kSymbols.find(symbol);
    return found == std::string_view::npos ? -1 : static_cast<int>(found);
}

/// How many bytes at the front of `text` mean nothing.
std::size_t skippedAt(std::string_view text)
{
    if (std::string_view(" -_\t\r\n").find(text.front()) != std::string_view::npos)
        return 1;
    for (const std::string_view sign : kSkipped) {
        if (text.starts_with(sign))
            return sign.size();
    }
    return 0;
}

Error refused(const std::string &what)
{
    return Error{ErrorCode::InvalidArgument, what + " Compare it with the paper, group by group.", ""};
}

std::string place(std::size_t symbol)
{
    return "group " + std::to_string(symbol / kGroup + 1) + ", character " + std::to_string(symbol % kGroup + 1);
}

} // namespace

RecoveryCode RecoveryCode::random()
{
    SecretBytes bytes(kBytes);
    randombytes_buf(bytes.data(), bytes.size());
    return RecoveryCode(std::move(bytes));
}

Result<RecoveryCode> RecoveryCode::fromText(std::string_view typed)
{
    Symbols symbols(kAllSymbols);
    std::size_t count = 0;
    for (std::size_t at = 0; at < typed.size();) {
        if (const std::size_t skip = skippedAt(typed.substr(at)); skip > 0) {
            at += skip;
            continue;
        }
        const int value = valueOf(typed[at]);
        if (value < 0)
            return refused("There is a character that a recovery code does not have: " + place(count) + ".");
        if (count < kAllSymbols)
            symbols.data()[count] = static_cast<std::uint8_t>(value);
        ++count;
        ++at;
    }
    if (count != kAllSymbols)
        return refused("A recovery code has 40 letters and digits; here are " + std::to_string(count) + ".");
    if (polymod(symbols.bytes()) != kBech32m || (symbols.data()[kDataSymbols - 1] & 3) != 0)
        return refused("The recovery code has a typing error.");
    SecretBytes bytes(kBytes);
    for (std::size_t bit = 0; bit < 8 * kBytes; ++bit) {
        const bool set = (symbols.data()[bit / 5] >> (4 - bit % 5) & 1) != 0;
        bytes.data()[bit / 8] |= static_cast<std::uint8_t>(set ? 1U << (7 - bit % 8) : 0);
    }
    return RecoveryCode(std::move(bytes));
}

std::shared_ptr<SecretBytes> RecoveryCode::bytes() const
{
    return std::make_shared<SecretBytes>(SecretBytes::copyOf(m_bytes.bytes()));
}

SecretBytes RecoveryCode::text() const
{
    const Symbols symbols = symbolsOf(m_bytes);
    SecretBytes text(kTextLength);
    std::size_t at = 0;
    for (std::size_t i = 0; i < kAllSymbols; ++i) {
        if (i > 0 && i % kGroup == 0)
            text.data()[at++] = '-';
        text.data()[at++] = static_cast<std::uint8_t>(kSymbols[symbols.data()[i]]);
    }
    return text;
}

bool RecoveryCode::equals(const RecoveryCode &other) const noexcept
{
    return sodium_memcmp(m_bytes.data(), other.m_bytes.data(), kBytes) == 0;
}

} // namespace tramontane
