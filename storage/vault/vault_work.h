// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/long_work.h"
#include "storage/tasks/background.h"
#include "storage/tasks/posted_task.h"

#include <memory>
#include <mutex>
#include <stop_token>

namespace tramontane::vault {

/// Long work on an open vault as a whole: one after the other, until the vault is closed. Any thread.
class VaultWork {
public:
    /// Runs `run(const LongWork &)`, which answers with a Result, in the background after all that was begun before; its
    /// stop is also that of the vault. Errors beyond its own: VaultLocked after stop().
    template <class T, class Work>
    [[nodiscard]] Async<T> begin(LongWork work, Work run)
    {
        return inBackground([state = m_state, work = std::move(work), run = std::move(run)]() mutable -> Result<T> {
            const std::lock_guard lock(state->oneAtATime);
            std::stop_source either;
            const std::stop_callback byCaller(work.stop, [&either] { either.request_stop(); });
            const std::stop_callback byVault(state->stopping.get_token(), [&either] { either.request_stop(); });
            if (state->stopping.stop_requested())
                return vaultLocked();
            return run(LongWork{work.progress, either.get_token()});
        });
    }

    /// Asks all work to end. Never waits.
    void requestStop() { m_state->stopping.request_stop(); }
    /// Waits for the end of all work; what comes later answers VaultLocked. Not in a database's thread.
    void stop()
    {
        requestStop();
        const std::lock_guard lock(m_state->oneAtATime);
    }

private:
    struct State {
        std::stop_source stopping;
        std::mutex oneAtATime;
    };
    std::shared_ptr<State> m_state = std::make_shared<State>();
};

} // namespace tramontane::vault
