// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/image_reader.h"
#include "app/contracts/inference_provider.h"
#include "app/services/image_blocks.h"

#include <QObject>

#include <optional>
#include <string>
#include <vector>

namespace tramontane::ctl {

/// Images as they go with a question, and what lets the model see them.
struct ChatImages {
    Images images;
    std::optional<ModelRef> projector;
};

/// Reads the image files one after the other and inspects the projector (empty: none), each in the sandbox. `context`,
/// `reader` and `inspector` outlive the answer. Errors: those of both, with the file's name before the message of the
/// former.
[[nodiscard]] Async<ChatImages> readChatImages(QObject *context, ImageReader &reader, ModelInspector &inspector,
                                               std::vector<std::string> files, std::string projector);

} // namespace tramontane::ctl
