// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/window/real_home.h"

#include "app/main/record_environment.h"

namespace tramontane::test {
namespace {

vault::VaultOptions options(const QString &folder)
{
    vault::VaultOptions made;
    made.directory = folder.toStdU16String();
    made.program = "tramontane";
    made.networkFileSystemAllowed = [] { return true; };
    made.environment = recordEnvironment();
    return made;
}

WorkerSettings settings()
{
    WorkerSettings made;
    made.program = RealHome::engineProgram();
    return made;
}

} // namespace

RealHome::RealHome()
    : m_store(options(folder()), m_clock), m_vault(m_store, m_secrets, m_policy), m_provider(settings(), m_clock),
      m_inspector(engineProgram())
{
}

ui::Parts RealHome::parts()
{
    return {m_vault,     m_provider,
            m_inspector, m_policy,
            m_clock,     m_folder.filePath(QStringLiteral("window.json")),
            model(),     {{QString(), QStringLiteral("Like the desktop")}}};
}

QString RealHome::engineProgram()
{
    return QStringLiteral(TRAMONTANE_BIN_DIR "/tramontane-engine");
}

QString RealHome::model()
{
    return QStringLiteral(TRAMONTANE_SOURCE_DIR "/.third_party/models/SmolLM2-135M-Instruct.Q4_1.gguf");
}

} // namespace tramontane::test
