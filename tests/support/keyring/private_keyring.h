// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/bus/private_bus.h"

namespace tramontane::test {

/// A session bus and a gnome-keyring of their own: a real Secret Service without a display and without touching the
/// person's. Must be made before anything asks the bus. Everything ends with the object.
class PrivateKeyring {
public:
    PrivateKeyring();
    ~PrivateKeyring();

    /// Why it could not be started (missing programs); empty when it runs.
    [[nodiscard]] QString problem() const { return m_problem; }
    [[nodiscard]] QString folder() const { return m_bus.folder(); }
    /// As a desktop does when the screen is locked. Nobody is there to be asked, so every prompt counts as refused.
    [[nodiscard]] bool lock();
    /// The bus stays.
    void stopKeyring();

private:
    [[nodiscard]] bool startKeyring();

    PrivateBus m_bus;
    QProcess m_keyring;
    QString m_problem;
};

} // namespace tramontane::test
