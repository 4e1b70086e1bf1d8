// SPDX-License-Identifier: Apache-2.0
#include "storage/vault/opened_maintenance.h"

#include "storage/tasks/background.h"
#include "storage/vault/key_rotation.h"

namespace tramontane::vault {

struct OpenedMaintenance::State {
    State(OpenParts &vault, HeldMaster &key) : parts(vault), master(key) {}

    OpenParts &parts;
    HeldMaster &master;
    std::stop_source stopping;
    std::mutex oneAtATime;
};

OpenedMaintenance::OpenedMaintenance(OpenParts &parts, HeldMaster &master)
    : m_state(std::make_shared<State>(parts, master))
{
}

OpenedMaintenance::~OpenedMaintenance() = default;

void OpenedMaintenance::requestStop()
{
    m_state->stopping.request_stop();
}

void OpenedMaintenance::stop()
{
    requestStop();
    const std::lock_guard lock(m_state->oneAtATime);
}

/// Runs `run(state, work)` in the background, after all that was begun before; its stop is also that of the vault.
template <class T, class Work>
Async<T> OpenedMaintenance::oneAtATime(LongWork work, Work run)
{
    return inBackground([state = m_state, work = std::move(work), run]() -> Result<T> {
        const std::lock_guard lock(state->oneAtATime);
        std::stop_source either;
        const std::stop_callback byCaller(work.stop, [&either] { either.request_stop(); });
        const std::stop_callback byVault(state->stopping.get_token(), [&either] { either.request_stop(); });
        if (state->stopping.stop_requested())
            return vaultLocked();
        return run(*state, LongWork{work.progress, either.get_token()});
    });
}

Async<RotatedKey> OpenedMaintenance::rotateKey(LongWork work)
{
    return oneAtATime<RotatedKey>(std::move(work), [](State &state, const LongWork &given) -> Result<RotatedKey> {
        return state.master.change<RotatedKey>([&](const MasterKey &master) {
            OpenParts &parts = state.parts;
            return rotateVaultKey({parts.files, parts.vaultId, master, *parts.database, parts.syncFolder}, given);
        });
    });
}

} // namespace tramontane::vault
