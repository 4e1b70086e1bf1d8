// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/passphrase.h"

#include "app/platform/terminal/terminal.h"

#include <sodium.h>

namespace tramontane::ctl {
namespace {

using Passphrase = Result<std::shared_ptr<SecretBytes>>;

Passphrase shared(Result<SecretBytes> secret)
{
    if (!secret)
        return secret.error();
    return std::make_shared<SecretBytes>(std::move(*secret));
}

Passphrase given(const GlobalOptions &options)
{
    if (!options.passphraseFile.empty())
        return shared(terminal::readSecretFile(options.passphraseFile));
    return shared(terminal::readSecretDescriptor(options.passphraseDescriptor));
}

bool same(const SecretBytes &a, const SecretBytes &b)
{
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

Passphrase askedTwice()
{
    Result<SecretBytes> first = terminal::askSecret("New passphrase (at least 8 characters): ");
    if (!first)
        return first.error();
    const Result<SecretBytes> second = terminal::askSecret("The same once more: ");
    if (!second)
        return second.error();
    if (!same(*first, *second))
        return Error{ErrorCode::InvalidArgument, "Nothing was done: the two passphrases differ.", {}};
    return shared(std::move(first));
}

} // namespace

bool passphraseGiven(const GlobalOptions &options)
{
    return !options.passphraseFile.empty() || options.passphraseDescriptor >= 0;
}

Passphrase existingPassphrase(const GlobalOptions &options)
{
    if (passphraseGiven(options))
        return given(options);
    Result<SecretBytes> typed = terminal::askSecret("Passphrase: ");
    if (!typed && typed.error().code == ErrorCode::Usage)
        return Error{
            ErrorCode::VaultLocked,
            "The vault is locked. Give its passphrase with --passphrase-file or --passphrase-fd, or at a terminal.",
            {}};
    return shared(std::move(typed));
}

Passphrase givenRecoveryCode(const GlobalOptions &options)
{
    return shared(terminal::readSecretFile(options.recoveryCodeFile));
}

Passphrase typedRecoveryCode()
{
    Result<SecretBytes> typed = terminal::askSecret("Recovery code: ");
    if (!typed && typed.error().code == ErrorCode::Usage)
        return Error{ErrorCode::VaultLocked,
                     "The vault is locked. Give its recovery code with --recovery-code-file, or at a terminal.",
                     {}};
    return shared(std::move(typed));
}

Result<std::vector<std::shared_ptr<SecretBytes>>> givenOrganisationKey(const GlobalOptions &options)
{
    std::vector<std::shared_ptr<SecretBytes>> files;
    for (const std::string &name : options.organisationKeyFiles) {
        auto content = shared(terminal::readSecretFile(name));
        if (!content)
            return content.error();
        files.push_back(*content);
    }
    return files;
}

Passphrase anotherPassphrase(const std::string &file)
{
    return file.empty() ? askedTwice() : shared(terminal::readSecretFile(file));
}

Passphrase newPassphrase(const GlobalOptions &options)
{
    return passphraseGiven(options) ? given(options) : askedTwice();
}

} // namespace tramontane::ctl
