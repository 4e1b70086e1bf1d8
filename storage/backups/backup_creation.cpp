// SPDX-License-Identifier: Apache-2.0
#include "storage/backups/backup_creation.h"

#include "app/platform/files/durable_file.h"
#include "app/platform/files/file_error.h"
#include "app/platform/files/file_system.h"
#include "storage/backups/backup_content.h"
#include "storage/backups/backup_file.h"
#include "storage/keys/strict_json.h"
#include "storage/repositories/backup_rows.h"
#include "storage/repositories/online_copy.h"
#include "storage/sqlite/content_hash.h"

#include <algorithm>

namespace tramontane::vault {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kSpareBytes = 8 << 20;

std::uint64_t sizeOf(const fs::path &path)
{
    std::error_code failure;
    const auto size = fs::file_size(path, failure);
    return failure ? 0 : size;
}

fs::path beside(const fs::path &file, const char *ending)
{
    fs::path path = file;
    return path += ending;
}

/// What a crash left of a backup of this name; anything that is not ours stays.
void removeLeftover(const fs::path &path)
{
    std::error_code ignored;
    if (BackupFileReader::open(path))
        fs::remove(path, ignored);
}

Status checkTarget(const fs::path &file)
{
    std::error_code failure;
    if (fs::symlink_status(file, failure).type() != fs::file_type::not_found)
        return Error{ErrorCode::VaultExists,
                     "There is already a file of that name. Nothing was changed; choose another.",
                     files::utf8Path(file)};
    if (!fs::is_directory(file.parent_path(), failure))
        return Error{ErrorCode::NotFound, "There is no folder for this backup. Make it first, or choose another one.",
                     files::utf8Path(file.parent_path())};
    return {};
}

/// The databases lie in the vault's folder for a moment, and then in the backup.
Status checkSpace(const fs::path &folder, std::uint64_t needed)
{
    const auto free = files::freeBytes(folder);
    if (!free)
        return free.error();
    if (*free >= needed)
        return {};
    return Error{ErrorCode::NoSpace,
                 "The backup was not made: it needs " + std::to_string((needed >> 20) + 1)
                     + " MiB of free space there. Free some space, or choose another disk.",
                 std::to_string(*free) + " bytes free in " + files::utf8Path(folder)};
}

/// The attachments as they lie there. One that has no row in the copy of vault.db any more, or not yet, is harmless: its
/// key is not in the backup.
std::vector<fs::path> attachmentFiles(const fs::path &folder)
{
    std::vector<fs::path> found;
    std::error_code failure;
    for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end; entry.increment(failure)) {
        const std::string name = std::string(kAttachmentEntries) + files::utf8Path(entry->path().filename());
        if (isBackupEntryName(name) && entry->is_regular_file(failure))
            found.push_back(entry->path());
    }
    std::ranges::sort(found);
    return found;
}

/// One backup on its way.
class Creation {
public:
    Creation(const BackupVault &vault, const fs::path &file, const LongWork &work)
        : m_vault(vault), m_file(file), m_work(work)
    {
    }
    [[nodiscard]] Result<BackupContent> run();

private:
    [[nodiscard]] Status copyDatabases(const fs::path &folder);
    [[nodiscard]] Status lookAtCopies(const fs::path &folder);
    [[nodiscard]] Status write(const fs::path &folder, const fs::path &target);
    [[nodiscard]] Status readBack(const fs::path &written, ByteProgress &progress);
    [[nodiscard]] Status publish(const fs::path &written);

    const BackupVault &m_vault;
    const fs::path &m_file;
    const LongWork &m_work;
    std::string m_keysText;
    BackupHeader m_header;
    Hash32 m_written{};
    BackupContent m_content;
};

Status Creation::copyDatabases(const fs::path &folder)
{
    auto keysText = m_vault.files.readKeys();
    if (!keysText)
        return keysText.error();
    m_keysText = std::move(*keysText);
    const auto keys = readKeyFile(m_keysText, m_vault.vaultId, m_vault.master);
    if (!keys)
        return keys.error();
    auto copy = OnlineCopy::begin(m_vault.database, folder / "vault.db", keys->vault);
    if (!copy)
        return copy.error();
    if (auto advanced = copy->advance({{}, m_work.stop}); !advanced)
        return advanced;
    if (auto complete = copy->complete(); !complete)
        return complete;
    m_content.info.createdMs = m_vault.clock.utcMs();
    // After the vault: the log never says less than the vault has acknowledged.
    const auto head = m_vault.audit.copyTo(folder / "audit.db", m_work.stop).result();
    if (!head)
        return head.error();
    m_content.auditHead = *head;
    m_content.auditLog = m_vault.audit.logId();
    return lookAtCopies(folder);
}

/// What does not hold is no backup.
Status Creation::lookAtCopies(const fs::path &folder)
{
    const auto keys = readKeyFile(m_keysText, m_vault.vaultId, m_vault.master);
    if (!keys)
        return keys.error();
    const auto checked =
        sqlite::checkDatabase(folder / "vault.db", keys->vault, migrations::kVaultApplicationId, m_work.stop);
    if (!checked)
        return checked.error();
    m_content.info.schema = static_cast<int>(checked->schema);
    const auto connection = sqlite::Connection::open(
        folder / "vault.db", keys->vault,
        {.mode = sqlite::OpenMode::ReadOnly, .applicationId = migrations::kVaultApplicationId});
    return connection ? countContent(**connection, m_content) : Status(connection.error());
}

