// SPDX-License-Identifier: Apache-2.0
#include "tests/support/keyring/private_keyring.h"

#include <QStandardPaths>

namespace tramontane::test {
namespace {

constexpr int kStartMs = 10'000;
constexpr auto kBusService = "org.freedesktop.secrets";
constexpr auto kPassphrase = "pw";

} // namespace

PrivateKeyring::PrivateKeyring() : m_problem(m_bus.problem())
{
    if (QStandardPaths::findExecutable("gnome-keyring-daemon").isEmpty())
        m_problem += "gnome-keyring-daemon is not installed. ";
    if (!m_problem.isEmpty())
        return;
    diesWithTheTest(m_keyring);
    if (!startKeyring())
        m_problem = "the keyring does not start: " + m_keyring.readAllStandardError();
}

PrivateKeyring::~PrivateKeyring()
{
    stopKeyring();
}

bool PrivateKeyring::startKeyring()
{
    m_keyring.start("gnome-keyring-daemon", {"--foreground", "--components=secrets", "--unlock"});
    if (!m_keyring.waitForStarted(kStartMs))
        return false;
    m_keyring.write(kPassphrase);
    m_keyring.closeWriteChannel();
    for (int tries = 0; tries < 100; ++tries) {
        if (PrivateBus::hasOwner(kBusService))
            return true;
        m_keyring.waitForFinished(50);
    }
    return false;
}

bool PrivateKeyring::lock()
{
    return PrivateBus::call({QString("--dest=%1").arg(kBusService), "/org/freedesktop/secrets",
                             "org.freedesktop.Secret.Service.Lock",
                             "array:objpath:/org/freedesktop/secrets/collection/login"});
}

void PrivateKeyring::stopKeyring()
{
    m_keyring.kill();
    m_keyring.waitForFinished(kStartMs);
}

} // namespace tramontane::test
