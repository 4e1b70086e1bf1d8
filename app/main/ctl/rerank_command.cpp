// SPDX-License-Identifier: Apache-2.0
#include "app/core/utf8.h"
#include "app/main/ctl/commands.h"
#include "app/main/ctl/text_input.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

#include <algorithm>
#include <numeric>

namespace tramontane::ctl {
namespace {

struct RerankInput {
    std::string model;
    std::string query;
    std::vector<std::string> documents;
    std::size_t top = 0; // 0: all
};

class RerankCommand final : public VaultCommand {
public:
    RerankCommand(Context &context, RerankInput input) : VaultCommand(context), m_input(std::move(input)) {}

protected:
    Status prepare() override
    {
        if (!isUtf8(m_input.query))
            return Error{ErrorCode::InvalidArgument, "Nothing was run: the query is not UTF-8.", {}};
        return readTexts(m_input.documents);
    }
    void run(Session &session) override
    {
        const Result<ModelRef> model = m_input.model.empty() ? session.models().defaultModel(ModelKind::Reranker)
                                                             : session.models().resolve(m_input.model);
        if (failed(model))
            return;
        const auto scores = session.reranking().rerank(model->id, m_input.query, m_input.documents);
        whenReady(this, scores, [this, name = model->description.name](const Result<std::vector<float>> &result) {
            if (!failed(result))
                show(name, *result);
        });
    }

private:
    /// Best first; of equal scores, the earlier document.
    [[nodiscard]] std::vector<std::size_t> order(const std::vector<float> &scores) const
    {
        std::vector<std::size_t> best(scores.size());
        std::iota(best.begin(), best.end(), std::size_t{0});
        std::stable_sort(best.begin(), best.end(), [&](auto a, auto b) { return scores[a] > scores[b]; });
        if (m_input.top > 0 && best.size() > m_input.top)
            best.resize(m_input.top);
        return best;
    }

    void show(const std::string &model, const std::vector<float> &scores)
    {
        QJsonArray items;
        std::string lines;
        for (const std::size_t index : order(scores)) {
            const std::string &document = m_input.documents.at(index);
            const auto score = double(scores[index]);
            items.append(
                QJsonObject{{"index", int(index)}, {"score", score}, {"document", QString::fromStdString(document)}});
            lines +=
                QString::number(score, 'g', 7).toStdString() + "\t" + std::to_string(index) + "\t" + document + "\n";
        }
        output().result({{"model", QString::fromStdString(model)}, {"items", items}, {"next", QJsonValue()}}, lines);
        done();
    }

    RerankInput m_input;
};

} // namespace

void addRerankCommand(CLI::App &app, CommandFactory &chosen)
{
    const auto input = std::make_shared<RerankInput>();
    CLI::App *rerank = app.add_subcommand("rerank", "Documents by how well they answer a query: score, number, text");
    rerank->add_option("-q,--query", input->query, "What is looked for")->type_name("TEXT")->required();
    rerank->add_option("DOCUMENT", input->documents, "The documents; a single - takes each line of standard input")
        ->required();
    rerank->add_option("-m,--model", input->model, "A reranking model")->type_name("MODEL");
    rerank->add_option("--top", input->top, "Only so many, the best")->type_name("N")->check(CLI::PositiveNumber);
    rerank->callback([&chosen, input] {
        chosen = [input](Context &context) { return std::make_unique<RerankCommand>(context, *input); };
    });
}

} // namespace tramontane::ctl
