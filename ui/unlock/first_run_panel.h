// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QScrollArea>

class QVBoxLayout;

namespace tramontane::ui {

/// The middle of one panel of the first run: title, one paragraph, then content that scrolls when it does not fit.
class FirstRunPanel : public QScrollArea {
    Q_OBJECT
public:
    FirstRunPanel(const QString &title, const QString &text, QWidget *parent = nullptr);
    /// What has the focus when the panel appears; null leaves it to the foot.
    [[nodiscard]] virtual QWidget *firstFocus() const { return nullptr; }

protected:
    [[nodiscard]] QVBoxLayout &column() { return *m_column; }
    void showEvent(QShowEvent *event) override;

private:
    QVBoxLayout *m_column;
};

} // namespace tramontane::ui
