// SPDX-License-Identifier: Apache-2.0
#include "ui/unlock/unlock_view.h"

#include "ui/style/icon_text.h"
#include "ui/style/notice.h"
#include "ui/style/theme.h"
#include "ui/unlock/fault_line.h"
#include "ui/unlock/mark.h"
#include "ui/unlock/passphrase.h"
#include "ui/unlock/passphrase_edit.h"
#include "ui/unlock/unlock_ways.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace tramontane::ui {
namespace {

constexpr int kColumn = 404;
constexpr int kMark = 52;
// Cards keep 4 px around themselves for the focus ring; the column takes them back.
constexpr int kRing = size::kFocusRing + size::kFocusGap;

TextLabel *centred(TextLabel *label)
{
    label->setAlignment(Qt::AlignHCenter);
    return label;
}

} // namespace

UnlockView::UnlockView(UnlockViewModel &model, QWidget *parent)
    : QWidget(parent), m_model(model), m_title(centred(new TextLabel(tr("Vault locked"), TypeRole::UnlockTitle))),
      m_subtitle(centred(new TextLabel({}, TypeRole::Ui, ElidedLabel::Colour::Secondary))),
      m_vaultProblem(new Notice(Tone::Warn)),
      m_card(new Surface(Surface::Fill::Raised, Surface::Edge::Box, radius::kCard)), m_note(new Notice(Tone::Neutral))
{
    auto *surface = new Surface(Surface::Fill::Win);
    auto *middle = new QWidget;
    middle->setMaximumWidth(kColumn);
    auto *column = new QVBoxLayout(middle);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::k12);
    column->addWidget(new Mark(kMark), 0, Qt::AlignHCenter);
    column->addSpacing(spacing::k8);
    column->addWidget(m_title);
    column->addWidget(m_subtitle);
    column->addSpacing(spacing::k12);
    column->addWidget(m_vaultProblem);
    column->addWidget(makeCard());
    column->addWidget(m_note);

    auto *centre = new QGridLayout(surface);
    centre->setContentsMargins(spacing::k16, spacing::k24, spacing::k16, spacing::k24);
    centre->setColumnStretch(0, 1);
    centre->setColumnStretch(2, 1);
    centre->setColumnMinimumWidth(1, kColumn);
    centre->setRowStretch(0, 2);
    centre->setRowStretch(2, 3);
    centre->addWidget(middle, 1, 1);

    auto *scroll = new QScrollArea;
    scroll->setFrameStyle(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(surface);
    scroll->setFocusPolicy(Qt::NoFocus);

    auto *page = new QVBoxLayout(this);
    page->setContentsMargins(0, 0, 0, 0);
    page->setSpacing(0);
    page->addWidget(scroll, 1);
    page->addWidget(makeFoot());

    QPushButton *retry = m_vaultProblem->addButton(tr("Try again"), ButtonKind::Normal);
    connect(retry, &QPushButton::clicked, this, [this] { m_model.start(false); });
    m_note->hide();
    m_subtitle->hide();
    connect(&m_model, &UnlockViewModel::changed, this, &UnlockView::refresh);
    connect(&m_model, &UnlockViewModel::unlocked, this, [this] { m_typed->wipe(); });
    connect(&m_model, &UnlockViewModel::typedRefused, this, [this] {
        m_typed->setFocus(Qt::OtherFocusReason);
        m_typed->selectAll();
    });
    refresh();
}

