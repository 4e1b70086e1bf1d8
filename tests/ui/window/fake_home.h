// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/fakes/fake_policy_source.h"
#include "tests/support/fakes/fake_provider.h"
#include "tests/support/fakes/fake_secret_store.h"
#include "tests/support/fakes/fake_vault.h"
#include "tests/support/fakes/movable_clock.h"
#include "ui/shell/main_window.h"

namespace tramontane::test {

/// A vault directory in memory that keeps its content from one opening to the next, as a real one does.
class LastingVaultStore final : public VaultStore {
public:
    explicit LastingVaultStore(Script &script) : m_script(script), vault(std::make_shared<FakeVault>(script)) {}
    [[nodiscard]] Async<VaultStatus> status() override;
    [[nodiscard]] Async<std::shared_ptr<OpenVault>> create(SlotSecret first) override;
    [[nodiscard]] Async<void> discard(std::shared_ptr<OpenVault> vault) override;
    [[nodiscard]] Async<std::shared_ptr<OpenVault>> open(SlotSecret given) override;

    VaultStatus state{false, "/home/somebody/vault", {}, 1, {}, {}};
    std::shared_ptr<SecretBytes> secret;

private:
    Script &m_script;

public:
    std::shared_ptr<FakeVault> vault;
};

/// A desktop that says what the test wants.
class ScriptedSession final : public SessionWatch {
public:
    void hold() override { held = true; }
    void letGo() override { held = false; }
    bool held = false;
};

/// Everything that the window is made of, without disk, keychain and engine.
struct FakeHome {
    FakeHome();
    /// There is a vault that this passphrase opens, with a model and two conversations in it.
    void fill(std::string_view passphrase);
    [[nodiscard]] ui::Parts parts();

    Script script;
    MovableClock clock;
    FakePolicySource policy;
    FakeProvider provider{script};
    FakeInspector inspector{script};
    FakeSecretStore secrets{script};
    ScriptedSession desktop;
    LastingVaultStore store{script};
    VaultService vaults{store, secrets, policy};
    QString starterModel = QStringLiteral("/usr/share/tramontane/models/SmolLM2 135M Instruct.gguf");
};

/// An answer as a model writes it: paragraphs, a table, a code block.
[[nodiscard]] std::string sampleAnswer();

} // namespace tramontane::test
