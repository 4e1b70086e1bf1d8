// SPDX-License-Identifier: Apache-2.0
// conversation delete, restore, erase, move.
#include "app/main/ctl/commands.h"
#include "app/main/ctl/confirmation.h"
#include "app/main/ctl/conversation_argument.h"
#include "app/main/ctl/id_arguments.h"

#include "app/core/clock.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

namespace tramontane::ctl {
namespace {

template <class Id>
QJsonArray idList(const std::vector<Id> &ids)
{
    QJsonArray list;
    for (const Id &id : ids)
        list.append(QString::fromStdString(id.text()));
    return list;
}

std::string counted(std::size_t count, const std::string &what)
{
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

Result<std::vector<ConversationId>> conversationsOf(const std::vector<std::string> &texts)
{
    std::vector<ConversationId> ids;
    for (const std::string &text : texts) {
        const auto id = conversationArgument(text);
        if (!id)
            return id.error();
        ids.push_back(*id);
    }
    return ids;
}

class DeleteCommand final : public VaultCommand {
public:
    DeleteCommand(Context &context, std::vector<std::string> ids) : VaultCommand(context), m_texts(std::move(ids)) {}

protected:
    void run(Session &session) override
    {
        const auto ids = conversationsOf(m_texts);
        if (failed(ids))
            return;
        const auto deleted =
            andThen(this, session.erasures().moveToBin(*ids), [&session] { return session.retention().limits(); });
        whenReady(this, deleted, [this, ids](const Result<RetentionLimits> &limits) {
            if (failed(limits))
                return;
            const std::string days = std::to_string(limits->binDays);
            output().result({{"deleted", idList(*ids)}, {"bin_days", limits->binDays}},
                            counted(ids->size(), "conversation") + " moved to the bin. They are erased after " + days
                                + " days; until then \"conversation restore\" brings them back.\n");
            done();
        });
    }

private:
    std::vector<std::string> m_texts;
};

class RestoreCommand final : public VaultCommand {
public:
    RestoreCommand(Context &context, std::vector<std::string> ids) : VaultCommand(context), m_texts(std::move(ids)) {}

protected:
    void run(Session &session) override
    {
        const auto ids = conversationsOf(m_texts);
        if (failed(ids))
            return;
        whenReady(this, session.erasures().restoreFromBin(*ids), [this, ids](const Status &restored) {
            if (failed(restored))
                return;
            output().result({{"restored", idList(*ids)}}, counted(ids->size(), "conversation") + " restored.\n");
            done();
        });
    }

private:
    std::vector<std::string> m_texts;
};

struct EraseInput {
    std::vector<std::string> conversations;
    std::vector<std::string> messages;
    bool final = false;
    bool yes = false;
};

class EraseCommand final : public VaultCommand {
public:
    EraseCommand(Context &context, EraseInput input) : VaultCommand(context), m_input(std::move(input)) {}

protected:
    void run(Session &session) override
    {
        if (m_input.conversations.empty() && m_input.messages.empty())
            return done(Error{ErrorCode::Usage, "Name the conversations to erase, or messages with --message.", {}});
        const auto conversations = conversationsOf(m_input.conversations);
        const auto messages = idArguments<MessageId>(m_input.messages, "message", "conversation show --json");
        if (failed(conversations) || failed(messages))
            return;
        m_target = {*conversations, *messages, {}, m_input.final};
        whenReady(this, session.erasures().preview(m_target), [this](const Result<ErasureScope> &scope) {
            // A refusal by a hold is an event of its own: the erasure itself records it.
            if (!scope && scope.error().code != ErrorCode::OnHold)
                return done(scope.error());
            if (scope && failed(confirm(m_input.yes, question(*scope))))
                return;
            erase();
        });
    }

private:
    [[nodiscard]] std::string question(const ErasureScope &scope) const
    {
        return "This erases " + counted(m_target.conversations.size(), "conversation") + " with "
               + counted(std::size_t(scope.messages), "message") + " and "
               + counted(std::size_t(scope.attachments), "attachment") + " for good. It cannot be undone. Go on?";
    }

    void erase()
    {
        whenReady(this, session().erasures().erase(m_target), [this](const Result<ErasureScope> &erased) {
            if (failed(erased))
                return;
            report(*erased);
            done();
        });
    }

    void report(const ErasureScope &erased)
    {
        QJsonArray backups;
        std::string shown = "Erased: " + counted(std::size_t(erased.messages), "message") + " and "
                            + counted(std::size_t(erased.attachments), "attachment") + ".\n";
        if (!erased.backups.empty())
            shown += "These backups still hold the text:\n";
        for (const BackupWithText &backup : erased.backups) {
            backups.append(QJsonObject{{"id", QString::fromStdString(backup.id)},
                                       {"path", QString::fromStdString(backup.path)},
                                       {"created", QString::fromStdString(rfc3339(backup.createdMs))}});
            shown += "  " + rfc3339(backup.createdMs) + "  " + backup.path + "\n";
        }
        output().result({{"conversations", idList(m_target.conversations)},
                         {"messages", erased.messages},
                         {"attachments", erased.attachments},
                         {"final", m_input.final},
                         {"backups", backups}},
                        shown);
    }

    EraseInput m_input;
    ErasureTarget m_target;
};

struct MoveInput {
    std::vector<std::string> conversations;
    std::string folder;
};

class MoveCommand final : public VaultCommand {
public:
    MoveCommand(Context &context, MoveInput input) : VaultCommand(context), m_input(std::move(input)) {}

protected:
    void run(Session &session) override
    {
        const auto ids = conversationsOf(m_input.conversations);
        const auto folder = m_input.folder.empty() ? Result<FolderId>(FolderId())
                                                   : idArgument<FolderId>(m_input.folder, "folder", "folder list");
        if (failed(ids) || failed(folder))
            return;
        whenReady(this, session.vault().folders().place(*ids, *folder), [this, ids](const Status &moved) {
            if (failed(moved))
                return;
            output().result({{"moved", idList(*ids)},
                             {"folder", m_input.folder.empty() ? QJsonValue()
                                                               : QJsonValue(QString::fromStdString(m_input.folder))}},
                            counted(ids->size(), "conversation") + " moved.\n");
            done();
        });
    }

private:
    MoveInput m_input;
};

template <class Made, class Input>
void chooses(CLI::App *command, CommandFactory &chosen, const std::shared_ptr<Input> &input)
{
    command->callback(
        [&chosen, input] { chosen = [input](Context &context) { return std::make_unique<Made>(context, *input); }; });
}

} // namespace

void addConversationRemoval(CLI::App &conversation, CommandFactory &chosen)
{
    const auto deleted = std::make_shared<std::vector<std::string>>();
    CLI::App *command = conversation.add_subcommand("delete", "Move conversations to the bin; this can be undone");
    command->add_option("ID", *deleted)->required();
    chooses<DeleteCommand>(command, chosen, deleted);

    const auto restored = std::make_shared<std::vector<std::string>>();
    command = conversation.add_subcommand("restore", "Bring deleted conversations back");
    command->add_option("ID", *restored)->required();
    chooses<RestoreCommand>(command, chosen, restored);

    const auto erased = std::make_shared<EraseInput>();
    command = conversation.add_subcommand("erase", "Remove conversations or messages for good; this cannot be undone");
    command->add_option("ID", erased->conversations);
    command->add_option("--message", erased->messages, "A message; those below it must be named, too")
        ->type_name("ID")
        ->expected(1)
        ->take_all();
    command->add_flag("--final", erased->final,
                      "Give the vault another key, too, so that old pages on the disk say nothing");
    command->add_flag("--yes", erased->yes, "Do not ask");
    chooses<EraseCommand>(command, chosen, erased);

    const auto moved = std::make_shared<MoveInput>();
    command = conversation.add_subcommand("move", "Put conversations into a folder, or into none");
    command->add_option("ID", moved->conversations)->required();
    command->add_option("--folder", moved->folder, "The folder; none without it")->type_name("ID");
    chooses<MoveCommand>(command, chosen, moved);
}

} // namespace tramontane::ctl
