// SPDX-License-Identifier: Apache-2.0
#include "storage/audit/audit_store.h"

#include "app/audit/gap.h"
#include "app/audit/log_verification.h"
#include "storage/audit/audit_schema.h"
#include "storage/audit/database_log_reader.h"
#include "storage/audit/known_heads.h"
#include "storage/audit/log_archive.h"
#include "storage/audit/log_queries.h"
#include "storage/audit/unavailable.h"
#include "storage/sqlite/database_copy.h"
#include "storage/sqlite/inspection.h"

#include <sodium.h>

#include <array>
#include <system_error>
#include <utility>

namespace tramontane::audit_store {
namespace {

constexpr int kBusyTimeoutMs = 2000;
constexpr int kPagesAtOnce = 1024;                    // of a copy, before it looks whether it is to stop
constexpr std::uint64_t kOpenAttemptsWithin = 10'000; // records

sqlite::OpenOptions optionsFor(sqlite::OpenMode mode)
{
    sqlite::OpenOptions options;
    options.mode = mode;
    options.busyTimeoutMs = kBusyTimeoutMs;
    options.applicationId = kApplicationId;
    return options;
}

std::string newLogId()
{
    std::array<std::uint8_t, 16> random;
    randombytes_buf(random.data(), random.size());
    return "tramontane/" + toHex(random) + "/audit";
}

void removeFiles(const std::filesystem::path &path)
{
    std::error_code ignored;
    for (const char *suffix : {"", "-wal", "-shm"}) {
        std::filesystem::path file = path;
        file += suffix;
        std::filesystem::remove(file, ignored);
    }
}

Status writeFirstRecord(sqlite::Connection &connection, const LogAccess &access, const Clock &clock)
{
    const std::string logId = newLogId();
    if (Status status = createSchema(connection, logId, rfc3339(clock.utcMs())); !status)
        return status;
    const audit::SigningKey signer = audit::SigningKey::fromSeed(*access.signingSeed);
    const audit::RecordWriter writer(logId, access.environment, *access.signingSeed);
    LogAppender appender({logId, signer.publicKey()}, LogVoice{writer, signer}, clock);
    AuditEvent started;
    started.event = "audit.started";
    started.outcome = Outcome::Success;
    const auto head = appender.append(connection, {started});
    return head ? Status() : Status(head.error());
}

std::optional<audit::SigningKey> signerOf(const LogAccess &access)
{
    if (!access.signingSeed)
        return std::nullopt;
    return audit::SigningKey::fromSeed(*access.signingSeed);
}

Error noSigner()
{
    return Error{ErrorCode::AuditUnavailable,
                 "The vault was opened with the organisation's key, which cannot sign the audit log: everything can be "
                 "read, and nothing is done that would have to be recorded. Open it with another way for that.",
                 "no signing seed"};
}

} // namespace

AuditStore::AuditStore(LogAccess access, const Clock &clock)
    : m_access(std::move(access)), m_clock(clock), m_signer(signerOf(*m_access)),
      m_publicKey(m_signer ? m_signer->publicKey() : m_access->publicKey)
{
}

AuditStore::~AuditStore() = default;

Status AuditStore::create(const LogAccess &access, const Clock &clock)
{
    if (!access.signingSeed)
        return Error{ErrorCode::Internal, "No audit log was made: there is no key that could sign it.", ""};
    auto connection = sqlite::Connection::open(access.path, access.databaseKey, optionsFor(sqlite::OpenMode::Create));
    if (!connection)
        return connection.error();
    Status written = writeFirstRecord(**connection, access, clock);
    if (written)
        written = (*connection)->close();
    if (!written) {
        connection->reset();
        removeFiles(access.path);
    }
    return written;
}

Status AuditStore::probe()
{
    const Status opened = ensureReadable();
    if (opened)
        return {};
    switch (opened.error().code) {
    case ErrorCode::VaultDamaged:
    case ErrorCode::VaultNewerSchema: return opened;
    case ErrorCode::NotFound:
        return Error{ErrorCode::VaultDamaged, unavailable(opened.error(), Use::Read).message, opened.error().detail};
    default: return {};
    }
}

Status AuditStore::ensureReadable()
{
    if (!m_access)
        return Error{ErrorCode::VaultLocked, "The vault is locked. Unlock it and try again.", ""};
    if (m_connection)
        return {};
    const Status opened = open(sqlite::OpenMode::ReadWrite);
    if (!opened && opened.error().code == ErrorCode::StorageReadOnly)
        return open(sqlite::OpenMode::ReadOnly);
    return opened;
}

Status AuditStore::ensureWritable()
{
    if (m_access && !m_signer)
        return noSigner();
    if (m_connection && m_connection->isReadOnly()) {
        // The medium may have become writable since.
        m_appender.reset();
        m_connection.reset();
        if (const Status opened = open(sqlite::OpenMode::ReadWrite); !opened)
            return opened;
    } else if (const Status opened = ensureReadable(); !opened) {
        return opened;
    }
    if (m_connection->isReadOnly())
        return Error{ErrorCode::StorageReadOnly, "The audit log is read-only.", "opened for reading only"};
    return m_broken ? Status(*m_broken) : Status();
}

Status AuditStore::open(sqlite::OpenMode mode)
{
    auto connection = sqlite::Connection::open(m_access->path, m_access->databaseKey, optionsFor(mode));
    if (!connection)
        return connection.error();
    if (const Status status = adopt(**connection); !status) {
        (*connection)->abandon(); // a log that is refused stays as it was found, its WAL beside it
        return status;
    }
    m_connection = std::move(*connection);
    return {};
}

Status AuditStore::adopt(sqlite::Connection &connection)
{
    if (const Status status = checkSchema(connection); !status)
        return status;
    const Result<std::string> logId = readLogId(connection);
    if (!logId)
        return logId.error().code == ErrorCode::NotFound
                   ? Error{ErrorCode::VaultDamaged, "The audit log has lost its name. Restore the vault from a backup.",
                           ""}
                   : logId.error();
    m_logId = logId.value();
    const audit::LogIdentity identity{m_logId, m_publicKey};
    if (m_signer) {
        m_writer.emplace(m_logId, m_access->environment, *m_access->signingSeed);
        m_appender.emplace(identity, LogVoice{*m_writer, *m_signer}, m_clock);
    } else {
        m_appender.emplace(identity, std::nullopt, m_clock);
    }
    m_broken.reset();
    const Status held = checkHead(connection);
    if (held)
        return {};
    if (held.error().code != ErrorCode::AuditBroken && held.error().code != ErrorCode::AuditRecordsMissing)
        return held;
    m_broken = held.error();
    return {};
}

/// A log that was changed or put back behind our back is read, but not continued: every further record would vouch for
/// it, and the heads that tell would one day be forgotten.
Status AuditStore::checkHead(sqlite::Connection &connection)
{
    if (const Status loaded = m_appender->load(connection); !loaded)
        return loaded;
    return checkKnownHeads(connection, m_appender->head(), m_access->knownHeads);
}

Result<AuditHead> AuditStore::tryAppend(const std::vector<AuditEvent> &events)
{
    if (const Status writable = ensureWritable(); !writable)
        return writable.error();
    return m_appender->append(*m_connection, events);
}

Result<AuditHead> AuditStore::append(const AuditEvent &event)
{
    sqlite::DiskRoom *room = m_access ? m_access->room : nullptr;
    Result<AuditHead> head = tryAppend(withFailureRecord(event));
    if (!head && head.error().code == ErrorCode::NoSpace && room && room->giveUp())
        head = tryAppend(withFailureRecord(event));
    if (head) {
        m_missedRecords = false;
        m_access->knownHeads = {*head}; // for the next time that the file is opened
        return head;
    }
    const Error error = unavailable(head.error(), Use::Write);
    m_missedRecords = m_missedRecords || error.code == ErrorCode::AuditUnavailable;
    return error;
}

Result<AcceptedGap> AuditStore::acceptGap(const AuditPolicy &policy)
{
    const Status writable = ensureWritable();
    if (writable)
        return Error{ErrorCode::InvalidArgument,
                     "No gap was recorded: the audit log has every record that this vault remembers.", ""};
    if (writable.error().code != ErrorCode::AuditRecordsMissing)
        return unavailable(writable.error(), Use::Write);
    const AuditHead newest = newestOf(m_access->knownHeads);
    const std::uint64_t last = m_appender->head().size;
    AcceptedGap accepted{{0, last, newest.size - last, newest.root}, {}};
    AuditEvent event;
    event.event = "audit.gap";
    event.outcome = Outcome::Failure;
    event.policy = policy;
    event.flags = audit::gapFlags(accepted.gap);
    const Result<AuditHead> head = m_appender->append(*m_connection, {event});
    if (!head)
        return unavailable(head.error(), Use::Write);
    m_access->knownHeads = {*head};
    m_broken.reset();
    accepted.gap.seq = head->size;
    accepted.head = *head;
    return accepted;
}

/// After a time without a log, the first thing that it says is that there was one.
std::vector<AuditEvent> AuditStore::withFailureRecord(const AuditEvent &event) const
{
    if (!m_missedRecords)
        return {event};
    AuditEvent failure;
    failure.event = "audit.failure";
    failure.outcome = Outcome::Failure;
    failure.policy.id = event.policy.id;
    failure.policy.sha256 = event.policy.sha256;
    return {failure, event};
}

Status AuditStore::inspect()
{
    if (const Status status = ensureReadable(); !status)
        return unavailable(status.error(), Use::Read);
    return sqlite::inspect(*m_connection);
}

Result<std::vector<AuditRow>> AuditStore::list(const AuditFilter &filter)
{
    if (const Status status = ensureReadable(); !status)
        return unavailable(status.error(), Use::Read);
    auto rows = listEntries(*m_connection, filter);
    return rows ? rows : Result<std::vector<AuditRow>>(unavailable(rows.error(), Use::Read));
}

Result<AuditVerification> AuditStore::verify(const std::vector<AuditHead> &knownHeads, VerifyDepth depth)
{
    if (const Status status = ensureReadable(); !status)
        return unavailable(status.error(), Use::Read);
    std::vector<audit::KnownHead> known;
    known.reserve(knownHeads.size());
    for (const AuditHead &head : knownHeads)
        known.push_back({head, "vault"});
    DatabaseLogReader reader(*m_connection);
    auto verified = audit::verifyLog(reader, {m_logId, m_publicKey}, known, depth);
    return verified ? verified : Result<AuditVerification>(unavailable(verified.error(), Use::Read));
}

Result<std::string> AuditStore::checkpoint()
{
    const Status writable = ensureWritable();
    if (!writable)
        return unavailable(writable.error(), Use::Write);
    auto note = m_appender->checkpoint(*m_connection);
    return note ? note : Result<std::string>(unavailable(note.error(), Use::Write));
}

Result<RecordedAttempt> AuditStore::findAttempt(const std::string &corr)
{
    if (const Status status = ensureReadable(); !status)
        return unavailable(status.error(), Use::Read);
    const auto found = audit_store::findAttempt(*m_connection, corr);
    return found ? found : Result<RecordedAttempt>(unavailable(found.error(), Use::Read));
}

Result<std::vector<std::string>> AuditStore::openAttempts()
{
    if (const Status status = ensureReadable(); !status)
        return unavailable(status.error(), Use::Read);
    const std::uint64_t size = m_appender->head().size;
    auto found = findOpenAttempts(*m_connection, size > kOpenAttemptsWithin ? size - kOpenAttemptsWithin : 0);
    return found ? found : Result<std::vector<std::string>>(unavailable(found.error(), Use::Read));
}

Result<AuditHead> AuditStore::head()
{
    if (const Status status = ensureReadable(); !status)
        return unavailable(status.error(), Use::Read);
    if (m_broken)
        return unavailable(*m_broken, Use::Read);
    return m_appender->head();
}

Result<AuditHead> AuditStore::copyTo(const std::filesystem::path &target, const std::stop_token &stop)
{
    if (const Status status = ensureReadable(); !status)
        return unavailable(status.error(), Use::Read);
    auto copy = sqlite::DatabaseCopy::begin(*m_connection, target, m_access->databaseKey);
    if (!copy)
        return copy.error();
    for (bool complete = false; !complete;) {
        if (stop.stop_requested())
            return Error{ErrorCode::Cancelled, "Stopped. Nothing was changed.", ""};
        const auto stepped = (*copy)->step(kPagesAtOnce);
        if (!stepped)
            return stepped.error();
        complete = *stepped;
    }
    if (const Status finished = (*copy)->finish(); !finished)
        return finished.error();
    return m_appender->head();
}

Result<AuditVerification> AuditStore::verifyArchived(const std::filesystem::path &archive)
{
    if (!m_access)
        return Error{ErrorCode::VaultLocked, "The vault is locked. Unlock it and try again.", ""};
    return verifyArchive(archive, m_access->databaseKey, m_publicKey);
}

Status AuditStore::close()
{
    m_appender.reset();
    m_writer.reset();
    m_signer.reset();
    m_access.reset();
    const auto connection = std::move(m_connection);
    return connection ? connection->close() : Status();
}

} // namespace tramontane::audit_store
