// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/vault_store.h"
#include "tests/support/fakes/script.h"

namespace tramontane::test {

/// As full as a test says. No calls of the script: it is asked before every question.
class FakeReserve final : public DiskReserve {
public:
    [[nodiscard]] Async<ReserveStatus> status() override;
    [[nodiscard]] Async<ReserveStatus> restore() override;
    ReserveStatus state;
};

/// Calls: "inspection.run".
class FakeInspection final : public VaultInspection {
public:
    explicit FakeInspection(Script &script) : m_script(script) {}
    [[nodiscard]] Async<std::vector<VaultFinding>> run() override;
    std::vector<VaultFinding> findings;

private:
    Script &m_script;
};

/// Reports what a test put there. Calls: "storage.report", "storage.clean".
class FakeStorage final : public VaultStorage {
public:
    explicit FakeStorage(Script &script) : m_script(script) {}
    [[nodiscard]] Async<StorageReport> report() override;
    [[nodiscard]] Async<CleanUpOffer> clean(CleanUp what) override;
    StorageReport state;

private:
    Script &m_script;
};

} // namespace tramontane::test
