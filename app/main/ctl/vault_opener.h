// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/main/ctl/command.h"

#include <QTimer>

namespace tramontane::ctl {

/// Opens the vault with what the command line gives: a passphrase, recovery code or organisation's key if one was named,
/// else the keychain if the vault has such a slot, else what is typed at the terminal. A keychain that fails or is slow
/// is no end: the other ways are offered, at the terminal or by naming their options.
class VaultOpener : public QObject {
    Q_OBJECT
public:
    explicit VaultOpener(Context &context);
    /// Call once. Errors: those of VaultService, and VaultLocked when there is no way to ask.
    [[nodiscard]] Async<std::shared_ptr<OpenVault>> open();

private:
    using Answer = std::shared_ptr<OpenVault>;
    [[nodiscard]] Async<Answer> openWith(const VaultStatus &status);
    [[nodiscard]] Async<Answer> withGivenSecret();
    [[nodiscard]] Async<Answer> withKeychain();
    [[nodiscard]] Async<Answer> withTypedSecret();
    [[nodiscard]] Async<Answer> unlockWith(const std::shared_ptr<SecretBytes> &typed);
    [[nodiscard]] bool asksForCode() const;
    [[nodiscard]] bool canAsk() const;
    void onKeychain(const Result<Answer> &vault);
    void onSlow();

    Context &m_context;
    std::vector<SlotInfo> m_slots;
    Deferred<Answer> m_answer; // of withKeychain()
    QTimer m_slow;
    bool m_waiting = false; // for the keychain
};

} // namespace tramontane::ctl
