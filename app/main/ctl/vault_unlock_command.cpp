// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/commands.h"
#include "app/main/ctl/slot_json.h"

#include <CLI/CLI.hpp>

namespace tramontane::ctl {
namespace {

/// Opens the vault with what the command line gives, says which slot that was, and closes it again.
class VaultUnlockCommand final : public VaultCommand {
public:
    using VaultCommand::VaultCommand;

protected:
    void run(Session &session) override
    {
        const SlotInfo slot = session.vault().slots().openedWith();
        const bool complete = slot.kind != SlotKind::Organisation;
        output().result(
            {{"vault", QString::fromStdString(session.vault().vaultId())},
             {"slot", slotJson(slot)},
             {"complete", complete}},
            "Opens with: " + slotText(slot) + "\n"
                + (complete ? "" : "For reading only: the organisation's key cannot sign the audit log.\n"));
        done();
    }
};

} // namespace

void addVaultUnlockCommand(CLI::App &vault, CommandFactory &chosen)
{
    vault.add_subcommand("unlock", "Test whether the vault opens, and with which of its slots")->callback([&chosen] {
        chosen = [](Context &context) { return std::make_unique<VaultUnlockCommand>(context); };
    });
}

} // namespace tramontane::ctl
