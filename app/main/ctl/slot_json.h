// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/vault_store.h"
#include "app/policy/policy.h"

#include <QJsonObject>

#include <string>
#include <vector>

// How commands show the ways to open a vault.
namespace tramontane::ctl {

/// id, kind, created, organisation, fingerprint (null where they do not apply).
[[nodiscard]] QJsonObject slotJson(const SlotInfo &slot);

/// The alarm about the organisation's key (organisationAlarm()), or null.
[[nodiscard]] QJsonValue alarmJson(const std::vector<SlotInfo> &slots, const EffectivePolicy &policy);

/// "organisation \"Klinik Nord\" (3f2a-…)"; just the kind for other slots.
[[nodiscard]] std::string slotText(const SlotInfo &slot);

} // namespace tramontane::ctl
