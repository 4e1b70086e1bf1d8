// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/backup_store.h"
#include "app/contracts/image_reader.h"
#include "app/contracts/inference_provider.h"
#include "app/contracts/network_gate.h"
#include "app/contracts/policy_source.h"
#include "app/contracts/secret_store.h"
#include "app/contracts/session_watch.h"
#include "app/contracts/vault_store.h"
#include "app/core/clock.h"
#include "app/core/energy_probe.h"
#include "app/services/session.h"
#include "app/services/vault_service.h"

#include <QObject>
#include <QString>

#include <memory>

namespace tramontane {

/// The one place that names concrete classes: makes the parts of a program and hands out their contracts. Needs a
/// QCoreApplication; lives in the main thread, from startProgram() to the end.
class Composition : public QObject {
    Q_OBJECT
public:
    struct Options {
        QString program; // as the vault's lock names it: "tramontanectl"
        QString home;    // vault directory; empty: the default one
    };
    explicit Composition(const Options &options, QObject *parent = nullptr);
    ~Composition() override;

    [[nodiscard]] const Clock &clock() const { return m_clock; }
    [[nodiscard]] PolicySource &policy() { return *m_policy; }
    [[nodiscard]] SecretStore &secrets() { return *m_secrets; }
    [[nodiscard]] VaultService &vault() { return *m_vault; }
    [[nodiscard]] BackupFiles &backupFiles() { return *m_backupFiles; }
    [[nodiscard]] InferenceProvider &provider() { return *m_provider; }
    [[nodiscard]] ModelInspector &inspector() { return *m_inspector; }
    [[nodiscard]] ImageReader &images() { return *m_images; }
    [[nodiscard]] NetworkGate &gate() { return m_gate; }
    [[nodiscard]] EnergyProbe &energy();
    [[nodiscard]] SessionWatch &sessionWatch();
    [[nodiscard]] const QString &vaultHome() const { return m_vaultHome; }
    /// Empty when the installation has no engine; loading and inspecting then answer EngineUnavailable.
    [[nodiscard]] const QString &engineProgram() const { return m_engineProgram; }
    /// Where starter models may lie; only folders that exist.
    [[nodiscard]] QStringList modelFolders() const;

    /// The services on an open vault. At most one at a time; not started yet.
    [[nodiscard]] std::unique_ptr<Session> makeSession(std::shared_ptr<OpenVault> vault);

private:
    SystemClock m_clock;
    ClosedNetworkGate m_gate;
    QString m_vaultHome;
    QString m_engineProgram;
    std::unique_ptr<PolicySource> m_policy;
    std::unique_ptr<SecretStore> m_secrets;
    std::unique_ptr<VaultStore> m_store;
    std::unique_ptr<BackupFiles> m_backupFiles;
    std::unique_ptr<VaultService> m_vault;
    std::unique_ptr<InferenceProvider> m_provider;
    std::unique_ptr<ModelInspector> m_inspector;
    std::unique_ptr<ImageReader> m_images;
    std::unique_ptr<EnergyProbe> m_energy; // made when it is asked for first, as is the next
    std::unique_ptr<SessionWatch> m_sessionWatch;
};

} // namespace tramontane
