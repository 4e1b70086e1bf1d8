// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/digest.h"
#include "app/platform/files/stream_file.h"
#include "storage/backups/backup_header.h"
#include "storage/keys/sealed_stream.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

// The file of a backup (resources/formats/backup.md): a header, then files one after the other as one sealed stream. One
// object belongs to one thread at a time; not on the GUI thread.
namespace tramontane::vault {

/// The first bytes of every backup.
inline constexpr std::string_view kBackupMagic = "TRMBACK1";
/// What one sealed message holds at most besides its first byte.
inline constexpr std::size_t kBackupPiece = 64 * 1024;
inline constexpr std::size_t kMaxBackupEntries = 1'000'000;

/// One file in a backup: "keys.json", "vault.db", "audit.db", or "attachments/" and the name of one.
struct BackupEntry {
    std::string name;
    std::uint64_t bytes = 0;
};

/// Whether `name` is one of those; an attachment's is that of its file (attachments.md).
[[nodiscard]] bool isBackupEntryName(std::string_view name);
inline constexpr std::string_view kAttachmentEntries = "attachments/";

/// Hears of bytes that were written or read; false: stop.
using BackupProgress = std::function<bool(std::uint64_t bytes)>;

class BackupFileWriter {
public:
    /// Makes the file and writes the header. Destroying the object before finish() removes the file. Errors: those of
    /// NewFile::create and NewFile::write.
    [[nodiscard]] static Result<BackupFileWriter> begin(const std::filesystem::path &path, const BackupHeader &header,
                                                        const Key32 &key);

    /// A whole text as one file. Errors: those of NewFile::write.
    [[nodiscard]] Status addText(const std::string &name, std::string_view text);
    /// A file that nobody writes to meanwhile. Errors: NotFound (nothing was written), Cancelled, IoFailed, NoSpace,
    /// StorageReadOnly. After all of them but the first: destroy it.
    [[nodiscard]] Status addFile(const std::string &name, const std::filesystem::path &path,
                                 const BackupProgress &progress);
    /// Writes the end, syncs and moves the file to `target`. Errors: as NewFile::moveTo.
    [[nodiscard]] Status finish(const std::filesystem::path &target);
    /// SHA-256 over names, lengths and content of all files so far.
    [[nodiscard]] Hash32 content();

private:
    BackupFileWriter(files::NewFile file, const Key32 &key, const Hash32 &header);
    [[nodiscard]] Status beginEntry(const BackupEntry &entry);
    [[nodiscard]] Status append(std::span<const std::uint8_t> piece);
    [[nodiscard]] Status seal(std::uint8_t kind, std::span<const std::uint8_t> payload, StreamTag tag);

    files::NewFile m_file;
    StreamSealer m_sealer;
    std::string m_boundTo;
    std::uint32_t m_entries = 0;
    std::uint64_t m_synced = 0;
    std::unique_ptr<Sha256> m_content = std::make_unique<Sha256>();
    std::vector<std::uint8_t> m_message;
    std::vector<std::uint8_t> m_sealed;
};

class BackupFileReader {
public:
    /// Reads the header. Errors: NotFound, VaultForeign (not a backup), VaultNewerSchema, VaultDamaged, IoFailed.
    [[nodiscard]] static Result<BackupFileReader> open(const std::filesystem::path &path);

    [[nodiscard]] const BackupHeader &header() const noexcept { return m_header; }
    [[nodiscard]] std::uint64_t fileBytes() const noexcept { return m_fileBytes; }
    /// Before the first nextEntry().
    void unlock(const Key32 &key);
    /// Passes over what is left of the present file. Nothing: the end, which was reached and authenticated. Errors:
    /// VaultDamaged, IoFailed. After an error: destroy it.
    [[nodiscard]] Result<std::optional<BackupEntry>> nextEntry();
    /// The next bytes of the present file, valid until the next call; none: all has come. Errors: as nextEntry().
    [[nodiscard]] Result<std::span<const std::uint8_t>> nextPiece();
    /// As BackupFileWriter::content().
    [[nodiscard]] Hash32 content();

private:
    BackupFileReader(files::InputFile file, BackupHeader header, const Hash32 &headerHash, const StreamNonce &nonce);
    /// Reads one message into m_message. Errors: as nextEntry().
    [[nodiscard]] Result<StreamTag> readMessage();
    [[nodiscard]] Result<std::optional<BackupEntry>> end(StreamTag tag);

    files::InputFile m_file;
    BackupHeader m_header;
    std::string m_boundTo;
    StreamNonce m_nonce;
    std::uint64_t m_fileBytes = 0;
    std::optional<StreamOpener> m_opener;
    std::uint32_t m_entries = 0;
    std::uint64_t m_missing = 0; // of the present file
    std::unique_ptr<Sha256> m_content = std::make_unique<Sha256>();
    std::vector<std::uint8_t> m_sealed;
    std::vector<std::uint8_t> m_message;
};

} // namespace tramontane::vault
