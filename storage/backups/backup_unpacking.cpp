// SPDX-License-Identifier: Apache-2.0
#include "storage/backups/backup_unpacking.h"

#include "app/platform/files/file_error.h"
#include "app/platform/files/file_system.h"
#include "storage/audit/audit_schema.h"
#include "storage/audit/log_archive.h"
#include "storage/backups/backup_content.h"
#include "storage/keys/strict_json.h"
#include "storage/sqlite/content_hash.h"

#include <array>
#include <iterator>
#include <optional>

namespace tramontane::vault {

namespace fs = std::filesystem;

namespace {

/// The first files of a backup, in this order; then come attachments.
constexpr std::array<std::string_view, 3> kOrder{"keys.json", "vault.db", "audit.db"};
constexpr std::uint64_t kSpareBytes = 1 << 20;

class Unpacking {
public:
    Unpacking(BackupFileReader &reader, const fs::path &folder, const AttachmentPlace &place, const LongWork &work)
        : m_reader(reader), m_folder(folder), m_place(place), m_progress(work, reader.fileBytes())
    {
    }
    [[nodiscard]] Status run();
    [[nodiscard]] const std::string &keysText() const { return m_keysText; }

private:
    [[nodiscard]] Status take(const BackupEntry &entry, std::size_t index);
    [[nodiscard]] Status pass();
    [[nodiscard]] Status intoFile(const BackupEntry &entry, const fs::path &path);
    [[nodiscard]] Status intoText(const BackupEntry &entry);
    template <class Sink>
    [[nodiscard]] Status eachPiece(Sink sink);

    BackupFileReader &m_reader;
    const fs::path &m_folder;
    const AttachmentPlace &m_place;
    ByteProgress m_progress;
    std::string m_keysText;
};

template <class Sink>
Status Unpacking::eachPiece(Sink sink)
{
    for (;;) {
        const auto piece = m_reader.nextPiece();
        if (!piece)
            return piece.error();
        if (piece->empty())
            return {};
        if (auto taken = sink(*piece); !taken)
            return taken;
        if (!m_progress.add(piece->size()))
            return Error{ErrorCode::Cancelled, "Stopped. Nothing was changed.", ""};
    }
}

Status Unpacking::pass()
{
    return eachPiece([](std::span<const std::uint8_t>) { return Status(); });
}

Status Unpacking::intoText(const BackupEntry &entry)
{
    if (entry.bytes > kMaxFileBytes)
        return damagedBackup("length of keys.json");
    return eachPiece([this](std::span<const std::uint8_t> piece) {
        m_keysText.append(piece.begin(), piece.end());
        return Status();
    });
}

Status Unpacking::intoFile(const BackupEntry &entry, const fs::path &path)
{
    const auto free = files::freeBytes(m_folder);
    if (!free)
        return free.error();
    if (*free < kSpareBytes || entry.bytes > *free - kSpareBytes)
        return Error{ErrorCode::NoSpace,
                     "This backup was not opened: for a moment its databases need "
                         + std::to_string((entry.bytes >> 20) + 1)
                         + " MiB on the disk of the vault. Nothing was changed; free some space.",
                     std::to_string(*free) + " bytes free"};
    fs::path unfinished = path;
    auto file = files::NewFile::create(unfinished += ".part");
    if (!file)
        return file.error();
    if (auto written = eachPiece([&file](std::span<const std::uint8_t> piece) { return file->write(piece); }); !written)
        return written;
    return file->moveTo(path);
}

Status Unpacking::take(const BackupEntry &entry, std::size_t index)
{
    if (index < kOrder.size()) {
        if (entry.name != kOrder[index])
            return damagedBackup("order of files");
        return index == 0 ? intoText(entry) : intoFile(entry, m_folder / entry.name);
    }
    if (!entry.name.starts_with(kAttachmentEntries))
        return damagedBackup("a file twice");
    const fs::path target = m_place ? m_place(entry.name.substr(kAttachmentEntries.size())) : fs::path();
    return target.empty() ? pass() : intoFile(entry, target);
}

Status Unpacking::run()
{
    for (std::size_t index = 0;; ++index) {
        const auto entry = m_reader.nextEntry();
        if (!entry)
            return entry.error();
        if (!*entry)
            return index >= kOrder.size() ? Status() : Status(damagedBackup("a file is missing"));
        if (auto taken = take(**entry, index); !taken)
            return taken;
    }
}

/// Damage in a database is damage of the backup: nothing of the vault is touched.
Error asBackupError(const Error &error)
{
    return error.code == ErrorCode::VaultDamaged ? damagedBackup(error.detail) : error;
}

Status check(UnpackedBackup &backup, std::span<const migrations::Migration> steps, const std::stop_token &stop)
{
    const auto vault =
        sqlite::checkDatabase(backup.vaultDatabase, backup.keys.vault, migrations::kVaultApplicationId, stop);
    if (!vault)
        return asBackupError(vault.error());
    const auto log = sqlite::checkDatabase(backup.auditDatabase, backup.keys.audit, audit_store::kApplicationId, stop);
    if (!log)
        return asBackupError(log.error());
    const auto archive = audit_store::readArchive(backup.auditDatabase, backup.keys.audit, backup.keys.signingPublic);
    if (!archive)
        return asBackupError(archive.error());
    backup.content.auditLog = archive->logId;
    backup.content.auditHead = archive->head;
    const auto connection = sqlite::Connection::open(
        backup.vaultDatabase, backup.keys.vault,
        {.mode = sqlite::OpenMode::ReadOnly, .applicationId = migrations::kVaultApplicationId});
    if (!connection)
        return asBackupError(connection.error());
    const auto version = migrations::checkedVersion(**connection, steps);
    if (!version)
        return version.error();
    return countContent(**connection, backup.content);
}

} // namespace

Result<UnpackedBackup> unpackBackup(BackupFileReader &reader, const MasterKey &master, const fs::path &folder,
                                    const AttachmentPlace &place, std::span<const migrations::Migration> steps,
                                    const LongWork &work)
{
    Unpacking unpacking(reader, folder, place, work);
    if (auto done = unpacking.run(); !done)
        return done.error();
    auto keys = readKeyFile(unpacking.keysText(), reader.header().vaultId, master);
    if (!keys)
        return asBackupError(keys.error());
    UnpackedBackup backup{unpacking.keysText(), std::move(*keys), folder / "vault.db", folder / "audit.db", {}};
    auto info = backupInfo(reader.header(), reader.fileBytes());
    if (!info)
        return info.error();
    backup.content.info = std::move(*info);
    if (auto checked = check(backup, steps, work.stop); !checked)
        return checked.error();
    return backup;
}

} // namespace tramontane::vault
