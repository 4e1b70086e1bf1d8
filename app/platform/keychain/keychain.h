// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/secret_store.h"
#include "app/contracts/when_ready.h"

#include <QObject>
#include <QString>

#include <functional>

namespace QKeychain {
class Job;
}

namespace tramontane {

/// SecretStore on the keychain of the system through QtKeychain: Secret Service (GNOME, KDE 6) or KWallet on Linux,
/// Credential Manager on Windows. Answers come by signal only; a keychain that asks the person waits as long as the
/// person does. The insecure fallback of the library stays off: what cannot be kept encrypted is not kept.
/// Source followed: QtKeychain 0.13, https://github.com/frankosterfeld/qtkeychain, qtkeychain/keychain.h.
class Keychain final : public QObject, public SecretStore {
    Q_OBJECT
public:
    /// `service`: the name under which all entries lie, e.g. "tramontane".
    explicit Keychain(QString service, QObject *parent = nullptr);

    [[nodiscard]] Async<std::shared_ptr<SecretBytes>> read(std::string name) override;
    [[nodiscard]] Async<void> write(std::string name, std::shared_ptr<SecretBytes> secret) override;
    [[nodiscard]] Async<void> remove(std::string name) override;

private:
    /// Finds out what the failure of a job means. The job may be gone when the answer comes.
    void explain(const QKeychain::Job &job, std::function<void(const Error &)> answer);
    void readBack(const std::string &name, const std::shared_ptr<SecretBytes> &expected, const Deferred<void> &answer);

    QString m_service;
};

} // namespace tramontane
