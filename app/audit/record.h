// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/audit_event.h"
#include "app/core/result.h"
#include "app/core/secret.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Audit record, version 1 (resources/formats/audit-record.md): every field is always there, possibly empty; unknown
// fields are refused; content, titles and file names are never inside. Any thread.
namespace tramontane::audit {

/// What is the same in every record of one process. The composition fills it; empty texts are allowed.
struct RecordEnvironment {
    std::string bootId;    // of the running system, e.g. /proc/sys/kernel/random/boot_id
    std::string sessionId; // of this opening of the vault
    bool timeZoneKnown = false;
    std::string osUser; // account name; leaves this struct only as a keyed hash
    std::string role = "analyst";
    std::string auth = "os"; // "os" | "passphrase" | "keychain" | "recovery" | "sso"
    std::string machineId;   // e.g. /etc/machine-id; leaves this struct only as a keyed hash
    std::string os;          // "Debian GNU/Linux 12"
    std::string appVersion;
    std::string buildSha;
};

/// Where and when a record stands.
struct RecordPlace {
    std::uint64_t seq = 0; // counts from 1
    std::int64_t utcMs = 0;
    std::int64_t monoMs = 0;
};

/// Turns what a service says into the bytes that are stored.
class RecordWriter {
public:
    /// `seed` is the signing seed of the log: the pseudonyms come from subkeys of it, so they are the same for the life
    /// of the log and mean nothing outside it.
    RecordWriter(std::string logId, const RecordEnvironment &environment, const Key32 &seed);

    /// The canonical JSON of one record with a new id. Free text (model name, reason, label, …) is cleaned of control
    /// characters and cut at its limit. Errors: InvalidArgument for an event that is not in the list and for a field
    /// that is malformed (a hash, a commitment, a name); `detail` names it, never its value.
    [[nodiscard]] Result<std::string> encode(const AuditEvent &event, const RecordPlace &place) const;

    [[nodiscard]] const std::string &logId() const noexcept { return m_logId; }

private:
    std::string m_logId;
    RecordEnvironment m_environment; // osUser and machineId are emptied
    std::string m_person;            // "p_…"
    std::string m_personHash;        // "hmac:…"
    std::string m_device;            // "d_…"
};

/// What lists, filters and verification read from a record.
struct RecordSummary {
    std::uint64_t seq = 0;
    std::string id;
    std::string log;
    std::string time;
    std::string event;
    std::string outcome;
    std::string corr;
    std::string session;
    std::vector<std::string> flags;
};

/// Reads stored bytes. Accepts exactly the canonical form of a version 1 record: all fields, no other, no other bytes.
/// Errors: AuditBroken; `detail` names the field.
[[nodiscard]] Result<RecordSummary> readRecord(std::string_view body);

} // namespace tramontane::audit
