// SPDX-License-Identifier: Apache-2.0
#include "ui/chat/composer.h"

#include "ui/chat/composer_edit.h"
#include "ui/style/gauge.h"
#include "ui/style/icon_text.h"
#include "ui/style/painting.h"
#include "ui/style/theme.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

namespace tramontane::ui {

Composer::Composer(QWidget *parent)
    : QWidget(parent), m_edit(new ComposerEdit(this)), m_hint(new IconText(Icon::None, {}, TypeRole::Hint, this)),
      m_gauge(new ContextGauge(this)), m_button(new SendButton(this))
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    auto *foot = new QHBoxLayout;
    foot->setSpacing(spacing::k8);
    foot->addWidget(m_hint, 1);
    foot->addWidget(m_gauge);
    foot->addWidget(m_button);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(spacing::k16, spacing::k12, spacing::k6, spacing::k6);
    column->setSpacing(spacing::k4);
    column->addWidget(m_edit);
    column->addLayout(foot);
    setFocusProxy(m_edit);

    connect(m_edit, &ComposerEdit::sendRequested, this, &Composer::onSend);
    connect(m_edit, &ComposerEdit::againRequested, this, &Composer::againRequested);
    connect(m_edit, &ComposerEdit::recallRequested, this, &Composer::recallRequested);
    connect(m_edit, &ComposerEdit::focusChanged, this, qOverload<>(&QWidget::update));
    connect(m_edit, &QPlainTextEdit::textChanged, this, &Composer::refresh);
    connect(m_button, &QAbstractButton::clicked, this, [this] {
        if (m_busy)
            Q_EMIT stopRequested();
        else
            onSend();
    });
    refresh();
}

QString Composer::text() const
{
    return m_edit->toPlainText();
}

void Composer::setText(const QString &text)
{
    m_edit->setPlainText(text);
    m_edit->moveCursor(QTextCursor::End);
}

void Composer::clear()
{
    m_edit->clear();
}
void Composer::focusText()
{
    m_edit->setFocus(Qt::OtherFocusReason);
}
void Composer::setMostLines(int lines)
{
    m_edit->setMostLines(lines);
}

void Composer::setBusy(bool busy)
{
    if (busy == m_busy)
        return;
    m_busy = busy;
    refresh();
}

void Composer::setBlocked(const QString &reason)
{
    m_blocked = reason;
    refresh();
}

void Composer::setHint(const QString &hint)
{
    m_hintText = hint;
    refresh();
}

void Composer::setContext(int used, int total)
{
    m_gauge->setUsage({BarSegment{1, used, tr("Conversation")}}, total);
    m_gauge->setVisible(total > 0 && used > 0);
}

void Composer::onSend()
{
    // While an answer is written, Enter keeps the draft: it is asked when the person sends it after the end.
    if (m_busy || !m_blocked.isEmpty() || text().trimmed().isEmpty())
        return;
    Q_EMIT sendRequested(text());
}

void Composer::refresh()
{
    const bool empty = text().trimmed().isEmpty();
    m_button->setAct(m_busy ? SendButton::Act::Stop : SendButton::Act::Send);
    m_button->setEnabled(m_busy || (m_blocked.isEmpty() && !empty));
    if (!m_button->isEnabled())
        m_button->setToolTip(m_blocked.isEmpty() ? tr("Write a question first") : m_blocked);
    m_edit->setPlaceholderText(m_busy ? tr("Write the next question. Esc stops the answer.")
                                      : tr("Write a message. Shift+Enter makes a new line."));
    const bool locked = !m_blocked.isEmpty() && !m_busy;
    m_hint->setIcon(locked ? Icon::Lock : Icon::None);
    m_hint->setText(locked ? m_blocked : m_hintText);
    update();
}

void Composer::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = Theme::of(this).tokens();
    const bool focused = m_edit->hasFocus();
    const bool locked = !m_blocked.isEmpty() && !m_busy;
    paintBox(painter, rect(), radius::kComposer, locked ? tokens.sunken : tokens.raised,
             focused  ? tokens.acc
             : locked ? tokens.line2
                      : tokens.ctl,
             focused ? size::kFocusRing : 1);
}

void Composer::mousePressEvent(QMouseEvent *event)
{
    QWidget::mousePressEvent(event);
    focusText();
}

} // namespace tramontane::ui
