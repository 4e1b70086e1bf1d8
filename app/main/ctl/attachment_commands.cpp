// SPDX-License-Identifier: Apache-2.0
// attachment add, list, export, remove.
#include "app/main/ctl/commands.h"
#include "app/main/ctl/confirmation.h"
#include "app/main/ctl/conversation_argument.h"
#include "app/main/ctl/id_arguments.h"
#include "app/main/ctl/table.h"

#include "app/core/clock.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

namespace tramontane::ctl {
namespace {

QJsonObject attachmentJson(const Attachment &attachment)
{
    const auto text = [](const std::string &value) { return QString::fromStdString(value); };
    return {{"id", text(attachment.id.text())},           {"conversation", text(attachment.conversation.text())},
            {"message", text(attachment.message.text())}, {"name", text(attachment.name)},
            {"media_type", text(attachment.mediaType)},   {"bytes", qint64(attachment.bytes)},
            {"sha256", text(toHex(attachment.sha256))},   {"added", text(rfc3339(attachment.addedMs))}};
}

Result<AttachmentId> attachmentArgument(const std::string &text)
{
    return idArgument<AttachmentId>(text, "attachment", "attachment list CONVERSATION");
}

struct AttachmentInput {
    std::string id; // of a message, a conversation or an attachment
    std::string file;
    bool yes = false;
};

/// A command that can be stopped in the middle of a file.
class AttachmentWork : public VaultCommand {
public:
    AttachmentWork(Context &context, AttachmentInput input) : VaultCommand(context), m_input(std::move(input)) {}
    void interrupt() override
    {
        m_progress->stop();
        if (!m_working)
            VaultCommand::interrupt();
    }

protected:
    void show(const Result<Attachment> &attachment, const std::string &text)
    {
        if (failed(attachment))
            return;
        output().result(attachmentJson(*attachment), text + attachment->id.text() + "\n");
        done();
    }

    AttachmentInput m_input;
    std::shared_ptr<AttachmentService::Progress> m_progress = std::make_shared<AttachmentService::Progress>();
    bool m_working = false;
};

class AddCommand final : public AttachmentWork {
public:
    using AttachmentWork::AttachmentWork;

protected:
    void run(Session &session) override
    {
        const auto message = idArgument<MessageId>(m_input.id, "message", "conversation show --json");
        if (failed(message))
            return;
        m_working = true;
        whenReady(this, session.attachments().add(*message, m_input.file, m_progress),
                  [this](const Result<Attachment> &added) { show(added, "Attached: "); });
    }
};

class ExportCommand final : public AttachmentWork {
public:
    using AttachmentWork::AttachmentWork;

protected:
    void run(Session &session) override
    {
        const auto id = attachmentArgument(m_input.id);
        if (failed(id))
            return;
        whenReady(this, session.attachments().find(*id), [this, id](const Result<Attachment> &found) {
            if (failed(found)
                || failed(confirm(m_input.yes, "This writes \"" + found->name + "\" unencrypted to \"" + m_input.file
                                                   + "\", outside the vault. Go on?")))
                return;
            m_working = true;
            whenReady(this, this->session().attachments().exportTo(*id, m_input.file, m_progress),
                      [this](const Result<Attachment> &exported) {
                          show(exported, "Exported. This file is not encrypted: " + m_input.file + "\n");
                      });
        });
    }
};

class RemoveCommand final : public AttachmentWork {
public:
    using AttachmentWork::AttachmentWork;

protected:
    void run(Session &session) override
    {
        const auto id = attachmentArgument(m_input.id);
        if (failed(id))
            return;
        whenReady(this, session.attachments().find(*id), [this](const Result<Attachment> &found) {
            if (failed(found)
                || failed(
                    confirm(m_input.yes, "This erases \"" + found->name + "\" for good. It cannot be undone. Go on?")))
                return;
            whenReady(this, this->session().attachments().remove(found->id), [this, found](const Status &removed) {
                if (!failed(removed))
                    show(*found, "Erased: ");
            });
        });
    }
};

class ListCommand final : public VaultCommand {
public:
    ListCommand(Context &context, AttachmentInput input) : VaultCommand(context), m_input(std::move(input)) {}

protected:
    void run(Session &session) override
    {
        const auto id = conversationArgument(m_input.id);
        if (failed(id))
            return;
        whenReady(this, session.attachments().list(*id), [this](const Result<std::vector<Attachment>> &all) {
            if (failed(all))
                return;
            QJsonArray items;
            Table table({"ID", "SIZE", "KIND", "NAME"});
            for (const Attachment &attachment : *all) {
                items.append(attachmentJson(attachment));
                table.add({attachment.id.text(), fileSize(std::int64_t(attachment.bytes)), attachment.mediaType,
                           attachment.name});
            }
            output().result({{"items", items}, {"next", QJsonValue()}},
                            all->empty() ? "No attachments.\n" : table.text());
            done();
        });
    }

private:
    AttachmentInput m_input;
};

template <class Made>
void choose(CLI::App *command, CommandFactory &chosen, const std::shared_ptr<AttachmentInput> &input)
{
    command->callback(
        [&chosen, input] { chosen = [input](Context &context) { return std::make_unique<Made>(context, *input); }; });
}

} // namespace

void addAttachmentCommands(CLI::App &app, CommandFactory &chosen)
{
    CLI::App *attachment = app.add_subcommand("attachment", "Files that belong to messages");
    attachment->require_subcommand(1);
    const auto input = std::make_shared<AttachmentInput>();

    CLI::App *add = attachment->add_subcommand("add", "Take a file into the vault");
    add->add_option("MESSAGE", input->id)->required();
    add->add_option("FILE", input->file)->required();
    choose<AddCommand>(add, chosen, input);

    CLI::App *list = attachment->add_subcommand("list", "The files of a conversation");
    list->add_option("CONVERSATION", input->id)->required();
    choose<ListCommand>(list, chosen, input);

    CLI::App *exported = attachment->add_subcommand("export", "Write a file, unencrypted, out of the vault");
    exported->add_option("ID", input->id)->required();
    exported->add_option("--output", input->file, "A new file")->required()->type_name("FILE");
    exported->add_flag("--yes", input->yes, "Do not ask");
    choose<ExportCommand>(exported, chosen, input);

    CLI::App *remove = attachment->add_subcommand("remove", "Erase a file for good");
    remove->add_option("ID", input->id)->required();
    remove->add_flag("--yes", input->yes, "Do not ask");
    choose<RemoveCommand>(remove, chosen, input);
}

} // namespace tramontane::ctl
