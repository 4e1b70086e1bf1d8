// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/attachments/file_attachment_store.h"

// One attachment on its way in or out, behind the handles that FileAttachmentStore gives out. Each has a line of tasks of
// its own.
namespace tramontane::vault {

/// Begins at once; letting go of the handle cancels it.
[[nodiscard]] std::shared_ptr<AttachmentAddition> startAddition(std::shared_ptr<FileAttachmentStore::Core> core,
                                                                const std::shared_ptr<WorkThreads::Line> &line,
                                                                NewAttachment attachment);

/// Opens the file and makes the handle. In a thread of the store. Errors: as AttachmentStore::read.
[[nodiscard]] Result<std::shared_ptr<AttachmentReader>>
openAttachmentReader(const std::shared_ptr<FileAttachmentStore::Core> &core, std::shared_ptr<WorkThreads::Line> line,
                     AttachmentId attachment);

} // namespace tramontane::vault
