// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/commands.h"
#include "app/main/ctl/model_json.h"
#include "app/main/ctl/table.h"

#include <CLI/CLI.hpp>
#include <QFileInfo>
#include <QJsonArray>

namespace tramontane::ctl {
namespace {

class ModelImportCommand final : public VaultCommand {
public:
    ModelImportCommand(Context &context, std::string file) : VaultCommand(context), m_file(std::move(file)) {}

protected:
    void run(Session &session) override
    {
        whenReady(this, session.models().importFile(m_file), [this](const Result<ModelRef> &model) {
            if (failed(model))
                return;
            output().result(modelJson(*model),
                            "The model is in the catalogue. Its file stays where it is.\n" + modelText(*model));
            done();
        });
    }

private:
    std::string m_file;
};

class ModelListCommand final : public VaultCommand {
public:
    using VaultCommand::VaultCommand;

protected:
    void run(Session &session) override
    {
        QJsonArray items;
        Table table({"NAME", "KIND", "QUANT", "SIZE", "SHA-256", "FILE"});
        for (const ModelStatus &status : session.models().models()) {
            const ModelDescription &d = status.model.description;
            items.append(modelJson(status.model));
            table.add({d.name, kindName(d.kind), d.quantisation, fileSize(d.fileBytes), d.sha256.substr(0, 12),
                       status.model.path});
        }
        const std::string text =
            items.isEmpty() ? "No models yet. Add one with: tramontanectl model import FILE\n" : table.text();
        output().result({{"items", items}, {"next", QJsonValue()}}, text);
        done();
    }
};

class ModelInfoCommand final : public VaultCommand {
public:
    ModelInfoCommand(Context &context, std::string name) : VaultCommand(context), m_name(std::move(name)) {}

protected:
    void run(Session &session) override
    {
        const Result<ModelRef> model = session.models().resolve(m_name);
        if (failed(model))
            return;
        output().result(modelJson(*model), modelText(*model));
        done();
    }

private:
    std::string m_name;
};

/// Of a file, without a vault: it is only read, in the sandbox.
class ModelFileInfoCommand final : public Command {
public:
    ModelFileInfoCommand(Context &context, std::string file) : Command(context), m_file(std::move(file)) {}

    void start() override
    {
        const std::string path = QFileInfo(QString::fromStdString(m_file)).absoluteFilePath().toStdString();
        whenReady(this, context().parts.inspector().inspect(path),
                  [this, path](const Result<ModelDescription> &description) {
                      if (!description)
                          return finish(description.error());
                      const ModelRef model{{}, path, *description, 0};
                      output().result(modelJson(model), modelText(model));
                      finish();
                  });
    }

private:
    std::string m_file;
};

std::unique_ptr<Command> makeInfo(Context &context, const std::string &what)
{
    if (QFileInfo(QString::fromStdString(what)).exists() || what.ends_with(".gguf"))
        return std::make_unique<ModelFileInfoCommand>(context, what);
    return std::make_unique<ModelInfoCommand>(context, what);
}

} // namespace

void addModelCommands(CLI::App &app, CommandFactory &chosen)
{
    CLI::App *model = app.add_subcommand("model", "The catalogue of model files");
    model->require_subcommand(1);
    const auto file = std::make_shared<std::string>();
    CLI::App *import = model->add_subcommand("import", "Check a GGUF file in the sandbox and add it to the catalogue");
    import->add_option("FILE", *file, "The model file; it stays where it is")->required();
    import->callback([&chosen, file] {
        chosen = [file](Context &context) { return std::make_unique<ModelImportCommand>(context, *file);
};
} // namespace tramontane::ctl
);
model->add_subcommand("list", "What is in the catalogue")->callback([&chosen] {
    chosen = [](Context &context) { return std::make_unique<ModelListCommand>(context); };
});
const auto what = std::make_shared<std::string>();
CLI::App *info = model->add_subcommand("info", "All that is known of one model");
info->add_option("MODEL", *what, "A file (no vault is needed), or id, name or SHA-256 of a model in the catalogue")
    ->required();
info->callback([&chosen, what] { chosen = [what](Context &context) { return makeInfo(context, *what); }; });
}

} // namespace tramontane::ctl
