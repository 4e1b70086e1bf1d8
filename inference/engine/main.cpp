// SPDX-License-Identifier: Apache-2.0
// tramontane-engine: one process per loaded model, and the reader of model files. It holds no key and has no folder.
#include "app/core/secret.h"
#include "app/platform/process/hardening.h"
#include "app/platform/process/standard_pipes.h"
#include "inference/catalog/split_files.h"
#include "inference/engine/devices.h"
#include "inference/engine/engine_log.h"
#include "inference/engine/inspect.h"
#include "inference/engine/plan.h"
#include "inference/engine/serve.h"

#include <llama.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace tramontane;

constexpr int kUsageStatus = 2;

std::vector<process::Layer> harden()
{
    // The namespace first: making it resets the other two.
    std::vector<process::Layer> layers{process::enterOwnNetwork()};
    layers.push_back(process::disableCoreDumps());
    layers.push_back(process::dieWithParent());
    return layers;
}

int answer(const std::string &json, bool success)
{
    std::fputs((json + "\n").c_str(), stdout);
    return std::fflush(stdout) == 0 && success ? EXIT_SUCCESS : EXIT_FAILURE;
}

void printToErrorOutput(std::string_view line)
{
    std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
}

/// For the modes that read one file: the modules first, then nothing but the file.
void isolateWith(const std::string &path)
{
    engine::loadBackends();
    process::SandboxRules rules = process::runtimeRules();
    for (std::string &part : catalog::partPaths(path))
        rules.readableFiles.push_back(std::move(part));
    for (const process::Layer &layer : process::enterSandbox(rules)) {
        if (!layer.active)
            printToErrorOutput("sandbox layer " + layer.name + " is not active: " + layer.detail);
    }
}

int inspectFile(const std::string &path)
{
    const engine::EngineLog log(printToErrorOutput);
    isolateWith(path);
    const auto model = engine::inspectModel(path);
    return model ? answer(engine::descriptionJson(*model), true) : answer(engine::errorJson(model.error()), false);
}

std::optional<int> wholeNumber(const std::string &text)
{
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// FILE and pairs of option and value. Nothing: not understood.
std::optional<PlanRequest> planRequest(const std::vector<std::string> &arguments)
{
    PlanRequest request;
    for (std::size_t i = 2; i + 1 < arguments.size(); i += 2) {
        const std::string &option = arguments[i];
        const std::optional<int> number = wholeNumber(arguments[i + 1]);
        if (option == "--kv-type")
            request.kvType = arguments[i + 1];
        else if (option == "--context" && number)
            request.contextTokens = *number;
        else if (option == "--parallel" && number)
            request.parallel = *number;
        else if (option == "--layers" && number)
            request.layers = *number;
        else
            return std::nullopt;
    }
    return arguments.size() % 2 == 0 ? std::optional(request) : std::nullopt;
}

int planFile(const std::string &path, const PlanRequest &request)
{
    const engine::EngineLog log(printToErrorOutput);
    const process::OwnMemory memory;
    isolateWith(path);
    const auto plan = engine::planMemory(path, request, memory);
    return plan ? answer(engine::planJson(*plan), true) : answer(engine::errorJson(plan.error()), false);
}

int listDevices(std::vector<process::Layer> layers)
{
    const engine::EngineLog log(printToErrorOutput);
    engine::loadBackends();
    // The same sandbox as a worker's, so that the report is about what a worker gets.
    for (process::Layer &layer : process::enterSandbox(process::runtimeRules()))
        layers.push_back(std::move(layer));
    return answer(engine::devicesJson(layers), true);
}

int serveFrames()
{
    auto pipes = process::StandardPipes::take();
    if (!pipes || !pipes->silenceErrorOutput())
        return EXIT_FAILURE;
    engine::EngineLog log([&](std::string_view line) { pipes->noteError(line); });
    engine::loadBackends();
    llama_backend_init();
    return engine::serve(*pipes, log);
}

int run(const std::vector<std::string> &arguments)
{
    auto layers = harden();
    if (!initCrypto())
        return EXIT_FAILURE;
    if (arguments.size() == 1 && arguments[0] == "--serve")
        return serveFrames();
    if (arguments.size() == 1 && arguments[0] == "--devices")
        return listDevices(std::move(layers));
    if (arguments.size() == 2 && arguments[0] == "--inspect")
        return inspectFile(arguments[1]);
    if (arguments.size() >= 2 && arguments[0] == "--plan") {
        if (const auto request = planRequest(arguments))
            return planFile(arguments[1], *request);
    }
    std::fputs("usage: tramontane-engine --serve | --inspect FILE | --devices\n"
               "       tramontane-engine --plan FILE [--context N] [--kv-type T] [--parallel N] [--layers N]\n",
               stderr);
    return kUsageStatus;
}

} // namespace

int main(int argc, char **argv)
{
    const int status = run({argv + 1, argv + argc});
    // No clean-up of libraries: it may want what the sandbox refuses, and nothing of it outlives the process.
    std::fflush(nullptr);
    std::_Exit(status);
}
