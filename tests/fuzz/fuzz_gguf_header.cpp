// SPDX-License-Identifier: Apache-2.0
// A file that claims to be a model. The check says yes or no, reads no byte beyond the file, and keeps nothing.
#include "inference/engine/gguf_header.h"

#include <cstdio>
#include <cstdlib>
#include <memory>

using namespace tramontane;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size == 0)
        return 0;
    const std::unique_ptr<std::FILE, int (*)(std::FILE *)> file(
        ::fmemopen(const_cast<std::uint8_t *>(data), size, "rb"), &std::fclose);
    if (!file)
        std::abort();
    const Status checked = engine::checkGgufHeader(file.get(), size);
    if (checked && (size < 24 || std::string_view(reinterpret_cast<const char *>(data), 4) != "GGUF"))
        std::abort(); // a header has magic, version and two counts
    if (!checked && checked.error().message.empty())
        std::abort();
    return 0;
}
