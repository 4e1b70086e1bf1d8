// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/vault_opener.h"

#include "app/main/ctl/passphrase.h"
#include "app/platform/terminal/terminal.h"

#include <algorithm>

namespace tramontane::ctl {
namespace {

bool has(const VaultStatus &status, SlotKind kind)
{
    return std::any_of(status.slots.begin(), status.slots.end(),
                       [&](const SlotInfo &slot) { return slot.kind == kind; });
}

} // namespace

Async<std::shared_ptr<OpenVault>> VaultOpener::open()
{
    return andThen(this, m_context.parts.vault().status(), [this](const VaultStatus &status) {
        if (!status.exists)
            return ready<Answer>(
                Error{ErrorCode::VaultMissing,
                      "There is no vault in \"" + status.directory + "\". Make one with: tramontanectl vault init",
                      {}});
        // Before anybody is asked for a passphrase that cannot be used.
        if (!status.owner.empty())
            return ready<Answer>(
                Error{ErrorCode::VaultInUse, "The vault is in use by " + status.owner + ". Close it there first.", {}});
        if (!passphraseGiven(m_context.options) && has(status, SlotKind::Keychain))
            return withKeychain(has(status, SlotKind::Passphrase));
        return withPassphrase();
    });
}

Async<std::shared_ptr<OpenVault>> VaultOpener::withPassphrase()
{
    const auto passphrase = existingPassphrase(m_context.options);
    if (!passphrase)
        return ready<Answer>(passphrase.error());
    return m_context.parts.vault().unlockWithPassphrase(*passphrase);
}

Async<std::shared_ptr<OpenVault>> VaultOpener::withKeychain(bool passphraseSlot)
{
    Deferred<Answer> answer;
    whenReady(this, m_context.parts.vault().unlockWithKeychain(),
              [this, passphraseSlot, answer](const Result<Answer> &vault) {
                  const bool canAsk = passphraseSlot && terminal::isTerminal(terminal::Stream::Error);
                  if (vault || !canAsk)
                      return answer.resolve(vault);
                  m_context.output.note(vault.error().message);
                  whenReady(this, withPassphrase(), [answer](const Result<Answer> &typed) { answer.resolve(typed); });
              });
    return answer.future();
}

} // namespace tramontane::ctl
