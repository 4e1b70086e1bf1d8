// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/inference_provider.h"
#include "app/contracts/policy_source.h"
#include "app/contracts/session_watch.h"
#include "app/core/clock.h"
#include "app/core/energy_probe.h"
#include "app/services/vault_service.h"

#include <QString>

#include <utility>
#include <vector>

namespace tramontane::ui {

/// What the window is made of; the program that opens it decides which classes stand behind. All outlive the window.
struct Parts {
    VaultService &vault;
    InferenceProvider &provider;
    ModelInspector &inspector;
    PolicySource &policy;
    const Clock &clock;
    QString preferencesFile;                            // looks and place of the window only; empty: nothing is kept
    QString starterModel;                               // path of the model that came with the program; empty: none did
    std::vector<std::pair<QString, QString>> languages; // code and own name of each translation there is
    EnergyProbe *energy = nullptr;                      // null: nothing is measured
    SessionWatch *sessionWatch = nullptr;               // null: the desktop says nothing of its screen and of sleep
};

} // namespace tramontane::ui
