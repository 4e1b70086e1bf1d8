// SPDX-License-Identifier: Apache-2.0
// A policy file that anybody could have written. A text that the check refuses must never become a policy in force.
#include "app/policy/policy.h"

#include <cstdlib>
#include <string>

using namespace tramontane;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string text(reinterpret_cast<const char *>(data), size);
    const bool fine = static_cast<bool>(checkPolicyText(text));
    ManagedPolicySources sources;
    sources.files.push_back({"10-fuzz.json", text, {}});
    const EffectivePolicy policy = effectivePolicy(sources);
    if (!fine && policy.mode != PolicyMode::Invalid)
        std::abort();
    if (policy.mode == PolicyMode::Invalid && mayUseModel(policy, std::string(64, '0')).allowed)
        std::abort(); // the most restrictive mode restricts
    if (policy.values.empty() || policy.sha256.size() != 64)
        std::abort();
    return 0;
}
