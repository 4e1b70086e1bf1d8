// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/secret.h"

#include <QString>

#include <memory>

namespace tramontane::ui {

enum class PassphraseStrength { Empty, TooShort, Weak, Fair, Strong };

/// The least that a vault accepts (VaultService::createWithPassphrase).
constexpr int kLeastPassphraseLength = 8;

/// Characters as people count them (code points), as VaultService does.
[[nodiscard]] int passphraseLength(const QString &passphrase);

/// A rough guess of how hard a passphrase is to guess, from its length, its kinds of characters, and repeats, runs
/// and the most common words in it. A hint, never a promise. Never fails; any thread.
[[nodiscard]] PassphraseStrength passphraseStrength(const QString &passphrase);

/// The passphrase as UTF-8 in locked memory; `passphrase` is overwritten and emptied. The copies that a text field
/// makes while somebody types are not in our hands.
[[nodiscard]] std::shared_ptr<SecretBytes> takePassphrase(QString &passphrase);

} // namespace tramontane::ui
