// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/commands.h"
#include "app/main/ctl/model_folders.h"
#include "app/main/ctl/table.h"

#include <CLI/CLI.hpp>
#include <QFileInfo>
#include <QJsonArray>

namespace tramontane::ctl {
namespace {

QJsonObject deviceJson(const PlannedDevice &device)
{
    return {{"name", QString::fromStdString(device.name)},  {"kind", device.gpu ? "gpu" : "cpu"},
            {"total_bytes", qint64(device.totalBytes)},     {"free_bytes", qint64(device.freeBytes)},
            {"weight_bytes", qint64(device.weightBytes)},   {"kv_bytes", qint64(device.kvBytes)},
            {"compute_bytes", qint64(device.computeBytes)}, {"program_bytes", qint64(device.programBytes)},
            {"needed_bytes", qint64(device.neededBytes())}};
}

QJsonObject planJson(const MemoryPlan &plan)
{
    QJsonArray devices;
    for (const PlannedDevice &device : plan.devices)
        devices.append(deviceJson(device));
    return {{"context_tokens", plan.contextTokens},
            {"parallel", plan.parallel},
            {"kv_type", QString::fromStdString(plan.kvType)},
            {"layers", plan.layers},
            {"layers_total", plan.layersTotal},
            {"trained_context", plan.trainedContext},
            {"needed_bytes", qint64(plan.neededBytes())},
            {"recommended_context", plan.recommendedContext},
            {"recommended_layers", plan.recommendedLayers},
            {"devices", devices}};
}

std::string planText(const MemoryPlan &plan)
{
    Table table({"DEVICE", "WEIGHTS", "KV CACHE", "WORK", "PROGRAM", "NEEDED", "FREE"});
    for (const PlannedDevice &device : plan.devices) {
        table.add({device.name, fileSize(device.weightBytes), fileSize(device.kvBytes), fileSize(device.computeBytes),
                   fileSize(device.programBytes), fileSize(device.neededBytes()), fileSize(device.freeBytes)});
    }
    return "It fits with a context of " + std::to_string(plan.contextTokens) + " tokens (" + plan.kvType + " cache), "
           + std::to_string(plan.layers) + " of " + std::to_string(plan.layersTotal) + " layers on the GPU.\n"
           + table.text() + "Up to " + std::to_string(plan.recommendedContext)
           + " tokens fit; the model was trained for " + std::to_string(plan.trainedContext) + ".\n";
}

/// What an inspector says of a path, printed; the same for a file and for an entry of the catalogue.
template <class Finish>
void askForPlan(QObject *context, ModelInspector &inspector, const std::string &path, const PlanRequest &request,
                Output &output, Finish finish)
{
    whenReady(context, inspector.plan(path, request), [&output, finish](const Result<MemoryPlan> &plan) {
        if (plan)
            output.result(planJson(*plan), planText(*plan));
        finish(plan ? std::nullopt : std::optional(plan.error()));
    });
}

class ModelPlanCommand final : public VaultCommand {
public:
    ModelPlanCommand(Context &context, std::string name, PlanRequest request)
        : VaultCommand(context), m_name(std::move(name)), m_request(std::move(request))
    {
    }

protected:
    void run(Session &session) override
    {
        const Result<ModelRef> found = session.models().resolve(m_name);
        if (failed(found))
            return;
        askForPlan(this, context().parts.inspector(), found->path, m_request, output(),
                   [this](const std::optional<Error> &error) { done(error); });
    }

private:
    std::string m_name;
    PlanRequest m_request;
};

class ModelFilePlanCommand final : public Command {
public:
    ModelFilePlanCommand(Context &context, std::string file, PlanRequest request)
        : Command(context), m_file(std::move(file)), m_request(std::move(request))
    {
    }

    void start() override
    {
        askForPlan(this, context().parts.inspector(), inModelFolders(m_file, context().parts.modelFolders()), m_request,
                   output(), [this](const std::optional<Error> &error) { finish(error); });
    }

private:
    std::string m_file;
    PlanRequest m_request;
};

} // namespace

void addModelPlanCommand(CLI::App &model, CommandFactory &chosen)
{
    struct Arguments {
        std::string what;
        PlanRequest request;
    };
    const auto given = std::make_shared<Arguments>();
    CLI::App *plan =
        model.add_subcommand("plan", "What a model would take of this computer's memory, before it is loaded");
    plan->add_option("MODEL", given->what, "A file (no vault is needed), or a model in the catalogue")->required();
    plan->add_option("--context", given->request.contextTokens, "Tokens that a conversation can have")
        ->check(CLI::Range(1, 1 << 24));
    plan->add_option("--parallel", given->request.parallel, "Conversations at a time")->check(CLI::Range(1, 64));
    plan->add_option("--layers", given->request.layers, "Layers on the GPU; without it as many as fit")
        ->check(CLI::Range(0, 4096));
    plan->add_option("--kv-type", given->request.kvType, "How exact the KV cache is: f16, q8_0, q4_0 …");
    plan->callback([&chosen, given] {
        chosen = [given](Context &context) -> std::unique_ptr<Command> {
            const bool file = QFileInfo(QString::fromStdString(given->what)).exists() || given->what.ends_with(".gguf");
            if (file)
                return std::make_unique<ModelFilePlanCommand>(context, given->what, given->request);
            return std::make_unique<ModelPlanCommand>(context, given->what, given->request);
        };
    });
}

} // namespace tramontane::ctl
