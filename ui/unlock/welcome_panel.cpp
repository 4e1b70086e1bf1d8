// SPDX-License-Identifier: Apache-2.0
#include "ui/unlock/welcome_panel.h"

#include "ui/style/controls.h"
#include "ui/unlock/choice_card.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QGridLayout>

namespace tramontane::ui {
namespace {

constexpr int kRing = size::kFocusRing + size::kFocusGap;

QWidget *caption(const QString &text)
{
    auto *label = new TextLabel(text, TypeRole::UiStrong);
    label->setContentsMargins(kRing, 0, kRing, 0);
    return label;
}

} // namespace

WelcomePanel::WelcomePanel(ThemeChoice theme, const std::vector<std::pair<QString, QString>> &languages,
                           const QString &language, QWidget *parent)
    : FirstRunPanel(tr("Welcome to Tramontane"),
                    tr("Chat with language models that run on this computer. What you write stays here, encrypted, "
                       "and a log shows what was done."),
                    parent),
      m_language(new QComboBox), m_themes(new QButtonGroup(this))
{
    for (const auto &[code, name] : languages)
        m_language->addItem(name, code);
    m_language->setCurrentIndex(std::max(0, m_language->findData(language)));
    m_language->setAccessibleName(tr("Language"));
    column().addWidget(caption(tr("Language")));
    column().addSpacing(spacing::k8);
    auto *languageRow = new QHBoxLayout;
    languageRow->setContentsMargins(kRing, 0, kRing, 0);
    languageRow->addWidget(m_language);
    column().addLayout(languageRow);
    column().addSpacing(spacing::k24);
    column().addWidget(caption(tr("Appearance")));
    column().addSpacing(spacing::k8 - kRing);

    auto *grid = new QGridLayout;
    grid->setSpacing(0);
    const std::vector<std::tuple<ThemeChoice, Icon, QString>> choices{
        {ThemeChoice::FollowDesktop, Icon::Settings, tr("Like the desktop")},
        {ThemeChoice::Light, Icon::Sun, tr("Light")},
        {ThemeChoice::Dark, Icon::Moon, tr("Dark")},
        {ThemeChoice::HighContrast, Icon::Eye, tr("High contrast")}};
    for (std::size_t i = 0; i < choices.size(); ++i) {
        const auto &[choice, icon, name] = choices[i];
        auto *card = new ChoiceCard(icon, name, {}, ChoiceCard::Trailing::Radio);
        card->setDetail({});
        card->setChecked(choice == theme);
        m_themes->addButton(card, int(choice));
        grid->addWidget(card, int(i / 2), int(i % 2));
    }
    column().addLayout(grid);
    column().addStretch();
    connect(m_themes, &QButtonGroup::idClicked, this, [this](int id) { Q_EMIT themeChosen(ThemeChoice(id)); });
    connect(m_language, &QComboBox::activated, this,
            [this](int row) { Q_EMIT languageChosen(m_language->itemData(row).toString()); });
}

QWidget *WelcomePanel::firstFocus() const
{
    return m_themes->checkedButton();
}

} // namespace tramontane::ui
