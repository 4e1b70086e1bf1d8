// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/unlock/unlock_view_model.h"

#include <QWidget>

class QPushButton;
class QVBoxLayout;

namespace tramontane::ui {

class FaultLine;
class IconText;
class Notice;
class PassphraseEdit;
class Surface;
class TextLabel;
class UnlockWays;

/// What is shown before the vault is open: nothing from the vault, the ways to open it side by side, and in the foot
/// what locking did. GUI thread.
class UnlockView : public QWidget {
    Q_OBJECT
public:
    explicit UnlockView(UnlockViewModel &model, QWidget *parent = nullptr);

    /// "Locked at 12:47"; empty before the first unlocking.
    void setSubtitle(const QString &text);
    /// What happened to an answer that was being written, and the like; empty hides it.
    void setNote(const QString &text);
    /// The line in the foot: what locking did.
    void setFoot(const QString &text);
    /// While the vault is still being closed nothing can be typed.
    void setClosing(bool closing);
    void focusFirst();

protected:
    void showEvent(QShowEvent *event) override;

private:
    QWidget *makeCard();
    QWidget *makeDivider();
    QWidget *makeFoot();
    void submit();
    void refresh();
    void refreshTyped();
    void type(SlotKind kind);
    void chooseKeyFiles();

    UnlockViewModel &m_model;
    TextLabel *m_title;
    TextLabel *m_subtitle;
    Notice *m_vaultProblem;
    Surface *m_card;
    QWidget *m_typedBox = nullptr;
    TextLabel *m_typedName = nullptr;
    PassphraseEdit *m_typed = nullptr;
    IconText *m_capsLock = nullptr;
    FaultLine *m_fault = nullptr;
    QPushButton *m_unlock = nullptr;
    QWidget *m_divider = nullptr;
    UnlockWays *m_ways = nullptr;
    Notice *m_note;
    IconText *m_foot = nullptr;
    SlotKind m_kind = SlotKind::Passphrase; // what the field asks for
    bool m_closing = false;
};

} // namespace tramontane::ui
