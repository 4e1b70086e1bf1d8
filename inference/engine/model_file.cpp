// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/model_file.h"

#include "app/core/digest.h"
#include "inference/engine/gguf_header.h"
#include "inference/engine/gguf_values.h"
#include "inference/engine/model_errors.h"

#include <filesystem>
#include <vector>

namespace tramontane::engine {

namespace {

constexpr std::size_t kReadBytes = std::size_t{4} << 20;

/// The data of every tensor must lie inside the file.
Status checkTensorData(const gguf_context *gguf, std::uint64_t fileBytes)
{
    const std::uint64_t data = gguf_get_data_offset(gguf);
    const auto count = gguf_get_n_tensors(gguf);
    if (count == 0)
        return modelUnsupported("the file holds no tensors");
    for (std::int64_t i = 0; i < count; ++i) {
        const std::uint64_t offset = gguf_get_tensor_offset(gguf, i);
        const std::uint64_t size = gguf_get_tensor_size(gguf, i);
        if (data > fileBytes || offset > fileBytes - data || size > fileBytes - data - offset)
            return modelTruncated("tensor " + std::to_string(i) + " lies beyond the end of the file");
    }
    return {};
}

} // namespace

Result<ModelFile> ModelFile::open(const std::string &path)
{
    const auto fsPath = std::filesystem::path(reinterpret_cast<const char8_t *>(path.c_str()));
    std::error_code error;
    if (!std::filesystem::is_regular_file(fsPath, error))
        return modelNotFound(error ? error.message() : "not a regular file");
    FileHandle file(std::fopen(path.c_str(), "rb"));
    if (!file)
        return modelNotFound("the file cannot be opened");
    const auto bytes = std::filesystem::file_size(fsPath, error);
    if (error)
        return modelNotFound(error.message());
    return ModelFile(std::move(file), reinterpret_cast<const char *>(fsPath.stem().u8string().c_str()), bytes);
}

Result<std::string> ModelFile::sha256(const std::function<bool(double)> &progress) const
{
    Sha256 hash;
    std::vector<std::uint8_t> buffer(kReadBytes);
    std::uint64_t done = 0;
    std::rewind(m_file.get());
    while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), m_file.get())) {
        hash.update(std::span(buffer).first(got));
        done += got;
        if (!progress(static_cast<double>(done) / static_cast<double>(m_bytes)))
            return Error{ErrorCode::Cancelled, "Reading the model was cancelled.", {}};
    }
    if (std::ferror(m_file.get()) != 0)
        return Error{ErrorCode::IoFailed, "The model file could not be read.", "read error"};
    if (done != m_bytes)
        return modelChanged("the file changed while it was read");
    std::rewind(m_file.get());
    return toHex(hash.finish());
}

Result<ModelDescription> ModelFile::describe() const
{
    if (const auto checked = checkGgufHeader(m_file.get(), m_bytes); !checked)
        return checked.error();
    const GgufHandle gguf(gguf_init_from_file_ptr(m_file.get(), {true, nullptr}));
    std::rewind(m_file.get());
    if (!gguf)
        return modelDamaged("the header contradicts itself");
    if (countGgufFiles(gguf.get()) > 1)
        return modelUnsupported("The model is cut into several files; join them with llama-gguf-split.");
    if (const auto checked = checkTensorData(gguf.get(), m_bytes); !checked)
        return checked.error();
    auto description = describeGguf(gguf.get());
    description.fileBytes = static_cast<std::int64_t>(m_bytes);
    if (description.name.empty())
        description.name = m_name;
    return description;
}

} // namespace tramontane::engine
