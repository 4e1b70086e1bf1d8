// SPDX-License-Identifier: Apache-2.0
// R2: power is lost at any point of the making and the use of a vault.
#include "tests/integration/storage/campaign.h"
#include "tests/support/faults/fault_disk.h"
#include "tests/support/faults/workloads.h"

#include <cstdio>

namespace tramontane::test {

namespace {

constexpr int kOpenings = 3;
constexpr int kRounds = 25; // in each

struct Recording {
    Ledger ledger;
    std::size_t created = 0; // position at which the making was acknowledged
    std::vector<Operation> operations;
};

/// The last opening is not closed before the recording ends: power is lost in the middle of work, too.
std::optional<Recording> recordWork(const std::filesystem::path &home, VaultPlace &place, std::uint64_t seed)
{
    Recording recording;
    Random random(seed);
    fault_disk::watch(home);
    fault_disk::record();
    auto vault = place.create();
    recording.created = fault_disk::position();
    for (int opening = 0; vault && opening < kOpenings; ++opening) {
        work(**vault, recording.ledger, random, kRounds);
        if (opening + 1 == kOpenings)
            recording.operations = fault_disk::recorded();
        if (const Status closed = (*vault)->close().result(); !closed)
            return std::nullopt;
        if (opening + 1 < kOpenings)
            vault = place.open();
    }
    fault_disk::leave();
    if (!vault || !recording.ledger.refusals().empty())
        return std::nullopt;
    return recording;
}

/// Empty: all is well.
std::string afterwards(VaultPlace &place, const Recording &recording, std::size_t position)
{
    if (!place.exists()) {
        if (position >= recording.created)
            return "the vault is not there";
        const auto made = place.create();
        return made ? std::string() : "it can be neither opened nor made: " + describe(made.error());
    }
    const auto vault = place.open();
    if (!vault)
        return "does not open: " + describe(vault.error());
    const std::string problem = problemOf(**vault, recording.ledger, position);
    const Status closed = (*vault)->close().result();
    return !problem.empty() || closed ? problem : "does not close: " + describe(closed.error());
}

} // namespace

int losePower(const CampaignOptions &options)
{
    const CampaignFolder folder;
    const auto home = folder.path() / "home";
    const auto crashed = folder.path() / "crashed";
    std::filesystem::create_directory(home);
    VaultPlace place(home / "vault");
    place.options().reserveBytes = 64 << 10;
    const auto recording = recordWork(home, place, options.seed);
    if (!recording) {
        std::fprintf(stderr, "the work without a fault failed\n");
        return 1;
    }
    VaultPlace found = place.movedTo(crashed / "vault");
    const std::size_t operations = recording->operations.size();
    DiskModel disk({}, std::filesystem::canonical(home));
    std::size_t done = 0;
    std::uint64_t lossy = 0;
    Watchdog watchdog(options.seconds);
    for (std::uint64_t number = 0; number < options.count; ++number) {
        watchdog.heard(number);
        const auto position = std::size_t(double(number) / double(options.count) * double(operations + 1));
        for (; done < position; ++done) {
            const bool sync = recording->operations[done].kind == OperationKind::Sync;
            if (!sync || !options.lyingDisk)
                disk.apply(recording->operations[done]);
        }
        lossy += !disk.settled();
        writeFolder(disk.afterPowerLoss(options.seed + number), crashed);
        if (const std::string problem = afterwards(found, *recording, position); !problem.empty()) {
            if (options.lyingDisk) {
                std::printf("R2, control with a disk that lies: seen at loss %llu: %s\n",
                            static_cast<unsigned long long>(number), problem.c_str());
                return 0;
            }
            std::fprintf(stderr, "seed %llu, loss %llu, after %zu of %zu operations: %s\n",
                         static_cast<unsigned long long>(options.seed), static_cast<unsigned long long>(number),
                         position, operations, problem.c_str());
            return 1;
        }
    }
    std::printf(
        "R2: %llu losses of power (%llu with something unsynced) in %zu operations with %zu promises: all kept, "
        "every vault opens, every log is whole; longest %.2f s\n",
        static_cast<unsigned long long>(options.count), static_cast<unsigned long long>(lossy), operations,
        recording->ledger.promises(), watchdog.longest());
    return !options.lyingDisk && lossy * 4 >= options.count ? 0 : 1;
}

} // namespace tramontane::test
