// SPDX-License-Identifier: Apache-2.0
#include "app/services/slot_service.h"

#include "app/services/audit_records.h"
#include "app/services/passphrase_rules.h"
#include "app/services/recording.h"
#include "app/services/vault_service.h"

#include <algorithm>

namespace tramontane {
namespace {

constexpr auto kAdd = "add";
constexpr auto kReplace = "replace";
constexpr auto kRemove = "remove";

std::string doneEvent(std::string_view change)
{
    if (change == kAdd)
        return "key.created";
    return change == kReplace ? "key.rotated" : "key.removed";
}

Error refused(ErrorCode code, const std::string &why)
{
    return Error{code, "Nothing was changed: " + why, {}};
}

Result<SlotInfo> slotById(const std::vector<SlotInfo> &all, const std::string &id)
{
    const auto found = std::find_if(all.begin(), all.end(), [&](const SlotInfo &slot) { return slot.id == id; });
    return found == all.end() ? Result<SlotInfo>(refused(ErrorCode::NotFound, "the vault has no such slot."))
                              : Result<SlotInfo>(*found);
}

/// The slot whose passphrase is changed.
Result<SlotInfo> passphraseSlot(const std::vector<SlotInfo> &all, const std::string &id)
{
    if (!id.empty()) {
        auto slot = slotById(all, id);
        if (slot && slot->kind != SlotKind::Passphrase)
            return refused(ErrorCode::InvalidArgument, "this slot has no passphrase.");
        return slot;
    }
    std::vector<SlotInfo> found;
    std::copy_if(all.begin(), all.end(), std::back_inserter(found),
                 [](const SlotInfo &slot) { return slot.kind == SlotKind::Passphrase; });
    if (found.empty())
        return refused(ErrorCode::NotFound, "the vault has no passphrase. Add one instead.");
    if (found.size() > 1)
        return refused(ErrorCode::InvalidArgument, "the vault has several passphrases. Say which slot is meant.");
    return found.front();
}

/// Whether a person could still open the vault without this slot, if the keychain opens the slot `opens` and no other.
bool usableWithout(const std::vector<SlotInfo> &all, const std::string &id, const std::string &opens)
{
    return std::any_of(all.begin(), all.end(), [&](const SlotInfo &slot) {
        if (slot.id == id || slot.kind == SlotKind::Organisation)
            return false;
        return slot.kind != SlotKind::Keychain || slot.id == opens;
    });
}

} // namespace

SlotService::SlotService(OpenVault &vault, SecretStore &secrets, PolicySource &policy, const Clock &clock,
                         std::string directory, QObject *parent)
    : QObject(parent), m_vault(vault), m_policy(policy), m_clock(clock),
      m_keychain(this, vault.slots(), secrets, keychainEntryName(directory))
{
}

Async<SlotInfo> SlotService::recorded(const char *change, SlotKind kind, std::function<Async<SlotInfo>()> act)
{
    const EffectivePolicy &policy = m_policy.current();
    // Removing a slot is always allowed: policy says which may be made.
    const PolicyDecision decision = std::string_view(change) == kRemove
                                        ? PolicyDecision{true, {}, {}}
                                        : mayUseSlot(policy, std::string(slotKindName(kind)));
    AuditEvent attempt = records::decided(decision.allowed ? "key.change.attempted" : "key.change.denied",
                                          Outcome::Unknown, policy, decision);
    attempt.corr = AttemptId::make(m_clock.utcMs()).text();
    attempt.object = records::object("slot", {});
    attempt.flags = {change, std::string(slotKindName(kind))};
    const auto head = appendRecord(this, m_vault, attempt);
    if (!decision.allowed) {
        Deferred<SlotInfo> denied;
        whenReady(this, head, [denied, decision](const Result<AuditHead> &) {
            denied.resolve(records::denied(decision, "Nothing was changed"));
        });
        return denied.future();
    }
    return andThen(this, head, [this, attempt, change, act = std::move(act)](const AuditHead &) {
        Deferred<SlotInfo> answer;
        whenReady(this, act(), [this, attempt, change, answer](const Result<SlotInfo> &made) {
            whenReady(this, outcome(attempt, change, made),
                      [answer](const Result<SlotInfo> &told) { answer.resolve(told); });
        });
        return answer.future();
    });
}

Async<SlotInfo> SlotService::outcome(const AuditEvent &attempt, const char *change, const Result<SlotInfo> &made)
{
    AuditEvent event = records::event(made ? doneEvent(change) : "key.change.failed",
                                      made ? Outcome::Success : Outcome::Failure, m_policy.current());
    event.corr = attempt.corr;
    event.flags = attempt.flags;
    event.object = records::object("slot", made ? made->id : std::string());
    event.severity = made ? 1 : 3;
    if (!made)
        event.flags.push_back(records::errorFlag(made.error()));
    Deferred<SlotInfo> answer;
    // What was done is done: a record that fails now is told by the next one, and the attempt stays open until then.
    whenReady(this, appendRecord(this, m_vault, std::move(event)),
              [answer, made](const Result<AuditHead> &) { answer.resolve(made); });
    return answer.future();
}

Async<SlotInfo> SlotService::addPassphrase(std::shared_ptr<SecretBytes> passphrase)
{
    if (!longEnough(passphrase))
        return ready<SlotInfo>(refused(ErrorCode::InvalidArgument, "a passphrase needs at least 8 characters."));
    return recorded(kAdd, SlotKind::Passphrase, [this, passphrase = std::move(passphrase)] {
        return m_vault.slots().add({SlotKind::Passphrase, passphrase});
    });
}

Async<SlotInfo> SlotService::addRecovery(const RecoveryCode &shown, const std::shared_ptr<SecretBytes> &typed)
{
    const auto text = typed ? typed->bytes() : std::span<const std::uint8_t>();
    const auto back = RecoveryCode::fromText({reinterpret_cast<const char *>(text.data()), text.size()});
    if (!back)
        return ready<SlotInfo>(Error{back.error().code, "Nothing was changed. " + back.error().message, {}});
    if (!back->equals(shown))
        return ready<SlotInfo>(
            refused(ErrorCode::InvalidArgument, "this is another recovery code than the one shown."));
    return recorded(kAdd, SlotKind::Recovery, [this, code = shown.bytes()] {
        return m_vault.slots().add({SlotKind::Recovery, code});
    });
}

Result<OrganisationKey> SlotService::offeredOrganisation() const
{
    auto named = namedOrganisation(m_policy.current());
    if (!named)
        return refused(ErrorCode::NotFound, "the policy of this machine names no organisation with a key.");
    return *named;
}

Async<SlotInfo> SlotService::addOrganisation(const std::string &confirmed)
{
    const auto key = offeredOrganisation();
    if (!key)
        return ready<SlotInfo>(key.error());
    const std::string fingerprint = organisationFingerprint(key->publicKey);
    if (!isFingerprint(confirmed, fingerprint))
        return ready<SlotInfo>(refused(ErrorCode::InvalidArgument, "this is not the fingerprint of the key that policy "
                                                                   "names. Ask your administrator which is right."));
    return recorded(kAdd, SlotKind::Organisation, [this, key = *key] { return addToOrganisation(key); });
}

Async<SlotInfo> SlotService::addToOrganisation(const OrganisationKey &key)
{
    return andThen(this, m_vault.slots().list(), [this, key](const std::vector<SlotInfo> &all) {
        const std::string fingerprint = organisationFingerprint(key.publicKey);
        const bool there =
            std::any_of(all.begin(), all.end(), [&](const SlotInfo &slot) { return slot.fingerprint == fingerprint; });
        if (there)
            return ready<SlotInfo>(refused(ErrorCode::InvalidArgument, "the vault is sealed to this key already."));
        return m_vault.slots().addOrganisation(key);
    });
}

Async<SlotInfo> SlotService::changePassphrase(std::string id, std::shared_ptr<SecretBytes> passphrase)
{
    if (!longEnough(passphrase))
        return ready<SlotInfo>(refused(ErrorCode::InvalidArgument, "a passphrase needs at least 8 characters."));
    return andThen(this, m_vault.slots().list(),
                   [this, id = std::move(id), passphrase](const std::vector<SlotInfo> &all) {
                       const auto slot = passphraseSlot(all, id);
                       if (!slot)
                           return ready<SlotInfo>(slot.error());
                       return recorded(kReplace, SlotKind::Passphrase, [this, id = slot->id, passphrase] {
                           return m_vault.slots().replace(id, {SlotKind::Passphrase, passphrase});
                       });
                   });
}

Async<SlotInfo> SlotService::addKeychain()
{
    return recorded(kAdd, SlotKind::Keychain, [this] { return m_keychain.add(); });
}

Async<RemovedSlot> SlotService::remove(std::string id)
{
    return andThen(this, m_vault.slots().list(), [this, id = std::move(id)](const std::vector<SlotInfo> &all) {
        const auto slot = slotById(all, id);
        if (!slot)
            return ready<RemovedSlot>(slot.error());
        const bool keychainMatters = slot->kind == SlotKind::Keychain || !usableWithout(all, id, {});
        const auto opens = keychainMatters ? m_keychain.opens() : ready<std::string>(std::string());
        return andThen(this, opens, [this, slot = *slot, all](const std::string &opened) {
            return removeChecked(slot, opened, all);
        });
    });
}

Async<RemovedSlot> SlotService::removeChecked(const SlotInfo &slot, const std::string &opens,
                                              const std::vector<SlotInfo> &all)
{
    if (!usableWithout(all, slot.id, opens))
        return ready<RemovedSlot>(refused(
            ErrorCode::InvalidArgument,
            "this is the last way in which you can open the vault. Add another one first; an organisation's slot "
            "and a keychain that does not open the vault now do not count."));
    const auto removed = recorded(kRemove, slot.kind, [this, slot] {
        return andThen(this, m_vault.slots().remove(slot.id), [slot] { return ready<SlotInfo>(slot); });
    });
    return andThen(this, removed, [this, opens](const SlotInfo &gone) {
        // Only the key of this slot: one that opens nothing here may belong to a vault that comes back.
        if (gone.kind != SlotKind::Keychain || opens != gone.id)
            return ready<RemovedSlot>(RemovedSlot{gone, gone.kind == SlotKind::Keychain});
        Deferred<RemovedSlot> answer;
        whenReady(this, m_keychain.removeEntry(), [answer, gone](const Status &entry) {
            answer.resolve(RemovedSlot{gone, !entry.ok()});
        });
        return answer.future();
    });
}

} // namespace tramontane
