// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/chat/send_button.h"

#include <QWidget>

namespace tramontane::ui {

class ComposerEdit;
class ContextGauge;
class IconText;

/// Where a question is written: field, gauge of the context, send or stop. It keeps its text until clear(). GUI thread.
class Composer : public QWidget {
    Q_OBJECT
public:
    explicit Composer(QWidget *parent = nullptr);

    [[nodiscard]] QString text() const;
    void setText(const QString &text);
    void clear();
    void focusText();

    /// While an answer is being written the button stops it, and the field takes the next question.
    void setBusy(bool busy);
    /// Why nothing can be sent, in words beside the button; empty when it can be.
    void setBlocked(const QString &reason);
    /// A quiet line at the left of the button: "Reading the question, 40 %".
    void setHint(const QString &hint);
    /// Tokens used of the model's context; a total of 0 shows nothing.
    void setContext(int used, int total);
    void setMostLines(int lines);

Q_SIGNALS:
    /// Enter or the button, with text to send.
    void sendRequested(const QString &text);
    void stopRequested();
    void againRequested();
    void recallRequested();

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;

private:
    void onSend();
    void refresh();

    ComposerEdit *m_edit;
    IconText *m_hint;
    ContextGauge *m_gauge;
    SendButton *m_button;
    QString m_blocked;
    QString m_hintText;
    bool m_busy = false;
};

} // namespace tramontane::ui
