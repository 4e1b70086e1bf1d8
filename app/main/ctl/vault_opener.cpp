// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/vault_opener.h"

#include "app/main/ctl/passphrase.h"
#include "app/platform/terminal/terminal.h"

#include <algorithm>
#include <optional>

namespace tramontane::ctl {
namespace {

constexpr int kSlowMs = 5000;
/// A script waits longer, but not for ever.
constexpr int kGivenUpMs = 30'000;

bool has(const std::vector<SlotInfo> &slots, SlotKind kind)
{
    return std::any_of(slots.begin(), slots.end(), [&](const SlotInfo &slot) { return slot.kind == kind; });
}

bool secretGiven(const GlobalOptions &options)
{
    return passphraseGiven(options) || !options.recoveryCodeFile.empty() || !options.organisationKeyFiles.empty();
}

/// The failure of the keychain, with what else opens this vault.
Error withOtherWays(Error error, const std::vector<SlotInfo> &slots)
{
    std::string ways;
    const auto name = [&](SlotKind kind, const char *option) {
        if (has(slots, kind))
            ways += (ways.empty() ? "" : ", ") + std::string(option);
    };
    name(SlotKind::Passphrase, "--passphrase-file");
    name(SlotKind::Recovery, "--recovery-code-file");
    name(SlotKind::Organisation, "--organisation-key-file");
    if (!ways.empty())
        error.message += " Other ways to open it: " + ways + ".";
    return error;
}

Error noAnswer()
{
    return Error{ErrorCode::KeychainUnavailable, "The keychain has not answered in time. Nothing was changed.", {}};
}

} // namespace

VaultOpener::VaultOpener(Context &context) : m_context(context)
{
    m_slow.setSingleShot(true);
    connect(&m_slow, &QTimer::timeout, this, &VaultOpener::onSlow);
}

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
        return openWith(status);
    });
}

Async<std::shared_ptr<OpenVault>> VaultOpener::openWith(const VaultStatus &status)
{
    m_slots = status.slots;
    if (secretGiven(m_context.options))
        return withGivenSecret();
    return has(m_slots, SlotKind::Keychain) ? withKeychain() : withTypedSecret();
}

Async<std::shared_ptr<OpenVault>> VaultOpener::withGivenSecret()
{
    const GlobalOptions &options = m_context.options;
    if (!options.organisationKeyFiles.empty()) {
        const auto files = givenOrganisationKey(options);
        return files ? m_context.parts.vault().unlockWithOrganisationKey(*files) : ready<Answer>(files.error());
    }
    if (!options.recoveryCodeFile.empty()) {
        const auto code = givenRecoveryCode(options);
        return code ? m_context.parts.vault().unlockWithRecoveryCode(*code) : ready<Answer>(code.error());
    }
    const auto passphrase = existingPassphrase(options);
    return passphrase ? m_context.parts.vault().unlockWithPassphrase(*passphrase) : ready<Answer>(passphrase.error());
}

bool VaultOpener::asksForCode() const
{
    return has(m_slots, SlotKind::Recovery) && !has(m_slots, SlotKind::Passphrase);
}

bool VaultOpener::canAsk() const
{
    return (has(m_slots, SlotKind::Passphrase) || has(m_slots, SlotKind::Recovery))
           && terminal::isTerminal(terminal::Stream::Error);
}

Async<std::shared_ptr<OpenVault>> VaultOpener::unlockWith(const std::shared_ptr<SecretBytes> &typed)
{
    VaultService &vault = m_context.parts.vault();
    return asksForCode() ? vault.unlockWithRecoveryCode(typed) : vault.unlockWithPassphrase(typed);
}

Async<std::shared_ptr<OpenVault>> VaultOpener::withTypedSecret()
{
    const auto typed = asksForCode() ? typedRecoveryCode() : existingPassphrase(m_context.options);
    return typed ? unlockWith(*typed) : ready<Answer>(typed.error());
}

Async<std::shared_ptr<OpenVault>> VaultOpener::withKeychain()
{
    m_waiting = true;
    whenReady(this, m_context.parts.vault().unlockWithKeychain(),
              [this](const Result<Answer> &vault) { onKeychain(vault); });
    m_slow.start(canAsk() ? kSlowMs : kGivenUpMs);
    return m_answer.future();
}

void VaultOpener::onKeychain(const Result<Answer> &vault)
{
    m_slow.stop();
    if (!std::exchange(m_waiting, false))
        return;
    if (vault)
        return m_answer.resolve(vault);
    if (!canAsk())
        return m_answer.resolve(withOtherWays(vault.error(), m_slots));
    m_context.output.note(vault.error().message);
    whenReady(this, withTypedSecret(), [this](const Result<Answer> &typed) { m_answer.resolve(typed); });
}

void VaultOpener::onSlow()
{
    if (!m_waiting)
        return;
    std::optional<Error> problem;
    if (canAsk()) {
        m_context.output.note(
            "The keychain has not answered yet. Press Enter to go on waiting for it, or open the vault "
            "another way.");
        const auto typed = asksForCode() ? typedRecoveryCode() : existingPassphrase(m_context.options);
        if (typed && (*typed)->empty())
            return;
        m_waiting = false;
        if (typed)
            return whenReady(this, unlockWith(*typed),
                             [this](const Result<Answer> &vault) { m_answer.resolve(vault); });
        problem = typed.error();
    }
    m_waiting = false;
    m_context.parts.vault().giveUpKeychain();
    m_answer.resolve(problem ? *problem : withOtherWays(noAnswer(), m_slots));
}

} // namespace tramontane::ctl
