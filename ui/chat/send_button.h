// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractButton>

namespace tramontane::ui {

/// Send while nothing runs, Stop while an answer is written: one place, two acts. GUI thread.
class SendButton : public QAbstractButton {
    Q_OBJECT
public:
    enum class Act { Send, Stop };

    explicit SendButton(QWidget *parent = nullptr);
    void setAct(Act act);
    [[nodiscard]] Act act() const { return m_act; }
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    Act m_act = Act::Send;
};

} // namespace tramontane::ui
