// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QElapsedTimer>
#include <QString>

namespace tramontane::ui {

/// Chooses what a screen reader is told while an answer is written: complete sentences, at most every two seconds, and
/// the rest at the end. GUI thread.
class LiveText {
public:
    struct Piece {
        int from = 0; // in the text of the message
        QString text; // empty: nothing to say now
    };

    void begin();
    /// `text` is all that the message holds now; `ended`: nothing will follow.
    [[nodiscard]] Piece next(const QString &text, bool ended);
    /// Whether it is worth asking for the text now.
    [[nodiscard]] bool isDue() const;

private:
    int m_said = 0;
    QElapsedTimer m_since;
};

} // namespace tramontane::ui
