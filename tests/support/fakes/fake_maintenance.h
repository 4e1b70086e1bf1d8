// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/vault_maintenance.h"
#include "tests/support/fakes/script.h"

namespace tramontane::test {

/// Counts what is asked of it. Calls: "maintenance.rotateKey".
class FakeMaintenance final : public VaultMaintenance {
public:
    explicit FakeMaintenance(Script &script) : m_script(script) {}

    [[nodiscard]] Async<RotatedKey> rotateKey(LongWork) override
    {
        return m_script.run<RotatedKey>("maintenance.rotateKey", [this]() -> Result<RotatedKey> {
            return RotatedKey{++keyVersion, 4096};
        });
    }

    int keyVersion = 1;

private:
    Script &m_script;
};

} // namespace tramontane::test
