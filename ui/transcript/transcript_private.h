// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/transcript/live_text.h"
#include "ui/transcript/transcript_selection.h"
#include "ui/transcript/transcript_view.h"

#include <QBasicTimer>
#include <QPointF>

class QPainter;
class QPushButton;

namespace tramontane::ui {

/// What TranscriptView is made of: the model, the layout, the selection, and where the view stands in them. Internal to
/// the transcript; GUI thread. Document coordinates start at the top left of the first message.
class TranscriptPrivate {
public:
    explicit TranscriptPrivate(TranscriptView &view);
    [[nodiscard]] static TranscriptPrivate &of(const TranscriptView &view) { return *view.m_d; }

    // Geometry
    [[nodiscard]] qreal columnWidth() const;
    [[nodiscard]] QPointF origin() const; // of the document, in the viewport
    [[nodiscard]] QPointF toDocument(const QPointF &point) const { return point - origin(); }
    [[nodiscard]] QRectF messageRect(int index) const; // in the viewport
    void measureAnew();

    // Changes
    void rebuilt();
    /// Messages before or after all others; what is in view stays where it is.
    void addAbove(std::vector<TranscriptItem> items);
    void addBelow(std::vector<TranscriptItem> items);
    void leavesChanged(const TranscriptModel::Change &change);
    /// Tells screen readers what was written since the last time, when it is time to.
    void announce(int message, bool ended);
    void scheduleFrame();
    void frame(); // reads what grew, lays out, repaints: at most once per frame
    void idle();  // lays out a slice of what is still estimated

    // Scrolling
    /// Lays out what is visible, sets the scroll bar, and keeps either the end or the text at the top where it is.
    void settle();
    void scrolled();
    [[nodiscard]] bool atEnd() const;
    void follow(bool following);
    void show(const QRectF &documentRect);

    // Hot spots and messages
    void hoverAt(const QPointF &viewportPoint);
    void trigger(const HotPlace &place);
    void setCurrent(int message, bool byKeyboard);
    bool focusAction(bool next);
    [[nodiscard]] int actionTarget() const; // the current answer, else the last one
    [[nodiscard]] bool showsActions(int message) const;
    void select(const TextPosition &anchor, const TextPosition &head);
    void copyText(const QString &text) const;

    void paint(QPainter &painter, const QRectF &clip);

    TranscriptView &q;
    WorkCounters counters;
    TranscriptModel model;
    TranscriptLayout layout;
    TranscriptSelection selection;
    LiveText live;
    HotPlace hover;
    HotPlace pressed;
    HotPlace focused; // action that the keyboard is on
    int hoverMessage = -1;
    int current = -1;
    bool currentByKeyboard = false;
    bool selecting = false;
    QPointF lastMouse;
    QBasicTimer frameTimer;
    QBasicTimer idleTimer;
    QBasicTimer autoScroll;
    QPushButton *newText = nullptr;

private:
    struct Anchor {
        int message = 0;
        std::size_t part = 0;
        qreal offset = 0;
    };
    [[nodiscard]] Anchor anchorAtTop() const;
    void restore(const Anchor &anchor);
    void settleAt(const Anchor &anchor);
    void updateScrollBar();
    void placeNewText();
    void paintMessage(QPainter &painter, int index, const QRectF &clip);
    void paintStreamCaret(QPainter &painter, int index, const QPointF &at) const;

    bool m_following = true;
    bool m_wasAtEnd = true;
    bool m_settling = false;
};

} // namespace tramontane::ui
