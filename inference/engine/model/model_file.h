// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/model.h"
#include "app/core/result.h"
#include "inference/catalog/gguf_file.h"
#include "inference/engine/model/llama_handles.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace tramontane::engine {

/// The file of a model, or its parts (inference/catalog/split_files.h), opened once: what is checked, hashed, described
/// and loaded is the same file, even if another one takes its name in between. llama.cpp opens parts again by their
/// names, so that this holds for the sum of parts only as long as nobody exchanges them during the load.
/// Nothing is ever written. One thread at a time.
class ModelFile {
public:
    /// `path`: the file, or the first part. Errors: ModelNotFound (also: a directory, or no right to read),
    /// ModelUnsupported (another part than the first), ModelTruncated (a part is missing).
    [[nodiscard]] static Result<ModelFile> open(const std::string &path);

    /// Of all parts together.
    [[nodiscard]] std::uint64_t bytes() const noexcept { return m_bytes; }
    /// Lower-case hex SHA-256 of the whole file; of parts, one after the other. `progress` gets 0-1 and says whether to
    /// go on. Errors: Cancelled, IoFailed, ModelChanged (a file grew or shrank while it was read).
    [[nodiscard]] Result<std::string> sha256(const std::function<bool(double)> &progress) const;
    /// The header of each part, as inference/catalog reads it: what the keys mean is not checked yet.
    /// Errors: ModelNotGguf, ModelTruncated, ModelUnsupported, IoFailed.
    [[nodiscard]] Result<std::vector<catalog::GgufFile>> headers() const;
    /// What the model in the file says of itself, after all checks of inference/catalog; `sha256` stays empty.
    /// Errors: as headers(); ModelUnsupported also for an adapter or a projector.
    [[nodiscard]] Result<ModelDescription> describe() const;
    /// The same of an adapter, as far as that can be checked without its model.
    [[nodiscard]] Result<ModelDescription> describeAdapter() const;
    /// The same of a projector. Errors: as headers(); ModelUnsupported also for anything else.
    [[nodiscard]] Result<ModelDescription> describeProjector() const;
    /// Lets llama.cpp load it; call describe() first. Null when it refuses.
    [[nodiscard]] ModelHandle load(const llama_model_params &parameters) const;
    /// The same for an adapter, after all checks of adapter_checks.h. It lives as long as `model`.
    [[nodiscard]] AdapterHandle loadAdapter(llama_model *model) const;

private:
    ModelFile() = default;

    struct Part {
        FileHandle file;
        std::string path;
        std::uint64_t bytes = 0;
    };
    [[nodiscard]] std::string fileName() const;
    static Result<Part> openPart(const std::string &path);
    Status hashPart(const Part &part, const std::function<bool(std::span<const std::uint8_t>)> &take) const;

    std::vector<Part> m_parts;
    std::uint64_t m_bytes = 0;
};

} // namespace tramontane::engine
