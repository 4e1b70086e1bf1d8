// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/inference_provider.h"
#include "app/services/vault_service.h"

#include <QObject>

namespace tramontane::ui {

/// The way from no vault to the first chat. The vault is made when the person leaves the vault panel, so that a keychain
/// that is not there is told where it was chosen. Lives in the GUI thread; after a failure nothing exists.
class FirstRunViewModel : public QObject {
    Q_OBJECT
public:
    enum class Panel { Welcome, Vault, Privacy, Model };
    enum class Method { Keychain, Passphrase };

    /// `starterModel` is the path of the model that came with the program; empty when none did.
    FirstRunViewModel(VaultService &vault, ModelInspector &inspector, PolicySource &policy, QString starterModel,
                      QObject *parent = nullptr);

    [[nodiscard]] Panel panel() const { return m_panel; }
    /// From Welcome and Privacy to the next; from Vault only makeVault() leads on, from Model only finish().
    void next();
    /// Only from Vault back to Welcome: a vault that exists is not unmade by a button.
    void back();
    [[nodiscard]] bool canGoBack() const;

    [[nodiscard]] Method method() const { return m_method; }
    void setMethod(Method method);
    /// Why policy does not allow this way; empty when it does.
    [[nodiscard]] QString refusal(Method method) const;
    /// What is wrong with the two fields; empty when the vault can be made with them.
    [[nodiscard]] static QString passphraseFault(const QString &passphrase, const QString &repeated);
    /// Makes the vault in the chosen way (`passphrase` only for Method::Passphrase) and goes on to Privacy.
    void makeVault(std::shared_ptr<SecretBytes> passphrase);
    [[nodiscard]] bool busy() const { return m_busy; }
    [[nodiscard]] const std::optional<Error> &problem() const { return m_problem; }

    /// Looks at a model file in the sandbox and offers it. Failures are told by modelProblem().
    void offerModel(const QString &path);
    /// The path of the model that came with the program; empty when none did.
    [[nodiscard]] const QString &starterModel() const { return m_starterModel; }
    [[nodiscard]] bool offersStarter() const;
    [[nodiscard]] const QString &modelPath() const { return m_modelPath; }
    [[nodiscard]] const std::optional<ModelDescription> &model() const { return m_model; }
    [[nodiscard]] bool inspecting() const { return m_inspecting; }
    [[nodiscard]] const std::optional<Error> &modelProblem() const { return m_modelProblem; }
    /// Ends the first run, with the offered model or without one.
    void finish(bool withModel);

Q_SIGNALS:
    void panelChanged();
    void changed();
    void vaultMade(std::shared_ptr<tramontane::OpenVault> vault);
    /// `modelPath` is empty when the person wants to choose one later.
    void finished(const QString &modelPath);

private:
    void setPanel(Panel panel);
    void onMade(const Result<std::shared_ptr<OpenVault>> &answer);
    void takeModel(const QString &path, const Result<ModelDescription> &result);

    VaultService &m_vault;
    ModelInspector &m_inspector;
    PolicySource &m_policy;
    QString m_starterModel;
    Panel m_panel = Panel::Welcome;
    Method m_method = Method::Keychain;
    bool m_busy = false;
    std::optional<Error> m_problem;
    QString m_modelPath;
    QString m_offered; // the path that is being looked at
    std::optional<ModelDescription> m_model;
    std::optional<Error> m_modelProblem;
    bool m_inspecting = false;
};

} // namespace tramontane::ui
