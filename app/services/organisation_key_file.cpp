// SPDX-License-Identifier: Apache-2.0
#include "app/services/organisation_key_file.h"

#include "app/core/digest.h"

#include <sodium.h>

#include <algorithm>
#include <optional>
#include <string_view>

namespace tramontane {
namespace {

constexpr std::string_view kTitle = "tramontane-organisation-key 1";
constexpr std::string_view kPublic = "public ";
constexpr std::array<std::string_view, 3> kParts{"private ", "half-1 ", "half-2 "};
constexpr std::size_t kKeyBytes = 32;
static_assert(crypto_box_PUBLICKEYBYTES == kKeyBytes && crypto_box_SECRETKEYBYTES == kKeyBytes);

/// What one file says.
struct KeyFile {
    std::array<std::uint8_t, kKeyBytes> publicKey{};
    std::size_t part = 0; // index in kParts
    SecretBytes secret{kKeyBytes};
};

bool fromHex(std::string_view digits, std::uint8_t *out)
{
    std::size_t length = 0;
    return digits.size() == 2 * kKeyBytes
           && sodium_hex2bin(out, kKeyBytes, digits.data(), digits.size(), nullptr, &length, nullptr) == 0
           && length == kKeyBytes;
}

/// The next line of `text`, which loses it; a carriage return at its end does not count.
std::string_view takeLine(std::string_view &text)
{
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
        line.remove_suffix(1);
    return line;
}

std::optional<KeyFile> readFile(const SecretBytes &content)
{
    std::string_view text(reinterpret_cast<const char *>(content.data()), content.size());
    KeyFile file;
    if (takeLine(text) != kTitle)
        return std::nullopt;
    const std::string_view named = takeLine(text);
    if (!named.starts_with(kPublic) || !fromHex(named.substr(kPublic.size()), file.publicKey.data()))
        return std::nullopt;
    const std::string_view secret = takeLine(text);
    const auto part = std::find_if(kParts.begin(), kParts.end(), [&](auto name) { return secret.starts_with(name); });
    if (part == kParts.end() || !fromHex(secret.substr(part->size()), file.secret.data()) || !text.empty())
        return std::nullopt;
    file.part = static_cast<std::size_t>(part - kParts.begin());
    return file;
}

SecretBytes fileText(const OrganisationKeyPair &pair, std::string_view part, const SecretBytes &secret)
{
    std::string head(kTitle);
    head += "\n" + std::string(kPublic) + toHex(pair.publicKey) + "\n" + std::string(part);
    SecretBytes text(head.size() + 2 * kKeyBytes + 1);
    std::copy(head.begin(), head.end(), text.data());
    // The function ends what it writes with a zero byte; the line end takes its place.
    sodium_bin2hex(reinterpret_cast<char *>(text.data() + head.size()), 2 * kKeyBytes + 1, secret.data(), kKeyBytes);
    text.data()[text.size() - 1] = '\n';
    return text;
}

void addInto(SecretBytes &sum, const SecretBytes &other)
{
    for (std::size_t i = 0; i < kKeyBytes; ++i)
        sum.data()[i] ^= other.data()[i];
}

Error refused(const char *what)
{
    return Error{ErrorCode::InvalidArgument, what, ""};
}

/// Whether the private key belongs to the public one that the file names: it tells damage, and halves of two keys.
Result<OrganisationKeyPair> checked(const std::array<std::uint8_t, kKeyBytes> &publicKey, SecretBytes secret)
{
    std::array<std::uint8_t, kKeyBytes> computed{};
    if (crypto_scalarmult_base(computed.data(), secret.data()) != 0 || computed != publicKey)
        return refused("The organisation's key is damaged, or its two halves belong to different keys. Nothing was "
                       "opened; use another copy.");
    return OrganisationKeyPair{publicKey, std::make_shared<SecretBytes>(std::move(secret))};
}

} // namespace

OrganisationKeyPair makeOrganisationKeyPair()
{
    OrganisationKeyPair pair{{}, std::make_shared<SecretBytes>(kKeyBytes)};
    crypto_box_keypair(pair.publicKey.data(), pair.privateKey->data());
    return pair;
}

SecretBytes organisationKeyFile(const OrganisationKeyPair &pair)
{
    return fileText(pair, kParts[0], *pair.privateKey);
}

std::pair<SecretBytes, SecretBytes> organisationKeyHalves(const OrganisationKeyPair &pair)
{
    SecretBytes first(kKeyBytes);
    randombytes_buf(first.data(), kKeyBytes);
    SecretBytes second = SecretBytes::copyOf(pair.privateKey->bytes());
    addInto(second, first);
    return {fileText(pair, kParts[1], first), fileText(pair, kParts[2], second)};
}

Result<OrganisationKeyPair> readOrganisationKey(const std::vector<std::shared_ptr<SecretBytes>> &files)
{
    if (files.empty() || files.size() > 2)
        return refused("The organisation's key is one file, or two halves.");
    std::vector<KeyFile> read;
    for (const auto &content : files) {
        auto file = content ? readFile(*content) : std::nullopt;
        if (!file)
            return refused("This is no key file of an organisation, or it is damaged.");
        read.push_back(std::move(*file));
    }
    KeyFile &first = read.front();
    if (read.size() == 1 && first.part == 0)
        return checked(first.publicKey, std::move(first.secret));
    if (read.size() == 1)
        return refused("This is one half of the organisation's key. Give the other half, too.");
    const KeyFile &second = read.back();
    if (first.part + second.part != 3 || first.part == 0 || second.part == 0)
        return refused("These two files are not the two halves of one key of an organisation.");
    if (first.publicKey != second.publicKey)
        return refused("These are halves of two different keys. Use those that belong together.");
    addInto(first.secret, second.secret);
    return checked(first.publicKey, std::move(first.secret));
}

} // namespace tramontane