Status Creation::write(const fs::path &folder, const fs::path &target)
{
    const std::vector<fs::path> attachments = attachmentFiles(m_vault.files.attachments);
    std::uint64_t total = sizeOf(folder / "vault.db") + sizeOf(folder / "audit.db");
    for (const fs::path &attachment : attachments)
        total += sizeOf(attachment);
    if (auto enough = checkSpace(m_file.parent_path(), total + total / 1000 + kSpareBytes); !enough)
        return enough;
    ByteProgress progress(m_work, 2 * total);
    const auto heard = [&progress](std::uint64_t bytes) { return progress.add(bytes); };
    const Key32 key = Key32::random();
    m_header.key = sealBackupKey(key, m_header, m_vault.master);
    auto writer = BackupFileWriter::begin(beside(target, ".new"), m_header, key);
    if (!writer)
        return writer.error();
    if (auto added = writer->addText("keys.json", m_keysText); !added)
        return added;
    for (const char *name : {"vault.db", "audit.db"}) {
        if (auto added = writer->addFile(name, folder / name, heard); !added)
            return added;
    }
    for (const fs::path &attachment : attachments) {
        const std::string name = std::string(kAttachmentEntries) + files::utf8Path(attachment.filename());
        // One that was erased meanwhile is not missed.
        const auto added = writer->addFile(name, attachment, heard);
        if (!added && added.error().code != ErrorCode::NotFound)
            return added;
    }
    m_written = writer->content();
    if (auto finished = writer->finish(target); !finished)
        return finished;
    return readBack(target, progress);
}

/// From the disk, with the key as its own header gives it.
Status Creation::readBack(const fs::path &written, ByteProgress &progress)
{
    const Error differs{ErrorCode::IoFailed,
                        "The backup was not made: what the disk gave back is not what was written. Check the disk.",
                        ""};
    auto reader = BackupFileReader::open(written);
    if (!reader)
        return reader.error().code == ErrorCode::VaultDamaged ? differs : reader.error();
    const auto key = openBackupKey(reader->header(), m_vault.master);
    if (!key)
        return differs;
    reader->unlock(*key);
    for (;;) {
        const auto entry = reader->nextEntry();
        if (!entry)
            return entry.error().code == ErrorCode::VaultDamaged ? differs : entry.error();
        if (!*entry)
            break;
        for (std::size_t piece = 1; piece > 0;) {
            const auto read = reader->nextPiece();
            if (!read)
                return read.error().code == ErrorCode::VaultDamaged ? differs : read.error();
            piece = read->size();
            if (!progress.add(piece))
                return Error{ErrorCode::Cancelled, "Stopped. Nothing was changed.", ""};
        }
    }
    m_content.info.bytes = reader->fileBytes();
    return reader->content() == m_written ? Status() : Status(differs);
}

/// Known to the vault first: a copy that nobody lists could hold what was erased.
Status Creation::publish(const fs::path &written)
{
    KnownBackup known{m_header.id,
                      BackupKind::File,
                      files::utf8Path(m_file),
                      m_header.createdMs,
                      m_content.info.bytes,
                      m_content.info.schema,
                      true};
    auto remembered =
        m_vault.database.write([known](sqlite::Connection &c) { return rememberBackup(c, known); }).result();
    if (!remembered)
        return remembered;
    std::error_code failure;
    fs::rename(written, m_file, failure);
    if (!failure)
        return m_vault.syncFolder(m_file.parent_path());
    static_cast<void>(
        m_vault.database.write([id = known.id](sqlite::Connection &c) { return forgetBackup(c, id); }).result());
    return files::fileError(failure, "writing", m_file);
}

Result<BackupContent> Creation::run()
{
    if (auto free = checkTarget(m_file); !free)
        return free.error();
    const std::uint64_t databases = sizeOf(m_vault.files.vaultDatabase) + sizeOf(m_vault.files.auditDatabase);
    if (auto enough = checkSpace(m_vault.files.directory, databases + kSpareBytes); !enough)
        return enough.error();
    const auto work = WorkFolder::make(m_vault.files.backupWork);
    if (!work)
        return work.error();
    if (auto copied = copyDatabases(work->path()); !copied)
        return copied.error();
    auto slots = files::readWholeFile(m_vault.files.slots, kMaxFileBytes);
    if (!slots)
        return slots.error();
    m_header = {Uuid::make(m_content.info.createdMs).text(),
                m_vault.vaultId,
                m_content.info.createdMs,
                m_content.info.schema,
                m_vault.appVersion,
                std::move(*slots),
                {}};
    auto info = backupInfo(m_header, 0);
    if (!info)
        return info.error();
    m_content.info = std::move(*info);
    const fs::path unverified = beside(m_file, ".part");
    removeLeftover(unverified);
    removeLeftover(beside(unverified, ".new"));
    Status done = write(work->path(), unverified);
    if (done)
        done = publish(unverified);
    if (done)
        return m_content;
    std::error_code ignored;
    fs::remove(unverified, ignored);
    return done.error();
}

} // namespace

Result<WorkFolder> WorkFolder::make(const fs::path &path)
{
    std::error_code ignored;
    fs::remove_all(path, ignored);
    if (auto made = files::makePrivateDirectory(path); !made)
        return made.error();
    return WorkFolder(path);
}

WorkFolder::~WorkFolder()
{
    std::error_code ignored;
    if (!m_path.empty())
        fs::remove_all(m_path, ignored);
}

Result<BackupContent> createBackup(const BackupVault &vault, const fs::path &file, const LongWork &work)
{
    std::error_code failure;
    const fs::path absolute = fs::absolute(file, failure);
    return Creation(vault, failure ? file : absolute, work).run();
}

} // namespace tramontane::vault
