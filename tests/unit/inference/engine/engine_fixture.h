// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/secret.h"
#include "inference/engine/device/devices.h"
#include "inference/engine/model/loaded_engine.h"
#include "inference/engine/worker/engine_log.h"

#include <memory>
#include <string>

namespace tramontane::engine {

inline constexpr const char *kChatModel = TRAMONTANE_MODEL_DIR "/SmolLM2-135M-Instruct.Q4_1.gguf";
inline constexpr const char *kEmbeddingModel = TRAMONTANE_MODEL_DIR "/all-MiniLM-L6-v2.gguf";

/// A tiny model with random weights (tests/support/gguf/rerankers.py).
inline std::string tinyModel(const char *name)
{
    return std::string(TRAMONTANE_RERANKER_DIR "/") + name;
}

/// Keeps llama.cpp quiet and its backends loaded for the length of a test program.
class Quiet {
public:
    Quiet()
    {
        static_cast<void>(initCrypto().ok());
        loadBackends();
        llama_backend_init();
    }

private:
    EngineLog m_log{[](std::string_view) {}};
};

inline Result<std::unique_ptr<LoadedEngine>> loadEngine(const char *path, LoadOptions options = {},
                                                        ModelKind kind = ModelKind::Chat)
{
    return LoadedEngine::load({path, {}, {}, options, kind}, [](double) { return true; });
}

} // namespace tramontane::engine
