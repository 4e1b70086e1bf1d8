// SPDX-License-Identifier: Apache-2.0
#include "ui/unlock/vault_panel.h"

#include "ui/style/icon_text.h"
#include "ui/style/notice.h"
#include "ui/unlock/choice_card.h"
#include "ui/unlock/passphrase.h"
#include "ui/unlock/passphrase_edit.h"

#include <QButtonGroup>
#include <QVBoxLayout>

namespace tramontane::ui {
namespace {

constexpr int kRing = size::kFocusRing + size::kFocusGap;
using Method = FirstRunViewModel::Method;

struct StrengthHint {
    Icon icon;
    Tone tone;
    QString text;
};

StrengthHint hintFor(PassphraseStrength strength)
{
    switch (strength) {
    case PassphraseStrength::Empty:
        return {Icon::Info, Tone::Neutral, VaultPanel::tr("Four or five unrelated words are easy to keep in mind.")};
    case PassphraseStrength::TooShort:
        return {Icon::Info, Tone::Neutral, VaultPanel::tr("At least %n characters.", nullptr, kLeastPassphraseLength)};
    case PassphraseStrength::Weak:
        return {Icon::Warning, Tone::Warn, VaultPanel::tr("Weak. Another word or two help most.")};
    case PassphraseStrength::Fair:
        return {Icon::Check, Tone::Neutral, VaultPanel::tr("Fair. One more word makes it strong.")};
    case PassphraseStrength::Strong: break;
    }
    return {Icon::CheckCircle, Tone::Ok, VaultPanel::tr("Strong.")};
}

} // namespace

VaultPanel::VaultPanel(FirstRunViewModel &model, QWidget *parent)
    : FirstRunPanel(
        tr("How do you want to open your vault?"),
        tr("Everything you type or load is stored encrypted. Without the way you choose nobody can read it, "
           "and nobody can reset it."),
        parent),
      m_model(model), m_keychain(new ChoiceCard(Icon::Key, tr("Keychain of this computer"),
                                                tr("Opens when you sign in. Good on your own workstation"),
                                                ChoiceCard::Trailing::Radio)),
      m_passphraseCard(new ChoiceCard(Icon::Lock, tr("Passphrase"),
                                      tr("You type it each time. Good on a shared machine"),
                                      ChoiceCard::Trailing::Radio)),
      m_loss(new Notice(Tone::Neutral)), m_problem(new Notice(Tone::Bad))
{
    auto *group = new QButtonGroup(this);
    group->addButton(m_keychain, int(Method::Keychain));
    group->addButton(m_passphraseCard, int(Method::Passphrase));
    for (const auto &[card, method] :
         {std::pair{m_keychain, Method::Keychain}, {m_passphraseCard, Method::Passphrase}}) {
        const QString refusal = m_model.refusal(method);
        if (refusal.isEmpty())
            continue;
        card->setTrailing(ChoiceCard::Trailing::Lock);
        card->setDetail(tr("Set by your administrator. %1").arg(refusal));
    }
    column().addWidget(m_keychain);
    column().addWidget(m_passphraseCard);
    column().addWidget(makeFields());
    auto *notices = new QVBoxLayout;
    notices->setContentsMargins(kRing, spacing::k12, kRing, 0);
    notices->setSpacing(spacing::k12);
    notices->addWidget(m_loss);
    notices->addWidget(m_problem);
    column().addLayout(notices);
    column().addStretch();
    connect(group, &QButtonGroup::idClicked, this, [this](int id) { m_model.setMethod(Method(id)); });
    connect(&m_model, &FirstRunViewModel::changed, this, &VaultPanel::refresh);
    refresh();
}

QWidget *VaultPanel::makeFields()
{
    m_fields = new QWidget;
    m_first = new PassphraseEdit(tr("Passphrase"));
    m_second = new PassphraseEdit(tr("Passphrase again"));
    m_strength = new IconText(Icon::Info);
    m_capsLock = new IconText(Icon::Info, tr("Caps Lock is on"));
    m_capsLock->setTone(Tone::Warn);
    m_capsLock->hide();
    m_fault = new IconText(Icon::Error);
    m_fault->setTone(Tone::Bad);
    m_fault->hide();
    auto *fields = new QVBoxLayout(m_fields);
    fields->setContentsMargins(kRing, spacing::k16, kRing, 0);
    fields->setSpacing(spacing::k6);
    fields->addWidget(new TextLabel(tr("Passphrase"), TypeRole::Button));
    fields->addWidget(m_first);
    fields->addWidget(m_strength);
    fields->addSpacing(spacing::k6);
    fields->addWidget(new TextLabel(tr("Passphrase again"), TypeRole::Button));
    fields->addWidget(m_second);
    fields->addWidget(m_fault);
    fields->addWidget(m_capsLock);
    for (PassphraseEdit *edit : {m_first, m_second}) {
        connect(edit, &QLineEdit::textChanged, this, &VaultPanel::refreshHints);
        connect(edit, &PassphraseEdit::capsLockChanged, m_capsLock, &QWidget::setVisible);
    }
    return m_fields;
}

QWidget *VaultPanel::firstFocus() const
{
    return m_model.method() == Method::Keychain ? m_keychain : m_passphraseCard;
}

bool VaultPanel::complete() const
{
    return m_model.method() == Method::Keychain
           || FirstRunViewModel::passphraseFault(m_first->text(), m_second->text()).isEmpty();
}

void VaultPanel::submit()
{
    if (m_model.method() == Method::Keychain) {
        m_model.makeVault(nullptr);
        return;
    }
    if (!complete()) {
        m_judge = true;
        refreshHints();
        const bool first = passphraseLength(m_first->text()) < kLeastPassphraseLength;
        (first ? m_first : m_second)->setFocus(Qt::OtherFocusReason);
        return;
    }
    QString text(m_first->text().constData(), m_first->text().size());
    m_model.makeVault(takePassphrase(text));
}

void VaultPanel::refresh()
{
    const bool passphrase = m_model.method() == Method::Passphrase;
    m_keychain->setChecked(!passphrase);
    m_passphraseCard->setChecked(passphrase);
    m_fields->setVisible(passphrase);
    m_loss->setText({}, passphrase ? tr("If the passphrase is forgotten, the vault stays closed for good.")
                                   : tr("If this keychain is erased, the vault stays closed for good."));
    const auto &problem = m_model.problem();
    m_problem->setVisible(problem.has_value());
    if (problem)
        m_problem->setText(tr("The vault was not made"), QString::fromStdString(problem->message));
    setEnabled(!m_model.busy());
    refreshHints();
}

void VaultPanel::refreshHints()
{
    const StrengthHint hint = hintFor(passphraseStrength(m_first->text()));
    m_strength->setIcon(hint.icon);
    m_strength->setTone(hint.tone);
    m_strength->setText(hint.text);
    const QString fault = FirstRunViewModel::passphraseFault(m_first->text(), m_second->text());
    const bool differs = !m_second->text().isEmpty() && !m_first->text().startsWith(m_second->text());
    const bool tell = !fault.isEmpty() && (m_judge || differs);
    m_fault->setText(fault);
    m_fault->setVisible(tell);
    m_second->setFault(tell);
    Q_EMIT completeChanged();
}

} // namespace tramontane::ui
