// SPDX-License-Identifier: Apache-2.0
#include "storage/audit/log_archive.h"

#include "app/audit/log_verification.h"
#include "storage/audit/audit_schema.h"
#include "storage/audit/database_log_reader.h"
#include "storage/audit/log_appender.h"
#include "storage/audit/log_queries.h"

namespace tramontane::audit_store {

namespace {

struct OpenArchive {
    std::unique_ptr<sqlite::Connection> connection;
    std::string logId;
};

Result<OpenArchive> openArchive(const std::filesystem::path &path, const Key32 &key)
{
    auto connection =
        sqlite::Connection::open(path, key, {.mode = sqlite::OpenMode::ReadOnly, .applicationId = kApplicationId});
    if (!connection)
        return connection.error();
    if (const Status known = checkSchema(**connection); !known)
        return known.error();
    const auto logId = readLogId(**connection);
    if (!logId)
        return Error{ErrorCode::VaultDamaged, "The audit log has lost its name.", logId.error().detail};
    return OpenArchive{std::move(*connection), *logId};
}

} // namespace

Result<ArchivedLog> readArchive(const std::filesystem::path &path, const Key32 &key, const audit::PublicKey &publicKey)
{
    const auto archive = openArchive(path, key);
    if (!archive)
        return archive.error();
    const SystemClock clock; // no record is added
    LogAppender log({archive->logId, publicKey}, std::nullopt, clock);
    if (const Status loaded = log.load(*archive->connection); !loaded)
        return loaded.error().code == ErrorCode::AuditBroken
                   ? Error{ErrorCode::VaultDamaged, "The audit log does not hold.", loaded.error().detail}
                   : loaded.error();
    return ArchivedLog{archive->logId, log.head()};
}

Result<AuditVerification> verifyArchive(const std::filesystem::path &path, const Key32 &key,
                                        const audit::PublicKey &publicKey)
{
    const auto archive = openArchive(path, key);
    if (!archive)
        return archive.error();
    DatabaseLogReader reader(*archive->connection);
    return audit::verifyLog(reader, {archive->logId, publicKey}, {}, VerifyDepth::Full);
}

} // namespace tramontane::audit_store
