// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/model_folders.h"

#include "app/main/ctl/commands.h"
#include "app/main/ctl/table.h"

#include <CLI/CLI.hpp>
#include <QDir>
#include <QFileInfo>
#include <QJsonArray>

namespace tramontane::ctl {
namespace {

/// The folders where model files may lie for everybody, and what lies there. Nothing is opened.
class ModelFoldersCommand final : public Command {
public:
    using Command::Command;

    void start() override
    {
        QJsonArray items;
        Table table({"SIZE", "FILE"});
        const QStringList folders = context().parts.modelFolders();
        for (const QString &folder : folders) {
            QJsonArray files;
            const auto entries = QDir(folder).entryInfoList({"*.gguf"}, QDir::Files | QDir::Readable, QDir::Name);
            for (const QFileInfo &file : entries) {
                files.append(QJsonObject{{"path", file.absoluteFilePath()}, {"bytes", file.size()}});
                table.add({fileSize(file.size()), file.absoluteFilePath().toStdString()});
            }
            items.append(QJsonObject{{"path", folder}, {"files", files}});
        }
        const std::string none =
            "There are no model folders. One is made with: mkdir -p ~/.local/share/tramontane/models\n";
        output().result({{"items", items}, {"next", QJsonValue()}},
                        folders.isEmpty() ? none : folders.join('\n').toStdString() + "\n" + table.text());
        finish();
    }
};

} // namespace

std::string inModelFolders(const std::string &file, const QStringList &folders)
{
    const QString name = QString::fromStdString(file);
    const QFileInfo given(name);
    if (!given.exists() && !name.contains('/') && !name.contains('\\')) {
        for (const QString &folder : folders) {
            if (QFileInfo(QDir(folder).filePath(name)).isFile())
                return QDir(folder).absoluteFilePath(name).toStdString();
        }
    }
    return given.absoluteFilePath().toStdString();
}

void addModelFoldersCommand(CLI::App &model, CommandFactory &chosen)
{
    model.add_subcommand("folders", "Where shared model files lie; they are only read")->callback([&chosen] {
        chosen = [](Context &context) { return std::make_unique<ModelFoldersCommand>(context); };
    });
}

} // namespace tramontane::ctl
