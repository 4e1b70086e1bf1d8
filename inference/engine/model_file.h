// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/model.h"
#include "app/core/result.h"
#include "inference/engine/llama_handles.h"

#include <cstdint>
#include <functional>
#include <string>

namespace tramontane::engine {

/// A model file that was opened once: what is checked, hashed, described and loaded is the same file, even if another
/// one takes its name in between. One thread at a time.
class ModelFile {
public:
    /// Errors: ModelNotFound (also: a directory, or no right to read).
    [[nodiscard]] static Result<ModelFile> open(const std::string &path);

    [[nodiscard]] std::uint64_t bytes() const noexcept { return m_bytes; }
    [[nodiscard]] std::FILE *stream() const noexcept { return m_file.get(); }
    /// Lower-case hex SHA-256 of the whole file. `progress` gets 0-1 and says whether to go on.
    /// Errors: Cancelled, IoFailed, ModelChanged (the file grew or shrank while it was read).
    [[nodiscard]] Result<std::string> sha256(const std::function<bool(double)> &progress) const;
    /// What the file says of itself; `sha256` stays empty. Errors: ModelNotGguf, ModelTruncated (header, or tensor data
    /// beyond the end), ModelUnsupported, IoFailed.
    [[nodiscard]] Result<ModelDescription> describe() const;

private:
    ModelFile(FileHandle file, std::string name, std::uint64_t bytes)
        : m_file(std::move(file)), m_name(std::move(name)), m_bytes(bytes)
    {
    }

    FileHandle m_file;
    std::string m_name; // of the file, without folder and ending
    std::uint64_t m_bytes = 0;
};

} // namespace tramontane::engine
