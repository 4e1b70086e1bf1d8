// SPDX-License-Identifier: Apache-2.0
#include "app/services/slot_watch.h"

#include "app/services/audit_records.h"
#include "app/services/recording.h"

#include <algorithm>

namespace tramontane {

std::optional<std::string> organisationAlarm(const std::vector<SlotInfo> &slots, const EffectivePolicy &policy)
{
    const auto named = namedOrganisation(policy);
    if (!named)
        return std::nullopt;
    const std::string fingerprint = organisationFingerprint(named->publicKey);
    const auto differs = std::find_if(slots.begin(), slots.end(), [&](const SlotInfo &slot) {
        return slot.kind == SlotKind::Organisation && slot.fingerprint != fingerprint;
    });
    if (differs == slots.end())
        return std::nullopt;
    return "This vault is sealed to \"" + differs->organisation + "\", " + differs->fingerprint
           + "; the policy of this machine names \"" + named->name + "\", " + fingerprint
           + ". Nothing was replaced. Ask your administrator, not by a message on this machine, before you remove one "
             "or "
             "add the other.";
}

SlotWatch::SlotWatch(OpenVault &vault, PolicySource &policy, QObject *parent)
    : QObject(parent), m_vault(vault), m_policy(policy)
{
}

Async<void> SlotWatch::start()
{
    connect(&m_policy, &PolicySource::changed, this, [this] { static_cast<void>(check()); });
    const SlotInfo opened = m_vault.slots().openedWith();
    if (opened.kind != SlotKind::Recovery)
        return check();
    AuditEvent event = records::event("key.recovered", Outcome::Success, m_policy.current());
    event.severity = 4;
    event.object = records::object("slot", opened.id);
    Deferred<void> started;
    whenReady(this, appendRecord(this, m_vault, std::move(event)), [this, started](const Result<AuditHead> &) {
        whenReady(this, check(), [started](const Status &) { started.resolve({}); });
    });
    return started.future();
}

Async<void> SlotWatch::check()
{
    Deferred<void> checked;
    whenReady(this, m_vault.slots().list(), [this, checked](const Result<std::vector<SlotInfo>> &slots) {
        slots ? take(*slots, checked) : checked.resolve({});
    });
    return checked.future();
}

void SlotWatch::take(const std::vector<SlotInfo> &slots, const Deferred<void> &checked)
{
    auto alarm = organisationAlarm(slots, m_policy.current());
    if (alarm == m_alarm)
        return checked.resolve({});
    m_alarm = std::move(alarm);
    Q_EMIT alarmChanged();
    if (!m_alarm)
        return checked.resolve({});
    AuditEvent event = records::event("key.organisation_differs", Outcome::Failure, m_policy.current());
    event.severity = 4;
    event.object = records::object("slot", {});
    whenReady(this, appendRecord(this, m_vault, std::move(event)),
              [checked](const Result<AuditHead> &) { checked.resolve({}); });
}

} // namespace tramontane
