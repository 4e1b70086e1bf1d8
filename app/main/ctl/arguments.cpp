// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/arguments.h"

#include "app/main/ctl/commands.h"

#include <CLI/CLI.hpp>

#include <cstring>

namespace tramontane::ctl {
namespace {

/// The parser may stop before it reaches --json, and the error must still come in the right form.
bool asksForJson(int argc, char **argv)
{
    for (int i = 1; i < argc && std::strcmp(argv[i], "--") != 0; ++i) {
        if (std::strcmp(argv[i], "--json") == 0)
            return true;
    }
    return false;
}

void addGlobalOptions(CLI::App &app, GlobalOptions &options)
{
    app.add_option("--home", options.home, "The vault directory")->type_name("DIR");
    auto *file = app.add_option("--passphrase-file", options.passphraseFile, "Read the passphrase from this file");
    file->type_name("FILE");
    auto *descriptor = app.add_option("--passphrase-fd", options.passphraseDescriptor,
                                      "Read the passphrase from this open descriptor");
    descriptor->type_name("N")->check(CLI::Range(0, 1'000'000))->excludes(file);
    auto *code = app.add_option("--recovery-code-file", options.recoveryCodeFile,
                                "Open the vault with the recovery code in this file");
    code->type_name("FILE")->excludes(file)->excludes(descriptor);
    app.add_option("--organisation-key-file", options.organisationKeyFiles,
                   "Open the vault for reading with the organisation's key in this file; twice for its two halves")
        ->type_name("FILE")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->excludes(file)
        ->excludes(descriptor)
        ->excludes(code);
    app.add_flag("--json", options.json, "Results and errors as JSON");
}

std::string usage(const CLI::ParseError &error)
{
    std::string text = error.what();
    if (text.empty())
        text = "The command line was not understood";
    if (text.back() != '.')
        text += '.';
    return text + " See tramontanectl --help.";
}

} // namespace

ParseOutcome parseArguments(int argc, char **argv)
{
    ParseOutcome outcome;
    ParsedArguments &arguments = outcome.arguments;
    CLI::App app{"Chat with models on this machine; everything encrypted, everything recorded.", "tramontanectl"};
    app.set_version_flag("--version", std::string("tramontanectl ") + TRAMONTANE_VERSION);
    app.require_subcommand(1);
    app.fallthrough();
    addGlobalOptions(app, arguments.options);
    addVaultCommands(app, arguments.make);
    addModelCommands(app, arguments.make);
    addChatCommand(app, arguments.make);
    addConversationCommands(app, arguments.make);
    addEmbedCommand(app, arguments.make);
    addRerankCommand(app, arguments.make);
    addFolderCommands(app, arguments.make);
    addRetentionCommands(app, arguments.make);
    addBackupCommands(app, arguments.make);
    addAttachmentCommands(app, arguments.make);
    addAuditCommands(app, arguments.make);
    addSettingCommands(app, arguments.make);
    addPolicyCommands(app, arguments.make);
    addDoctorCommand(app, arguments.make);
    addHelpCommand(app, arguments.make);
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp &) {
        arguments.print = app.help();
    } catch (const CLI::CallForAllHelp &) {
        arguments.print = app.help("", CLI::AppFormatMode::All);
    } catch (const CLI::CallForVersion &) {
        arguments.print = app.version() + "\n";
    } catch (const CLI::ParseError &error) {
        arguments.options.json = asksForJson(argc, argv);
        outcome.error = Error{ErrorCode::Usage, usage(error), {}};
    }
    return outcome;
}

} // namespace tramontane::ctl
