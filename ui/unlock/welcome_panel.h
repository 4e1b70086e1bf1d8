// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/style/theme.h"
#include "ui/unlock/first_run_panel.h"

class QButtonGroup;
class QComboBox;

namespace tramontane::ui {

/// Panel 1: language and appearance. Both act at once where they can.
class WelcomePanel : public FirstRunPanel {
    Q_OBJECT
public:
    WelcomePanel(ThemeChoice theme, const std::vector<std::pair<QString, QString>> &languages, const QString &language,
                 QWidget *parent = nullptr);
    [[nodiscard]] QWidget *firstFocus() const override;

Q_SIGNALS:
    void themeChosen(tramontane::ui::ThemeChoice choice);
    void languageChosen(const QString &code);

private:
    QComboBox *m_language;
    QButtonGroup *m_themes;
};

} // namespace tramontane::ui
