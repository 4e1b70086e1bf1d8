// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/commands.h"
#include "app/main/ctl/text_input.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

namespace tramontane::ctl {
namespace {

struct EmbedInput {
    std::string model;
    std::vector<std::string> texts;
    std::string pooling = "model";
    std::string normalise = "l2";
    EmbeddingOptions options;
};

/// "none", "max", "l1", "l2", "l3", …
std::optional<Normalisation> normalisationFrom(const std::string &text)
{
    using Method = Normalisation::Method;
    if (text == "none")
        return Normalisation{Method::None};
    if (text == "max")
        return Normalisation{Method::MaxAbs};
    bool isNumber = false;
    const int p = QString::fromStdString(text).mid(1).toInt(&isNumber);
    const Normalisation norm{Method::PNorm, p};
    return text.starts_with('l') && isNumber && isInRange(norm) ? std::optional(norm) : std::nullopt;
}

Status readOptions(EmbedInput &input)
{
    const auto pooling = poolingFromName(input.pooling);
    if (!pooling) {
        return Error{ErrorCode::Usage,
                     input.pooling == "none"
                         ? "Nothing was run: a text gets one vector. Choose a pooling: model, mean, cls or last."
                         : "Nothing was run: --pooling is model, mean, cls or last.",
                     {}};
    }
    const auto norm = normalisationFrom(input.normalise);
    if (!norm) {
        return Error{ErrorCode::Usage,
                     "Nothing was run: --normalise is l2, l1, any l3 to l" + std::to_string(kLargestNorm)
                         + ", max or none.",
                     {}};
    }
    input.options = {*pooling, *norm};
    return {};
}

class EmbedCommand final : public VaultCommand {
public:
    EmbedCommand(Context &context, EmbedInput input) : VaultCommand(context), m_input(std::move(input)) {}

protected:
    Status prepare() override
    {
        const Status options = readOptions(m_input);
        return options ? readTexts(m_input.texts) : options;
    }
    void run(Session &session) override
    {
        const Result<ModelRef> model = m_input.model.empty() ? session.models().defaultModel(ModelKind::Embedding)
                                                             : session.models().resolve(m_input.model);
        if (failed(model))
            return;
        const auto vectors = session.embeddings().embed(model->id, m_input.texts, m_input.options);
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
    embed->add_option("TEXT", input->texts, "The texts; a single - takes each line of standard input")->required();
    embed->add_option("-m,--model", input->model, "An embedding model")->type_name("MODEL");
    embed
        ->add_option(
            "--pooling", input->pooling,
            "How a text's tokens become one vector: model (as its file says), mean, cls (the first token), last")
        ->type_name("POOLING")
        ->capture_default_str();
    embed
        ->add_option("--normalise", input->normalise,
                     "What a vector is divided by: l2 (its Euclidean length), l1, any other l3 to l64, max (to fit "
                     "16-bit integers), none")
        ->type_name("NORM")
        ->capture_default_str();
    embed->callback([&chosen, input] {
        chosen = [input](Context &context) { return std::make_unique<EmbedCommand>(context, *input); };
    });
}

} // namespace tramontane::ctl
