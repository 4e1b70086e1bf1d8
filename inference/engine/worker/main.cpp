// SPDX-License-Identifier: Apache-2.0
// tramontane-engine: one process per loaded model, and the reader of model files. It holds no key and has no folder.
#include "app/core/secret.h"
#include "app/platform/process/machine_memory.h"
#include "app/platform/process/standard_pipes.h"
#include "inference/catalog/split_files.h"
#include "inference/engine/device/devices.h"
#include "inference/engine/image/image_decoder.h"
#include "inference/engine/model/inspect.h"
#include "inference/engine/model/plan.h"
#include "inference/engine/worker/confinement.h"
#include "inference/engine/worker/engine_log.h"
#include "inference/engine/worker/engine_order.h"
#include "inference/engine/worker/serve.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace tramontane;

constexpr int kUsageStatus = 2;
constexpr std::size_t kReadBytes = std::size_t{1} << 20;
// Twice what the largest image takes with the decoder's own copies, and the program.
constexpr std::uint64_t kImageMemory = std::uint64_t{3} << 30;

int answer(const std::string &json, bool success)
{
    std::fputs((json + "\n").c_str(), stdout);
    return std::fflush(stdout) == 0 && success ? EXIT_SUCCESS : EXIT_FAILURE;
}

void printToErrorOutput(std::string_view line)
{
    std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
}

/// For the modes that read one model: the modules first, then nothing but the files of the model.
Status isolate(const engine::Order &order, engine::Confinement &confinement, const std::vector<int> &keep)
{
    confinement.openModules();
    auto complete = confinement.enter(catalog::partPaths(order.file), keep, order.required);
    for (const std::string &line : confinement.warnings())
        printToErrorOutput(line);
    return complete;
}

int inspectFile(const engine::Order &order, engine::Confinement confinement)
{
    const engine::EngineLog log(printToErrorOutput);
    if (const auto complete = isolate(order, confinement, {}); !complete)
        return answer(engine::errorJson(complete.error()), false);
    const auto model = engine::inspectModel(order.file);
    return model ? answer(engine::descriptionJson(*model), true) : answer(engine::errorJson(model.error()), false);
}

int planFile(const engine::Order &order, engine::Confinement confinement)
{
    const engine::EngineLog log(printToErrorOutput);
    const process::OwnMemory memory;
    if (const auto complete = isolate(order, confinement, memory.descriptors()); !complete)
        return answer(engine::errorJson(complete.error()), false);
    const auto plan = engine::planMemory(order.file, order.plan, memory);
    return plan ? answer(engine::planJson(*plan), true) : answer(engine::errorJson(plan.error()), false);
}

int listDevices(engine::Confinement confinement)
{
    const engine::EngineLog log(printToErrorOutput);
    confinement.openModules();
    // The same sandbox as a worker's, so that the report is about what a worker gets.
    (void)confinement.enter({}, {}, {});
    return answer(engine::devicesJson(confinement.layers()), true);
}

/// The pixels of the image file on standard input: a line of JSON, then red, green and blue of each.
int decodeImageFile(const engine::Order &order, engine::Confinement confinement)
{
    confinement.leaveSystem();
    if (const auto complete = confinement.enter({}, {}, order.required, kImageMemory); !complete)
        return answer(engine::errorJson(complete.error()), false);
    std::string file;
    std::vector<char> buffer(kReadBytes);
    while (file.size() <= static_cast<std::size_t>(kMostImageFileBytes)) {
        const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), stdin);
        if (got == 0)
            break;
        file.append(buffer.data(), got);
    }
    const auto image = engine::decodeImage(file);
    if (!image)
        return answer(engine::errorJson(image.error()), false);
    const std::string head = "{\"width\":" + std::to_string(image->about.width)
                             + ",\"height\":" + std::to_string(image->about.height) + "}\n";
    std::fputs(head.c_str(), stdout);
    std::fwrite(image->rgb.data(), 1, image->rgb.size(), stdout);
    return std::fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int serveFrames(const engine::Order &order, engine::Confinement confinement)
{
    auto pipes = process::StandardPipes::take();
    if (!pipes || !pipes->silenceErrorOutput())
        return EXIT_FAILURE;
    engine::EngineLog log([&](std::string_view line) { pipes->noteError(line); });
    confinement.openModules();
    return engine::serve(*pipes, log, confinement, order.required);
}

int run(std::vector<std::string> arguments)
{
    // First of all: loaders of libraries and libraries themselves take orders from the environment.
    engine::Confinement confinement;
    if (!initCrypto())
        return EXIT_FAILURE;
    const auto order = engine::readOrder(std::move(arguments));
    if (!order) {
        std::fputs(engine::kUsage, stderr);
        return kUsageStatus;
    }
    switch (order->mode) {
    case engine::Order::Mode::Serve: return serveFrames(*order, std::move(confinement));
    case engine::Order::Mode::Inspect: return inspectFile(*order, std::move(confinement));
    case engine::Order::Mode::Plan: return planFile(*order, std::move(confinement));
    case engine::Order::Mode::Image: return decodeImageFile(*order, std::move(confinement));
    case engine::Order::Mode::Devices: break;
    }
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
