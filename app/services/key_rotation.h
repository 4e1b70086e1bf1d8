// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/policy_source.h"
#include "app/contracts/vault_store.h"

#include <QObject>

#include <string>

namespace tramontane {

/// Gives vault.db another key, with a record before (`key.rotated`, unknown) and after. `corr`: the id of what it belongs
/// to. Call in `context`'s thread, which outlives the work as the two others do. Errors: AuditUnavailable (nothing was
/// done), those of VaultMaintenance::rotateKey.
[[nodiscard]] Async<RotatedKey> rotateVaultKey(QObject *context, OpenVault &vault, PolicySource &policy,
                                               const std::string &corr, LongWork work);

} // namespace tramontane
