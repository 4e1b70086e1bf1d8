// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QLineEdit>

namespace tramontane::ui {

class IconButton;

/// A field for a passphrase: 38 high, an eye that shows it while it is pressed down, and a guess whether Caps Lock is
/// on (Qt knows no question for it, so it is read from what is typed). GUI thread.
class PassphraseEdit : public QLineEdit {
    Q_OBJECT
public:
    explicit PassphraseEdit(const QString &name, QWidget *parent = nullptr);
    [[nodiscard]] bool capsLock() const { return m_capsLock; }
    void setFault(bool fault);
    /// Whether the text can be read, as the eye also decides.
    void setShown(bool shown);
    /// Overwrites and empties the field.
    void wipe();

Q_SIGNALS:
    void capsLockChanged(bool on);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void setCapsLock(bool on);

    IconButton *m_eye;
    bool m_capsLock = false;
};

} // namespace tramontane::ui
