// SPDX-License-Identifier: Apache-2.0
#include "ui/unlock/passphrase_edit.h"

#include "ui/style/controls.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QStyle>

namespace tramontane::ui {

PassphraseEdit::PassphraseEdit(const QString &name, QWidget *parent)
    : QLineEdit(parent), m_eye(new IconButton(Icon::Eye, tr("Show the passphrase"), {}, this))
{
    setProperty("role", QStringLiteral("passphrase"));
    setEchoMode(QLineEdit::Password);
    setAccessibleName(name);
    setContextMenuPolicy(Qt::NoContextMenu);
    setInputMethodHints(Qt::ImhHiddenText | Qt::ImhSensitiveData | Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase);
    m_eye->setCheckable(true);
    m_eye->setCursor(Qt::ArrowCursor);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, spacing::k6, 0);
    row->addStretch();
    row->addWidget(m_eye);
    setTextMargins(0, 0, size::kIconButton + spacing::k4, 0);
    connect(m_eye, &QAbstractButton::toggled, this, [this](bool shown) {
        setEchoMode(shown ? QLineEdit::Normal : QLineEdit::Password);
        m_eye->setIconKind(shown ? Icon::EyeOff : Icon::Eye);
        m_eye->setNameAndKey(shown ? tr("Hide the passphrase") : tr("Show the passphrase"), {});
    });
}

void PassphraseEdit::setFault(bool fault)
{
    if (property("error").toBool() == fault)
        return;
    setProperty("error", fault);
    update();
}

void PassphraseEdit::setShown(bool shown)
{
    m_eye->setChecked(shown);
}

void PassphraseEdit::wipe()
{
    setText(QString(text().size(), QLatin1Char(' ')));
    clear();
    m_eye->setChecked(false);
}

void PassphraseEdit::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_CapsLock)
        setCapsLock(!m_capsLock);
    const QString typed = event->text();
    const auto strange = Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier;
    if (typed.size() == 1 && typed[0].isLetter() && typed[0].toLower() != typed[0].toUpper()
        && !(event->modifiers() & strange))
        setCapsLock(typed[0].isUpper() != bool(event->modifiers() & Qt::ShiftModifier));
    QLineEdit::keyPressEvent(event);
}

void PassphraseEdit::focusOutEvent(QFocusEvent *event)
{
    QLineEdit::focusOutEvent(event);
    setCapsLock(false);
}

void PassphraseEdit::setCapsLock(bool on)
{
    if (on == m_capsLock)
        return;
    m_capsLock = on;
    Q_EMIT capsLockChanged(on);
}

} // namespace tramontane::ui
