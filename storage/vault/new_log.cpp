// SPDX-License-Identifier: Apache-2.0
#include "storage/vault/new_log.h"

#include "app/core/id.h"
#include "app/platform/files/durable_file.h"
#include "app/platform/files/file_error.h"
#include "storage/audit/audit_schema.h"
#include "storage/audit/sqlite_audit_log.h"
#include "storage/keys/strict_json.h"

#include <limits>

namespace tramontane::vault {

namespace fs = std::filesystem;

namespace {

constexpr FormatName kFormat{"tramontane-restored", 1};
constexpr std::string_view kFile = "restored.json";
constexpr std::size_t kLongestLogId = 200;
constexpr std::string_view kLogPrefix = "tramontane/";
constexpr std::string_view kLogSuffix = "/audit";

/// "tramontane/<hex>/audit": the part that makes it this one; also a name for a file.
std::string shortName(const std::string &logId)
{
    std::string_view name = logId;
    if (name.starts_with(kLogPrefix))
        name.remove_prefix(kLogPrefix.size());
    if (name.ends_with(kLogSuffix))
        name.remove_suffix(kLogSuffix.size());
    std::string safe;
    for (const char c : name)
        safe += (c >= 'a' && c <= 'f') || (c >= '0' && c <= '9') ? c : '-';
    return safe;
}

fs::path nextLog(const VaultFiles &files)
{
    fs::path path = files.auditDatabase;
    return path += ".next";
}

bool isThere(const fs::path &path)
{
    std::error_code failure;
    return fs::symlink_status(path, failure).type() != fs::file_type::not_found;
}

Status renamed(const fs::path &from, const fs::path &to)
{
    std::error_code failure;
    fs::rename(from, to, failure);
    return failure ? Status(files::fileError(failure, "moving", to)) : Status();
}

/// Folds in what a crash may have left beside it: an archive is one file.
Status foldIn(const fs::path &log, const Key32 &key)
{
    auto connection = sqlite::Connection::open(log, key, {.applicationId = audit_store::kApplicationId});
    return connection ? (*connection)->close() : Status(connection.error());
}

Status archiveOldLog(const VaultFiles &files, const DataKeys &keys, const Restored &restored,
                     const SyncFolder &syncFolder)
{
    if (!isThere(files.auditDatabase))
        return {};
    if (auto folded = foldIn(files.auditDatabase, keys.audit); !folded)
        return folded;
    const auto there = audit_store::readArchive(files.auditDatabase, keys.audit, keys.signingPublic);
    if (!there)
        return there.error();
    if (there->logId != restored.log.logId)
        return {}; // the new one already
    if (auto made = files::makePrivateDirectory(files.logArchives);
        !made && made.error().code != ErrorCode::VaultExists)
        return made;
    if (auto moved = renamed(files.auditDatabase, files.logArchives / (shortName(restored.log.logId) + ".db")); !moved)
        return moved;
    if (auto synced = syncFolder(files.logArchives); !synced)
        return synced;
    return syncFolder(files.directory);
}

AuditEvent restoredEvent(const Restored &restored)
{
    AuditEvent event;
    event.event = "backup.restored";
    event.outcome = Outcome::Success;
    event.severity = 4;
    event.object = AuditObject{.type = "backup", .id = restored.backupId, .label = {}, .contentCommit = {}};
    event.flags = {"elsewhere", shortName(restored.log.logId), "records_" + std::to_string(restored.log.head.size),
                   restored.log.head.root};
    return event;
}

Status makeNewLog(const VaultFiles &files, const DataKeys &keys, const audit::RecordEnvironment &environment,
                  const Restored &restored, const Clock &clock)
{
    const fs::path next = nextLog(files);
    std::error_code ignored;
    for (const char *suffix : {"", "-wal", "-journal"}) {
        fs::path file = next;
        fs::remove(file += suffix, ignored);
    }
    const auto access = [&] {
        return audit_store::LogAccess{next, keys.audit.clone(), keys.signingSeed->clone(), environment};
    };
    if (auto made = SqliteAuditLog::create(access(), clock); !made)
        return made;
    auto log = SqliteAuditLog::open(access(), clock);
    if (!log)
        return log.error();
    if (const auto head = (*log)->append(restoredEvent(restored)).result(); !head)
        return head.error();
    if (auto closed = (*log)->close().result(); !closed)
        return closed;
    return renamed(next, files.auditDatabase);
}

} // namespace

std::string restoredText(const Restored &restored)
{
    return vaultFileText({{"backup", restored.backupId},
                          {"log", restored.log.logId},
                          {"records", restored.log.head.size},
                          {"root", restored.log.head.root}},
                         kFormat);
}

Result<std::optional<Restored>> readRestored(const VaultFiles &files)
{
    if (!isThere(files.restored))
        return std::optional<Restored>();
    const auto text = files::readWholeFile(files.restored, kMaxFileBytes);
    if (!text)
        return text.error();
    const auto body = parseVaultFile(*text, kFormat, kFile);
    if (!body)
        return body.error();
    Members members(*body);
    Restored restored;
    restored.backupId = members.text("backup", 36);
    restored.log.logId = members.text("log", kLongestLogId);
    restored.log.head.size =
        static_cast<std::uint64_t>(members.integer("records", 0, std::numeric_limits<std::int64_t>::max()));
    restored.log.head.root = members.text("root", 64);
    if (!Uuid::fromText(restored.backupId) || !hash32FromHex(restored.log.head.root))
        members.fail("backup");
    if (const auto problem = members.finish())
        return damagedFile(kFile, *problem);
    return std::optional(std::move(restored));
}

Status beginNewLog(const VaultFiles &files, const DataKeys &keys, const audit::RecordEnvironment &environment,
                   const SyncFolder &syncFolder, const Clock &clock)
{
    if (!keys.signingSeed)
        return {};
    const auto restored = readRestored(files);
    if (!restored || !*restored)
        return restored ? Status() : Status(restored.error());
    if (auto archived = archiveOldLog(files, keys, **restored, syncFolder); !archived)
        return archived;
    if (!isThere(files.auditDatabase)) {
        if (auto made = makeNewLog(files, keys, environment, **restored, clock); !made)
            return made;
        if (auto synced = syncFolder(files.directory); !synced)
            return synced;
    }
    std::error_code failure;
    fs::remove(files.restored, failure);
    if (failure)
        return files::fileError(failure, "removing", files.restored);
    return syncFolder(files.directory);
}

} // namespace tramontane::vault
