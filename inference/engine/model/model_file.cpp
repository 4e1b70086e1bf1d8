// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/model/model_file.h"

#include "app/core/digest.h"
#include "inference/catalog/adapter_checks.h"
#include "inference/catalog/gguf_reader.h"
#include "inference/catalog/model_checks.h"
#include "inference/catalog/model_summary.h"
#include "inference/catalog/projector.h"
#include "inference/catalog/split_files.h"
#include "inference/engine/model/model_errors.h"

#include <filesystem>

namespace tramontane::engine {

namespace {

constexpr std::size_t kReadBytes = std::size_t{4} << 20;

std::filesystem::path pathOf(const std::string &utf8)
{
    return {reinterpret_cast<const char8_t *>(utf8.c_str())};
}

Error partMissing(std::size_t index, std::size_t count)
{
    const std::string part = std::to_string(index + 1) + " of " + std::to_string(count);
    return {ErrorCode::ModelTruncated,
            "The model is cut into several files, and one of them is not there. Put all parts into one folder.",
            "part " + part};
}

} // namespace

Result<ModelFile::Part> ModelFile::openPart(const std::string &path)
{
    std::error_code error;
    if (!std::filesystem::is_regular_file(pathOf(path), error))
        return modelNotFound(error ? error.message() : "not a regular file");
    FileHandle file(std::fopen(path.c_str(), "rb"));
    if (!file)
        return modelNotFound("the file cannot be opened");
    const auto bytes = std::filesystem::file_size(pathOf(path), error);
    if (error)
        return modelNotFound(error.message());
    return Part{std::move(file), path, bytes};
}

Result<ModelFile> ModelFile::open(const std::string &path)
{
    ModelFile model;
    const auto name = catalog::partName(path);
    if (name && name->number != 1)
        return Error{ErrorCode::ModelUnsupported,
                     "This file is a later part of a model in several files. Choose the first part.",
                     "part " + std::to_string(name->number)};
    const auto paths = catalog::partPaths(path);
    for (std::size_t i = 0; i < paths.size(); ++i) {
        auto part = openPart(paths[i]);
        if (!part)
            return i == 0 ? part.error() : partMissing(i, paths.size());
        model.m_bytes += part->bytes;
        model.m_parts.push_back(std::move(*part));
    }
    return model;
}

Status ModelFile::hashPart(const Part &part, const std::function<bool(std::span<const std::uint8_t>)> &take) const
{
    std::vector<std::uint8_t> buffer(kReadBytes);
    std::uint64_t done = 0;
    std::rewind(part.file.get());
    while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), part.file.get())) {
        done += got;
        if (!take(std::span(buffer).first(got)))
            return Error{ErrorCode::Cancelled, "Reading the model was cancelled.", {}};
    }
    if (std::ferror(part.file.get()) != 0)
        return Error{ErrorCode::IoFailed, "The model file could not be read.", "read error"};
    if (done != part.bytes)
        return modelChanged("the file changed while it was read");
    std::rewind(part.file.get());
    return {};
}

Result<std::string> ModelFile::sha256(const std::function<bool(double)> &progress) const
{
    Sha256 hash;
    std::uint64_t done = 0;
    const auto take = [&](std::span<const std::uint8_t> bytes) {
        hash.update(bytes);
        done += bytes.size();
        return progress(static_cast<double>(done) / static_cast<double>(m_bytes));
    };
    for (const Part &part : m_parts) {
        if (const auto hashed = hashPart(part, take); !hashed)
            return hashed.error();
    }
    return toHex(hash.finish());
}

Result<std::vector<catalog::GgufFile>> ModelFile::headers() const
{
    std::vector<catalog::GgufFile> parts;
    for (const Part &part : m_parts) {
        catalog::FileSource source(part.file.get(), part.bytes);
        auto read = catalog::readGguf(source);
        if (!read)
            return read.error();
        parts.push_back(std::move(*read));
    }
    return parts;
}

Result<ModelDescription> ModelFile::describe() const
{
    const auto parts = headers();
    if (!parts)
        return parts.error();
    if (const auto checked = catalog::checkModel(*parts); !checked)
        return checked.error();
    ModelDescription description = catalog::summarise(*parts);
    if (description.name.empty())
        description.name = fileName();
    return description;
}

Result<ModelDescription> ModelFile::describeProjector() const
{
    const auto parts = headers();
    if (!parts)
        return parts.error();
    if (!catalog::isProjector(parts->front()))
        return Error{ErrorCode::ModelUnsupported,
                     "This file is no projector. Choose the file that came with the model for images (mmproj-….gguf).",
                     "general.architecture is " + parts->front().architecture()};
    if (const auto checked = catalog::checkProjector(*parts); !checked)
        return checked.error();
    ModelDescription description = catalog::summarise(*parts);
    if (description.name.empty())
        description.name = fileName();
    return description;
}

Result<ModelDescription> ModelFile::describeAdapter() const
{
    const auto parts = headers();
    if (!parts)
        return parts.error();
    if (parts->size() != 1)
        return modelUnsupported("an adapter in several files");
    if (const auto checked = catalog::checkAdapter(parts->front()); !checked)
        return checked.error();
    ModelDescription description = catalog::summariseAdapter(parts->front());
    if (description.name.empty())
        description.name = fileName();
    return description;
}

/// Without folder and ending, and of parts without the number.
std::string ModelFile::fileName() const
{
    const auto name = catalog::partName(m_parts.front().path);
    const std::string path = name ? name->prefix + ".gguf" : m_parts.front().path;
    return reinterpret_cast<const char *>(pathOf(path).stem().u8string().c_str());
}

AdapterHandle ModelFile::loadAdapter(llama_model *model) const
{
    std::rewind(m_parts.front().file.get());
    return AdapterHandle(llama_adapter_lora_init_from_file_ptr(model, m_parts.front().file.get()));
}

ModelHandle ModelFile::load(const llama_model_params &parameters) const
{
    if (m_parts.size() == 1)
        return ModelHandle(llama_model_load_from_file_ptr(m_parts.front().file.get(), parameters));
    std::vector<const char *> paths;
    for (const Part &part : m_parts)
        paths.push_back(part.path.c_str());
    return ModelHandle(llama_model_load_from_splits(paths.data(), paths.size(), parameters));
}

} // namespace tramontane::engine
