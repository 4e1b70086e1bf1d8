// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/async.h"
#include "app/core/image.h"

#include <memory>
#include <string>

namespace tramontane {

/// Makes pixels of image files in a sandboxed process. Threading as InferenceProvider.
class ImageReader {
public:
    virtual ~ImageReader() = default;
    /// `path`: a PNG or JPEG file. Errors: NotFound (no such file, or no right to read it), InvalidArgument (larger than
    /// kMostImageFileBytes, damaged, another kind of file, a size that checkImageSize() refuses), EngineUnavailable,
    /// SandboxIncomplete, Cancelled.
    [[nodiscard]] virtual Async<std::shared_ptr<const RawImage>> read(std::string path) = 0;
};

} // namespace tramontane
