// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/key_slot.h"
#include "app/core/result.h"
#include "app/core/retention.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The machine policy as values and pure decisions (design.md section 9). Reading files is app/platform's work.
// Any thread.
namespace tramontane {

enum class PolicyMode {
    Unmanaged, // no managed source was ever seen, or one that says so: everything local is allowed
    Managed,
    Invalid, // malformed, unreadable, wrong owner or mode, or vanished: most restrictive, with a banner
};

/// "unmanaged", "managed" or "invalid".
[[nodiscard]] std::string_view policyModeName(PolicyMode mode) noexcept;

/// One file of the managed folder as the platform found it.
struct PolicyFile {
    std::string path;
    std::string content;
    std::string problem; // why it must not be trusted ("writable by group"); empty: it may be
};

/// All that is known about managed sources at one moment.
struct ManagedPolicySources {
    std::vector<PolicyFile> files; // in lexical order of their names; later files win key by key
    std::string problem;           // the folder itself: unreadable, wrong owner; empty: fine or absent
    bool seenBefore = false;       // a managed source was once seen for this vault or machine
};

enum class PolicyValueSource { Default, Recommended, User, Managed };

struct PolicyValue {
    std::string json; // the value as canonical JSON
    PolicyValueSource source = PolicyValueSource::Default;
    bool locked = false;
    std::string reason; // the administrator's sentence, if given
    bool operator==(const PolicyValue &) const = default;
};

/// The answer to "what holds now".
struct EffectivePolicy {
    PolicyMode mode = PolicyMode::Unmanaged;
    std::string id;     // "id" of the managed policy, several joined by "+"; empty when unmanaged or invalid
    std::string sha256; // of the canonical JSON of mode and all values; goes into every audit record
    std::map<std::string, PolicyValue> values; // every key of the schema
    std::vector<std::string> problems;         // sentences, for the banner and `policy show`
    std::vector<std::string> sources;          // paths read
    bool operator==(const EffectivePolicy &) const = default;

    /// Value accessors; `key` must be in the schema (a programming error otherwise, aborts).
    [[nodiscard]] bool flag(const std::string &key) const;
    [[nodiscard]] std::int64_t integer(const std::string &key) const;
    [[nodiscard]] std::string text(const std::string &key) const;
    [[nodiscard]] std::vector<std::string> list(const std::string &key) const;
};

/// A decision with the rule that made it: goes to the person and into the record.
struct PolicyDecision {
    bool allowed = false;
    std::string rule;   // "model.allow"
    std::string reason; // one sentence for the person; empty when allowed
};

/// The schema that this build knows (resources/policy/policy.schema.json, compiled in), as text.
[[nodiscard]] const std::string &policySchemaText();

/// Checks one policy text against the schema: known keys, types, ranges, sizes (256 KiB, depth 16).
/// Errors: PolicyInvalid; `message` names the key and what it must be, `detail` the position.
[[nodiscard]] Status checkPolicyText(const std::string &text);

/// Merges sources into what holds. Never fails: a fault gives mode Invalid with its sentences in `problems`.
[[nodiscard]] EffectivePolicy effectivePolicy(const ManagedPolicySources &sources);

/// May this model answer? Rule names: model.allow (by SHA-256 list), policy.invalid.
[[nodiscard]] PolicyDecision mayUseModel(const EffectivePolicy &policy, const std::string &modelSha256);
/// May a model file be taken into the catalogue? Rule: model.import.
[[nodiscard]] PolicyDecision mayImportModel(const EffectivePolicy &policy);
/// May conversations be written to a file? Rule: export.allow.
[[nodiscard]] PolicyDecision mayExport(const EffectivePolicy &policy);
/// May this slot kind (slotKindName()) be made, with a vault or later? Rule: vault.slots.
[[nodiscard]] PolicyDecision mayUseSlot(const EffectivePolicy &policy, const std::string &slotKind);
/// May a vault lie on a network file system? Rule: vault.network.
[[nodiscard]] PolicyDecision mayUseNetworkFileSystem(const EffectivePolicy &policy);

/// The key that a person may give a way to read the vault; nothing when policy names none, or none with a name, or
/// cannot be trusted (keys vault.organisationKey and vault.organisationName).
[[nodiscard]] std::optional<OrganisationKey> namedOrganisation(const EffectivePolicy &policy);
/// May attachments leave the vault? Rule: export.allow.
[[nodiscard]] PolicyDecision mayExportAttachment(const EffectivePolicy &policy);
/// May something be attached at all? Rule: attachments.size.
[[nodiscard]] PolicyDecision mayAttach(const EffectivePolicy &policy);
/// In bytes.
[[nodiscard]] std::uint64_t largestAttachment(const EffectivePolicy &policy);
/// How long things are kept where no rule of a person says so.
[[nodiscard]] RetentionLimits retentionLimits(const EffectivePolicy &policy);
/// May a person say how long everything is kept, and how long it lies in the bin? Rules: retention.days, retention.bin.
[[nodiscard]] PolicyDecision mayChangeRetention(const EffectivePolicy &policy);
[[nodiscard]] PolicyDecision mayChangeBin(const EffectivePolicy &policy);

/// The layers of a worker's sandbox that must be active before a model is opened (key engine.sandbox).
[[nodiscard]] std::vector<std::string> requiredSandboxLayers(const EffectivePolicy &policy);

} // namespace tramontane
