// SPDX-License-Identifier: Apache-2.0
#include "ui/unlock/first_run_view_model.h"

#include "app/contracts/when_ready.h"
#include "ui/unlock/passphrase.h"

namespace tramontane::ui {

FirstRunViewModel::FirstRunViewModel(VaultService &vault, ModelInspector &inspector, PolicySource &policy,
                                     QString starterModel, QObject *parent)
    : QObject(parent), m_vault(vault), m_inspector(inspector), m_policy(policy), m_starterModel(std::move(starterModel))
{
    if (!refusal(Method::Keychain).isEmpty())
        m_method = Method::Passphrase;
}

void FirstRunViewModel::setPanel(Panel panel)
{
    if (panel == m_panel)
        return;
    m_panel = panel;
    Q_EMIT panelChanged();
    if (panel == Panel::Model && !m_model && !m_inspecting && !m_starterModel.isEmpty())
        offerModel(m_starterModel);
}

void FirstRunViewModel::next()
{
    if (m_panel == Panel::Welcome)
        setPanel(Panel::Vault);
    else if (m_panel == Panel::Privacy)
        setPanel(Panel::Model);
}

bool FirstRunViewModel::canGoBack() const
{
    return !m_busy && m_panel == Panel::Vault;
}

void FirstRunViewModel::back()
{
    if (canGoBack())
        setPanel(Panel::Welcome);
}

void FirstRunViewModel::setMethod(Method method)
{
    if (m_busy || method == m_method || !refusal(method).isEmpty())
        return;
    m_method = method;
    m_problem.reset();
    Q_EMIT changed();
}

QString FirstRunViewModel::refusal(Method method) const
{
    const char *kind = method == Method::Keychain ? "keychain" : "passphrase";
    const PolicyDecision decision = mayUseSlot(m_policy.current(), kind);
    if (decision.allowed)
        return {};
    return decision.reason.empty() ? tr("Your administrator does not allow this way.")
                                   : QString::fromStdString(decision.reason);
}

QString FirstRunViewModel::passphraseFault(const QString &passphrase, const QString &repeated)
{
    if (passphraseLength(passphrase) < kLeastPassphraseLength)
        return tr("At least %n characters are needed.", nullptr, kLeastPassphraseLength);
    if (repeated.isEmpty())
        return tr("Type it a second time.");
    if (passphrase != repeated)
        return tr("The two do not match.");
    return {};
}

void FirstRunViewModel::makeVault(std::shared_ptr<SecretBytes> passphrase)
{
    if (m_busy || m_panel != Panel::Vault)
        return;
    m_busy = true;
    m_problem.reset();
    Q_EMIT changed();
    const auto done = [this](const Result<std::shared_ptr<OpenVault>> &answer) { onMade(answer); };
    if (m_method == Method::Keychain)
        whenReady(this, m_vault.createWithKeychain(), done);
    else
        whenReady(this, m_vault.createWithPassphrase(std::move(passphrase)), done);
}

void FirstRunViewModel::onMade(const Result<std::shared_ptr<OpenVault>> &answer)
{
    m_busy = false;
    if (!answer) {
        m_problem = answer.error();
        Q_EMIT changed();
        return;
    }
    Q_EMIT changed();
    Q_EMIT vaultMade(answer.value());
    setPanel(Panel::Privacy);
}

void FirstRunViewModel::offerModel(const QString &path)
{
    if (m_inspecting)
        return;
    m_inspecting = true;
    m_offered = path;
    m_modelProblem.reset();
    Q_EMIT changed();
    whenReady(this, m_inspector.inspect(path.toStdString()),
              [this, path](const Result<ModelDescription> &result) { takeModel(path, result); });
}

void FirstRunViewModel::takeModel(const QString &path, const Result<ModelDescription> &result)
{
    if (!result) {
        m_modelProblem = result.error();
    } else if (result->kind != ModelKind::Chat) {
        const QString text = tr("This model finds passages and cannot chat.");
        m_modelProblem = Error{ErrorCode::ModelUnsupported, text.toStdString(), {}};
    } else {
        m_model = result.value();
        m_modelPath = path;
    }
    m_inspecting = false;
    Q_EMIT changed();
}

bool FirstRunViewModel::offersStarter() const
{
    return !m_starterModel.isEmpty() && (m_inspecting ? m_offered : m_modelPath) == m_starterModel;
}

void FirstRunViewModel::finish(bool withModel)
{
    if (m_panel == Panel::Model)
        Q_EMIT finished(withModel && m_model ? m_modelPath : QString());
}

} // namespace tramontane::ui
