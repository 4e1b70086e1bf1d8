// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/protocol/messages.h"

#include <optional>
#include <string>

namespace tramontane::engine {

/// A request about many texts, worked off text by text, so that several requests can take turns. Each text goes through
/// the model alone: what comes of it does not depend, not in one bit, on what else was asked for. The thread that owns
/// the engine, which must outlive the job.
class TextJob {
public:
    struct Answer {
        protocol::Payload head;
        std::optional<std::string> bulk; // bytes that follow it
    };

    virtual ~TextJob() = default;
    /// The next text. True: all are done. Errors: those of the kind of job; an error is final.
    [[nodiscard]] virtual Result<bool> step() = 0;
    /// What has been made, once.
    [[nodiscard]] virtual Answer take() = 0;
};

} // namespace tramontane::engine
