// SPDX-License-Identifier: Apache-2.0
#include "app/platform/files/file_error.h"
#include "storage/backups/backup_messages.h"
#include "storage/keys/strict_json.h"

#include <algorithm>

namespace tramontane::vault {

using namespace backup_messages;

namespace {

constexpr std::size_t kHexDigits = 32;
constexpr std::string_view kAttachmentEnding = ".attachment";

Error notABackup()
{
    return Error{ErrorCode::VaultForeign, "This file is not a backup of Tramontane. Nothing was changed.", "magic"};
}

Status readAll(files::InputFile &file, std::span<std::uint8_t> buffer)
{
    const auto count = file.read(buffer);
    if (!count)
        return count.error();
    return *count == buffer.size() ? Status() : Status(damagedBackup("cut off"));
}

} // namespace

bool isBackupEntryName(std::string_view name)
{
    if (name == "keys.json" || name == "vault.db" || name == "audit.db")
        return true;
    if (!name.starts_with(kAttachmentEntries))
        return false;
    name.remove_prefix(kAttachmentEntries.size());
    return name.size() == kHexDigits + kAttachmentEnding.size() && name.ends_with(kAttachmentEnding)
           && name.find_first_not_of("0123456789abcdef") == kHexDigits;
}

BackupFileReader::BackupFileReader(files::InputFile file, BackupHeader header, const Hash32 &headerHash,
                                   const StreamNonce &nonce)
    : m_file(std::move(file)), m_header(std::move(header)), m_boundTo(boundTo(headerHash)), m_nonce(nonce)
{
}

Result<BackupFileReader> BackupFileReader::open(const std::filesystem::path &path)
{
    auto file = files::InputFile::open(path);
    if (!file)
        return file.error().code == ErrorCode::InvalidArgument ? notABackup() : file.error();
    std::array<std::uint8_t, kBackupMagic.size()> magic{};
    std::array<std::uint8_t, kLengthBytes> length{};
    const auto read = file->read(magic);
    if (!read)
        return read.error();
    if (*read != magic.size() || !std::ranges::equal(magic, bytesOf(kBackupMagic)))
        return notABackup();
    if (auto done = readAll(*file, length); !done)
        return done.error();
    const auto textBytes = static_cast<std::size_t>(fromLittleEndian(length));
    if (textBytes > kMaxFileBytes)
        return damagedBackup("length of the header");
    std::string text(textBytes, '\0');
    StreamNonce nonce{};
    if (auto done = readAll(*file, {reinterpret_cast<std::uint8_t *>(text.data()), text.size()}); !done)
        return done.error();
    auto header = parseBackupHeader(text);
    if (!header)
        return header.error();
    if (auto done = readAll(*file, nonce); !done)
        return done.error();
    BackupFileReader reader(std::move(*file), std::move(*header), sha256(text), nonce);
    std::error_code failure;
    reader.m_fileBytes = std::filesystem::file_size(path, failure);
    return reader;
}

void BackupFileReader::unlock(const Key32 &key)
{
    m_opener.emplace(key, m_nonce);
}

Result<StreamTag> BackupFileReader::readMessage()
{
    std::array<std::uint8_t, kLengthBytes> length{};
    if (auto read = readAll(m_file, length); !read)
        return read.error();
    const auto bytes = static_cast<std::size_t>(fromLittleEndian(length));
    if (bytes <= kSealedMessageExtra || bytes > kMaxSealed)
        return damagedBackup("length of a message");
    m_sealed.resize(bytes);
    if (auto read = readAll(m_file, m_sealed); !read)
        return read.error();
    const auto tag = m_opener->open(m_sealed, m_boundTo, m_message);
    if (!tag)
        return damagedBackup("changed");
    return *tag;
}

Result<std::optional<BackupEntry>> BackupFileReader::nextEntry()
{
    while (m_missing > 0) {
        if (const auto passed = nextPiece(); !passed)
            return passed.error();
    }
    const auto tag = readMessage();
    if (!tag)
        return tag.error();
    const std::span<const std::uint8_t> payload = std::span(m_message).subspan(1);
    if (m_message[0] == kEnd)
        return end(*tag);
    if (m_message[0] != kEntry || *tag != StreamTag::More || payload.size() < 8 || ++m_entries > kMaxBackupEntries)
        return damagedBackup("order of messages");
    BackupEntry entry;
    entry.bytes = fromLittleEndian(payload.first(8));
    entry.name.assign(payload.begin() + 8, payload.end());
    if (!isBackupEntryName(entry.name))
        return damagedBackup("name of a file");
    m_missing = entry.bytes;
    countEntry(*m_content, entry);
    return std::optional(entry);
}

Result<std::optional<BackupEntry>> BackupFileReader::end(StreamTag tag)
{
    const std::span<const std::uint8_t> payload = std::span(m_message).subspan(1);
    std::array<std::uint8_t, 1> beyond{};
    const auto more = m_file.read(beyond);
    if (!more)
        return more.error();
    if (tag != StreamTag::Last || payload.size() != 4 || fromLittleEndian(payload) != m_entries || *more != 0)
        return damagedBackup("end");
    return std::optional<BackupEntry>();
}

Result<std::span<const std::uint8_t>> BackupFileReader::nextPiece()
{
    if (m_missing == 0)
        return std::span<const std::uint8_t>();
    const auto tag = readMessage();
    if (!tag)
        return tag.error();
    const std::span<const std::uint8_t> payload = std::span(m_message).subspan(1);
    if (m_message[0] != kData || *tag != StreamTag::More || payload.empty() || payload.size() > m_missing)
        return damagedBackup("length of a file");
    m_missing -= payload.size();
    m_content->update(payload);
    return payload;
}

Hash32 BackupFileReader::content()
{
    return m_content->finish();
}

} // namespace tramontane::vault
