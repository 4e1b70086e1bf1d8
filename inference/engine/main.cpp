// SPDX-License-Identifier: Apache-2.0
// tramontane-engine: one process per loaded model, and the reader of model files. It holds no key and has no folder.
#include "app/core/secret.h"
#include "app/platform/process/hardening.h"
#include "app/platform/process/standard_pipes.h"
#include "inference/engine/devices.h"
#include "inference/engine/engine_log.h"
#include "inference/engine/inspect.h"
#include "inference/engine/serve.h"

#include <llama.h>

#include <cstdio>
#include <cstdlib>
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

int inspectFile(const std::string &path)
{
    const engine::EngineLog log(printToErrorOutput);
    engine::loadBackends();
    process::SandboxRules rules = process::runtimeRules();
    rules.readableFiles.push_back(path);
    const auto layers = process::enterSandbox(rules);
    for (const process::Layer &layer : layers) {
        if (!layer.active)
            printToErrorOutput("sandbox layer " + layer.name + " is not active: " + layer.detail);
    }
    const auto model = engine::inspectModel(path);
    return model ? answer(engine::descriptionJson(*model), true) : answer(engine::errorJson(model.error()), false);
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
    std::fputs("usage: tramontane-engine --serve | --inspect FILE | --devices\n", stderr);
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
