// SPDX-License-Identifier: Apache-2.0
#include "storage/vault/opened_storage.h"

#include "app/platform/files/file_system.h"
#include "storage/repositories/table_sizes.h"
#include "storage/tasks/background.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>

namespace tramontane::vault {

namespace {

namespace fs = std::filesystem;

using Uses = std::map<StoragePart, StorageUse>;

constexpr std::array kAllParts{StoragePart::Messages,      StoragePart::MessageIndex,  StoragePart::Documents,
                               StoragePart::DocumentIndex, StoragePart::Vectors,       StoragePart::OtherTables,
                               StoragePart::FreePages,     StoragePart::WriteAheadLog, StoragePart::Attachments,
                               StoragePart::Snapshots,     StoragePart::Backups,       StoragePart::AuditLog,
                               StoragePart::OtherFiles};

constexpr std::chrono::minutes kFreshFor{1};

fs::path walOf(fs::path database)
{
    return database += "-wal";
}

/// What files::replaceFile() was writing when a program ended. A fresh one may be in use at this moment.
bool isUnfinished(const VaultFiles &files, const fs::path &file)
{
    std::error_code gone;
    const auto written = fs::last_write_time(file, gone);
    return file.extension() == ".new" && file.parent_path() == files.directory && !gone
           && fs::file_time_type::clock::now() - written > kFreshFor;
}

StoragePart partOfFile(const VaultFiles &files, const fs::path &file)
{
    const fs::path top = *file.lexically_relative(files.directory).begin();
    if (top == files.attachments.filename())
        return StoragePart::Attachments;
    if (top == files.snapshots.filename())
        return StoragePart::Snapshots;
    if (top == files.auditDatabase.filename() || top == walOf(files.auditDatabase).filename()
        || top == files.auditOutbox.filename())
        return StoragePart::AuditLog;
    if (top == walOf(files.vaultDatabase).filename())
        return StoragePart::WriteAheadLog;
    if (top == files.beforeMigration.filename())
        return StoragePart::Backups;
    return StoragePart::OtherFiles;
}

struct FoundFile {
    fs::path path;
    std::uint64_t bytes = 0;
};

/// Every file of the vault; links are not followed, and what cannot be looked at any more is gone.
Result<std::vector<FoundFile>> allFiles(const fs::path &directory)
{
    std::vector<FoundFile> found;
    std::error_code failure;
    fs::recursive_directory_iterator at(directory, fs::directory_options::skip_permission_denied, failure);
    for (; !failure && at != fs::recursive_directory_iterator(); at.increment(failure)) {
        std::error_code gone;
        if (!at->is_symlink(gone) && at->is_regular_file(gone)) {
            const auto bytes = at->file_size(gone);
            if (!gone)
                found.push_back({at->path(), bytes});
        }
    }
    if (failure)
        return Error{ErrorCode::IoFailed, "The folder of the vault could not be read. Check the disk, then try again.",
                     failure.message()};
    return found;
}

void add(Uses &uses, StoragePart part, std::uint64_t bytes, std::int64_t count = 0)
{
    StorageUse &use = uses[part];
    use.part = part;
    use.bytes += bytes;
    if (count > 0)
        use.count = use.count.value_or(0) + count;
}

/// One task for each table, so that others get their turn in between.
Status addTables(VaultDatabase &database, Uses &uses)
{
    using sqlite::Connection;
    const auto use = database.read([](Connection &c, const auto &) { return pageUse(c); }).result();
    if (!use)
        return use.error();
    const auto tables = database.read([](Connection &c, const auto &) { return tableNames(c); }).result();
    if (!tables)
        return tables.error();
    std::uint64_t known = use->free;
    for (const std::string &table : *tables) {
        const auto bytes =
            database.read([table](Connection &c, const auto &) { return tableBytes(c, table); }).result();
        if (!bytes)
            return bytes.error();
        known += *bytes;
        add(uses, partOfTable(table), *bytes);
    }
    add(uses, StoragePart::Messages, 0, use->messages);
    add(uses, StoragePart::FreePages, use->free);
    // The page of the schema; what was written meanwhile counts as nothing.
    add(uses, StoragePart::OtherTables, use->all > known ? use->all - known : 0);
    return {};
}

Status removeUnfinished(const VaultFiles &files)
{
    const auto found = allFiles(files.directory);
    if (!found)
        return found.error();
    for (const FoundFile &file : *found) {
        if (!isUnfinished(files, file.path))
            continue;
        std::error_code failure;
        fs::remove(file.path, failure);
        if (failure)
            return Error{ErrorCode::IoFailed, "A file in the folder of the vault could not be removed.",
                         failure.message()};
    }
    return {};
}

Result<StorageReport> reportOf(const OpenedStorage::Parts &parts)
{
    Uses uses;
    if (auto added = addTables(parts.database, uses); !added)
        return added.error();
    const auto snapshots = parts.snapshots.usage().result();
    if (!snapshots)
        return snapshots.error();
    const auto found = allFiles(parts.files.directory);
    if (!found)
        return found.error();
    CleanUpOffer unfinished{CleanUp::UnfinishedFiles};
    for (const FoundFile &file : *found) {
        if (file.path == parts.files.vaultDatabase)
            continue;
        add(uses, partOfFile(parts.files, file.path), file.bytes, 1);
        if (isUnfinished(parts.files, file.path)) {
            unfinished.bytes += file.bytes;
            ++unfinished.files;
        }
    }
    const std::uint64_t wal = uses[StoragePart::WriteAheadLog].bytes;
    StorageReport report;
    for (const StoragePart part : kAllParts) {
        uses[part].part = part;
        report.parts.push_back(uses[part]);
        report.bytes += uses[part].bytes;
    }
    report.offers = {{CleanUp::Snapshots, snapshots->bytes, snapshots->snapshots},
                     {CleanUp::WriteAheadLog, wal, wal > 0 ? 1 : 0},
                     unfinished};
    if (const auto free = files::freeBytes(parts.files.directory))
        report.freeOnDisk = *free;
    return report;
}

/// The offer of one kind as things stand.
Result<CleanUpOffer> offerOf(const OpenedStorage::Parts &parts, CleanUp what)
{
    const auto report = reportOf(parts);
    if (!report)
        return report.error();
    return *std::ranges::find(report->offers, what, &CleanUpOffer::what);
}

Result<CleanUpOffer> cleanNow(const OpenedStorage::Parts &parts, CleanUp what)
{
    const auto before = offerOf(parts, what);
    if (!before)
        return before;
    Status cleaned;
    switch (what) {
    case CleanUp::Snapshots: cleaned = parts.snapshots.clear(std::nullopt).result(); break;
    case CleanUp::WriteAheadLog: cleaned = parts.database.checkpoint().result(); break;
    case CleanUp::UnfinishedFiles: cleaned = removeUnfinished(parts.files); break;
    }
    if (!cleaned)
        return cleaned.error();
    const auto after = offerOf(parts, what);
    if (!after)
        return after;
    return CleanUpOffer{what, before->bytes - std::min(before->bytes, after->bytes), before->files - after->files};
}

} // namespace

Async<StorageReport> OpenedStorage::report()
{
    return inBackground([parts = m_parts] { return reportOf(parts); });
}

Async<CleanUpOffer> OpenedStorage::clean(CleanUp what)
{
    return inBackground([parts = m_parts, what] { return cleanNow(parts, what); });
}

} // namespace tramontane::vault
