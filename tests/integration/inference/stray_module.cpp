// SPDX-License-Identifier: Apache-2.0
// A library that leaves a mark when anybody loads it; tst_engine_program lays it in the way of the engine.
#include <cstdio>

namespace {

struct Mark {
    Mark()
    {
        if (std::FILE *file = std::fopen(STRAY_MODULE_MARKER, "w"); file != nullptr)
            std::fclose(file);
    }
};

const Mark kMark;

} // namespace
