// SPDX-License-Identifier: Apache-2.0
// A pipe full of anything: what a broken or hostile worker could write. The first byte says in which pieces it arrives.
#include "inference/protocol/frame.h"

#include <cstdlib>
#include <string>
#include <vector>

using namespace tramontane;
using namespace tramontane::protocol;

namespace {

// What was read, in a form that can be compared.
std::vector<std::string> readAll(std::string_view bytes, std::size_t piece)
{
    FrameReader reader;
    std::vector<std::string> read;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        reader.feed(bytes.substr(at, piece));
        for (;;) {
            const auto frame = reader.next();
            if (!frame) {
                read.emplace_back("error");
                return read;
            }
            if (!*frame)
                break;
            const auto again = encodeFrame(**frame);
            if (!again)
                std::abort(); // what was accepted can be said again
            read.push_back(*again);
        }
    }
    return read;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 2)
        return 0;
    const std::string_view bytes(reinterpret_cast<const char *>(data) + 1, size - 1);
    if (readAll(bytes, bytes.size()) != readAll(bytes, std::size_t{data[0]} + 1))
        std::abort(); // how the bytes were cut must not matter
    return 0;
}
