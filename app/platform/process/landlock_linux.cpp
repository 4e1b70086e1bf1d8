// SPDX-License-Identifier: Apache-2.0
#include "app/platform/process/sandbox_layers.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>

// The kernel interface is written out here (linux/landlock.h, ABI 1 to 6): the headers of a build machine may be older
// than the kernel that the program meets.
namespace tramontane::process {

namespace {

constexpr std::uint64_t kWriteFile = 1U << 1;
constexpr std::uint64_t kReadFile = 1U << 2;
constexpr std::uint64_t kReadFolder = 1U << 3;
constexpr std::uint64_t kDeviceOrders = 1U << 15; // ioctl, from version 5
constexpr std::uint32_t kAskVersion = 1;
constexpr int kRulePathBeneath = 1;
constexpr std::uint64_t kTcpRights = 3;    // bind and connect
constexpr std::uint64_t kScopedRights = 3; // abstract Unix sockets and signals

struct RulesetAttributes {
    std::uint64_t filesystem = 0;
    std::uint64_t network = 0;
    std::uint64_t scoped = 0;
};

struct [[gnu::packed]] PathRule {
    std::uint64_t allowed = 0;
    std::int32_t folder = -1;
};

/// All rights over files that this version of the interface knows.
std::uint64_t fileRights(long abi)
{
    constexpr std::array<unsigned, 6> kBits = {0, 13, 14, 15, 15, 16}; // number of rights, by version
    const long known = abi < 5 ? abi : 5;
    return (std::uint64_t{1} << kBits[static_cast<std::size_t>(known)]) - 1;
}

/// A path that is not there needs no rule. False when the kernel refuses the rule.
bool allow(int ruleset, const std::string &path, std::uint64_t rights)
{
    const int target = open(path.c_str(), O_PATH | O_CLOEXEC);
    if (target < 0)
        return true;
    const PathRule rule{rights, target};
    const bool added = syscall(SYS_landlock_add_rule, ruleset, kRulePathBeneath, &rule, 0) == 0;
    close(target);
    return added;
}

bool allowAll(int ruleset, const SandboxRules &rules, std::uint64_t known)
{
    bool added = true;
    for (const std::string &file : rules.readableFiles)
        added = allow(ruleset, file, kReadFile) && added;
    for (const std::string &folder : rules.readableFolders)
        added = allow(ruleset, folder, kReadFile | kReadFolder) && added;
    for (const std::string &device : rules.devices)
        added = allow(ruleset, device, (kReadFile | kWriteFile | kDeviceOrders) & known) && added;
    return added;
}

std::vector<Layer> inactive(const std::string &why)
{
    return {{"files", false, why}, {"network", false, why}};
}

} // namespace

std::vector<Layer> restrictPaths(const SandboxRules &rules)
{
    const long abi = syscall(SYS_landlock_create_ruleset, nullptr, 0, kAskVersion);
    if (abi < 1)
        return inactive(withErrno("This kernel does not offer Landlock"));
    const RulesetAttributes wanted{fileRights(abi), abi >= 4 ? kTcpRights : 0, abi >= 6 ? kScopedRights : 0};
    const auto ruleset = static_cast<int>(syscall(SYS_landlock_create_ruleset, &wanted, sizeof wanted, 0));
    if (ruleset < 0)
        return inactive(withErrno("Landlock refused the rules"));
    const bool complete = allowAll(ruleset, rules, wanted.filesystem);
    const bool restricted = complete && syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    const std::string refused = restricted ? std::string() : withErrno("Landlock could not be switched on");
    close(ruleset);
    if (!restricted)
        return inactive(refused);
    const std::string version = " (Landlock, version " + std::to_string(abi) + ")";
    Layer network{"network", abi >= 4, "TCP is closed" + version};
    if (!network.active)
        network.detail = "This kernel's Landlock has no rules for TCP" + version;
    return {{"files", true, "Only the named files can be read, none written" + version}, network};
}

} // namespace tramontane::process
