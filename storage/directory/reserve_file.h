// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/disk_reserve.h"
#include "app/core/clock.h"
#include "storage/sqlite/disk_room.h"

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>

class QThreadPool;

namespace tramontane::vault {

/// Free space that has to be left beside a reserve that is written again, and that work needs without one.
inline constexpr std::uint64_t kWorkingRoomBytes = std::uint64_t(8) << 20;

/// The file "reserve" of a vault (resources/formats/vault.md): random bytes, written and synced, so that no file system
/// can keep them as a hole, compressed, or shared. Calls from any thread; the file is written in a thread of its own.
class ReserveFile final : public DiskReserve, public sqlite::DiskRoom {
public:
    /// `wantedBytes` 0: none is kept. `clock` outlives the object. Nothing is touched yet.
    ReserveFile(std::filesystem::path path, std::uint64_t wantedBytes, const Clock &clock);
    /// As close().
    ~ReserveFile() override;

    /// As it is now, also without an open vault. Never fails: what cannot be examined is not there.
    [[nodiscard]] static ReserveStatus look(const std::filesystem::path &path, std::uint64_t wantedBytes);

    [[nodiscard]] Async<ReserveStatus> status() override;
    [[nodiscard]] Async<ReserveStatus> restore() override;
    [[nodiscard]] bool giveUp() noexcept override;
    /// Looks for room at most once in ten seconds.
    void written() noexcept override;
    /// Waits for a writing that goes on, for at most the time that the reserve takes; later calls answer VaultLocked.
    void close();

private:
    struct State;
    std::shared_ptr<State> m_state;
    std::unique_ptr<QThreadPool> m_thread;
};

} // namespace tramontane::vault