QWidget *UnlockView::makeCard()
{
    m_typedBox = new QWidget(m_card);
    m_typedName = new TextLabel(tr("Passphrase"), TypeRole::Button, ElidedLabel::Colour::Primary, m_typedBox);
    m_typed = new PassphraseEdit(tr("Passphrase"), m_typedBox);
    m_typedName->setBuddy(m_typed);
    m_fault = new FaultLine(m_typedBox);
    m_capsLock = new IconText(Icon::Info, tr("Caps Lock is on"), TypeRole::Hint, m_typedBox);
    m_capsLock->setTone(Tone::Warn);
    m_capsLock->hide();
    m_unlock = makeButton(tr("Unlock"), ButtonKind::Primary, ButtonScale::Dialog, m_typedBox);
    m_unlock->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    auto *fields = new QVBoxLayout(m_typedBox);
    fields->setContentsMargins(kRing, 0, kRing, kRing);
    fields->setSpacing(spacing::k8);
    fields->addWidget(m_typedName);
    fields->addWidget(m_typed);
    fields->addWidget(m_fault);
    fields->addWidget(m_capsLock);
    fields->addSpacing(spacing::k4);
    fields->addWidget(m_unlock);

    m_divider = makeDivider();
    m_ways = new UnlockWays(m_card);

    auto *card = new QVBoxLayout(m_card);
    const int side = spacing::k16 - kRing;
    card->setContentsMargins(side, spacing::k16, side, side);
    card->setSpacing(spacing::k8);
    card->addWidget(m_typedBox);
    card->addSpacing(spacing::k4);
    card->addWidget(m_divider);
    card->addWidget(m_ways);

    connect(m_typed, &QLineEdit::returnPressed, this, &UnlockView::submit);
    connect(m_typed, &QLineEdit::textChanged, this, &UnlockView::refreshTyped);
    connect(m_typed, &PassphraseEdit::capsLockChanged, this, [this](bool on) {
        // Capitals are what a code is written in.
        m_capsLock->setVisible(on && m_kind == SlotKind::Passphrase);
    });
    connect(m_unlock, &QPushButton::clicked, this, &UnlockView::submit);
    connect(m_ways, &UnlockWays::keychainChosen, &m_model, &UnlockViewModel::unlockWithKeychain);
    connect(m_ways, &UnlockWays::passphraseChosen, this, [this] { type(SlotKind::Passphrase); });
    connect(m_ways, &UnlockWays::recoveryChosen, this, [this] { type(SlotKind::Recovery); });
    connect(m_ways, &UnlockWays::organisationChosen, this, &UnlockView::chooseKeyFiles);
    return m_card;
}

QWidget *UnlockView::makeDivider()
{
    auto *divider = new QWidget(m_card);
    auto *row = new QHBoxLayout(divider);
    row->setContentsMargins(kRing, 0, kRing, 0);
    row->setSpacing(spacing::k8);
    const auto line = [divider] {
        auto *edge = new Surface(Surface::Fill::None, Surface::Edge::Top, 0, divider);
        edge->setFixedHeight(1);
        return edge;
    };
    row->addWidget(line(), 1, Qt::AlignVCenter);
    row->addWidget(new TextLabel(tr("or open with"), TypeRole::Hint, ElidedLabel::Colour::Secondary, divider));
    row->addWidget(line(), 1, Qt::AlignVCenter);
    return divider;
}

QWidget *UnlockView::makeFoot()
{
    auto *foot = new Surface(Surface::Fill::Win, Surface::Edge::Top);
    m_foot = new IconText(Icon::Lock, {}, TypeRole::Hint, foot);
    auto *row = new QHBoxLayout(foot);
    row->setContentsMargins(spacing::k16, spacing::k12, spacing::k16, spacing::k12);
    row->addWidget(m_foot, 1);
    foot->setMinimumHeight(size::kHeader);
    foot->hide();
    return foot;
}

void UnlockView::setSubtitle(const QString &text)
{
    m_subtitle->setText(text);
    m_subtitle->setVisible(!text.isEmpty());
}

void UnlockView::setNote(const QString &text)
{
    m_note->setText({}, text);
    m_note->setVisible(!text.isEmpty());
}

void UnlockView::setFoot(const QString &text)
{
    m_foot->setText(text);
    m_foot->parentWidget()->setVisible(!text.isEmpty());
}

