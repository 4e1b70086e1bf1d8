// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/audit/checkpoint.h"
#include "app/audit/log_reader.h"
#include "app/core/audit_event.h"

#include <string>
#include <vector>

namespace tramontane::audit {

/// A head that somebody outside the log remembers.
struct KnownHead {
    AuditHead head;
    std::string source; // "vault", "keychain"
};

/// Whose log this must be.
struct LogIdentity {
    std::string logId;
    PublicKey publicKey{};
};

/// Reads the whole log once and answers the three kinds of findings of design.md section 3: what is broken, which
/// attempts are open, how many records are missing against the newest known head (or checkpoint of the log itself).
///
/// `firstBroken` is exact as long as the signature of a head still tells: the first record that is not the one that was
/// written. Where only a remembered head disagrees (everything was signed again with the right key), it is the first
/// record after the last head that still agrees. Any thread; time grows with the log (about 60 us for each signature),
/// memory does not. Of the epochs' commitments only the newest can be checked: the keys behind the others are gone.
/// Errors: only those of `reader`.
[[nodiscard]] Result<AuditVerification> verifyLog(LogReader &reader, const LogIdentity &identity,
                                                  const std::vector<KnownHead> &knownHeads, VerifyDepth depth);

/// The longest log in which VerifyDepth::Usual checks every signature, in records.
inline constexpr std::uint64_t kEverySignatureUpTo = 20'000;

} // namespace tramontane::audit
