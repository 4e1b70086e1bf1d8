// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/digest.h"
#include "storage/attachments/attachment_file.h"

#include <array>
#include <numeric>
#include <string>

// What the tests of attachments write, and the stored example holds (resources/formats/attachments.md).
namespace tramontane::test {

/// 32 bytes that count up.
inline Key32 attachmentKey(std::uint8_t first = 60)
{
    std::array<std::uint8_t, Key32::kSize> bytes;
    std::iota(bytes.begin(), bytes.end(), first);
    return *Key32::fromBytes(bytes);
}

inline vault::AttachmentOwner attachmentOwner()
{
    return {"01928f4e-5b6c-7d8e-9f00-112233445566", *AttachmentId::fromText("01928f4e-5b6c-7d8e-9f00-99aabbccddee")};
}

inline std::string attachmentContent(std::size_t bytes)
{
    std::string content(bytes, '\0');
    for (std::size_t i = 0; i < bytes; ++i)
        content[i] = static_cast<char>(i * 7 + i / 251);
    return content;
}

inline vault::AttachmentHeader attachmentHeader(const std::string &content)
{
    return {content.size(), "a report.pdf", "application/pdf"};
}

/// Writes `content` as attachmentOwner()'s, by way of `unfinished`.
inline Status writeAttachment(const std::filesystem::path &unfinished, const std::filesystem::path &target,
                              const std::string &content, const vault::AttachmentHeader &header, const Key32 &key)
{
    auto writer = vault::AttachmentFileWriter::begin(unfinished, key, attachmentOwner(), header);
    if (!writer)
        return writer.error();
    std::size_t at = 0;
    do {
        const auto piece = std::string_view(content).substr(at, vault::kAttachmentPiece);
        if (auto written = writer->append(bytesOf(piece)); !written)
            return written;
        at += piece.size();
    } while (at < content.size());
    return writer->finish(target);
}

} // namespace tramontane::test
