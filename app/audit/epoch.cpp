// SPDX-License-Identifier: Apache-2.0
#include "app/audit/epoch.h"

#include "app/audit/commitment.h"

namespace tramontane::audit {

Key32 nextEpochKey(const Key32 &key)
{
    return subkey(key, "tramontane/audit/epoch-next/v1");
}

std::string epochCommitment(const Key32 &key)
{
    const Key32 commitment = subkey(key, "tramontane/audit/epoch-commit/v1");
    return {commitment.bytes().begin(), commitment.bytes().end()};
}

std::string epochMac(const Key32 &key, std::string_view note)
{
    return contentCommit(key.bytes(), note);
}

} // namespace tramontane::audit
