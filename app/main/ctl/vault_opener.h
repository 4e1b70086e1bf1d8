// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/main/ctl/command.h"

namespace tramontane::ctl {

/// Opens the vault with what the command line gives: a passphrase if one was named, else the keychain if the vault has
/// such a slot, else a passphrase typed at the terminal.
class VaultOpener : public QObject {
    Q_OBJECT
public:
    explicit VaultOpener(Context &context) : m_context(context) {}
    /// Errors: those of VaultService, and VaultLocked when there is no way to ask.
    [[nodiscard]] Async<std::shared_ptr<OpenVault>> open();

private:
    using Answer = std::shared_ptr<OpenVault>;
    [[nodiscard]] Async<Answer> withPassphrase();
    [[nodiscard]] Async<Answer> withKeychain(bool passphraseSlot);

    Context &m_context;
};

} // namespace tramontane::ctl
