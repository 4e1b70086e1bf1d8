// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What a service says about an act; the audit room turns it into record v1 (resources/formats/audit-record.md).
// Content, titles and file names never appear here: only ids and salted commitments. Plain data, any thread.
namespace tramontane {

enum class Outcome { Unknown, Success, Failure, Denied };

struct AuditPolicy {
    std::string id;       // of the managed policy; empty when unmanaged
    std::string sha256;   // of the effective policy (EffectivePolicy::sha256); in every record
    std::string decision; // "allow" | "deny" | empty
    std::string rule;     // "model.allow"
    std::string reason;
};

struct AuditAi {
    std::string provider; // "local" | "cluster"
    std::string endpoint;
    std::string region;
    std::string model;
    std::string modelSha256;
    std::string quantisation;
    std::string temperature; // fixed decimals as text, e.g. "0.70"
    std::string topP;
    std::int64_t seed = 0;
    int maxTokens = 0;
    int inTokens = 0;
    int outTokens = 0;
    std::int64_t firstTokenMs = 0;
    std::int64_t durationMs = 0;
    std::string stop; // "stop" | "length" | "cancelled" | "error"
};

struct AuditObject {
    std::string
        type; // "conversation" | "message" | "document" | "model" | "policy" | "export" | "case" | "vault" | "slot"
    std::string id;
    std::string label;
    std::string contentCommit; // "hmac-sha256:<hex>"
    std::int64_t bytes = 0;
};

struct AuditSource {
    std::string document;
    int chunk = 0;
    std::string commit;
    std::string label;
};

/// `event` is one of the names in resources/formats/audit-events.json; an unknown name is refused when appended.
struct AuditEvent {
    std::string event;
    std::string kind = "activity";
    Outcome outcome = Outcome::Unknown;
    int severity = 1; // 1 info, 3 blocked, 4 integrity or egress, 5 audit failure
    std::string corr; // id of the attempt that this belongs to
    AuditPolicy policy;
    std::optional<AuditAi> ai;
    std::optional<AuditObject> object;
    std::vector<AuditSource> sources;
    std::vector<std::string> flags;
};

/// Size and root of the Merkle tree: what another database, a keychain or a person can hold against the log later.
struct AuditHead {
    std::uint64_t size = 0;
    std::string root; // lower-case hex of 32 bytes
    bool operator==(const AuditHead &) const = default;
};

/// Records that are lost for good, as the record `audit.gap` says that names them.
struct AuditGap {
    std::uint64_t seq = 0;     // of the record that says so
    std::uint64_t after = 0;   // the last record before the gap
    std::uint64_t missing = 0; // how many were known to have followed it
    std::string root;          // of the newest head that was known, lower-case hex of 32 bytes
    bool operator==(const AuditGap &) const = default;
};

/// One stored record, as lists show it. `body` is the stored canonical JSON, byte for byte.
struct AuditRow {
    std::uint64_t seq = 0;
    std::string time; // RFC 3339
    std::string event;
    std::string outcome;
    std::string corr;
    std::string leaf; // lower-case hex of 32 bytes
    std::string body;
};

/// Empty fields do not filter.
struct AuditFilter {
    std::string event; // exact name, or a prefix that ends in '.'
    std::string outcome;
    std::string corr;
    std::string sinceTime; // RFC 3339, inclusive
    std::string untilTime; // RFC 3339, exclusive
    std::uint64_t afterSeq = 0;
    int limit = 1000;
};

/// How much of a long log is checked. Usual: in logs of more than 20 000 records only every 64th signed head, which proves
/// the records but passes over a signature between two of them that somebody damaged. Full: every one.
enum class VerifyDepth { Usual, Full };

/// The three kinds of findings of `verify` (design.md section 3).
struct AuditVerification {
    AuditHead head;
    std::uint64_t records = 0;
    int checkpoints = 0;
    bool everySignature = true; // whether the signed head after each record was checked (VerifyDepth)
    /// Broken: the first sequence number whose record, node or checkpoint does not hold; sentences that say what.
    std::optional<std::uint64_t> firstBroken;
    std::vector<std::string> broken;
    /// Attempts without an outcome. Not a fault.
    std::vector<std::string> openAttempts;
    /// Older than a known head: how many records are missing, and after which.
    std::uint64_t missing = 0;
    std::uint64_t missingAfter = 0;
    std::string newestKnownHead; // where the head came from: "vault", "keychain", "checkpoint"
    /// Records that were missing when a person had the log go on without them. Said by the log itself, so not a finding.
    std::vector<AuditGap> gaps;

    [[nodiscard]] bool whole() const { return broken.empty() && missing == 0; }
};

} // namespace tramontane
