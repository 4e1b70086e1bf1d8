// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/secret_store.h"
#include "tests/support/fakes/script.h"

namespace tramontane::test {

/// A keychain in memory. Calls: "secret.read", "secret.write", "secret.remove".
class FakeSecretStore final : public SecretStore {
public:
    explicit FakeSecretStore(Script &script) : m_script(script) {}
    [[nodiscard]] Async<std::shared_ptr<SecretBytes>> read(std::string name) override;
    [[nodiscard]] Async<void> write(std::string name, std::shared_ptr<SecretBytes> secret) override;
    [[nodiscard]] Async<void> remove(std::string name) override;

    std::map<std::string, std::shared_ptr<SecretBytes>> entries;

private:
    Script &m_script;
};

} // namespace tramontane::test
