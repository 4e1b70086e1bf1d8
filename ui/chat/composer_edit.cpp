// SPDX-License-Identifier: Apache-2.0
#include "ui/chat/composer_edit.h"

#include "ui/style/own_text.h"
#include "ui/style/theme.h"

#include <QAbstractTextDocumentLayout>
#include <QInputMethodEvent>
#include <QKeyEvent>
#include <QMimeData>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextDocumentFragment>
#include <QTextLayout>

#include <algorithm>
#include <cmath>

namespace tramontane::ui {

ComposerEdit::ComposerEdit(QWidget *parent) : QPlainTextEdit(parent)
{
    setFrameStyle(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTabChangesFocus(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAttribute(Qt::WA_InputMethodEnabled);
    // The frame around it paints the surface.
    viewport()->setAutoFillBackground(false);
    document()->setDocumentMargin(0);
    setAccessibleName(tr("Message"));
    setAccessibleDescription(tr("Enter sends, Shift+Enter makes a new line"));
    applyFont();
    connect(document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged, this,
            &ComposerEdit::fitHeight);
    connect(this, &QPlainTextEdit::textChanged, this, &ComposerEdit::fitHeight);
}

void ComposerEdit::setMostLines(int lines)
{
    m_mostLines = std::clamp(lines, 1, kMostLines);
    fitHeight();
}

int ComposerEdit::shownLines() const
{
    int lines = 0;
    for (QTextBlock block = document()->begin(); block.isValid() && lines < m_mostLines; block = block.next())
        lines += std::max(1, block.layout() ? block.layout()->lineCount() : 1);
    return std::clamp(lines, 1, m_mostLines);
}

int ComposerEdit::heightForLines(int lines) const
{
    return int(std::ceil(lines * fontMetrics().lineSpacing())) + 2 * spacing::k2;
}

QSize ComposerEdit::sizeHint() const
{
    return {size::kComposer / 2, heightForLines(shownLines())};
}
QSize ComposerEdit::minimumSizeHint() const
{
    return {size::kTarget * 4, heightForLines(1)};
}

void ComposerEdit::fitHeight()
{
    const bool scrolls = blockCount() > m_mostLines || shownLines() >= m_mostLines;
    setVerticalScrollBarPolicy(scrolls ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff);
    updateGeometry();
}

void ComposerEdit::applyFont()
{
    m_applyingFont = true;
    setFont(Theme::of(this).font(TypeRole::OwnMessage));
    m_applyingFont = false;
    fitHeight();
}

void ComposerEdit::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (m_composing && enter) {
        event->accept();
        return;
    }
    const auto modifiers = event->modifiers() & ~Qt::KeypadModifier;
    if (enter && modifiers == Qt::NoModifier) {
        Q_EMIT sendRequested();
        return;
    }
    if (enter && modifiers == Qt::ControlModifier) {
        Q_EMIT againRequested();
        return;
    }
    if (enter && modifiers == Qt::ShiftModifier) {
        // Qt's own Shift+Enter makes U+2028, which the model would see as a strange character.
        textCursor().insertBlock();
        ensureCursorVisible();
        return;
    }
    if (event->key() == Qt::Key_Up && modifiers == Qt::NoModifier && document()->isEmpty()) {
        Q_EMIT recallRequested();
        return;
    }
    if (event->key() == Qt::Key_Escape) {
        event->ignore();
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

void ComposerEdit::inputMethodEvent(QInputMethodEvent *event)
{
    m_composing = !event->preeditString().isEmpty();
    QPlainTextEdit::inputMethodEvent(event);
}

void ComposerEdit::focusInEvent(QFocusEvent *event)
{
    QPlainTextEdit::focusInEvent(event);
    Q_EMIT focusChanged();
}

void ComposerEdit::focusOutEvent(QFocusEvent *event)
{
    m_composing = false;
    QPlainTextEdit::focusOutEvent(event);
    Q_EMIT focusChanged();
}

QMimeData *ComposerEdit::createMimeDataFromSelection() const
{
    // The text alone: the usual one is a document of its own, with all that surrounds the text.
    return new OwnText(textCursor().selection().toPlainText());
}

void ComposerEdit::insertFromMimeData(const QMimeData *source)
{
    if (!source->hasText())
        return;
    QString text = source->text();
    text.remove(QChar(u'\0'));
    text.replace(QChar(QChar::LineSeparator), QLatin1Char('\n'));
    textCursor().insertText(text);
    ensureCursorVisible();
}

void ComposerEdit::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    fitHeight();
}

void ComposerEdit::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (!m_applyingFont && (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange))
        applyFont();
}

} // namespace tramontane::ui
