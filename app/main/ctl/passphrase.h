// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "app/core/secret.h"
#include "app/main/ctl/command.h"

#include <memory>

// Where passphrases come from: a file, a descriptor or the terminal; never the command line or the environment.
namespace tramontane::ctl {

/// Whether --passphrase-file or --passphrase-fd was given.
[[nodiscard]] bool passphraseGiven(const GlobalOptions &options);

/// The passphrase of an existing vault. Blocks while a person types. Errors: Usage (file or descriptor), VaultLocked
/// (nothing was given and there is no terminal), Cancelled.
[[nodiscard]] Result<std::shared_ptr<SecretBytes>> existingPassphrase(const GlobalOptions &options);

/// The recovery code in --recovery-code-file. Errors: Usage.
[[nodiscard]] Result<std::shared_ptr<SecretBytes>> givenRecoveryCode(const GlobalOptions &options);

/// A recovery code typed at the terminal. Errors: VaultLocked (there is no terminal), Cancelled.
[[nodiscard]] Result<std::shared_ptr<SecretBytes>> typedRecoveryCode();

/// The contents of --organisation-key-file. Errors: Usage.
[[nodiscard]] Result<std::vector<std::shared_ptr<SecretBytes>>> givenOrganisationKey(const GlobalOptions &options);

/// The passphrase of a new slot of an existing vault, from `file`; without one it is asked twice at the terminal. Errors:
/// Usage, Cancelled, InvalidArgument (the two differ).
[[nodiscard]] Result<std::shared_ptr<SecretBytes>> anotherPassphrase(const std::string &file);

/// A new passphrase; at the terminal it is asked twice. Errors: as above, and InvalidArgument (the two differ).
[[nodiscard]] Result<std::shared_ptr<SecretBytes>> newPassphrase(const GlobalOptions &options);

} // namespace tramontane::ctl
