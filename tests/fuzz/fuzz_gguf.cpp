// SPDX-License-Identifier: Apache-2.0
// A file that claims to be a model. The reader says yes or no and reads no byte beyond the file; what it says yes to has
// tensors that lie inside the file, one after the other.
#include "inference/catalog/adapter_checks.h"
#include "inference/catalog/gguf_reader.h"
#include "inference/catalog/model_checks.h"
#include "inference/catalog/model_summary.h"
#include "inference/catalog/projector.h"

#include <cstdlib>
#include <map>

using namespace tramontane;

namespace {

void check(const catalog::GgufFile &file)
{
    std::map<std::uint64_t, std::uint64_t> ends;
    for (const catalog::TensorEntry &tensor : file.tensors) {
        const bool inside = file.dataOffset <= file.fileBytes && tensor.offset <= file.fileBytes - file.dataOffset
                            && tensor.bytes <= file.fileBytes - file.dataOffset - tensor.offset;
        if (!inside || tensor.bytes == 0 || tensor.offset % file.alignment != 0)
            std::abort();
        if (!ends.emplace(tensor.offset, tensor.offset + tensor.bytes).second)
            std::abort();
    }
    std::uint64_t last = 0;
    for (const auto &[from, to] : ends) {
        if (from < last)
            std::abort();
        last = to;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view content(reinterpret_cast<const char *>(data), size);
    // Half of the runs claim a large file behind the header, so that offsets can be large, too.
    for (const std::uint64_t bytes : {std::uint64_t{size}, std::uint64_t{size} + (std::uint64_t{1} << 40)}) {
        catalog::MemorySource source(content, bytes);
        auto file = catalog::readGguf(source);
        if (!file) {
            if (file.error().message.empty() || file.error().detail.empty())
                std::abort();
            continue;
        }
        check(*file);
        const std::vector<catalog::GgufFile> parts{std::move(*file)};
        if (catalog::checkAdapter(parts.front()).ok()
            && catalog::summariseAdapter(parts.front()).facts->adapterRank <= 0)
            std::abort();
        const auto checked =
            catalog::isProjector(parts.front()) ? catalog::checkProjector(parts) : catalog::checkModel(parts);
        if (checked.ok() && catalog::summarise(parts).fileBytes < 0)
            std::abort();
    }
    return 0;
}
