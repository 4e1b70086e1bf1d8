// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/policy_source.h"
#include "app/contracts/vault_store.h"
#include "app/contracts/when_ready.h"

#include <QObject>

#include <optional>

namespace tramontane {

/// Whether policy names another organisation key than one that the vault is sealed to: the sentence for the person, who is
/// told and decides; nothing is replaced by itself. Nothing when all is as it was confirmed, or policy names none. Pure.
[[nodiscard]] std::optional<std::string> organisationAlarm(const std::vector<SlotInfo> &slots,
                                                           const EffectivePolicy &policy);

/// What is to be said about the slots of an open vault: that it was opened with the recovery code (`key.recovered`), and
/// that policy names another organisation (`key.organisation_differs`), at opening and whenever policy changes. Calls and
/// signals: the owning thread.
class SlotWatch : public QObject {
    Q_OBJECT
public:
    /// Both outlive the object.
    SlotWatch(OpenVault &vault, PolicySource &policy, QObject *parent = nullptr);

    /// Never fails: what cannot be recorded or read now is no reason not to open.
    [[nodiscard]] Async<void> start();
    [[nodiscard]] const std::optional<std::string> &alarm() const { return m_alarm; }

Q_SIGNALS:
    void alarmChanged();

private:
    [[nodiscard]] Async<void> check();
    void take(const std::vector<SlotInfo> &slots, const Deferred<void> &checked);

    OpenVault &m_vault;
    PolicySource &m_policy;
    std::optional<std::string> m_alarm;
};

} // namespace tramontane
