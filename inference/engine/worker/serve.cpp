// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/worker/serve.h"

#include "inference/catalog/split_files.h"
#include "inference/engine/device/devices.h"
#include "inference/engine/model/loaded_engine.h"
#include "inference/engine/worker/engine_log.h"
#include "inference/engine/worker/frame_input.h"
#include "inference/engine/worker/frame_output.h"
#include "inference/engine/worker/worker.h"

#include <cstdlib>
#include <thread>

namespace tramontane::engine {

namespace {

Status sendNow(process::StandardPipes &pipes, std::uint64_t id, protocol::Payload payload)
{
    const auto bytes = protocol::encodeFrame({id, std::move(payload)});
    return bytes ? pipes.write(*bytes) : Status(bytes.error());
}

Error outOfOrder(const protocol::Payload &payload)
{
    return {ErrorCode::EngineProtocol, "The engine and the application did not understand each other.",
            std::string("unexpected ") + protocol::typeName(payload)};
}

struct Opening {
    std::uint64_t id = 0;
    protocol::Load load;
};

/// hello and load, in this order. Nothing: the other side ended the connection, which is no error.
Result<std::optional<Opening>> readOpening(FrameInput &input)
{
    const auto first = input.next();
    if (!first)
        return first.error();
    if (!*first)
        return std::optional<Opening>();
    const auto *hello = std::get_if<protocol::Hello>(&(*first)->payload);
    if (hello == nullptr)
        return outOfOrder((*first)->payload);
    if (const auto checked = protocol::checkHello(*hello); !checked)
        return checked.error();
    auto second = input.next();
    if (!second)
        return second.error();
    if (!*second || std::holds_alternative<protocol::Quit>((*second)->payload))
        return std::optional<Opening>();
    auto *load = std::get_if<protocol::Load>(&(*second)->payload);
    if (load == nullptr)
        return outOfOrder((*second)->payload);
    return std::optional<Opening>(Opening{(*second)->id, std::move(*load)});
}

/// All files that the worker may read.
std::vector<std::string> filesOf(const protocol::Load &load)
{
    std::vector<std::string> files = catalog::partPaths(load.path);
    if (!load.options.draftPath.empty()) {
        for (std::string &part : catalog::partPaths(load.options.draftPath))
            files.push_back(std::move(part));
    }
    for (const AdapterFile &adapter : load.options.adapters)
        files.push_back(adapter.path);
    if (!load.options.projectorPath.empty())
        files.push_back(load.options.projectorPath);
    return files;
}

} // namespace

int serve(process::StandardPipes &pipes, EngineLog &log, Confinement &confinement,
          const std::vector<std::string> &required)
{
    FrameInput input(pipes);
    if (!sendNow(pipes, 0, protocol::Hello{protocol::kProtocolVersion, engineBuild()}))
        return EXIT_FAILURE;
    auto opening = readOpening(input);
    if (!opening) {
        // The other side may be gone already; the exit status says the same.
        (void)sendNow(pipes, 0, protocol::Failure{opening.error()});
        return EXIT_FAILURE;
    }
    if (!*opening)
        return EXIT_SUCCESS;
    const Opening &request = **opening;
    const auto complete = confinement.enter(filesOf(request.load), pipes.descriptors(), required);
    for (const std::string &line : confinement.warnings())
        pipes.noteError(line);
    if (!complete) {
        (void)sendNow(pipes, request.id, protocol::Failure{complete.error()});
        return EXIT_FAILURE;
    }

    FrameOutput output(pipes);
    Worker worker(input, output);
    worker.startReading();
    auto engine = LoadedEngine::load(request.load, [&](double fraction) {
        output.send(request.id, protocol::LoadProgress{fraction});
        return true;
    });
    // From here on a library may see what a person wrote.
    const std::string lastError = log.lastError();
    log.close();
    if (!engine) {
        Error error = engine.error();
        if (error.code == ErrorCode::ModelLoadFailed && !lastError.empty())
            error.detail += ": " + lastError;
        output.send(request.id, protocol::Failure{std::move(error)});
        output.flush();
        std::_Exit(EXIT_FAILURE);
    }
    output.send(request.id, protocol::Loaded{(*engine)->info()});
    worker.run(**engine);
}

} // namespace tramontane::engine
