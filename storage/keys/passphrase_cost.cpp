// SPDX-License-Identifier: Apache-2.0
#include "storage/keys/passphrase_cost.h"

#include <algorithm>
#include <ctime>

namespace tramontane::vault {
namespace {

using std::chrono::nanoseconds;

constexpr int kMeasurements = 5;
constexpr nanoseconds kWanted{(kShortestDerivation + kLongestDerivation) / 2};

/// The work of a derivation: every pass goes through the memory once.
std::int64_t workOf(const KdfParameters &cost)
{
    return std::int64_t(cost.memoryMiB) * cost.passes;
}

/// The parameters that come nearest to this work, memory first.
KdfParameters costOf(std::int64_t work, int mostMemory)
{
    KdfParameters cost;
    cost.memoryMiB = static_cast<int>(
        std::clamp<std::int64_t>(work / KdfParameters::kMinPasses, KdfParameters::kMinMemoryMiB, mostMemory));
    cost.passes = static_cast<int>(
        std::clamp<std::int64_t>(work / cost.memoryMiB, KdfParameters::kMinPasses, KdfParameters::kMaxPasses));
    return cost;
}

bool sameCost(const KdfParameters &a, const KdfParameters &b)
{
    return a.memoryMiB == b.memoryMiB && a.passes == b.passes;
}

/// The shorter of two: what else goes on for a moment must not make passphrases cheap for good.
Result<nanoseconds> measureTwice(const MeasureCost &measure, const KdfParameters &cost)
{
    const auto first = measure(cost);
    if (!first)
        return first;
    const auto second = measure(cost);
    return second ? std::min(*first, *second) : *first;
}

} // namespace

Result<KdfParameters> tunedCost(const MeasureCost &measure)
{
    int mostMemory = KdfParameters::kMaxMemoryMiB;
    KdfParameters cost = costOf(0, mostMemory);
    KdfParameters proven = cost; // the last one that could be computed at all
    for (int i = 0; i < kMeasurements; ++i) {
        const auto took = i == 0 ? measureTwice(measure, cost) : measure(cost);
        if (!took) {
            if (cost.memoryMiB == KdfParameters::kMinMemoryMiB)
                return took.error();
            mostMemory = std::max(KdfParameters::kMinMemoryMiB, cost.memoryMiB / 2);
            cost = costOf(workOf(cost), mostMemory);
            continue;
        }
        proven = cost;
        if (*took >= kShortestDerivation && *took <= kLongestDerivation)
            return cost;
        const double factor = double(kWanted.count()) / double(std::max<std::int64_t>(took->count(), 1));
        // Beyond this the product could leave the range of integers, and the bounds hold long before.
        const double work = std::min(double(workOf(cost)) * factor, 1e9);
        const KdfParameters next = costOf(static_cast<std::int64_t>(work), mostMemory);
        if (sameCost(next, cost))
            return cost;
        cost = next;
    }
    return proven;
}

Result<KdfParameters> tunedCostOfThisMachine()
{
    return tunedCost([](const KdfParameters &cost) -> Result<nanoseconds> {
        const SecretBytes passphrase = SecretBytes::copyOf("only to measure");
        const auto begun = std::chrono::steady_clock::now();
        const std::clock_t worked = std::clock();
        const auto key = passphraseKey(passphrase, withNewSalt(cost));
        if (!key)
            return key.error();
        // Processor time where the system has it: a busy machine is not a slow one. Windows answers the time that passed.
        const double work = double(std::clock() - worked) * 1e9 / CLOCKS_PER_SEC;
        return std::min(nanoseconds(std::chrono::steady_clock::now() - begun), nanoseconds(std::int64_t(work)));
    });
}

} // namespace tramontane::vault
