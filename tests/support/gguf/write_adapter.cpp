// SPDX-License-Identifier: Apache-2.0
// write_adapter SEED FILE [ARCHITECTURE]: an adapter for the tests' chat model, for tests that are not written in C++.
#include "tests/support/gguf/adapter_writer.h"

#include <cstdlib>
#include <fstream>

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    tramontane::test::AdapterBase base;
    if (argc > 3)
        base.architecture = argv[3];
    const auto seed = static_cast<std::uint32_t>(std::strtoul(argv[1], nullptr, 10));
    std::ofstream file(argv[2], std::ios::binary);
    file << tramontane::test::loraAdapter(seed, base).bytes();
    return file.flush() ? EXIT_SUCCESS : EXIT_FAILURE;
}
