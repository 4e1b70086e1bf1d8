// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/snapshots/file_snapshot_store.h"

// One snapshot being written or read, behind the handles that FileSnapshotStore gives out. Each has a line of tasks of
// its own.
namespace tramontane::vault {

/// The handle; letting go of it ends the writing.
[[nodiscard]] std::shared_ptr<SnapshotWriter> makeSnapshotWriter(std::shared_ptr<FileSnapshotStore::Core> core,
                                                                 std::shared_ptr<WorkThreads::Line> line,
                                                                 ConversationId conversation, SnapshotHeader header);

/// Opens, compares and makes the handle; removes what does not fit. Null: nothing that fits. In a thread of the store.
[[nodiscard]] Result<std::shared_ptr<SnapshotReader>>
openSnapshotReader(const std::shared_ptr<FileSnapshotStore::Core> &core, std::shared_ptr<WorkThreads::Line> line,
                   ConversationId conversation, const SnapshotExpectation &expected);

} // namespace tramontane::vault
