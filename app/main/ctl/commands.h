// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/main/ctl/command.h"

namespace CLI {
class App;
}

// Each function adds one group of commands to the command line; when one of them is chosen there, `chosen` becomes what
// makes it.
namespace tramontane::ctl {

void addVaultCommands(CLI::App &app, CommandFactory &chosen);
void addVaultRotationCommands(CLI::App &vault, CommandFactory &chosen);
void addBackupCommands(CLI::App &app, CommandFactory &chosen);
void addBackupRestore(CLI::App &backup, CommandFactory &chosen);
void addVaultCheck(CLI::App &vault, CommandFactory &chosen);
void addVaultStorageCommand(CLI::App &vault, CommandFactory &chosen);
void addVaultSlotCommands(CLI::App &vault, CommandFactory &chosen);
void addRecoverySlotCommand(CLI::App &add, CommandFactory &chosen);
void addOrganisationSlotCommand(CLI::App &add, CommandFactory &chosen);
void addOrganisationKeyCommands(CLI::App &vault, CommandFactory &chosen);
void addVaultUnlockCommand(CLI::App &vault, CommandFactory &chosen);
void addModelCommands(CLI::App &app, CommandFactory &chosen);
void addModelFoldersCommand(CLI::App &model, CommandFactory &chosen);
void addModelPlanCommand(CLI::App &model, CommandFactory &chosen);
void addModelManifestCommands(CLI::App &model, CommandFactory &chosen);
void addChatCommand(CLI::App &app, CommandFactory &chosen);
void addConversationCommands(CLI::App &app, CommandFactory &chosen);
void addConversationSearch(CLI::App &conversation, CommandFactory &chosen);
void addConversationExport(CLI::App &conversation, CommandFactory &chosen);
void addConversationRemoval(CLI::App &conversation, CommandFactory &chosen);
void addAttachmentCommands(CLI::App &app, CommandFactory &chosen);
void addFolderCommands(CLI::App &app, CommandFactory &chosen);
void addRetentionCommands(CLI::App &app, CommandFactory &chosen);
void addEmbedCommand(CLI::App &app, CommandFactory &chosen);
void addRerankCommand(CLI::App &app, CommandFactory &chosen);
void addAuditCommands(CLI::App &app, CommandFactory &chosen);
void addSettingCommands(CLI::App &app, CommandFactory &chosen);
void addPolicyCommands(CLI::App &app, CommandFactory &chosen);
void addDoctorCommand(CLI::App &app, CommandFactory &chosen);
void addHelpCommand(CLI::App &app, CommandFactory &chosen);

} // namespace tramontane::ctl
