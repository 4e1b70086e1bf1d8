// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/directory/vault_files.h"
#include "storage/keys/key_file.h"
#include "storage/sqlite/connection.h"
#include "tests/support/faults/vault_place.h"

#include <map>
#include <memory>
#include <set>
#include <string>

namespace tramontane::test {

/// What a kill has left, once the vault was opened again and closed.
struct Examined {
    bool after = false;  // as after the work; else as before it
    bool cutOff = false; // something half-done lay there, which the opening, or who asked for it, had to settle
    std::string problem; // neither of the two, or not whole; empty: nothing
};

/// Work on a whole vault that takes long enough to be killed in the middle of it. Objects of the parent remember what
/// they prepared; in the child only run() is called.
class InterruptedWork {
public:
    virtual ~InterruptedWork() = default;

    /// Makes the vault as it is before the work, and closes it.
    [[nodiscard]] virtual Status prepare(VaultPlace &place) = 0;
    /// Opens the vault and does the work. The vault is still open then.
    [[nodiscard]] virtual Result<std::shared_ptr<OpenVault>> run(VaultPlace &place) = 0;
    /// `place` holds what prepare() made, and on which run() was killed.
    [[nodiscard]] virtual Examined examine(VaultPlace &place) = 0;
};

[[nodiscard]] std::unique_ptr<InterruptedWork> interruptedMigration();
[[nodiscard]] std::unique_ptr<InterruptedWork> interruptedRotation();
[[nodiscard]] std::unique_ptr<InterruptedWork> interruptedErasure();
[[nodiscard]] std::unique_ptr<InterruptedWork> interruptedImport();
[[nodiscard]] std::unique_ptr<InterruptedWork> interruptedRestore();

/// By the name of the child's command.
[[nodiscard]] const std::map<std::string, std::unique_ptr<InterruptedWork> (*)()> &interruptedWorks();

/// A vault of the schema `version`, from the stored example, with much more in it.
[[nodiscard]] Status makeOlderVault(VaultPlace &place, int version, int conversations);
/// So many conversations of one message each, in any schema; in title and text stands `word`.
[[nodiscard]] Status addRows(sqlite::Connection &connection, int conversations, const std::string &word);
/// The data keys as the key files of a vault that nobody has open have them.
[[nodiscard]] Result<vault::DataKeys> dataKeysOf(const VaultPlace &place);
/// vault.db of a vault that nobody has open.
[[nodiscard]] Result<std::unique_ptr<sqlite::Connection>> openDatabase(const VaultPlace &place);
/// Files that only exist while vault.db is made anew.
[[nodiscard]] bool hasHalfMadeFiles(const VaultPlace &place);
/// Empty: in the folder of the closed vault lies what belongs to a vault, and what is in `also`; else what else.
[[nodiscard]] std::string strangersIn(const VaultPlace &place, const std::set<std::string> &also);

} // namespace tramontane::test