void UnlockView::setClosing(bool closing)
{
    m_closing = closing;
    refresh();
    if (!closing)
        focusFirst();
}

void UnlockView::focusFirst()
{
    if (m_model.has(m_kind) && m_typed->isEnabled())
        m_typed->setFocus(Qt::OtherFocusReason);
    else
        m_ways->focusFirst();
}

void UnlockView::type(SlotKind kind)
{
    m_kind = kind;
    const QString name = kind == SlotKind::Recovery ? tr("Recovery code") : tr("Passphrase");
    m_typed->wipe();
    m_typedName->setText(name);
    m_typed->setAccessibleName(name);
    m_typed->setShown(kind == SlotKind::Recovery); // it is copied from paper
    m_typed->setPlaceholderText(kind == SlotKind::Recovery ? tr("Eight groups, hyphens may be left out") : QString());
    m_capsLock->hide();
    m_model.forgetTyped();
    refresh();
    m_typed->setFocus(Qt::OtherFocusReason);
}

void UnlockView::chooseKeyFiles()
{
    auto *dialog = new QFileDialog(this, tr("Choose the key file, or both halves"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, &m_model, &UnlockViewModel::unlockWithOrganisationKey);
    dialog->open();
}

void UnlockView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    focusFirst();
}

void UnlockView::submit()
{
    if (!m_unlock->isEnabled())
        return;
    // A copy: after a wrong one the text stays in the field, selected.
    QString text(m_typed->text().constData(), m_typed->text().size());
    if (m_kind == SlotKind::Recovery)
        m_model.unlockWithRecoveryCode(takePassphrase(text));
    else
        m_model.unlockWithPassphrase(takePassphrase(text));
}

void UnlockView::refresh()
{
    const auto &problem = m_model.vaultProblem();
    const bool inUse = problem && problem->code == ErrorCode::VaultInUse;
    m_title->setText(inUse ? tr("Vault in use") : problem ? tr("Vault closed") : tr("Vault locked"));
    m_vaultProblem->setVisible(problem.has_value());
    m_ways->refresh(m_model, m_kind, m_closing);
    m_card->setVisible(!problem && (m_model.has(m_kind) || m_ways->anyShown()));
    if (problem) {
        m_vaultProblem->setTone(inUse ? Tone::Warn : Tone::Bad);
        m_vaultProblem->setText(inUse ? tr("This vault is open in another window")
                                      : tr("This vault cannot be opened. Nothing in it was changed."),
                                QString::fromStdString(problem->message));
    }
    m_ways->setVisible(m_ways->anyShown());
    const bool hadFocus = m_typed->hasFocus() || m_ways->hasFocusInside();
    m_typedBox->setVisible(m_model.has(m_kind));
    m_divider->setVisible(m_model.has(m_kind) && m_ways->anyShown());
    refreshTyped();
    if (isVisible() && !hadFocus && !m_closing && !problem && !m_unlock->hasFocus())
        focusFirst();
}

void UnlockView::refreshTyped()
{
    const bool trying = m_model.typedWay() == UnlockViewModel::Way::Trying;
    m_typed->setReadOnly(trying || m_closing);
    m_typed->setFault(!m_model.typedProblem().isEmpty());
    m_fault->setText(m_model.typedProblem());
    m_fault->setVisible(!m_model.typedProblem().isEmpty());
    m_unlock->setEnabled(!trying && !m_closing && m_model.pauseSecs() == 0 && !m_typed->text().isEmpty());
    if (m_closing)
        m_unlock->setText(tr("Closing the vault…"));
    else if (trying)
        m_unlock->setText(tr("Opening…"));
    else if (m_model.pauseSecs() > 0)
        m_unlock->setText(tr("Wait %n second(s)", nullptr, m_model.pauseSecs()));
    else
        m_unlock->setText(tr("Unlock"));
}

} // namespace tramontane::ui
