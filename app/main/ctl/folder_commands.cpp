// SPDX-License-Identifier: Apache-2.0
// folder list, create, rename, move, delete; label list, set.
#include "app/main/ctl/commands.h"
#include "app/main/ctl/conversation_argument.h"
#include "app/main/ctl/id_arguments.h"
#include "app/main/ctl/table.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

#include <map>

namespace tramontane::ctl {
namespace {

QString text(const std::string &value)
{
    return QString::fromStdString(value);
}

QJsonObject folderJson(const Folder &folder)
{
    return {{"id", text(folder.id.text())},
            {"parent", folder.parent.isNull() ? QJsonValue() : QJsonValue(text(folder.parent.text()))},
            {"name", text(folder.name)},
            {"conversations", folder.conversations}};
}

Result<FolderId> folderArgument(const std::string &given)
{
    return idArgument<FolderId>(given, "folder", "folder list");
}

struct FolderInput {
    std::string folder;
    std::string parent; // empty: the top
    std::string name;
};

/// Does one thing with folders, then shows them all.
class FolderCommand final : public VaultCommand {
public:
    using Act =
        std::function<Async<void>(FolderRepository &, FolderId folder, FolderId parent, const std::string &name)>;
    FolderCommand(Context &context, FolderInput input, Act act)
        : VaultCommand(context), m_input(std::move(input)), m_act(std::move(act))
    {
    }

protected:
    void run(Session &session) override
    {
        const auto folder = m_input.folder.empty() ? Result<FolderId>(FolderId()) : folderArgument(m_input.folder);
        const auto parent = m_input.parent.empty() ? Result<FolderId>(FolderId()) : folderArgument(m_input.parent);
        if (failed(folder) || failed(parent))
            return;
        FolderRepository &folders = session.vault().folders();
        const auto all =
            andThen(this, m_act(folders, *folder, *parent, m_input.name), [&folders] { return folders.list(); });
        whenReady(this, all, [this](const Result<std::vector<Folder>> &found) {
            if (!failed(found))
                show(*found);
        });
    }

private:
    void show(const std::vector<Folder> &folders)
    {
        QJsonArray items;
        Table table({"ID", "CONVERSATIONS", "NAME"});
        std::map<FolderId, std::string> paths;
        for (const Folder &folder : folders) {
            items.append(folderJson(folder));
            const auto above = paths.find(folder.parent);
            paths[folder.id] = (above == paths.end() ? "" : above->second + " / ") + folder.name;
            table.add({folder.id.text(), std::to_string(folder.conversations), paths[folder.id]});
        }
        output().result({{"items", items}, {"next", QJsonValue()}},
                        folders.empty() ? "No folders yet.\n" : table.text());
        done();
    }

    FolderInput m_input;
    Act m_act;
};

void addFolderCommand(CLI::App *command, CommandFactory &chosen, const std::shared_ptr<FolderInput> &input,
                      FolderCommand::Act act)
{
    command->callback([&chosen, input, act = std::move(act)] {
        chosen = [input, act](Context &context) { return std::make_unique<FolderCommand>(context, *input, act); };
    });
}

struct LabelInput {
    std::string conversation;
    std::vector<std::string> names;
    bool set = false;
};

class LabelCommand final : public VaultCommand {
public:
    LabelCommand(Context &context, LabelInput input) : VaultCommand(context), m_input(std::move(input)) {}

protected:
    void run(Session &session) override
    {
        FolderRepository &folders = session.vault().folders();
        if (m_input.conversation.empty())
            return whenReady(this, folders.labels(), [this](const Result<std::vector<Label>> &all) { show(all); });
        const auto id = conversationArgument(m_input.conversation);
        if (failed(id))
            return;
        whenReady(this, m_input.set ? folders.setLabels(*id, m_input.names) : folders.labelsOf(*id),
                  [this](const Result<std::vector<Label>> &labels) { show(labels); });
    }

private:
    void show(const Result<std::vector<Label>> &labels)
    {
        if (failed(labels))
            return;
        QJsonArray items;
        Table table({"CONVERSATIONS", "LABEL"});
        for (const Label &label : *labels) {
            items.append(QJsonObject{
                {"id", text(label.id.text())}, {"name", text(label.name)}, {"conversations", label.conversations}});
            table.add({std::to_string(label.conversations), label.name});
        }
        output().result({{"items", items}, {"next", QJsonValue()}}, labels->empty() ? "No labels.\n" : table.text());
        done();
    }

    LabelInput m_input;
};

void addFolders(CLI::App &app, CommandFactory &chosen)
{
    CLI::App *folder = app.add_subcommand("folder", "Where conversations lie");
    folder->require_subcommand(1);
    const auto input = std::make_shared<FolderInput>();
    addFolderCommand(folder->add_subcommand("list", "All folders"), chosen, input,
                     [](FolderRepository &, FolderId, FolderId, const std::string &) { return ready<void>({}); });

    CLI::App *command = folder->add_subcommand("create", "Make a folder");
    command->add_option("NAME", input->name)->required();
    command->add_option("--into", input->parent, "The folder that it lies in; the top without it")->type_name("ID");
    addFolderCommand(command, chosen, input,
                     [](FolderRepository &folders, FolderId, FolderId parent, const std::string &name) -> Async<void> {
                         return folders.create(parent, name).then([](const Result<Folder> &made) {
                             return made ? Status() : Status(made.error());
                         });
                     });

    command = folder->add_subcommand("rename", "Give a folder another name");
    command->add_option("ID", input->folder)->required();
    command->add_option("NAME", input->name)->required();
    addFolderCommand(command, chosen, input,
                     [](FolderRepository &folders, FolderId id, FolderId, const std::string &name) {
                         return folders.rename(id, name);
                     });

    command = folder->add_subcommand("move", "Put a folder into another one, or to the top");
    command->add_option("ID", input->folder)->required();
    command->add_option("--into", input->parent, "The folder that it lies in then; the top without it")
        ->type_name("ID");
    addFolderCommand(command, chosen, input,
                     [](FolderRepository &folders, FolderId id, FolderId parent, const std::string &) {
                         return folders.move(id, parent);
                     });

    command = folder->add_subcommand("delete", "Remove a folder; what lies in it moves to the folder above");
    command->add_option("ID", input->folder)->required();
    addFolderCommand(command, chosen, input, [](FolderRepository &folders, FolderId id, FolderId, const std::string &) {
        return folders.remove(id);
    });
}

} // namespace

void addFolderCommands(CLI::App &app, CommandFactory &chosen)
{
    addFolders(app, chosen);
    CLI::App *label = app.add_subcommand("label", "Words that conversations are marked with");
    label->require_subcommand(1);
    const auto input = std::make_shared<LabelInput>();
    CLI::App *list = label->add_subcommand("list", "All labels, or those of one conversation");
    list->add_option("CONVERSATION", input->conversation);
    CLI::App *set = label->add_subcommand("set", "Give a conversation exactly these labels");
    set->add_option("CONVERSATION", input->conversation)->required();
    set->add_option("NAME", input->names, "None takes all away");
    list->callback([&chosen, input] {
        chosen = [input](Context &context) { return std::make_unique<LabelCommand>(context, *input); };
    });
    set->callback([&chosen, input] {
        input->set = true;
        chosen = [input](Context &context) { return std::make_unique<LabelCommand>(context, *input); };
    });
}

} // namespace tramontane::ctl
