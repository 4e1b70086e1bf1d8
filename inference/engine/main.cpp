// SPDX-License-Identifier: Apache-2.0
// tramontane-engine: one process per loaded model, and the reader of model files. It holds no key and has no folder.
#include "app/core/secret.h"
#include "app/platform/process/standard_pipes.h"
#include "inference/engine/confinement.h"
#include "inference/engine/devices.h"
#include "inference/engine/engine_log.h"
#include "inference/engine/inspect.h"
#include "inference/engine/serve.h"

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace tramontane;

constexpr int kUsageStatus = 2;

/// What is asked of the program.
struct Order {
    std::string mode;                  // "--serve", "--inspect" or "--devices"
    std::string file;                  // --inspect
    std::vector<std::string> required; // layers of the sandbox without which no model is opened
};

std::vector<std::string> split(const std::string &list)
{
    std::vector<std::string> names;
    std::istringstream text(list);
    for (std::string name; std::getline(text, name, ',');)
        names.push_back(name);
    return names;
}

std::optional<Order> readOrder(std::vector<std::string> arguments)
{
    Order order;
    if (arguments.size() >= 2 && arguments[arguments.size() - 2] == "--require") {
        order.required = split(arguments.back());
        arguments.resize(arguments.size() - 2);
    }
    if (arguments.empty())
        return std::nullopt;
    order.mode = arguments[0];
    const std::size_t count = order.mode == "--inspect" ? 2 : 1;
    if (arguments.size() != count || (order.mode != "--serve" && order.mode != "--devices" && count == 1))
        return std::nullopt;
    order.file = count == 2 ? arguments[1] : std::string();
    return order;
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

int inspectFile(const Order &order, engine::Confinement confinement)
{
    const engine::EngineLog log(printToErrorOutput);
    confinement.openModules();
    const auto missing = confinement.enter({order.file}, {}, order.required);
    for (const std::string &line : confinement.warnings())
        printToErrorOutput(line);
    if (!missing)
        return answer(engine::errorJson(missing.error()), false);
    const auto model = engine::inspectModel(order.file);
    return model ? answer(engine::descriptionJson(*model), true) : answer(engine::errorJson(model.error()), false);
}

int listDevices(engine::Confinement confinement)
{
    const engine::EngineLog log(printToErrorOutput);
    confinement.openModules();
    // The same sandbox as a worker's, so that the report is about what a worker gets.
    (void)confinement.enter({}, {}, {});
    return answer(engine::devicesJson(confinement.layers()), true);
}

int serveFrames(const Order &order, engine::Confinement confinement)
{
    auto pipes = process::StandardPipes::take();
    if (!pipes || !pipes->silenceErrorOutput())
        return EXIT_FAILURE;
    engine::EngineLog log([&](std::string_view line) { pipes->noteError(line); });
    confinement.openModules();
    return engine::serve(*pipes, log, confinement, order.required);
}

int run(const std::vector<std::string> &arguments)
{
    // First of all: loaders of libraries and libraries themselves take orders from the environment.
    engine::Confinement confinement;
    if (!initCrypto())
        return EXIT_FAILURE;
    const auto order = readOrder(arguments);
    if (!order) {
        std::fputs("usage: tramontane-engine --serve | --inspect FILE | --devices [--require LAYER,LAYER…]\n", stderr);
        return kUsageStatus;
    }
    if (order->mode == "--serve")
        return serveFrames(*order, std::move(confinement));
    if (order->mode == "--inspect")
        return inspectFile(*order, std::move(confinement));
    return listDevices(std::move(confinement));
}

} // namespace

int main(int argc, char **argv)
{
    const int status = run({argv + 1, argv + argc});
    // No clean-up of libraries: it may want what the sandbox refuses, and nothing of it outlives the process.
    std::fflush(nullptr);
    std::_Exit(status);
}
