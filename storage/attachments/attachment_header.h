// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

// What an attachment's file says of itself, sealed with it (resources/formats/attachments.md). Any thread.
namespace tramontane::vault {

inline constexpr std::size_t kMaxAttachmentHeaderBytes = 8 + 2 + 255 + 2 + 127;

struct AttachmentHeader {
    std::uint64_t bytes = 0;
    std::string name;
    std::string mediaType;

    bool operator==(const AttachmentHeader &) const = default;
};

/// Errors: InvalidArgument for a name that is empty, longer than 255 bytes, no UTF-8, "." or "..", or holds a control
/// character or one of / \ ; for a media type that is not 1 to 127 printable ASCII characters.
[[nodiscard]] Status checkAttachmentHeader(const AttachmentHeader &header);

/// `header` must have passed checkAttachmentHeader(). Never fails.
[[nodiscard]] std::string attachmentHeaderBytes(const AttachmentHeader &header);

/// Errors: AttachmentDamaged for bytes that are not exactly one header within its limits.
[[nodiscard]] Result<AttachmentHeader> readAttachmentHeader(std::span<const std::uint8_t> bytes);

/// The error for a file that is not what it should be; `what` is for the log.
[[nodiscard]] Error damagedAttachment(std::string_view what);

} // namespace tramontane::vault
