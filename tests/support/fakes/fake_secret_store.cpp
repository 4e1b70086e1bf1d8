// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fakes/fake_secret_store.h"

namespace tramontane::test {

Async<std::shared_ptr<SecretBytes>> FakeSecretStore::read(std::string name)
{
    return m_script.run<std::shared_ptr<SecretBytes>>(
        "secret.read", [this, name]() -> Result<std::shared_ptr<SecretBytes>> {
            const auto found = entries.find(name);
            if (found == entries.end())
                return Error{ErrorCode::KeychainEntryMissing, "no such entry", {}};
            return std::make_shared<SecretBytes>(SecretBytes::copyOf(found->second->bytes()));
        });
}

Async<void> FakeSecretStore::write(std::string name, std::shared_ptr<SecretBytes> secret)
{
    return m_script.run<void>("secret.write", [this, name, secret]() -> Status {
        entries[name] = secret;
        return {};
    });
}

Async<void> FakeSecretStore::remove(std::string name)
{
    return m_script.run<void>("secret.remove", [this, name]() -> Status {
        entries.erase(name);
        return {};
    });
}

} // namespace tramontane::test
