// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/id.h"
#include "ui/transcript/transcript_item.h"

#include <QAbstractScrollArea>

#include <memory>
#include <string_view>

namespace tramontane::ui {

class TranscriptModel;
class TranscriptPrivate;
struct WorkCounters;

enum class CopyAs { Plain, Markdown };

/// The conversation as a scrolling list of messages, each head + blocks + foot (ui.md section 5). Its own layout of
/// blocks, not a text edit: only what changed is laid out again and only what is visible is painted, at most once a
/// frame. Nothing in a message loads, runs or opens anything: images show their text, raw HTML shows as written, links
/// only emit linkActivated(). GUI thread only. No call fails; an unknown message id is ignored.
class TranscriptView : public QAbstractScrollArea {
    Q_OBJECT
public:
    explicit TranscriptView(QWidget *parent = nullptr);
    ~TranscriptView() override;

    /// Replaces everything and shows the end.
    void setItems(std::vector<TranscriptItem> items);
    /// Adds messages before the first or after the last one. What is in view stays where it is.
    void addAbove(std::vector<TranscriptItem> items);
    void addBelow(std::vector<TranscriptItem> items);
    /// Adds a message at the end. The view follows only if it is at the end.
    void appendItem(TranscriptItem item);
    /// Replaces the message with the same id, e.g. with its stored form. Equal blocks keep their layout.
    void updateItem(TranscriptItem item);
    /// Replaces the message `old` by `item`, which has another id: the next version of an answer.
    void replaceItem(const MessageId &old, TranscriptItem item);
    /// Takes out the message and all after it.
    void removeFrom(const MessageId &id);
    void clear();

    /// Adds streamed text (complete UTF-8) to the last block of the message if that is of this kind, else as a new one.
    void appendText(const MessageId &id, std::string_view utf8, BlockKind kind = BlockKind::Text);
    /// Head and foot only.
    void setDisplay(const MessageId &id, MessageDisplay display);

    [[nodiscard]] int count() const;
    [[nodiscard]] const TranscriptItem *item(const MessageId &id) const;
    [[nodiscard]] const TranscriptItem *itemAt(int index) const;

    [[nodiscard]] bool isAtEnd() const;
    void scrollToEnd();
    void scrollToMessage(const MessageId &id);
    /// The message that the keyboard is on; null id when none.
    [[nodiscard]] MessageId currentMessage() const;
    void setCurrentMessage(const MessageId &id);

    [[nodiscard]] bool hasSelection() const;
    [[nodiscard]] QString selectedText(CopyAs form = CopyAs::Plain) const;
    void selectAll();
    void clearSelection();
    /// The selection, or the current (else the last) answer when nothing is selected, to the clipboard.
    void copy(CopyAs form = CopyAs::Plain);

    /// The text of one message as a person would copy it.
    [[nodiscard]] QString messageText(const MessageId &id, CopyAs form = CopyAs::Plain) const;

    /// How much was laid out and painted since the start; for tests and the benchmark.
    [[nodiscard]] const WorkCounters &counters() const;
    /// Lays out what is still estimated, all of it. For tests, printing and screenshots; the view itself does this in
    /// small slices while idle.
    void layOutAll();

    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    /// The person pressed copy on a message or a code block; the text is already on the clipboard.
    void copyRequested(const tramontane::MessageId &id);
    void regenerateRequested(const tramontane::MessageId &id);
    /// The person asks for the version before (-1) or after (+1).
    void versionRequested(const tramontane::MessageId &id, int step);
    /// Esc while an answer is being written.
    void stopRequested();
    /// Nobody has opened it. Ask before doing so.
    void linkActivated(const QString &target);
    /// Screen readers were told of new text: complete sentences, at most every 2 s, and the rest at the end. `position`
    /// counts in messageText().
    void textAnnounced(const tramontane::MessageId &id, int position, const QString &text);
    /// The view reached or left the end.
    void atEndChanged(bool atEnd);
    /// Less than a page is left above what is in view; emitted again and again while that is so.
    void startNear();

protected:
    bool event(QEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    bool focusNextPrevChild(bool next) override;
    void changeEvent(QEvent *event) override;
    void timerEvent(QTimerEvent *event) override;

private:
    friend class TranscriptPrivate;
    std::unique_ptr<TranscriptPrivate> m_d;
};

} // namespace tramontane::ui
