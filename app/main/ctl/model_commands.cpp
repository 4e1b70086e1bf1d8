// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/commands.h"
#include "app/main/ctl/model_folders.h"
#include "app/main/ctl/model_json.h"
#include "app/main/ctl/model_known.h"
#include "app/main/ctl/projector_file.h"
#include "app/main/ctl/table.h"

#include <CLI/CLI.hpp>
#include <QFileInfo>
#include <QJsonArray>

namespace tramontane::ctl {
namespace {

bool looksLikeFile(const std::string &what)
{
    return QFileInfo(QString::fromStdString(what)).exists() || what.ends_with(".gguf");
}

class ModelImportCommand final : public VaultCommand {
public:
    ModelImportCommand(Context &context, std::string file) : VaultCommand(context), m_file(std::move(file)) {}

protected:
    void run(Session &session) override
    {
        const std::string path = inModelFolders(m_file, context().parts.modelFolders());
        whenReady(this, session.models().importFile(path), [this](const Result<ModelRef> &model) {
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
        Table table({"NAME", "KIND", "QUANT", "SIZE", "SHA-256", "FILE", "PROJECTOR"});
        for (const ModelStatus &status : session.models().models()) {
            const ModelDescription &d = status.model.description;
            const QStringList eyes = d.kind == ModelKind::Chat ? projectorsBeside(status.model.path) : QStringList();
            QJsonObject json = modelJson(status.model);
            json.insert("projector", eyes.size() == 1 ? QJsonValue(eyes.front()) : QJsonValue());
            items.append(json);
            table.add({d.name, std::string(modelKindName(d.kind)), d.quantisation, fileSize(d.fileBytes),
                       d.sha256.substr(0, 12), status.model.path,
                       eyes.size() == 1 ? QFileInfo(eyes.front()).fileName().toStdString() : std::string()});
        }
        const std::string text =
            items.isEmpty() ? "No models yet. Add one with: tramontanectl model import FILE\n" : table.text();
        output().result({{"items", items}, {"next", QJsonValue()}}, text);
        done();
    }
};

/// Of a model in the catalogue: the file is read anew, so that what is said is true now.
class ModelInfoCommand final : public VaultCommand {
public:
    ModelInfoCommand(Context &context, std::string name) : VaultCommand(context), m_name(std::move(name)) {}

protected:
    void run(Session &session) override
    {
        const Result<ModelRef> found = session.models().resolve(m_name);
        if (failed(found))
            return;
        whenReady(this, context().parts.inspector().inspect(found->path),
                  [this, model = *found](const Result<ModelDescription> &seen) mutable {
                      const QString state = fileState(model.description, seen);
                      if (state == "unchanged")
                          model.description.facts = seen->facts;
                      QJsonObject json = modelJson(model);
                      json.insert("file_state", state);
                      addKnown(json, model.description);
                      output().result(json, modelText(model) + knownText(model.description)
                                                + properties({{"File now", state.toStdString()}}));
                      done();
                  });
    }

private:
    static QString fileState(const ModelDescription &catalogued, const Result<ModelDescription> &seen)
    {
        if (seen)
            return seen->sha256 == catalogued.sha256 ? "unchanged" : "changed";
        return seen.error().code == ErrorCode::ModelNotFound ? "missing" : "unreadable";
    }

    std::string m_name;
};

/// Of a file, without a vault: it is only read, in the sandbox.
class ModelFileInfoCommand final : public Command {
public:
    ModelFileInfoCommand(Context &context, std::string file) : Command(context), m_file(std::move(file)) {}

    void start() override
    {
        const std::string path = inModelFolders(m_file, context().parts.modelFolders());
        whenReady(this, context().parts.inspector().inspect(path),
                  [this, path](const Result<ModelDescription> &description) {
                      if (!description)
                          return finish(description.error());
                      const ModelRef model{{}, path, *description, 0};
                      QJsonObject json = modelJson(model);
                      addKnown(json, *description);
                      output().result(json, modelText(model) + knownText(*description));
                      finish();
                  });
    }

private:
    std::string m_file;
};

class ModelVerifyCommand final : public VaultCommand {
public:
    ModelVerifyCommand(Context &context, std::string name) : VaultCommand(context), m_name(std::move(name)) {}

protected:
    void run(Session &session) override
    {
        const Result<ModelRef> found = session.models().resolve(m_name);
        if (failed(found))
            return;
        whenReady(this, session.models().verify(found->id),
                  [this, model = *found](const Result<ModelDescription> &seen) {
                      if (failed(seen))
                          return;
                      output().result({{"id", QString::fromStdString(model.id.text())},
                                       {"sha256", QString::fromStdString(seen->sha256)},
                                       {"bytes", qint64(seen->fileBytes)},
                                       {"unchanged", true}},
                                      "The file is the one that was imported.\n");
                      done();
                  });
    }

private:
    std::string m_name;
};

class ModelRemoveCommand final : public VaultCommand {
public:
    ModelRemoveCommand(Context &context, std::string name) : VaultCommand(context), m_name(std::move(name)) {}

protected:
    void run(Session &session) override
    {
        const Result<ModelRef> found = session.models().resolve(m_name);
        if (failed(found))
            return;
        whenReady(this, session.models().remove(found->id), [this, model = *found](const Status &removed) {
            if (failed(removed))
                return;
            output().result({{"id", QString::fromStdString(model.id.text())},
                             {"path", QString::fromStdString(model.path)},
                             {"removed", true}},
                            "The model is no longer in the catalogue. Its file stays where it is.\n");
            done();
        });
    }

private:
    std::string m_name;
};

/// `model NAME WHAT` whose command takes one text.
template <class MakeCommand>
void addOne(CLI::App *model, CommandFactory &chosen, const char *name, const char *meaning, const char *option,
            const char *optionMeaning, MakeCommand make)
{
    const auto what = std::make_shared<std::string>();
    CLI::App *command = model->add_subcommand(name, meaning);
    command->add_option(option, *what, optionMeaning)->required();
    command->callback([&chosen, what, make] {
        chosen = [what, make](Context &context) -> std::unique_ptr<Command> { return make(context, *what); };
    });
}

} // namespace

void addModelCommands(CLI::App &app, CommandFactory &chosen)
{
    CLI::App *model = app.add_subcommand("model", "The catalogue of model files");
    model->require_subcommand(1);
    const char *file = "A file, or the name of one in the model folders; it stays where it is";
    const char *entry = "Id, name or SHA-256 of a model in the catalogue";
    addOne(model, chosen, "import", "Check a GGUF file in the sandbox and add it to the catalogue", "FILE", file,
           [](Context &c, const std::string &what) { return std::make_unique<ModelImportCommand>(c, what); });
    model->add_subcommand("list", "What is in the catalogue")->callback([&chosen] {
        chosen = [](Context &context) { return std::make_unique<ModelListCommand>(context); };
    });
    addOne(model, chosen, "info", "All that is known of one model", "MODEL",
           "A file (no vault is needed), or id, name or SHA-256 of a model in the catalogue",
           [](Context &c, const std::string &what) -> std::unique_ptr<Command> {
               if (looksLikeFile(what))
                   return std::make_unique<ModelFileInfoCommand>(c, what);
               return std::make_unique<ModelInfoCommand>(c, what);
           });
    addOne(model, chosen, "verify", "Read a model file again and compare it with the catalogue", "MODEL", entry,
           [](Context &c, const std::string &what) { return std::make_unique<ModelVerifyCommand>(c, what); });
    addOne(model, chosen, "remove", "Take a model out of the catalogue; its file stays", "MODEL", entry,
           [](Context &c, const std::string &what) { return std::make_unique<ModelRemoveCommand>(c, what); });
    addModelFoldersCommand(*model, chosen);
    addModelPlanCommand(*model, chosen);
    addModelManifestCommands(*model, chosen);
}

} // namespace tramontane::ctl
