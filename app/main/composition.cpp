// SPDX-License-Identifier: Apache-2.0
#include "app/main/composition.h"

#include "app/main/record_environment.h"
#include "app/platform/keychain/keychain.h"
#include "app/platform/paths/paths.h"
#include "app/platform/policy/file_policy_source.h"
#include "app/platform/power/system_energy.h"
#include "app/platform/process/process_state.h"
#include "app/platform/session/desktop_session.h"
#include "inference/client/image_reader.h"
#include "inference/client/local_provider.h"
#include "inference/client/model_inspector.h"
#include "storage/keys/passphrase_cost.h"
#include "storage/vault/directory_backup_files.h"
#include "storage/vault/directory_vault_store.h"

#include <QCoreApplication>

#include <filesystem>

namespace tramontane {
namespace {

constexpr auto kService = "tramontane";

std::filesystem::path toPath(const QString &path)
{
    return {path.toStdU16String()};
}

std::unique_ptr<PolicySource> makePolicySource()
{
    const QString marker = paths::stateFolder() + "/policy-seen";
    return std::make_unique<FilePolicySource>(ManagedPolicyFiles(managedPolicyFolder(), toPath(marker)));
}

/// What the policy demands now; the engine program refuses to open a model without it.
RequiredLayers requiredLayers(PolicySource &policy)
{
    return [&policy] {
        QStringList layers;
        for (const std::string &layer : requiredSandboxLayers(policy.current()))
            layers << QString::fromStdString(layer);
        return layers;
    };
}

vault::VaultOptions vaultOptions(const QString &program, const QString &home, PolicySource &policy)
{
    vault::VaultOptions options;
    options.directory = toPath(home);
    options.program = program.toStdString();
    options.networkFileSystemAllowed = [&policy] { return mayUseNetworkFileSystem(policy.current()).allowed; };
    options.environment = recordEnvironment();
    options.reserveBytes = vault::kReserveBytes;
    options.measureCost = vault::tunedCostOfThisMachine;
    return options;
}

} // namespace

Composition::Composition(const Options &options, QObject *parent)
    : QObject(parent), m_vaultHome(paths::vaultHome(options.home)),
      m_engineProgram(paths::engineProgram(QCoreApplication::applicationDirPath())), m_policy(makePolicySource()),
      m_secrets(std::make_unique<Keychain>(kService)),
      m_store(
          std::make_unique<vault::DirectoryVaultStore>(vaultOptions(options.program, m_vaultHome, *m_policy), m_clock)),
      m_backupFiles(std::make_unique<vault::DirectoryBackupFiles>(vaultOptions(options.program, m_vaultHome, *m_policy),
                                                                  m_clock)),
      m_vault(std::make_unique<VaultService>(*m_store, *m_secrets, *m_policy))
{
    WorkerSettings settings;
    settings.program = m_engineProgram;
    settings.requiredLayers = requiredLayers(*m_policy);
    settings.isStopped = [](qint64 processId) { return process::isStopped(processId); };
    m_provider = std::make_unique<LocalInferenceProvider>(settings, m_clock);
    m_inspector = std::make_unique<LocalModelInspector>(m_engineProgram, requiredLayers(*m_policy));
    m_images = std::make_unique<LocalImageReader>(m_engineProgram, requiredLayers(*m_policy));
}

Composition::~Composition() = default;

QStringList Composition::modelFolders() const
{
    return paths::modelFolders(QCoreApplication::applicationDirPath());
}

EnergyProbe &Composition::energy()
{
    // Not with the composition: most commands need none.
    if (!m_energy)
        m_energy = std::make_unique<power::SystemEnergy>();
    return *m_energy;
}

SessionWatch &Composition::sessionWatch()
{
    if (!m_sessionWatch)
        m_sessionWatch = watchDesktopSession();
    return *m_sessionWatch;
}

std::unique_ptr<Session> Composition::makeSession(std::shared_ptr<OpenVault> vault)
{
    return std::make_unique<Session>(std::move(vault), *m_provider, *m_inspector, *m_policy, m_clock, &energy());
}

} // namespace tramontane
