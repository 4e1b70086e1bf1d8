// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/commands.h"
#include "app/main/ctl/conversation_argument.h"

#include <CLI/CLI.hpp>
#include <QFile>
#include <QSaveFile>

namespace tramontane::ctl {
namespace {

struct ExportInput {
    std::string id;
    std::string format = "md";
    std::string file;
};

/// A new file that only its owner can read: it holds in plain text what the vault keeps encrypted.
Status writeNewFile(const QString &path, const std::string &text)
{
    if (QFile::exists(path))
        return Error{ErrorCode::InvalidArgument,
                     "Not exported: \"" + path.toStdString() + "\" exists already and was not changed.",
                     {}};
    QSaveFile file(path);
    const bool written = file.open(QFile::WriteOnly) && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner)
                         && file.write(text.data(), qint64(text.size())) == qint64(text.size()) && file.commit();
    if (!written)
        return Error{ErrorCode::IoFailed,
                     "The export could not be written to \"" + path.toStdString()
                         + "\": " + file.errorString().toStdString() + ". No file was left.",
                     {}};
    return {};
}

class ConversationExportCommand final : public VaultCommand {
public:
    ConversationExportCommand(Context &context, ExportInput input) : VaultCommand(context), m_input(std::move(input)) {}

protected:
    void run(Session &session) override
    {
        const auto id = conversationArgument(m_input.id);
        if (failed(id))
            return;
        const ExportFormat format = m_input.format == "json" ? ExportFormat::Json : ExportFormat::Markdown;
        whenReady(this, session.conversations().exportText(*id, format), [this](const Result<std::string> &text) {
            if (failed(text))
                return;
            if (m_input.file.empty())
                print(*text);
            else
                save(*text);
        });
    }

private:
    void print(const std::string &text)
    {
        const bool wrap = output().json() && m_input.format != "json";
        if (wrap)
            output().result(result(text.size(), {{"text", QString::fromStdString(text)}}), {});
        else
            output().raw(text);
        done();
    }

    void save(const std::string &text)
    {
        if (const Status written = writeNewFile(QString::fromStdString(m_input.file), text); failed(written))
            return;
        output().result(result(text.size(), {{"file", QString::fromStdString(m_input.file)}}),
                        "Exported to " + m_input.file + "\nThis file is not encrypted.\n");
        done();
    }

    [[nodiscard]] QJsonObject result(std::size_t bytes, QJsonObject object) const
    {
        object.insert("conversation", QString::fromStdString(m_input.id));
        object.insert("format", QString::fromStdString(m_input.format));
        object.insert("bytes", qint64(bytes));
        return object;
    }

    ExportInput m_input;
};

} // namespace

void addConversationExport(CLI::App &conversation, CommandFactory &chosen)
{
    const auto input = std::make_shared<ExportInput>();
    CLI::App *command =
        conversation.add_subcommand("export", "Write the shown branch of one conversation as plain text");
    command->add_option("ID", input->id)->required();
    command->add_option("--format", input->format, "md or json")
        ->check(CLI::IsMember({"md", "json"}))
        ->type_name("md|json");
    command->add_option("--output", input->file, "A new file; standard output without it")->type_name("FILE");
    command->callback([&chosen, input] {
        chosen = [input](Context &context) { return std::make_unique<ConversationExportCommand>(context, *input); };
    });
}

} // namespace tramontane::ctl
