// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/audit/audit_schema.h"
#include "storage/audit/sqlite_audit_log.h"

#include <QTemporaryDir>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace tramontane::test {

/// A clock that only moves when it is told to.
class HandClock final : public Clock {
public:
    [[nodiscard]] std::int64_t utcMs() const override { return m_utc; }
    [[nodiscard]] std::int64_t monoMs() const override { return m_mono; }
    void advance(std::int64_t ms)
    {
        m_utc += ms;
        m_mono += ms;
    }
    void setBack(std::int64_t ms) { m_utc -= ms; }

private:
    std::int64_t m_utc = 1795338843211;
    std::int64_t m_mono = 1000;
};

/// An audit log in a folder of its own, with keys that the test knows.
class LogFixture {
public:
    LogFixture() : m_key(Key32::random()), m_seed(Key32::random()) {}

    [[nodiscard]] std::filesystem::path path() const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / "audit.db";
    }
    [[nodiscard]] const Key32 &key() const { return m_key; }
    [[nodiscard]] audit_store::LogAccess access() const
    {
        audit::RecordEnvironment environment;
        environment.bootId = "boot";
        environment.sessionId = "session";
        environment.osUser = "marie.curie";
        environment.machineId = "machine";
        return {path(), m_key.clone(), m_seed.clone(), environment, known};
    }
    [[nodiscard]] Status create() const { return SqliteAuditLog::create(access(), clock); }
    [[nodiscard]] Result<std::unique_ptr<SqliteAuditLog>> open() const { return SqliteAuditLog::open(access(), clock); }

    [[nodiscard]] static AuditEvent event(const std::string &name, const std::string &corr = {})
    {
        AuditEvent event;
        event.event = name;
        event.outcome = Outcome::Success;
        event.corr = corr;
        return event;
    }

    /// A log with this many records (the first is audit.started), closed again. Answers the head after each record,
    /// which a vault would remember; index 0 is unused.
    [[nodiscard]] std::vector<AuditHead> fill(int records)
    {
        std::vector<AuditHead> heads(2);
        if (!create())
            return {};
        auto log = std::move(open().value());
        heads[1] = log->head().result().value();
        for (int seq = 2; seq <= records; ++seq) {
            clock.advance(1000);
            heads.push_back(log->append(event("model.loaded", "c" + std::to_string(seq))).result().value());
        }
        return heads;
    }

    /// fill(), and the vault remembers every head.
    void remember(int records)
    {
        const auto heads = fill(records);
        known = {heads.begin() + 1, heads.end()};
    }

    /// Keeps the closed log as it is, to be put back later.
    void keep() const
    {
        std::filesystem::copy_file(path(), keptPath(), std::filesystem::copy_options::overwrite_existing);
    }
    void putBack() const
    {
        std::filesystem::copy_file(keptPath(), path(), std::filesystem::copy_options::overwrite_existing);
    }

    /// Runs SQL as somebody who holds the key and has taken the triggers away; the log must be closed.
    [[nodiscard]] Status tamper(const std::string &sql) const
    {
        sqlite::OpenOptions options;
        options.applicationId = audit_store::kApplicationId;
        auto raw = sqlite::Connection::open(path(), m_key, options);
        if (!raw)
            return raw.error();
        std::string drop = "PRAGMA ignore_check_constraints = ON;";
        {
            auto triggers = (*raw)->prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'");
            while (triggers->step().value())
                drop += "DROP TRIGGER " + std::string(triggers->text(0)) + ";";
        }
        if (Status status = (*raw)->execute(drop + sql); !status)
            return status;
        return (*raw)->close();
    }

    /// Opens the log, verifies it and closes it.
    [[nodiscard]] Result<AuditVerification> verify(std::vector<AuditHead> known = {}) const
    {
        auto log = open();
        if (!log)
            return log.error();
        return (*log)->verify(std::move(known)).result();
    }

    /// Takes the records after `kept` away, with their nodes, so carefully that the log alone cannot tell.
    [[nodiscard]] Status cut(int kept) const
    {
        const std::string last = std::to_string(kept);
        return tamper("DELETE FROM audit_entry WHERE seq > " + last
                      + "; DELETE FROM audit_node WHERE ((idx + 1) << level) > " + last + ";");
    }

    mutable HandClock clock;
    std::vector<AuditHead> known; // what the vault remembers when the log is opened

private:
    [[nodiscard]] std::filesystem::path keptPath() const { return path().string() + ".kept"; }

    QTemporaryDir m_folder;
    Key32 m_key;
    Key32 m_seed;
};

} // namespace tramontane::test
