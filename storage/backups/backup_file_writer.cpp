// SPDX-License-Identifier: Apache-2.0
#include "app/platform/files/file_error.h"
#include "storage/backups/backup_messages.h"

#include <algorithm>

namespace tramontane::vault {

using namespace backup_messages;

namespace {

/// So that the last sync never has much to write.
constexpr std::uint64_t kSyncEvery = 32 * 1024 * 1024;

} // namespace

BackupFileWriter::BackupFileWriter(files::NewFile file, const Key32 &key, const Hash32 &header)
    : m_file(std::move(file)), m_sealer(key), m_boundTo(boundTo(header))
{
}

Result<BackupFileWriter> BackupFileWriter::begin(const std::filesystem::path &path, const BackupHeader &header,
                                                 const Key32 &key)
{
    auto file = files::NewFile::create(path);
    if (!file)
        return file.error();
    const std::string text = backupHeaderText(header);
    BackupFileWriter writer(std::move(*file), key, sha256(text));
    const auto length = littleEndian<kLengthBytes>(text.size());
    for (const std::span<const std::uint8_t> part :
         {bytesOf(kBackupMagic), std::span<const std::uint8_t>(length), bytesOf(text),
          std::span<const std::uint8_t>(writer.m_sealer.nonce())}) {
        if (auto written = writer.m_file.write(part); !written)
            return written.error();
    }
    return writer;
}

Status BackupFileWriter::seal(std::uint8_t kind, std::span<const std::uint8_t> payload, StreamTag tag)
{
    m_message.assign(1, kind);
    m_message.insert(m_message.end(), payload.begin(), payload.end());
    m_sealer.seal(m_message, m_boundTo, tag, m_sealed);
    if (auto written = m_file.write(littleEndian<kLengthBytes>(m_sealed.size())); !written)
        return written;
    if (auto written = m_file.write(m_sealed); !written)
        return written;
    if (m_file.size() - m_synced < kSyncEvery)
        return {};
    m_synced = m_file.size();
    return m_file.sync();
}

Status BackupFileWriter::beginEntry(const BackupEntry &entry)
{
    ++m_entries;
    countEntry(*m_content, entry);
    std::vector<std::uint8_t> payload;
    std::ranges::copy(littleEndian<8>(entry.bytes), std::back_inserter(payload));
    std::ranges::copy(bytesOf(entry.name), std::back_inserter(payload));
    return seal(kEntry, payload, StreamTag::More);
}

Status BackupFileWriter::append(std::span<const std::uint8_t> piece)
{
    m_content->update(piece);
    return seal(kData, piece, StreamTag::More);
}

Status BackupFileWriter::addText(const std::string &name, std::string_view text)
{
    if (auto begun = beginEntry({name, text.size()}); !begun)
        return begun;
    for (std::size_t at = 0; at < text.size(); at += kBackupPiece) {
        if (auto added = append(bytesOf(text.substr(at, kBackupPiece))); !added)
            return added;
    }
    return {};
}

Status BackupFileWriter::addFile(const std::string &name, const std::filesystem::path &path,
                                 const BackupProgress &progress)
{
    auto file = files::InputFile::open(path);
    if (!file)
        return file.error();
    std::error_code failure;
    std::uint64_t missing = std::filesystem::file_size(path, failure);
    if (failure)
        return files::fileError(failure, "examining", path);
    if (auto begun = beginEntry({name, missing}); !begun)
        return begun;
    std::vector<std::uint8_t> piece(kBackupPiece);
    while (missing > 0) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(missing, kBackupPiece));
        const auto read = file->read(std::span(piece).first(wanted));
        if (!read)
            return read.error();
        if (*read != wanted)
            return Error{ErrorCode::IoFailed, "A file of the vault changed while it was backed up. Try again.", name};
        if (auto added = append(std::span(piece).first(wanted)); !added)
            return added;
        missing -= wanted;
        if (!progress(wanted))
            return Error{ErrorCode::Cancelled, "Stopped. Nothing was changed.", ""};
    }
    return {};
}

Status BackupFileWriter::finish(const std::filesystem::path &target)
{
    if (auto sealed = seal(kEnd, littleEndian<4>(m_entries), StreamTag::Last); !sealed)
        return sealed;
    return m_file.moveTo(target);
}

Hash32 BackupFileWriter::content()
{
    return m_content->finish();
}

} // namespace tramontane::vault
