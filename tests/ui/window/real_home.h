// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/client/local_provider.h"
#include "inference/client/model_inspector.h"
#include "storage/vault/directory_vault_store.h"
#include "tests/support/fakes/fake_policy_source.h"
#include "tests/support/fakes/fake_secret_store.h"
#include "ui/shell/main_window.h"

#include <QTemporaryDir>

namespace tramontane::test {

/// The parts of the window as a person has them: an encrypted vault on disk, the engine in its own processes, a real
/// model. Only the keychain is one in memory (a test machine has none) and the policy the unmanaged one.
class RealHome {
public:
    RealHome();
    [[nodiscard]] ui::Parts parts();
    [[nodiscard]] QString folder() const { return m_folder.filePath(QStringLiteral("vault")); }
    [[nodiscard]] static QString engineProgram();
    [[nodiscard]] static QString model();

private:
    QTemporaryDir m_folder;
    SystemClock m_clock;
    Script m_script;
    FakePolicySource m_policy;
    FakeSecretStore m_secrets{m_script};
    vault::DirectoryVaultStore m_store;
    VaultService m_vault;
    LocalInferenceProvider m_provider;
    LocalModelInspector m_inspector;
};

} // namespace tramontane::test
