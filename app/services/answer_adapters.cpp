// SPDX-License-Identifier: Apache-2.0
#include "app/services/answer_adapters.h"

#include "app/core/snapshot.h"

#include <algorithm>
#include <utility>

namespace tramontane {

Status checkWishes(const std::vector<AdapterWish> &wishes)
{
    if (wishes.size() > kMaxSnapshotAdapters)
        return Error{ErrorCode::InvalidArgument,
                     "Not sent: an answer can have at most " + std::to_string(kMaxSnapshotAdapters) + " adapters.",
                     std::to_string(wishes.size()) + " adapters"};
    // Written so that a NaN is refused too.
    const bool fine = std::all_of(wishes.begin(), wishes.end(), [](const AdapterWish &wish) {
        return wish.scale >= -kMostAdapterScale && wish.scale <= kMostAdapterScale;
    });
    if (!fine)
        return Error{ErrorCode::InvalidArgument, "Not sent: the scale of an adapter must lie between -100 and 100.",
                     "scale"};
    return {};
}

Status addAdapter(std::vector<AnswerAdapter> &adapters, AnswerAdapter adapter, const ModelDescription &model)
{
    const ModelDescription &about = adapter.file.description;
    if (about.kind != ModelKind::Adapter)
        return Error{ErrorCode::ModelUnsupported,
                     "Not sent: one of the files is a model and not an adapter. Name a LoRA adapter that was made for "
                     "the model.",
                     about.architecture};
    if (about.architecture != model.architecture)
        return Error{ErrorCode::ModelUnsupported,
                     "Not sent: the adapter \"" + about.name + "\" was made for models of another kind ("
                         + about.architecture + "). Choose one that was made for this model (" + model.architecture
                         + ").",
                     "architecture"};
    const auto place = std::lower_bound(
        adapters.begin(), adapters.end(), about.sha256,
        [](const AnswerAdapter &other, const std::string &sha256) { return other.file.description.sha256 < sha256; });
    if (place != adapters.end() && place->file.description.sha256 == about.sha256)
        return Error{ErrorCode::InvalidArgument,
                     "Not sent: the adapter \"" + about.name + "\" is named twice. Name it once, with one scale.",
                     {}};
    adapters.insert(place, std::move(adapter));
    return {};
}

std::vector<AdapterFile> adapterFiles(const std::vector<AnswerAdapter> &adapters)
{
    std::vector<AdapterFile> files;
    files.reserve(adapters.size());
    for (const AnswerAdapter &adapter : adapters)
        files.push_back({adapter.file.path, adapter.file.description.sha256});
    return files;
}

std::vector<AdapterScale> adapterScales(const std::vector<AnswerAdapter> &adapters)
{
    std::vector<AdapterScale> scales;
    scales.reserve(adapters.size());
    for (const AnswerAdapter &adapter : adapters)
        scales.push_back({adapter.file.description.sha256, adapter.scale});
    return scales;
}

} // namespace tramontane
