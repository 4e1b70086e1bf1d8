// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/commands.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

namespace tramontane::ctl {
namespace {

struct EmbedInput {
    std::string model;
    std::vector<std::string> texts;
};

class EmbedCommand final : public VaultCommand {
public:
    EmbedCommand(Context &context, EmbedInput input) : VaultCommand(context), m_input(std::move(input)) {}

protected:
    void run(Session &session) override
    {
        const Result<ModelRef> model = m_input.model.empty() ? session.models().defaultModel(ModelKind::Embedding)
                                                             : session.models().resolve(m_input.model);
        if (failed(model))
            return;
        const auto vectors = session.embeddings().embed(model->id, m_input.texts);
        whenReady(this, vectors,
                  [this, name = model->description.name](const Result<std::vector<std::vector<float>>> &result) {
                      if (!failed(result))
                          show(name, *result);
                  });
    }

private:
    void show(const std::string &model, const std::vector<std::vector<float>> &vectors)
    {
        QJsonArray items;
        std::string lines;
        for (std::size_t i = 0; i < vectors.size(); ++i) {
            QJsonArray vector;
            for (const float value : vectors[i]) {
                vector.append(double(value));
                lines += QString::number(double(value), 'g', 7).toStdString() + " ";
            }
            if (!lines.empty())
                lines.back() = '\n';
            items.append(QJsonObject{{"index", int(i)}, {"vector", vector}});
        }
        const int dimension = vectors.empty() ? 0 : int(vectors.front().size());
        output().result({{"model", QString::fromStdString(model)},
                         {"dimension", dimension},
                         {"items", items},
                         {"next", QJsonValue()}},
                        lines);
        done();
    }

    EmbedInput m_input;
};

} // namespace

void addEmbedCommand(CLI::App &app, CommandFactory &chosen)
{
    const auto input = std::make_shared<EmbedInput>();
    CLI::App *embed = app.add_subcommand("embed", "Vectors of texts, one line each");
    embed->add_option("TEXT", input->texts)->required();
    embed->add_option("-m,--model", input->model, "An embedding model")->type_name("MODEL");
    embed->callback([&chosen, input] {
        chosen = [input](Context &context) { return std::make_unique<EmbedCommand>(context, *input); };
    });
}

} // namespace tramontane::ctl
