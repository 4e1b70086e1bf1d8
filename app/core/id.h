// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tramontane {

/// 128 bits, UUID version 7 (RFC 9562, section 5.7): 48-bit UTC milliseconds, then random bits from libsodium.
/// Sorts by time of making. Two ids made in one millisecond have no order. Any thread.
class Uuid {
public:
    static constexpr std::size_t kSize = 16;

    /// The null id; `isNull()` is true.
    Uuid() = default;
    /// A new id for the given time (milliseconds since 1970 UTC).
    [[nodiscard]] static Uuid make(std::int64_t utcMs);
    /// Reads the 36-character lower- or upper-case form; nothing for anything else. Any version is accepted.
    [[nodiscard]] static std::optional<Uuid> fromText(std::string_view text);
    /// From 16 bytes as stored in a database; nothing for another length.
    [[nodiscard]] static std::optional<Uuid> fromBytes(std::string_view bytes);

    [[nodiscard]] bool isNull() const noexcept { return m_bytes == std::array<std::uint8_t, kSize>{}; }
    /// 36 lower-case characters.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] const std::array<std::uint8_t, kSize> &bytes() const noexcept { return m_bytes; }

    auto operator<=>(const Uuid &) const = default;

private:
    std::array<std::uint8_t, kSize> m_bytes{};
};

/// A Uuid that cannot be mistaken for one of another kind.
template <class Tag>
class Id {
public:
    Id() = default;
    explicit Id(Uuid uuid) : m_uuid(uuid) {}
    [[nodiscard]] static Id make(std::int64_t utcMs) { return Id(Uuid::make(utcMs)); }
    [[nodiscard]] static std::optional<Id> fromText(std::string_view text)
    {
        const auto uuid = Uuid::fromText(text);
        return uuid ? std::optional<Id>(Id(*uuid)) : std::nullopt;
    }
    [[nodiscard]] bool isNull() const noexcept { return m_uuid.isNull(); }
    [[nodiscard]] std::string text() const { return m_uuid.text(); }
    [[nodiscard]] const Uuid &uuid() const noexcept { return m_uuid; }
    auto operator<=>(const Id &) const = default;

private:
    Uuid m_uuid;
};

using ConversationId = Id<struct ConversationTag>;
using FolderId = Id<struct FolderTag>;
using LabelId = Id<struct LabelTag>;
using AttachmentId = Id<struct AttachmentTag>;
using HoldId = Id<struct HoldTag>;
using RetentionRuleId = Id<struct RetentionRuleTag>;
using MessageId = Id<struct MessageTag>;
using ModelId = Id<struct ModelTag>;
using AttemptId = Id<struct AttemptTag>;

} // namespace tramontane
