// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/audit/checkpoint.h"
#include "app/audit/merkle_tree.h"
#include "app/core/result.h"
#include "app/core/secret.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tramontane::audit {

/// A record as it lies in the store; nothing about it is trusted. Byte strings keep whatever length they have there.
struct StoredEntry {
    std::int64_t seq = 0;
    std::string leaf;
    std::string body;
    std::string headSignature;
    std::int64_t epoch = 0;
};

struct StoredCheckpoint {
    std::int64_t size = 0;
    std::string root;
    std::string note;
    std::string mac; // of the note under the MAC key of its epoch; empty when it has none
    std::int64_t epoch = 0;
};

struct StoredEpoch {
    std::int64_t number = 0;
    std::string publicKey;
    std::string macCommit;
};

/// The MAC key of the newest epoch, the only one that still exists.
struct StoredEpochKey {
    std::int64_t number;
    Key32 key;
};

/// Where verification gets a log from: a database, or an exported pack. Errors of every call are handed on as they are.
class LogReader {
public:
    virtual ~LogReader() = default;
    [[nodiscard]] virtual Result<std::uint64_t> entryCount() = 0;
    /// The next entry in ascending order of seq; nothing after the last.
    [[nodiscard]] virtual Result<std::optional<StoredEntry>> nextEntry() = 0;
    /// The stored hash of a perfect subtree of level 1 or above; nothing if there is none.
    [[nodiscard]] virtual Result<std::optional<std::string>> node(int level, std::uint64_t index) = 0;
    [[nodiscard]] virtual Result<std::uint64_t> nodeCount() = 0;
    /// Ascending by size.
    [[nodiscard]] virtual Result<std::vector<StoredCheckpoint>> checkpoints() = 0;
    /// Ascending by number.
    [[nodiscard]] virtual Result<std::vector<StoredEpoch>> epochs() = 0;
    /// Nothing when there is none, or none of 32 bytes.
    [[nodiscard]] virtual Result<std::optional<StoredEpochKey>> epochKey() = 0;
};

} // namespace tramontane::audit
