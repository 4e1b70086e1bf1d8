// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/model.h"
#include "app/core/result.h"
#include "inference/catalog/gguf_file.h"
#include "inference/engine/model/adapter_set.h"
#include "inference/engine/model/llama_handles.h"

#include <vector>

namespace tramontane::engine {

/// The LoRA adapters that are in memory beside their model. They do nothing until apply(). Loading and apply(): the
/// thread that owns the context; the rest: any thread.
class Adapters {
public:
    /// Checks each file as a model's is (header, SHA-256 where one is given), that it belongs to the model, and loads it.
    /// `header`: of the model's files; `model` must outlive the object. To be called before a context is made, so that
    /// the context has room for them. Errors: InvalidArgument (more than kMaxSnapshotAdapters, one twice), ModelNotFound,
    /// ModelNotGguf, ModelTruncated, ModelUnsupported (no LoRA adapter, or of another model), ModelChanged (SHA-256),
    /// ModelLoadFailed, IoFailed. The message says that it is about an adapter, `detail` which one of the list, from 1.
    [[nodiscard]] static Result<Adapters> load(const std::vector<AdapterFile> &files, llama_model *model,
                                               const std::vector<catalog::GgufFile> &header);

    /// In the order of the files.
    [[nodiscard]] const std::vector<LoadedAdapter> &info() const noexcept { return m_info; }
    /// What a request wants. Errors: InvalidArgument (more than there may be, one that is not loaded or is named twice, a
    /// scale that is no number within +-kMostAdapterScale).
    [[nodiscard]] Result<AdapterSet> choose(const std::vector<AdapterScale> &wanted) const;
    /// From the next computation on, the context computes with this set. Costs nothing when it already does; else
    /// llama.cpp lays out its work buffers anew.
    void apply(llama_context *context, const AdapterSet &set) const;

private:
    std::vector<AdapterHandle> m_adapters;
    std::vector<LoadedAdapter> m_info;
};

} // namespace tramontane::engine
