// SPDX-License-Identifier: Apache-2.0
// R3: each call to the disk, and each request for memory of the storage layer, fails in its turn.
#include "tests/integration/storage/campaign.h"
#include "tests/support/faults/failing_memory.h"
#include "tests/support/faults/fault_disk.h"
#include "tests/support/faults/workloads.h"

#include <cstdio>
#include <functional>
#include <map>

namespace tramontane::test {

namespace {

constexpr int kRounds = 12;
// Of one run, that a fault can befall.
constexpr std::uint64_t kAboutCalls = 500;
constexpr std::uint64_t kAboutRequests = 12'000;

struct Sweep {
    std::string name;
    std::function<void(std::uint64_t nth)> arm;
    std::function<bool()> disarm; // whether it struck
};

struct Tally {
    std::uint64_t runs = 0;
    std::map<std::string, std::uint64_t> errors; // by code
    std::map<std::string, std::string> examples; // the first of each
};

/// A fault of the program, or words that leave a person alone.
std::string badError(const Error &error)
{
    const bool nextStep = error.message.find(". ") != std::string::npos || error.message.find(';') != std::string::npos;
    const bool blamesUs = error.message.find("please report") != std::string::npos;
    return nextStep && !blamesUs && error.message.ends_with('.') ? std::string() : describe(error);
}

class FaultyRuns {
public:
    FaultyRuns(const std::filesystem::path &home, std::uint64_t seed)
        : m_home(home), m_seed(seed), m_place(home / "vault")
    {
    }

    /// A vault with something in it.
    [[nodiscard]] bool prepare()
    {
        Random random(m_seed);
        const auto vault = m_place.create();
        if (!vault)
            return false;
        for (const Workload workload : allWorkloads())
            workload(**vault, m_before, random);
        if (!m_before.refusals().empty() || !(*vault)->close().result())
            return false;
        m_start = readFolder(m_home);
        return true;
    }

    /// Empty: all is well. `struck` says whether there was a fault at all.
    [[nodiscard]] std::string run(const Sweep &sweep, std::uint64_t nth, bool &struck)
    {
        writeFolder(m_start, m_home);
        Ledger ledger = m_before;
        Random random(m_seed + 1);
        std::vector<Error> errors;
        sweep.arm(nth);
        auto vault = m_place.open();
        if (vault) {
            work(**vault, ledger, random, kRounds);
            if (const Status closed = (*vault)->close().result(); !closed)
                errors.push_back(closed.error());
            vault->reset();
        } else {
            errors.push_back(vault.error());
        }
        struck = sweep.disarm();
        ++m_tally.runs;
        errors.insert(errors.end(), ledger.refusals().begin(), ledger.refusals().end());
        for (const Error &error : errors) {
            ++m_tally.errors[std::string(errorName(error.code))];
            m_tally.examples.try_emplace(std::string(errorName(error.code)),
                                         sweep.name + ", number " + std::to_string(nth) + ": " + describe(error));
            if (const std::string bad = badError(error); !bad.empty())
                return "an error without a next step: " + bad;
        }
        return afterwards(ledger);
    }
    [[nodiscard]] const Tally &tally() const { return m_tally; }

private:
    [[nodiscard]] std::string afterwards(const Ledger &ledger)
    {
        const auto vault = m_place.open();
        if (!vault)
            return "does not open without the fault: " + describe(vault.error());
        const std::string problem = problemOf(**vault, ledger);
        return problem.empty() && !(*vault)->close().result() ? "does not close without the fault" : problem;
    }

    std::filesystem::path m_home;
    std::uint64_t m_seed;
    VaultPlace m_place;
    Ledger m_before;
    FolderContent m_start;
    Tally m_tally;
};

/// About `count` runs in all, spread over the sweeps; 0: every one.
int runSweeps(const CampaignOptions &options, const std::vector<Sweep> &sweeps, std::uint64_t about, const char *what)
{
    const CampaignFolder folder;
    FaultyRuns runs(folder.path() / "home", options.seed);
    if (!runs.prepare()) {
        std::fprintf(stderr, "the work without a fault failed\n");
        return 1;
    }
    fault_disk::watch(folder.path() / "home");
    Watchdog watchdog(options.seconds);
    Random random(options.seed);
    for (const Sweep &sweep : sweeps) {
        const std::uint64_t step =
            options.count == 0 ? 1 : std::max<std::uint64_t>(1, about * sweeps.size() / options.count);
        bool struck = true;
        for (std::uint64_t nth = 1; struck; nth += step == 1 ? 1 : 1 + random() % (2 * step - 1)) {
            watchdog.heard(nth);
            if (const std::string problem = runs.run(sweep, nth, struck); !problem.empty()) {
                std::fprintf(stderr, "%s, number %llu: %s\n", sweep.name.c_str(), static_cast<unsigned long long>(nth),
                             problem.c_str());
                return 1;
            }
        }
    }
    fault_disk::leave();
    std::string errors;
    for (const auto &[code, count] : runs.tally().errors)
        errors += " " + code + " " + std::to_string(count);
    std::printf("R3 %s: %llu runs, nothing acknowledged lost; errors:%s; longest %.2f s\n", what,
                static_cast<unsigned long long>(runs.tally().runs), errors.c_str(), watchdog.longest());
    for (const auto &[code, example] : runs.tally().examples)
        std::printf("  e.g. %s\n", example.c_str());
    return runs.tally().errors.empty() ? 1 : 0;
}

} // namespace

int failCalls(const CampaignOptions &options)
{
    using fault_disk::Fault;
    std::vector<Sweep> sweeps;
    for (const auto &[name, fault] : {std::pair("EIO", Fault::IoError), std::pair("ENOSPC", Fault::NoSpace),
                                      std::pair("half of it", Fault::Short)}) {
        for (const bool sticky : {false, true})
            sweeps.push_back({std::string(name) + (sticky ? " from then on" : " once"),
                              [fault = fault, sticky](std::uint64_t nth) {
                                  fault_disk::plan({{fault, nth, sticky}});
                              },
                              [] {
                                  const bool struck = fault_disk::struck();
                                  fault_disk::plan(std::nullopt);
                                  return struck;
                              }});
    }
    return runSweeps(options, sweeps, kAboutCalls, "calls to the disk");
}

int failMemory(const CampaignOptions &options)
{
    std::vector<Sweep> sweeps;
    for (const bool sticky : {false, true})
        sweeps.push_back({sticky ? "no memory from then on" : "no memory once",
                          [sticky](std::uint64_t nth) { failing_memory::failAt(nth, sticky); },
                          [] {
                              const bool struck = failing_memory::struck();
                              failing_memory::failAt(0, false);
                              return struck;
                          }});
    return runSweeps(options, sweeps, kAboutRequests, "memory");
}

} // namespace tramontane::test
