// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/digest.h"
#include "storage/backups/backup_file.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>

// What writer and reader of a backup have in common (resources/formats/backup.md). Any thread.
namespace tramontane::vault::backup_messages {

/// The first byte of a sealed message.
inline constexpr std::uint8_t kEntry = 1; // length of the file (8 bytes, little-endian), then its name
inline constexpr std::uint8_t kData = 2;
inline constexpr std::uint8_t kEnd = 3; // how many files there were (4 bytes, little-endian); the last message

inline constexpr std::size_t kLengthBytes = 4;
inline constexpr std::size_t kMaxSealed = 1 + kBackupPiece + kSealedMessageExtra;

template <std::size_t Bytes>
[[nodiscard]] std::array<std::uint8_t, Bytes> littleEndian(std::uint64_t value)
{
    std::array<std::uint8_t, Bytes> bytes;
    for (std::size_t i = 0; i < Bytes; ++i)
        bytes[i] = static_cast<std::uint8_t>(value >> (8 * i) & 0xFF);
    return bytes;
}

[[nodiscard]] inline std::uint64_t fromLittleEndian(std::span<const std::uint8_t> bytes)
{
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;)
        value = value << 8 | bytes[i];
    return value;
}

/// The associated data of every message: the stream belongs to this header.
[[nodiscard]] inline std::string boundTo(const Hash32 &header)
{
    return "tramontane backup v1\n" + toHex(header) + "\n";
}

/// Goes before the content of a file into the hash over all of them.
inline void countEntry(Sha256 &content, const BackupEntry &entry)
{
    content.update(littleEndian<8>(entry.bytes));
    content.update(littleEndian<4>(entry.name.size()));
    content.update(entry.name);
}

} // namespace tramontane::vault::backup_messages
