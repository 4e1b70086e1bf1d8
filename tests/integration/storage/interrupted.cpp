// SPDX-License-Identifier: Apache-2.0
// R5: long work on a vault is killed at any moment; the result is that of before or that of after.
#include "tests/integration/storage/interrupted.h"

#include "app/platform/files/durable_file.h"
#include "tests/integration/storage/campaign.h"
#include "tests/integration/storage/child_process.h"
#include "tests/support/faults/workloads.h"

#include <QElapsedTimer>

#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>

namespace tramontane::test {

namespace fs = std::filesystem;

namespace {

constexpr int kPatienceMs = 60'000;
constexpr int kWholeRuns = 2;
/// Moments reach beyond the end of the work, so that some kills come after it.
constexpr double kBeyond = 1.3;
/// The names of a folder go to a slow disk, so that some kills come between two renames.
constexpr useconds_t kSlowSyncUs = 10'000;

struct Place {
    fs::path folder;
    fs::path keyFile;
    VaultPlace prepared;
    VaultPlace killed;
};

struct Counts {
    std::uint64_t before = 0;
    std::uint64_t after = 0;
    std::uint64_t cutOff = 0;
    qint64 wholeMs = 0;
};

struct Run {
    bool done = false; // the work has said so
    qint64 ms = 0;     // from its beginning to the kill
};

/// On a fresh copy, killed after `ms`, or, for a negative number, once the work is done. Errors: the work did not begin, or
/// ended by itself.
Result<Run> killedAfter(const std::string &name, Place &place, double ms)
{
    fs::remove_all(place.killed.folder());
    fs::copy(place.prepared.folder(), place.killed.folder(), fs::copy_options::recursive);
    ChildProcess child(name, place.killed.folder(), place.keyFile);
    if (!child.heard("begin", kPatienceMs))
        return Error{ErrorCode::Internal, "the work did not begin", ""};
    QElapsedTimer timer;
    timer.start();
    if (ms < 0 && !child.heard("done", kPatienceMs))
        return Error{ErrorCode::Internal, "the work was not done", ""};
    if (ms >= 0)
        ::usleep(useconds_t(1000 * ms));
    Run run{.done = ms < 0, .ms = timer.elapsed()};
    child.kill();
    if (!child.wasKilled())
        return Error{ErrorCode::Internal, "the work ended by itself", ""};
    run.done = run.done || child.heard("done", 0);
    return run;
}

std::string problemAfter(InterruptedWork &work, Place &place, bool done, Counts &counts)
{
    const Examined found = work.examine(place.killed);
    if (!found.problem.empty())
        return found.problem;
    if (done && (!found.after || found.cutOff))
        return "what was said to be done is not";
    ++(found.after ? counts.after : counts.before);
    counts.cutOff += found.cutOff;
    return {};
}

/// How long the work takes, and that its end is the one that examine() expects.
std::string measure(const std::string &name, InterruptedWork &work, Place &place, Counts &counts)
{
    std::vector<qint64> times;
    for (int i = 0; i < kWholeRuns; ++i) {
        const auto run = killedAfter(name, place, -1);
        if (!run)
            return run.error().message;
        times.push_back(run->ms);
        Counts ignored;
        if (const std::string problem = problemAfter(work, place, true, ignored); !problem.empty())
            return "after a whole run: " + problem;
    }
    std::sort(times.begin(), times.end());
    counts.wholeMs = times[times.size() / 2];
    return {};
}

std::string interrupt(const std::string &name, const CampaignOptions &options, Counts &counts)
{
    const CampaignFolder folder;
    Place place{folder.path(), folder.path() / "key", VaultPlace(folder.path() / "prepared"),
                VaultPlace(folder.path() / "vault")};
    place.killed = place.prepared.movedTo(folder.path() / "vault");
    const auto work = interruptedWorks().at(name)();
    if (const Status prepared = work->prepare(place.prepared); !prepared)
        return "cannot be prepared: " + describe(prepared.error());
    if (!place.prepared.keepKeyIn(place.keyFile))
        return "the key cannot be kept";
    if (const std::string problem = measure(name, *work, place, counts); !problem.empty())
        return problem;
    Random random(options.seed);
    double whole = double(counts.wholeMs);
    Watchdog watchdog(options.seconds);
    for (std::uint64_t number = 0; number < options.count; ++number) {
        watchdog.heard(number);
        const double ms = kBeyond * whole * (double(number) + double(random() % 1000) / 1000) / double(options.count);
        const auto run = killedAfter(name, place, ms);
        const std::string problem = run ? problemAfter(*work, place, run->done, counts) : run.error().message;
        if (!problem.empty())
            return "kill " + std::to_string(number) + " after " + std::to_string(ms) + " ms: " + problem;
        // The machine has become slower.
        if (!run->done && ms > whole)
            whole = kBeyond * ms;
    }
    return {};
}

} // namespace

const std::map<std::string, std::unique_ptr<InterruptedWork> (*)()> &interruptedWorks()
{
    static const std::map<std::string, std::unique_ptr<InterruptedWork> (*)()> works{{"migrate", interruptedMigration},
                                                                                     {"rotate", interruptedRotation},
                                                                                     {"erase", interruptedErasure},
                                                                                     {"import", interruptedImport},
                                                                                     {"restore", interruptedRestore}};
    return works;
}

int workUntilKilled(const std::string &name, const fs::path &folder, const fs::path &keyFile)
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    VaultPlace place = VaultPlace::withKeyIn(keyFile, folder);
    place.options().syncFolder = [](const fs::path &path) {
        ::usleep(kSlowSyncUs);
        const Status synced = files::syncDirectory(path);
        ::usleep(kSlowSyncUs);
        return synced;
    };
    say("begin");
    const auto vault = interruptedWorks().at(name)()->run(place);
    if (!vault) {
        std::fprintf(stderr, "%s\n", describe(vault.error()).c_str());
        return 1;
    }
    say("done");
    for (;;)
        ::pause();
}

int interruptWorks(const CampaignOptions &options)
{
    bool fine = true;
    for (const auto &[name, work] : interruptedWorks()) {
        Counts counts;
        if (const std::string problem = interrupt(name, options, counts); !problem.empty()) {
            std::fprintf(stderr, "%s, seed %llu: %s\n", name.c_str(), static_cast<unsigned long long>(options.seed),
                         problem.c_str());
            return 1;
        }
        std::printf(
            "R5: %s (%lld ms): %llu kills, %llu as before, %llu as after, %llu left something to be settled; all "
            "whole\n",
            name.c_str(), static_cast<long long>(counts.wholeMs), static_cast<unsigned long long>(options.count),
            static_cast<unsigned long long>(counts.before), static_cast<unsigned long long>(counts.after),
            static_cast<unsigned long long>(counts.cutOff));
        std::fflush(stdout);
        // Else the kills came too early or too late to say anything.
        fine = fine && counts.before > 0 && counts.after > 0 && counts.cutOff > 0;
    }
    return fine ? 0 : 1;
}

} // namespace tramontane::test
