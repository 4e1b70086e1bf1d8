// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace tramontane::ui {

class TranscriptView;

// What screen readers see of the transcript: a list of messages, each with name, place, time, its text and its actions
// as buttons. From the block model, not from pixels. GUI thread.

/// Makes the interfaces known to Qt. May be called again.
void installTranscriptAccessibility();
/// Text was added to message `index` at `position` of its text.
void announceInsertedText(TranscriptView &view, int index, int position, const QString &text);
void announceFocus(TranscriptView &view, int index);
/// Messages were added or taken out.
void announceReordered(TranscriptView &view);

} // namespace tramontane::ui
