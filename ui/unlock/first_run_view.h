// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/style/theme.h"
#include "ui/unlock/first_run_view_model.h"

#include <QWidget>

class QPushButton;
class QStackedWidget;

namespace tramontane::ui {

class StepDots;
class VaultPanel;
class ModelPanel;
class WelcomePanel;

/// The first run: welcome (language, theme), how the vault opens, what leaves this machine, a model. One card with the
/// same head and foot; only the middle changes, and scrolls when the window is low. GUI thread.
class FirstRunView : public QWidget {
    Q_OBJECT
public:
    /// `languages`: pairs of code and own name; the first one follows the desktop and has an empty code.
    FirstRunView(FirstRunViewModel &model, Theme &theme, const std::vector<std::pair<QString, QString>> &languages,
                 const QString &language, QWidget *parent = nullptr);

Q_SIGNALS:
    void themeChosen(tramontane::ui::ThemeChoice choice);
    void languageChosen(const QString &code);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    QWidget *makeHead();
    QWidget *makeFoot();
    void forward();
    void showPanel();
    void refresh();

    FirstRunViewModel &m_model;
    StepDots *m_dots = nullptr;
    QStackedWidget *m_panels = nullptr;
    WelcomePanel *m_welcome = nullptr;
    VaultPanel *m_vault = nullptr;
    ModelPanel *m_modelPanel = nullptr;
    QPushButton *m_back = nullptr;
    QPushButton *m_next = nullptr;
};

} // namespace tramontane::ui
