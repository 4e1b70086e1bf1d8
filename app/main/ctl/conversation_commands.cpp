// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/commands.h"
#include "app/main/ctl/conversation_argument.h"
#include "app/main/ctl/table.h"

#include "app/services/conversation_json.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

namespace tramontane::ctl {
namespace {

constexpr int kMostItems = 1'000'000;

class ConversationListCommand final : public VaultCommand {
public:
    ConversationListCommand(Context &context, int limit, int offset, bool deleted)
        : VaultCommand(context), m_limit(limit), m_offset(offset), m_deleted(deleted)
    {
    }

protected:
    void run(Session &session) override
    {
        // One more than asked for tells whether there is a next page.
        const int wanted = m_limit > 0 ? m_limit + 1 : 0;
        whenReady(this,
                  m_deleted ? session.erasures().bin(wanted, m_offset) : session.conversations().list(wanted, m_offset),
                  [this](Result<std::vector<Conversation>> found) {
                      if (!failed(found))
                          show(std::move(*found));
                  });
    }

private:
    void show(std::vector<Conversation> all)
    {
        const bool more = m_limit > 0 && std::ssize(all) > m_limit;
        if (more)
            all.pop_back();
        QJsonArray items;
        Table table({"ID", m_deleted ? "DELETED (UTC)" : "UPDATED (UTC)", "TITLE"});
        for (const Conversation &conversation : all) {
            items.append(toJson(conversation));
            table.add({conversation.id.text(), shortTime(conversation.deletedMs.value_or(conversation.updatedMs)),
                       conversation.title});
        }
        output().result({{"items", items}, {"next", more ? QJsonValue(m_offset + m_limit) : QJsonValue()}},
                        !all.empty() ? table.text()
                        : m_deleted  ? "The bin is empty.\n"
                                     : "No conversations yet.\n");
        done();
    }

    int m_limit = 0;
    int m_offset = 0;
    bool m_deleted = false;
};

class ConversationShowCommand final : public VaultCommand {
public:
    ConversationShowCommand(Context &context, std::string id) : VaultCommand(context), m_text(std::move(id)) {}

protected:
    void run(Session &session) override
    {
        const auto id = conversationArgument(m_text);
        if (failed(id))
            return;
        const auto thread = andThen(this, session.conversations().find(*id), [this, &session](Conversation found) {
            m_conversation = std::move(found);
            return session.conversations().thread(m_conversation.id);
        });
        whenReady(this, thread, [this](const Result<std::vector<Message>> &messages) {
            if (!failed(messages))
                show(*messages);
        });
    }

private:
    void show(const std::vector<Message> &messages)
    {
        QJsonArray items;
        std::string shown = m_conversation.title + "\n";
        if (!m_conversation.systemPrompt.empty())
            shown += "\nSystem\n" + m_conversation.systemPrompt + "\n";
        for (const Message &message : messages) {
            items.append(toJson(message));
            shown +=
                "\n" + std::string(message.role == Role::User ? "You" : "Answer") + ", " + shortTime(message.createdMs);
            if (message.state != MessageState::Complete)
                shown += ", " + std::string(messageStateName(message.state));
            if (message.versions > 1)
                shown += ", one of " + std::to_string(message.versions) + " versions";
            shown += "\n";
            for (const Block &block : message.blocks)
                shown += block.text + "\n";
        }
        output().result({{"conversation", toJson(m_conversation)}, {"messages", items}}, shown);
        done();
    }

    std::string m_text;
    Conversation m_conversation;
};

} // namespace

void addConversationCommands(CLI::App &app, CommandFactory &chosen)
{
    CLI::App *conversation = app.add_subcommand("conversation", "What was said");
    conversation->require_subcommand(1);

    struct Page {
        int limit = 0;
        int offset = 0;
        bool deleted = false;
    };
    const auto page = std::make_shared<Page>();
    CLI::App *list = conversation->add_subcommand("list", "All conversations, newest first");
    list->add_option("--limit", page->limit, "At most this many; 0 is all")
        ->type_name("N")
        ->check(CLI::Range(0, kMostItems));
    list->add_option("--offset", page->offset, "Leave out the first ones")
        ->type_name("N")
        ->check(CLI::Range(0, kMostItems));
    list->add_flag("--deleted", page->deleted, "What lies in the bin instead, newest deletion first");
    list->callback([&chosen, page] {
        chosen = [page](Context &context) {
            return std::make_unique<ConversationListCommand>(context, page->limit, page->offset, page->deleted);
        };
    });

    const auto id = std::make_shared<std::string>();
    CLI::App *show = conversation->add_subcommand("show", "The shown branch of one conversation");
    show->add_option("ID", *id)->required();
    show->callback([&chosen, id] {
        chosen = [id](Context &context) { return std::make_unique<ConversationShowCommand>(context, *id); };
    });

    addConversationSearch(*conversation, chosen);
    addConversationExport(*conversation, chosen);
    addConversationRemoval(*conversation, chosen);
}

} // namespace tramontane::ctl
