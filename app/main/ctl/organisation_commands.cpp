// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/commands.h"
#include "app/main/ctl/secret_file.h"
#include "app/main/ctl/slot_command.h"
#include "app/main/ctl/table.h"
#include "app/platform/terminal/terminal.h"
#include "app/services/organisation_key_file.h"

#include <CLI/CLI.hpp>
#include <QByteArray>

namespace tramontane::ctl {
namespace {

class AddOrganisationCommand final : public SlotCommand {
public:
    AddOrganisationCommand(Context &context, std::string fingerprint)
        : SlotCommand(context), m_fingerprint(std::move(fingerprint))
    {
    }

protected:
    [[nodiscard]] Status prepare() override
    {
        const bool canAsk = !output().json() && terminal::isTerminal(terminal::Stream::Error);
        if (!m_fingerprint.empty() || canAsk)
            return {};
        return Error{ErrorCode::Usage,
                     "Without a terminal, say which key you have agreed to with --fingerprint FINGERPRINT.",
                     {}};
    }

    void change(SlotService &slots) override
    {
        const auto offered = slots.offeredOrganisation();
        if (failed(offered))
            return;
        if (m_fingerprint.empty() && !ask(*offered))
            return;
        whenReady(this, slots.addOrganisation(m_fingerprint), [this](const Result<SlotInfo> &made) {
            reportMade(made, made ? "The vault can now be read with the key of " + slotText(*made) + ", too." : "");
        });
    }

private:
    bool ask(const OrganisationKey &key)
    {
        output().note("The policy of this machine names an organisation. Whoever holds its private key will be able to "
                      "read this vault, without you and without a record in it.\n\n"
                      + properties({{"Name", key.name}, {"Fingerprint", organisationFingerprint(key.publicKey)}})
                      + "\nCompare the fingerprint with what your organisation has told you on paper or by telephone.");
        const auto typed = terminal::askSecret("Type its last group to agree: ", terminal::Echo::On);
        if (failed(typed))
            return false;
        const std::string shown = organisationFingerprint(key.publicKey);
        const std::string_view last = std::string_view(shown).substr(shown.rfind('-') + 1);
        const std::string_view given(reinterpret_cast<const char *>(typed->data()), typed->size());
        if (given != last) {
            done(Error{ErrorCode::Cancelled, "Nothing was changed: the fingerprint was not confirmed.", {}});
            return false;
        }
        m_fingerprint = shown;
        return true;
    }

    std::string m_fingerprint;
};

struct KeyFiles {
    std::string file;
    std::string second; // of the other half; empty: one file holds the whole key
};

/// What an administrator puts into the policy.
void reportKey(Output &output, const OrganisationKeyPair &pair, const std::string &head)
{
    const QByteArray publicKey(reinterpret_cast<const char *>(pair.publicKey.data()), qsizetype(pair.publicKey.size()));
    const QString base64 = QString::fromLatin1(publicKey.toBase64());
    const std::string fingerprint = organisationFingerprint(pair.publicKey);
    output.result({{"publicKey", base64}, {"fingerprint", QString::fromStdString(fingerprint)}},
                  head + properties({{"vault.organisationKey", base64.toStdString()}, {"Fingerprint", fingerprint}}));
}

class CreateKeyCommand final : public Command {
public:
    CreateKeyCommand(Context &context, KeyFiles files) : Command(context), m_files(std::move(files)) {}

    void start() override
    {
        const OrganisationKeyPair pair = makeOrganisationKeyPair();
        if (const Status written =
                m_files.second.empty() ? writeSecretFile(m_files.file, organisationKeyFile(pair)) : halves(pair);
            !written)
            return finish(written.error());
        reportKey(output(), pair,
                  "Keep the private key away from every machine that has a vault. Into the policy belongs:\n");
        finish();
    }

private:
    Status halves(const OrganisationKeyPair &pair)
    {
        const auto [first, second] = organisationKeyHalves(pair);
        if (const Status written = writeSecretFile(m_files.file, first); !written)
            return written;
        const Status written = writeSecretFile(m_files.second, second);
        if (!written)
            removeSecretFile(m_files.file);
        return written;
    }

    KeyFiles m_files;
};

class ShowKeyCommand final : public Command {
public:
    ShowKeyCommand(Context &context, KeyFiles files) : Command(context), m_files(std::move(files)) {}

    void start() override
    {
        std::vector<std::shared_ptr<SecretBytes>> contents;
        for (const std::string &file : {m_files.file, m_files.second}) {
            if (file.empty())
                continue;
            auto content = terminal::readSecretFile(file);
            if (!content)
                return finish(content.error());
            contents.push_back(std::make_shared<SecretBytes>(std::move(*content)));
        }
        const auto pair = readOrganisationKey(contents);
        if (!pair)
            return finish(pair.error());
        reportKey(output(), *pair, {});
        finish();
    }

private:
    KeyFiles m_files;
};

template <class CommandType>
void addKeyCommand(CLI::App *command, CommandFactory &chosen, const std::string &first)
{
    const auto files = std::make_shared<KeyFiles>();
    command->add_option("FILE", files->file, first)->required();
    command->add_option("--second", files->second, "The other half, for a second custodian")->type_name("FILE");
    command->callback([&chosen, files] {
        chosen = [files](Context &context) { return std::make_unique<CommandType>(context, *files); };
    });
}

} // namespace

void addOrganisationSlotCommand(CLI::App &add, CommandFactory &chosen)
{
    const auto fingerprint = std::make_shared<std::string>();
    CLI::App *command = add.add_subcommand("organisation", "Let the organisation that policy names read the vault");
    command->add_option("--fingerprint", *fingerprint, "The fingerprint that you have compared and agree to");
    command->callback([&chosen, fingerprint] {
        chosen = [fingerprint](Context &context) {
            return std::make_unique<AddOrganisationCommand>(context, *fingerprint);
        };
    });
}

void addOrganisationKeyCommands(CLI::App &vault, CommandFactory &chosen)
{
    CLI::App *key = vault.add_subcommand("organisation-key", "The key pair of an organisation, for its administrator");
    key->require_subcommand(1);
    addKeyCommand<CreateKeyCommand>(
        key->add_subcommand("create", "Make a key pair; the private half goes to a new file"), chosen, "A new file");
    addKeyCommand<ShowKeyCommand>(key->add_subcommand("show", "What belongs into the policy for this key"), chosen,
                                  "The file with the private key");
}

} // namespace tramontane::ctl
