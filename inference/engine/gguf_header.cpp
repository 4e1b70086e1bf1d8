// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/gguf_header.h"

#include "inference/engine/model_errors.h"

#include <array>
#include <cstring>
#include <string>

namespace tramontane::engine {

namespace {

constexpr std::uint32_t kOldestVersion = 2;
constexpr std::uint32_t kNewestVersion = 3;
constexpr std::uint64_t kMostEntries = std::uint64_t{1} << 24; // keys or tensors; the largest models have some 10 000
constexpr std::uint64_t kLongestName = 1 << 16;
constexpr std::uint32_t kMostDimensions = 4;
constexpr std::uint32_t kTypeString = 8;
constexpr std::uint32_t kTypeArray = 9;
/// Bytes of a value by its type; 0: a string, an array or no type.
constexpr std::array<std::uint64_t, 13> kValueBytes = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

class HeaderWalk {
public:
    HeaderWalk(std::FILE *file, std::uint64_t fileBytes) : m_file(file), m_left(fileBytes) {}
    Status run();

private:
    template <class T>
    T number();
    void skip(std::uint64_t bytes);
    void text(std::uint64_t longest);
    void values(std::uint32_t type, std::uint64_t count);
    void pair();
    void tensor();
    bool take(void *into, std::size_t bytes);
    void fail(Error error)
    {
        if (!m_error)
            m_error = std::move(error);
    }
    [[nodiscard]] bool failed() const { return m_error.has_value(); }

    std::FILE *m_file;
    std::uint64_t m_left;
    std::array<char, 1 << 16> m_buffer{};
    std::size_t m_filled = 0;
    std::size_t m_at = 0;
    std::optional<Error> m_error;
};

bool HeaderWalk::take(void *into, std::size_t bytes)
{
    auto *to = static_cast<char *>(into);
    while (bytes > 0) {
        if (m_at == m_filled) {
            m_filled = std::fread(m_buffer.data(), 1, m_buffer.size(), m_file);
            m_at = 0;
            if (m_filled == 0)
                return false;
        }
        const std::size_t piece = std::min(bytes, m_filled - m_at);
        if (to != nullptr) {
            std::memcpy(to, m_buffer.data() + m_at, piece);
            to += piece;
        }
        m_at += piece;
        bytes -= piece;
    }
    return true;
}

template <class T>
T HeaderWalk::number()
{
    std::array<unsigned char, sizeof(T)> bytes{};
    if (failed())
        return 0;
    if (m_left < sizeof(T) || !take(bytes.data(), bytes.size())) {
        fail(modelTruncated("the file ends inside the header"));
        return 0;
    }
    m_left -= sizeof(T);
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i)
        value = static_cast<T>(value | (T{bytes[i]} << (8 * i)));
    return value;
}

void HeaderWalk::skip(std::uint64_t bytes)
{
    if (failed())
        return;
    if (bytes > m_left || !take(nullptr, static_cast<std::size_t>(bytes)))
        return fail(modelTruncated("the file ends inside the header"));
    m_left -= bytes;
}

void HeaderWalk::text(std::uint64_t longest)
{
    const auto length = number<std::uint64_t>();
    if (length > longest)
        return fail(modelDamaged("a text of " + std::to_string(length) + " bytes in the header"));
    skip(length);
}

void HeaderWalk::values(std::uint32_t type, std::uint64_t count)
{
    if (failed())
        return;
    if (type >= kValueBytes.size() || type == kTypeArray)
        return fail(modelDamaged("a value of type " + std::to_string(type)));
    const std::uint64_t smallest = type == kTypeString ? sizeof(std::uint64_t) : kValueBytes[type];
    // More than the whole file can hold: a lie rather than a cut.
    if (count > (std::uint64_t{1} << 40) / smallest)
        return fail(modelDamaged("an array of " + std::to_string(count) + " values"));
    if (type != kTypeString)
        return skip(count * smallest);
    for (std::uint64_t i = 0; i < count && !failed(); ++i)
        text(std::uint64_t{1} << 30);
}

void HeaderWalk::pair()
{
    text(kLongestName);
    auto type = number<std::uint32_t>();
    std::uint64_t count = 1;
    if (type == kTypeArray) {
        type = number<std::uint32_t>();
        count = number<std::uint64_t>();
    }
    values(type, count);
}

void HeaderWalk::tensor()
{
    text(kLongestName);
    const auto dimensions = number<std::uint32_t>();
    if (!failed() && dimensions > kMostDimensions)
        return fail(modelDamaged("a tensor of " + std::to_string(dimensions) + " dimensions"));
    // Sizes, type and offset: the parser checks them.
    skip(std::uint64_t{dimensions} * 8 + 4 + 8);
}

Status HeaderWalk::run()
{
    std::array<char, 4> magic{};
    if (m_left < magic.size() || !take(magic.data(), magic.size())
        || std::string_view(magic.data(), magic.size()) != "GGUF")
        return notGguf("the file does not begin with GGUF");
    m_left -= magic.size();
    const auto version = number<std::uint32_t>();
    if (!failed() && (version < kOldestVersion || version > kNewestVersion))
        return modelUnsupported("GGUF version " + std::to_string(version));
    const auto tensors = number<std::uint64_t>();
    const auto pairs = number<std::uint64_t>();
    if (!failed() && (tensors > kMostEntries || pairs > kMostEntries))
        return modelDamaged(std::to_string(tensors) + " tensors and " + std::to_string(pairs) + " keys");
    for (std::uint64_t i = 0; i < pairs && !failed(); ++i)
        pair();
    for (std::uint64_t i = 0; i < tensors && !failed(); ++i)
        tensor();
    // The parser looks for the beginning of the data, and does not say why when it is not there.
    if (!failed() && tensors > 0 && m_left == 0)
        return modelTruncated("the file ends with the header");
    if (m_error)
        return *m_error;
    return {};
}

} // namespace

Status checkGgufHeader(std::FILE *file, std::uint64_t fileBytes)
{
    std::rewind(file);
    const Status checked = HeaderWalk(file, fileBytes).run();
    if (std::ferror(file) != 0)
        return Error{ErrorCode::IoFailed, "The model file could not be read.", "read error"};
    std::rewind(file);
    return checked;
}

} // namespace tramontane::engine
