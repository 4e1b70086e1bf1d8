// SPDX-License-Identifier: Apache-2.0
#include "storage/vault/directory_backup_files.h"

#include "app/platform/files/file_error.h"
#include "storage/backups/backup_file.h"
#include "storage/tasks/background.h"
#include "storage/vault/opened_vault.h"
#include "storage/vault/vault_restoring.h"

namespace tramontane::vault {

namespace {

Result<BackupInfo> inspectFile(const std::filesystem::path &file)
{
    const auto reader = BackupFileReader::open(file);
    if (!reader)
        return reader.error();
    return backupInfo(reader->header(), reader->fileBytes());
}

} // namespace

DirectoryBackupFiles::DirectoryBackupFiles(VaultOptions options, const Clock &clock)
    : m_options(std::move(options)), m_clock(clock)
{
}

Async<BackupInfo> DirectoryBackupFiles::inspect(std::string file)
{
    return inBackground([file = files::absolutePath(file)] { return inspectFile(file); });
}

Async<BackupContent> DirectoryBackupFiles::verify(std::string file, SlotSecret secret, LongWork work)
{
    return inBackground([options = m_options, file = files::absolutePath(file), secret = std::move(secret),
                         work = std::move(work),
                         clock = &m_clock] { return verifyBackup(options, file, secret, *clock, work); });
}

Async<RestoredVault> DirectoryBackupFiles::restore(std::string file, SlotSecret secret, RestorePlace place,
                                                   LongWork work)
{
    const bool allowed = m_options.networkFileSystemAllowed && m_options.networkFileSystemAllowed();
    return inBackground([options = m_options, file = files::absolutePath(file), secret = std::move(secret), place,
                         work = std::move(work), allowed, clock = &m_clock]() -> Result<RestoredVault> {
        auto parts = restoreVault(options, file, secret, place, allowed, *clock, work);
        if (!parts)
            return parts.error();
        return RestoredVault{std::make_shared<OpenedVault>(std::move(parts->vault), *clock), parts->backup,
                             files::utf8Path(parts->keptFolder), parts->sameLog};
    });
}

} // namespace tramontane::vault
