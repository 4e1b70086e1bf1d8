// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/snapshot_store.h"
#include "tests/support/fakes/script.h"

#include <map>

namespace tramontane::test {

/// Snapshots in memory. Calls: "snapshots.append", "snapshots.finish", "snapshots.read", "snapshots.next",
/// "snapshots.remove", "snapshots.clear", "snapshots.usage". Must outlive its readers and writers.
class FakeSnapshots final : public SnapshotStore {
public:
    explicit FakeSnapshots(Script &script) : m_script(script) {}

    [[nodiscard]] std::shared_ptr<SnapshotWriter> write(ConversationId conversation, SnapshotHeader header) override;
    [[nodiscard]] Async<std::shared_ptr<SnapshotReader>> read(ConversationId conversation,
                                                              SnapshotExpectation expected) override;
    [[nodiscard]] Async<void> remove(ConversationId conversation) override;
    [[nodiscard]] Async<void> clear(std::optional<Hash32> modelSha256) override;
    [[nodiscard]] Async<SnapshotUsage> usage() override;

    struct Stored {
        SnapshotHeader header;
        std::string bytes;
    };
    std::map<ConversationId, Stored> stored;
    /// What finish() answers; anything but Stored keeps nothing, and append() then wants no more.
    SnapshotOutcome outcome = SnapshotOutcome::Stored;
    /// Readers end with this.
    SnapshotPiece::State end = SnapshotPiece::State::End;

private:
    Script &m_script;
};

} // namespace tramontane::test
