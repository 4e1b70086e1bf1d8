// SPDX-License-Identifier: Apache-2.0
// usage: write_snapshot_fixture FORMATS: writes snapshot-v1.bin into the folder FORMATS. What is in it, and under which
// key, says resources/formats/snapshots.md; tests/unit/storage/vault reads it.
#include "storage/snapshots/snapshot_file.h"
#include "tests/support/snapshots/snapshot_values.h"

#include <array>
#include <cstdio>
#include <filesystem>

using namespace tramontane;
using namespace tramontane::vault;

namespace {

bool writeSnapshot(const std::filesystem::path &folder)
{
    std::array<std::uint8_t, Key32::kSize> bytes;
    std::iota(bytes.begin(), bytes.end(), std::uint8_t(60));
    const SnapshotOwner owner{"01928f4e-5b6c-7d8e-9f00-112233445566",
                              *ConversationId::fromText("01928f4e-5b6c-7d8e-9f00-aabbccddeeff")};
    const std::string state = test::someState(300'000);
    auto writer = SnapshotFileWriter::begin(folder / "snapshot-v1.new", *Key32::fromBytes(bytes), owner,
                                            test::someHeader(state.size()));
    return writer && writer->append(bytesOf(state)) && writer->finish(folder / "snapshot-v1.bin");
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 2 || !initCrypto())
        return 2;
    if (!writeSnapshot(argv[1])) {
        std::fputs("The fixture could not be written.\n", stderr);
        return 1;
    }
    return 0;
}
