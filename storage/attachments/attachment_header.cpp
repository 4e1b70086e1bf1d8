// SPDX-License-Identifier: Apache-2.0
#include "storage/attachments/attachment_header.h"

#include "storage/repositories/storable_text.h"

#include <algorithm>

namespace tramontane::vault {

namespace {

constexpr std::size_t kLongestName = 255;
constexpr std::size_t kLongestType = 127;

void addNumber(std::string &out, std::uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; ++i)
        out += static_cast<char>(value >> (8 * i) & 0xFF);
}

/// Takes fields off the front; nothing fits any more after the first that is not there.
class Fields {
public:
    explicit Fields(std::span<const std::uint8_t> bytes) : m_left(bytes) {}

    [[nodiscard]] std::uint64_t number(std::size_t bytes)
    {
        std::uint64_t value = 0;
        const auto field = take(bytes);
        for (std::size_t i = 0; i < field.size(); ++i)
            value |= std::uint64_t(field[i]) << (8 * i);
        return value;
    }
    [[nodiscard]] std::string text()
    {
        const auto field = take(static_cast<std::size_t>(number(2)));
        return {field.begin(), field.end()};
    }
    [[nodiscard]] bool exhausted() const { return !m_short && m_left.empty(); }

private:
    std::span<const std::uint8_t> take(std::size_t bytes)
    {
        m_short = m_short || bytes > m_left.size();
        if (m_short)
            return {};
        const auto field = m_left.first(bytes);
        m_left = m_left.subspan(bytes);
        return field;
    }

    std::span<const std::uint8_t> m_left;
    bool m_short = false;
};

bool isName(const std::string &name)
{
    const bool plain = std::ranges::none_of(
        name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '/' || c == '\\'; });
    return plain && !name.empty() && name.size() <= kLongestName && name != "." && name != ".."
           && storableText(name) == name;
}

bool isMediaType(const std::string &type)
{
    return !type.empty() && type.size() <= kLongestType
           && std::ranges::all_of(type, [](char c) { return c > 0x20 && c < 0x7F; });
}

} // namespace

Status checkAttachmentHeader(const AttachmentHeader &header)
{
    if (!isName(header.name))
        return Error{ErrorCode::InvalidArgument,
                     "Not attached: the file needs a name of at most 255 bytes without slashes and control characters.",
                     ""};
    if (!isMediaType(header.mediaType))
        return Error{ErrorCode::InvalidArgument, "Not attached: the kind of the file is not a media type.", ""};
    return {};
}

std::string attachmentHeaderBytes(const AttachmentHeader &header)
{
    std::string bytes;
    addNumber(bytes, header.bytes, 8);
    for (const std::string *text : {&header.name, &header.mediaType}) {
        addNumber(bytes, text->size(), 2);
        bytes += *text;
    }
    return bytes;
}

Result<AttachmentHeader> readAttachmentHeader(std::span<const std::uint8_t> bytes)
{
    Fields fields(bytes);
    AttachmentHeader header;
    header.bytes = fields.number(8);
    header.name = fields.text();
    header.mediaType = fields.text();
    if (!fields.exhausted() || !checkAttachmentHeader(header))
        return damagedAttachment("header");
    return header;
}

Error damagedAttachment(std::string_view what)
{
    return Error{
        ErrorCode::AttachmentDamaged,
        "The attachment is damaged or missing on the disk, so nothing of it is shown. Restore it from a backup.",
        std::string(what)};
}

} // namespace tramontane::vault
