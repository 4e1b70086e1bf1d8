// SPDX-License-Identifier: Apache-2.0
// A vault under faults, by the thousand.
//
//   vault_campaign WHAT COUNT SEED [--seconds S] [--during S]
//       Prints one line with figures; ends with 1 when something was lost, wrong or not said, and is ended when one of the
//       COUNT takes longer than S seconds (60). WHAT is
//         kill          R1: kill -9 of a program that writes
//         power         R2: losses of power
//         lying-disk    the same on a disk whose syncs do nothing; ends with 1 when no loss is seen
//         calls, memory R3: about COUNT failing calls to the disk, or requests for memory; 0: each one
//         bytes         R4: flipped bytes
//         keys          K3: broken ways to set up a key
//         interrupted   R5: migration, rotation, erasure, import of a file and of a backup, each killed COUNT
//                       times
//         two-programs  COUNT owners of one vault are killed within --during S seconds (60), while another program waits
//   vault_campaign write|take-turns|migrate|rotate|erase|import|restore VAULT KEYFILE
//       The program that is killed.
//   vault_campaign spill FOLDER MEGABYTES
//       K2: the work that spills.py watches.
#include "tests/integration/storage/campaign.h"
#include "tests/integration/storage/interrupted.h"
#include "tests/support/faults/failing_memory.h"
#include "tests/support/faults/fault_vfs.h"

#include <QCoreApplication>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>

using namespace tramontane;
using namespace tramontane::test;

namespace {

int usage()
{
    std::fprintf(stderr, "usage: vault_campaign WHAT COUNT SEED [--seconds S] [--during S], as its source says\n");
    return 2;
}

/// What runs beside the campaign in a process of its own, without faults.
int assistant(const std::string &what, char **argv)
{
    if (what == "spill")
        return spill(argv[2], std::strtoull(argv[3], nullptr, 10));
    if (interruptedWorks().contains(what))
        return workUntilKilled(what, argv[2], argv[3]);
    return writeUntilKilled(argv[2], argv[3], what == "take-turns");
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 4)
        return usage();
    const std::string what = argv[1];
    const bool assists =
        what == "write" || what == "take-turns" || what == "spill" || interruptedWorks().contains(what);
    // Without mounts of our own the files lie on the machine's disk: slower, no less strict.
    if (!assists)
        static_cast<void>(enterPrivateMounts());
    QCoreApplication application(argc, argv);
    if (assists)
        return initCrypto() ? assistant(what, argv) : 1;
    if (!initCrypto() || !failing_memory::use() || !useFaultVfs()) {
        std::fprintf(stderr, "the faults could not be put in\n");
        return 1;
    }
    CampaignOptions options{std::strtoull(argv[2], nullptr, 10), std::strtoull(argv[3], nullptr, 10)};
    double during = 60;
    for (int at = 4; at + 1 < argc; at += 2)
        (std::string(argv[at]) == "--during" ? during : options.seconds) = std::atof(argv[at + 1]);
    options.lyingDisk = what == "lying-disk";
    const std::map<std::string, std::function<int()>> campaigns{
        {"kill", [&] { return killWriters(options); }},
        {"power", [&] { return losePower(options); }},
        {"lying-disk", [&] { return losePower(options); }},
        {"calls", [&] { return failCalls(options); }},
        {"memory", [&] { return failMemory(options); }},
        {"bytes", [&] { return flipBytes(options); }},
        {"keys", [&] { return breakKeys(options); }},
        {"interrupted", [&] { return interruptWorks(options); }},
        {"two-programs", [&] { return killOwners(options, during); }},
    };
    const auto campaign = campaigns.find(what);
    return campaign == campaigns.end() ? usage() : campaign->second();
}
