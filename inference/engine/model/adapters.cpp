// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/model/adapters.h"

#include "app/core/snapshot.h"
#include "inference/catalog/adapter_checks.h"
#include "inference/engine/model/model_errors.h"
#include "inference/engine/model/model_file.h"

#include <algorithm>

namespace tramontane::engine {

namespace {

Error refused(const char *message, std::string detail)
{
    return {ErrorCode::InvalidArgument, message, std::move(detail)};
}

Error tooMany(std::size_t count)
{
    return refused("An answer can have at most 16 adapters. Leave some out.", std::to_string(count) + " adapters");
}
static_assert(kMaxSnapshotAdapters == 16, "the sentence names the number");

/// The sentences for files speak of models.
Error ofAdapter(const Error &error, std::size_t index)
{
    const std::string which = "adapter " + std::to_string(index + 1);
    return {error.code, "The adapter cannot be used: " + error.message,
            error.detail.empty() ? which : which + ": " + error.detail};
}

struct Loaded {
    AdapterHandle handle;
    LoadedAdapter info;
};

Result<Loaded> loadOne(const AdapterFile &wanted, llama_model *model, const std::vector<catalog::GgufFile> &header)
{
    const auto file = ModelFile::open(wanted.path);
    if (!file)
        return file.error();
    auto sha256 = file->sha256([](double) { return true; });
    if (!sha256)
        return sha256.error();
    if (!wanted.sha256.empty() && *sha256 != wanted.sha256)
        return modelChanged("another SHA-256");
    const auto description = file->describeAdapter();
    if (!description)
        return description.error();
    const auto own = file->headers();
    if (!own)
        return own.error();
    if (const auto fits = catalog::checkAdapterFits(own->front(), header); !fits)
        return fits.error();
    AdapterHandle handle = file->loadAdapter(model);
    if (!handle)
        return modelLoadFailed("llama.cpp refused the adapter's file");
    return Loaded{std::move(handle), {description->name, std::move(*sha256)}};
}

} // namespace

Result<Adapters> Adapters::load(const std::vector<AdapterFile> &files, llama_model *model,
                                const std::vector<catalog::GgufFile> &header)
{
    if (files.size() > kMaxSnapshotAdapters)
        return tooMany(files.size());
    Adapters adapters;
    for (std::size_t i = 0; i < files.size(); ++i) {
        auto loaded = loadOne(files[i], model, header);
        if (!loaded)
            return ofAdapter(loaded.error(), i);
        const bool twice = std::any_of(adapters.m_info.begin(), adapters.m_info.end(),
                                       [&](const LoadedAdapter &other) { return other.sha256 == loaded->info.sha256; });
        if (twice)
            return refused("The same adapter is named twice. Name it once.", "adapter " + std::to_string(i + 1));
        adapters.m_adapters.push_back(std::move(loaded->handle));
        adapters.m_info.push_back(std::move(loaded->info));
    }
    return adapters;
}

Result<AdapterSet> Adapters::choose(const std::vector<AdapterScale> &wanted) const
{
    if (wanted.size() > kMaxSnapshotAdapters)
        return tooMany(wanted.size());
    std::vector<float> scales(m_info.size());
    std::vector<bool> named(m_info.size());
    for (const AdapterScale &one : wanted) {
        const auto found = std::find_if(m_info.begin(), m_info.end(),
                                        [&](const LoadedAdapter &adapter) { return adapter.sha256 == one.sha256; });
        if (found == m_info.end())
            return refused("The model was not loaded with this adapter. Load it again with the adapter.",
                           "adapter " + one.sha256.substr(0, 12));
        const auto index = static_cast<std::size_t>(found - m_info.begin());
        if (named[index])
            return refused("The same adapter is named twice. Name it once.", "adapter " + one.sha256.substr(0, 12));
        // Written so that a NaN is refused too.
        if (!(one.scale >= -kMostAdapterScale && one.scale <= kMostAdapterScale))
            return refused("The scale of an adapter must lie between -100 and 100.", "scale");
        named[index] = true;
        scales[index] = static_cast<float>(one.scale);
    }
    AdapterSet set;
    for (std::size_t i = 0; i < scales.size(); ++i) {
        if (scales[i] != 0)
            set.push_back({i, scales[i]});
    }
    return set;
}

void Adapters::apply(llama_context *context, const AdapterSet &set) const
{
    if (m_adapters.empty())
        return;
    std::vector<llama_adapter_lora *> adapters;
    std::vector<float> scales;
    for (const AdapterUse &use : set) {
        adapters.push_back(m_adapters[use.index].get());
        scales.push_back(use.scale);
    }
    llama_set_adapters_lora(context, adapters.data(), adapters.size(), scales.data());
}

} // namespace tramontane::engine
