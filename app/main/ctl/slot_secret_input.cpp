// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/slot_secret_input.h"

#include "app/main/ctl/passphrase.h"
#include "app/services/slot_secret.h"

#include <algorithm>

namespace tramontane::ctl {
namespace {

bool has(const std::vector<SlotInfo> &slots, SlotKind kind)
{
    return std::ranges::any_of(slots, [&](const SlotInfo &slot) { return slot.kind == kind; });
}

Result<SlotSecret> asPassphrase(const Result<std::shared_ptr<SecretBytes>> &passphrase)
{
    if (!passphrase)
        return passphrase.error();
    return SlotSecret{SlotKind::Passphrase, *passphrase};
}

Result<SlotSecret> asRecoveryCode(const Result<std::shared_ptr<SecretBytes>> &code)
{
    return code ? recoverySecret(*code) : Result<SlotSecret>(code.error());
}

Result<SlotSecret> typed(const GlobalOptions &options, const std::vector<SlotInfo> &slots)
{
    const bool code = has(slots, SlotKind::Recovery) && !has(slots, SlotKind::Passphrase);
    return code ? asRecoveryCode(typedRecoveryCode()) : asPassphrase(existingPassphrase(options));
}

} // namespace

Async<SlotSecret> slotSecretFor(QObject *receiver, Context &context, const std::vector<SlotInfo> &slots)
{
    const GlobalOptions &options = context.options;
    if (!options.organisationKeyFiles.empty()) {
        const auto files = givenOrganisationKey(options);
        return ready<SlotSecret>(files ? organisationSecret(*files) : Result<SlotSecret>(files.error()));
    }
    if (!options.recoveryCodeFile.empty())
        return ready<SlotSecret>(asRecoveryCode(givenRecoveryCode(options)));
    if (passphraseGiven(options))
        return ready<SlotSecret>(asPassphrase(existingPassphrase(options)));
    if (!has(slots, SlotKind::Keychain))
        return ready<SlotSecret>(typed(options, slots));
    Deferred<SlotSecret> answer;
    const std::string entry = keychainEntryName(context.parts.vaultHome().toStdString());
    whenReady(receiver, context.parts.secrets().read(entry),
              [&options, slots, answer](const Result<std::shared_ptr<SecretBytes>> &key) {
                  if (key)
                      return answer.resolve(SlotSecret{SlotKind::Keychain, *key});
                  answer.resolve(typed(options, slots));
              });
    return answer.future();
}

} // namespace tramontane::ctl
