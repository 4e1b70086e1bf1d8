// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/gallery/controls_page.h"

#include "ui/style/gauge.h"
#include "ui/style/notice.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QListWidget>
#include <QProgressBar>
#include <QRadioButton>
#include <QScrollBar>
#include <QSlider>
#include <QSpinBox>
#include <QTableWidget>
#include <QVBoxLayout>

namespace tramontane::gallery {
namespace {

using namespace tramontane::ui;

QString text(const char *value)
{
    return QString::fromUtf8(value);
}

QHBoxLayout *row(std::initializer_list<QWidget *> widgets)
{
    auto *layout = new QHBoxLayout;
    layout->setSpacing(spacing::k8);
    for (QWidget *widget : widgets)
        layout->addWidget(widget);
    layout->addStretch(1);
    return layout;
}

QWidget *fields(QWidget *parent)
{
    auto *box = new QWidget(parent);
    auto *column = new QVBoxLayout(box);
    auto *edit = new QLineEdit;
    edit->setPlaceholderText(text("Search everything"));
    auto *wrong = new QLineEdit(text("wrong passphrase"));
    wrong->setProperty("role", QStringLiteral("passphrase"));
    wrong->setProperty("error", true);
    wrong->setEchoMode(QLineEdit::Password);
    auto *locked = new QLineEdit(text("None, offline"));
    locked->setReadOnly(true);
    auto *combo = new QComboBox;
    combo->addItems({text("System store"), text("49 of 49")});
    auto *spin = new QSpinBox;
    spin->setValue(7);
    auto *slider = new QSlider(Qt::Horizontal);
    slider->setValue(40);
    auto *progress = new QProgressBar;
    progress->setValue(60);
    auto *check = new QCheckBox(text("Keep contexts after unloading"));
    check->setChecked(true);
    auto *radio = new QRadioButton(text("Passphrase"));
    radio->setChecked(true);
    auto *on = new Switch;
    on->setChecked(true);
    for (QWidget *widget : std::initializer_list<QWidget *>{edit, wrong, locked, combo, spin, slider, progress})
        column->addWidget(widget);
    column->addLayout(row({check, new QCheckBox(text("Off"))}));
    column->addLayout(row({radio, new QRadioButton(text("Keychain"))}));
    column->addLayout(row({on, new Switch, new BusyRing}));
    column->addStretch(1);
    return box;
}

QWidget *chips(QWidget *parent)
{
    auto *box = new QWidget(parent);
    auto *column = new QVBoxLayout(box);
    auto *file = new Chip(text("Draft covering note.docx"), Tone::Neutral, Icon::File);
    file->setChipHeight(28);
    file->setDetail(text("2 pages · whole text"));
    file->setClosable(true, text("Remove"));
    column->addLayout(row({new Chip(text("On this machine"), Tone::Accent, Icon::Lock), new Chip(text("GPU 49/49")),
                           new Chip(text("loaded"), Tone::Ok), new Chip(text("cut off"), Tone::Warn),
                           new Chip(text("Not indexed"), Tone::Bad), new Chip(text("you"), Tone::Dashed, Icon::User)}));
    column->addLayout(row({file, new ClassLabel(text("restricted")), new ClassLabel(text("internal"))}));
    auto *gauge = new ContextGauge;
    gauge->setUsage({{1, 412, {}}, {2, 3184, {}}, {3, 6260, {}}, {5, 2048, {}}}, 32768);
    auto *full = new ContextGauge;
    full->setUsage({{1, 412, {}}, {2, 3184, {}}, {3, 30000, {}}}, 32768);
    column->addLayout(row({gauge, full}));
    auto *warn = new Notice(Tone::Warn);
    warn->setText(text("The engine stopped and is running again"),
                  text("It ended while writing, after 96 tokens. Your question and the text so far are saved."));
    warn->addButton(text("Ask again"), ButtonKind::Primary);
    warn->addButton(text("Continue from here"), ButtonKind::Normal);
    warn->addButton(text("Details"), ButtonKind::Quiet);
    column->addWidget(warn);
    auto *banner = new Notice(Tone::Bad, Notice::Shape::Banner);
    banner->setText(text("Nothing can be asked right now: the log cannot be written"), {});
    banner->addButton(text("Try again"), ButtonKind::Normal);
    column->addWidget(banner);
    auto *list = new QListWidget;
    list->addItems({text("Liquidity report Q3"), text("Auslagerungsregister"), text("Vertragsklauseln")});
    list->setCurrentRow(0);
    auto *table = new QTableWidget(3, 3);
    table->setHorizontalHeaderLabels({text("Record"), text("Event"), text("Outcome")});
    table->verticalHeader()->hide();
    for (int r = 0; r < 3; ++r)
        for (int c = 0; c < 3; ++c)
            table->setItem(r, c, new QTableWidgetItem(text("cell %1").arg(r * 3 + c)));
    auto *views = new QHBoxLayout;
    views->addWidget(list);
    views->addWidget(table, 1);
    column->addLayout(views, 1);
    return box;
}

} // namespace

QWidget *makeControlsPage()
{
    auto *page = new Surface(Surface::Fill::Win);
    page->resize(1180, 560);
    auto *grid = new QGridLayout(page);
    auto *buttons = new QWidget;
    auto *column = new QVBoxLayout(buttons);
    auto *disabled = makeButton(text("Unlock"), ButtonKind::Primary, ButtonScale::Normal, nullptr);
    disabled->setEnabled(false);
    auto *withIcon = makeButton(text("New chat"), ButtonKind::Normal, ButtonScale::Normal, nullptr);
    withIcon->setIcon(makeIcon(Icon::Plus));
    column->addLayout(
        row({makeButton(text("Unlock"), ButtonKind::Primary, ButtonScale::Dialog, nullptr),
             makeButton(text("Load"), ButtonKind::Normal, ButtonScale::Normal, nullptr),
             makeButton(text("Cancel"), ButtonKind::Quiet, ButtonScale::Normal, nullptr),
             makeButton(text("Refuse…"), ButtonKind::Destructive, ButtonScale::Card, nullptr), disabled, withIcon,
             new IconButton(Icon::Copy, text("Copy")), new IconButton(Icon::Settings, text("Settings"))}));
    grid->addWidget(buttons, 0, 0, 1, 2);
    grid->addWidget(fields(page), 1, 0);
    grid->addWidget(chips(page), 1, 1);
    grid->setColumnStretch(1, 1);
    return page;
}

} // namespace tramontane::gallery
