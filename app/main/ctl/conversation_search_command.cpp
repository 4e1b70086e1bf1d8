// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/commands.h"
#include "app/main/ctl/table.h"
#include "app/main/ctl/time_argument.h"

#include "app/core/clock.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

namespace tramontane::ctl {
namespace {

struct SearchInput {
    SearchQuery query;
    std::string from;
    std::string to;
};

/// A snippet without the marks around what was found, and where they were: pairs of characters (code points), the second
/// not included.
struct PlainSnippet {
    QString text;
    QJsonArray marks;
};

PlainSnippet plainSnippet(const std::string &snippet)
{
    PlainSnippet out;
    int position = 0;
    int from = 0;
    for (const char32_t c : QString::fromStdString(snippet).toUcs4()) {
        if (c == U'\x02') {
            from = position;
        } else if (c == U'\x03') {
            out.marks.append(QJsonObject{{"from", from}, {"to", position}});
        } else {
            out.text += QString::fromUcs4(&c, 1);
            ++position;
        }
    }
    return out;
}

/// One line for a table, with what was found in brackets.
std::string bracketed(const std::string &snippet)
{
    QString text = QString::fromStdString(snippet).simplified();
    return text.replace(u'\x02', u'[').replace(u'\x03', u']').toStdString();
}

QJsonObject hitJson(const SearchHit &hit)
{
    const PlainSnippet snippet = plainSnippet(hit.snippet);
    const bool inTitle = hit.message.isNull();
    return {{"conversation", QString::fromStdString(hit.conversation.text())},
            {"message", inTitle ? QJsonValue() : QJsonValue(QString::fromStdString(hit.message.text()))},
            {"where", inTitle ? "title" : "text"},
            {"title", QString::fromStdString(hit.title)},
            {"text", snippet.text},
            {"marks", snippet.marks},
            {"created", QString::fromStdString(rfc3339(hit.createdMs))}};
}

class ConversationSearchCommand final : public VaultCommand {
public:
    ConversationSearchCommand(Context &context, SearchInput input) : VaultCommand(context), m_input(std::move(input)) {}

protected:
    [[nodiscard]] Status prepare() override
    {
        if (!m_input.from.empty()) {
            const auto from = timeArgument(m_input.from);
            if (!from)
                return from.error();
            m_input.query.fromMs = *from;
        }
        if (!m_input.to.empty()) {
            const auto to = timeArgument(m_input.to, TimeEnd::End);
            if (!to)
                return to.error();
            m_input.query.untilMs = *to;
        }
        return {};
    }

    void run(Session &session) override
    {
        whenReady(this, session.conversations().search(m_input.query), [this](const Result<SearchPage> &page) {
            if (!failed(page))
                show(*page);
        });
    }

private:
    void show(const SearchPage &page)
    {
        QJsonArray items;
        Table table({"CONVERSATION", "WHEN (UTC)", "TITLE", "TEXT"});
        for (const SearchHit &hit : page.hits) {
            items.append(hitJson(hit));
            table.add({hit.conversation.text(), shortTime(hit.createdMs), hit.title, bracketed(hit.snippet)});
        }
        const int next = m_input.query.offset + m_input.query.limit;
        std::string shown = page.hits.empty() ? "Nothing found.\n" : table.text();
        if (page.more)
            shown += "There is more: --offset " + std::to_string(next) + "\n";
        if (page.partial)
            shown += "Very many messages match; only the newest were ranked. Use --from and --to for older ones.\n";
        output().result(
            {{"items", items}, {"next", page.more ? QJsonValue(next) : QJsonValue()}, {"partial", page.partial}},
            shown);
        done();
    }

    SearchInput m_input;
};

} // namespace

void addConversationSearch(CLI::App &conversation, CommandFactory &chosen)
{
    const auto input = std::make_shared<SearchInput>();
    SearchQuery &query = input->query;
    CLI::App *search = conversation.add_subcommand(
        "search", "Find words, \"phrases\" and beginnings* in messages and titles, best first");
    search->add_option("QUERY", query.text)->required();
    search->add_option("--from", input->from, "Said on this date (UTC) or later")->type_name("TIME");
    search->add_option("--to", input->to, "Said on this date (UTC) or before; before this time")->type_name("TIME");
    search
        ->add_option("--model", query.model,
                     "Answers of this model (part of its name, or its SHA-256) and their questions")
        ->type_name("MODEL");
    search->add_option("--folder", query.folder, "In this folder or one inside it")->type_name("NAME|ID");
    search->add_option("--label", query.label, "With this label")->type_name("NAME|ID");
    search->add_option("--limit", query.limit, "At most this many hits")->type_name("N")->check(CLI::Range(1, 10'000));
    search->add_option("--offset", query.offset, "Leave out the first ones")
        ->type_name("N")
        ->check(CLI::Range(0, 1'000'000));
    search->callback([&chosen, input] {
        chosen = [input](Context &context) { return std::make_unique<ConversationSearchCommand>(context, *input); };
    });
}

} // namespace tramontane::ctl
