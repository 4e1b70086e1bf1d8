// SPDX-License-Identifier: Apache-2.0
// What a model may write, at its end and while it still grows. The parser never fails and keeps to its limits.
#include "ui/transcript/markdown.h"

#include <cstdlib>

using namespace tramontane::ui;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    for (const bool streaming : {false, true}) {
        const ParsedMarkdown parsed = parseMarkdown(text, streaming);
        if (parsed.leaves.size() > std::size_t{limits::kLeaves} && !parsed.asSource)
            std::abort();
    }
    return 0;
}
