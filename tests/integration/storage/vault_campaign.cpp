// SPDX-License-Identifier: Apache-2.0
// A vault under faults, by the thousand.
//
//   vault_campaign power|lying-disk|calls|memory|bytes COUNT SEED [--seconds S]
//       power: COUNT losses of power (R2). lying-disk: the same on a disk whose syncs do nothing; ends with 1 when no loss is
//       seen. calls, memory: about COUNT failing calls; 0: each one (R3). bytes: COUNT flipped
//       bytes (R4). Prints one line with figures, ends with 1 when something was lost, wrong or not said, and is ended when
//       one of them takes longer than S seconds.
#include "tests/integration/storage/campaign.h"
#include "tests/support/faults/failing_memory.h"
#include "tests/support/faults/fault_vfs.h"

#include <QCoreApplication>

#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace tramontane;
using namespace tramontane::test;

namespace {

int usage()
{
    std::fprintf(stderr, "usage: vault_campaign power|lying-disk|calls|memory|bytes COUNT SEED [--seconds S]\n");
    return 2;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 4)
        return usage();
    CampaignOptions options{std::strtoull(argv[2], nullptr, 10), std::strtoull(argv[3], nullptr, 10)};
    if (argc == 6 && std::strcmp(argv[4], "--seconds") == 0)
        options.seconds = std::atof(argv[5]);
    // Without mounts of our own the files lie on the machine's disk: slower, no less strict.
    static_cast<void>(enterPrivateMounts());
    QCoreApplication application(argc, argv);
    if (!initCrypto() || !failing_memory::use() || !useFaultVfs()) {
        std::fprintf(stderr, "the faults could not be put in\n");
        return 1;
    }
    const std::string what = argv[1];
    options.lyingDisk = what == "lying-disk";
    if (what == "power" || options.lyingDisk)
        return losePower(options);
    if (what == "calls")
        return failCalls(options);
    if (what == "memory")
        return failMemory(options);
    if (what == "bytes")
        return flipBytes(options);
    return usage();
}
