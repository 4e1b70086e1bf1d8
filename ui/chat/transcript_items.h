// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/services/model_service.h"
#include "ui/chat/chat_thread.h"
#include "ui/transcript/transcript_item.h"

namespace tramontane::ui {

/// What the transcript shows of one message. `model` is the one that is writing; it names the answer until provenance
/// is known. Null when there is none. `progress` stands in the place of text that has not begun. Never fails.
[[nodiscard]] TranscriptItem transcriptItem(const ThreadEntry &entry, const ModelStatus *model,
                                            const QString &progress);

/// Head and foot only, as above.
[[nodiscard]] MessageDisplay messageDisplay(const ThreadEntry &entry, const ModelStatus *model,
                                            const QString &progress);

} // namespace tramontane::ui
