// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QPlainTextEdit>

namespace tramontane::ui {

/// The text field of the composer: grows from one line to kMostLines, then scrolls. Plain text only. GUI thread.
///
/// Enter asks, Shift+Enter makes a line, Ctrl+Enter asks again, Up in an empty field recalls, Esc is left to the
/// parent. While an input method composes, every key belongs to it: nothing is sent.
class ComposerEdit : public QPlainTextEdit {
    Q_OBJECT
public:
    static constexpr int kMostLines = 8;

    explicit ComposerEdit(QWidget *parent = nullptr);

    /// At most this many lines are shown; 1 on a low window.
    void setMostLines(int lines);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void sendRequested();
    void againRequested();
    void recallRequested();
    void focusChanged();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void inputMethodEvent(QInputMethodEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void insertFromMimeData(const QMimeData *source) override;
    [[nodiscard]] QMimeData *createMimeDataFromSelection() const override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    [[nodiscard]] int heightForLines(int lines) const;
    [[nodiscard]] int shownLines() const;
    void applyFont();
    void fitHeight();

    int m_mostLines = kMostLines;
    bool m_composing = false;
    bool m_applyingFont = false;
};

} // namespace tramontane::ui
