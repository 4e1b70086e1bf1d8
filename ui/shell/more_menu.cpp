// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/more_menu.h"

#include "ui/style/icons.h"

#include <QActionGroup>
#include <QLocale>

#include <array>
#include <cmath>

namespace tramontane::ui {
namespace {

constexpr std::array<int, 5> kTextPercents{90, 100, 110, 125, 150};

} // namespace

MoreMenu::MoreMenu(Theme &theme, QWidget *parent) : QMenu(parent)
{
    m_rename = addAction(makeIcon(Icon::Edit), tr("Rename this chat"));
    addAction(makeIcon(Icon::Models), tr("Add a model file…"), this, &MoreMenu::addModelRequested);
    addAction(makeIcon(Icon::Audit), tr("Check the log"), this, &MoreMenu::checkLogRequested);
    connect(m_rename, &QAction::triggered, this, &MoreMenu::renameRequested);
    addSeparator();
    addLooks(theme);
    addSeparator();
    // The key belongs to the window's own shortcut; here it is only shown.
    addAction(makeIcon(Icon::Lock),
              tr("Lock the vault") + QLatin1Char('\t') + QKeySequence(tr("Ctrl+L")).toString(QKeySequence::NativeText),
              this, &MoreMenu::lockRequested);
}

void MoreMenu::addLooks(Theme &theme)
{
    QMenu *looks = addMenu(makeIcon(Icon::Moon), tr("Appearance"));
    auto *themes = new QActionGroup(this);
    const std::array<std::pair<ThemeChoice, QString>, 4> choices{{{ThemeChoice::FollowDesktop, tr("Like the desktop")},
                                                                  {ThemeChoice::Light, tr("Light")},
                                                                  {ThemeChoice::Dark, tr("Dark")},
                                                                  {ThemeChoice::HighContrast, tr("High contrast")}}};
    for (const auto &[choice, name] : choices) {
        QAction *act = themes->addAction(looks->addAction(name));
        act->setCheckable(true);
        act->setChecked(theme.choice() == choice);
        connect(act, &QAction::triggered, this, [this, choice = choice] { Q_EMIT themeChosen(choice); });
    }
    QMenu *sizes = addMenu(makeIcon(Icon::Lines), tr("Text size"));
    auto *factors = new QActionGroup(this);
    for (const int percent : kTextPercents) {
        QAction *act = factors->addAction(sizes->addAction(tr("%1 %").arg(QLocale().toString(percent))));
        act->setCheckable(true);
        act->setChecked(std::lround(theme.textFactor() * 100) == percent);
        connect(act, &QAction::triggered, this, [this, percent] { Q_EMIT textFactorChosen(percent / 100.0); });
    }
}

void MoreMenu::setRenameEnabled(bool enabled)
{
    m_rename->setEnabled(enabled);
}

} // namespace tramontane::ui
