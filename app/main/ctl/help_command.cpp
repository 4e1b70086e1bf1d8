// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/commands.h"
#include "app/main/ctl/table.h"
#include "app/main/help/help_pages.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>
#include <QLocale>

namespace tramontane::ctl {
namespace {

struct HelpInput {
    std::string topic;
    std::string language;
};

class HelpCommand final : public Command {
public:
    HelpCommand(Context &context, HelpInput input) : Command(context), m_input(std::move(input)) {}

    void start() override
    {
        const QString language = m_input.language.empty() ? help::languageFor(QLocale::system().name())
                                                          : QString::fromStdString(m_input.language);
        const Status written = m_input.topic.empty() ? showTopics(language) : showPage(language);
        finish(written ? std::nullopt : std::optional<Error>(written.error()));
    }

private:
    Status showTopics(const QString &language)
    {
        QJsonArray items;
        Table table({"TOPIC", "TITLE"});
        for (const QString &topic : help::topics()) {
            const auto page = help::page(topic, language);
            if (!page)
                return page.error();
            items.append(QJsonObject{{"topic", topic}, {"language", language}, {"title", page->title}});
            table.add({topic.toStdString(), page->title.toStdString()});
        }
        output().result(
            {{"items", items}, {"next", QJsonValue()}, {"languages", QJsonArray::fromStringList(help::languages())}},
            table.text());
        return {};
    }

    Status showPage(const QString &language)
    {
        const auto page = help::page(QString::fromStdString(m_input.topic), language);
        if (!page)
            return page.error();
        output().result(
            {{"topic", page->topic}, {"language", page->language}, {"title", page->title}, {"text", page->text}},
            page->text.toStdString());
        return {};
    }

    HelpInput m_input;
};

} // namespace

void addHelpCommand(CLI::App &app, CommandFactory &chosen)
{
    const auto input = std::make_shared<HelpInput>();
    CLI::App *help = app.add_subcommand("help", "Pages in plain words: what is protected, what is not, and what to do");
    help->add_option("TOPIC", input->topic, "Without it, all topics");
    help->add_option("--language", input->language, "de or en; without it, that of the system")->type_name("LANG");
    help->callback([&chosen, input] {
        chosen = [input](Context &context) { return std::make_unique<HelpCommand>(context, *input); };
    });
}

} // namespace tramontane::ctl
