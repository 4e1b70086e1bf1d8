// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/async.h"
#include "app/core/id.h"
#include "app/core/snapshot.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tramontane {

/// The largest piece that a snapshot is handed over in: one bulk frame of a worker.
inline constexpr std::size_t kMaxSnapshotPiece = 256 * 1024;
/// Pieces of one snapshot that may wait at once; a worker never has more on the way either.
inline constexpr int kMaxWaitingPieces = 4;

/// How the writing of a snapshot ended. Only `Stored` left something behind; nothing of it is a reason to stop anything.
enum class SnapshotOutcome {
    Stored,
    OverBudget, // larger than what all snapshots together may take
    DiskFull,
    ReadOnly, // the disk cannot be written
    Removed,  // the conversation is not there, or it or its snapshot was removed meanwhile
};

struct SnapshotWritten {
    SnapshotOutcome outcome = SnapshotOutcome::Stored;
    std::uint64_t fileBytes = 0; // on disk; 0 unless stored
};

/// A snapshot being written. Calls from any thread; the pieces are taken in the order of the calls. When the last owner
/// lets go of it before finish(), it is cancelled. Errors of every call: VaultLocked after the vault was closed,
/// Cancelled after cancel() or finish(), IoFailed; nothing is left of this snapshot then, and an older one of the same
/// conversation is as it was.
class SnapshotWriter {
public:
    virtual ~SnapshotWriter() = default;

    /// The next piece, at most kMaxSnapshotPiece bytes. Ready when it was compressed, encrypted and handed to the disk;
    /// at most kMaxWaitingPieces may wait. False: it was given up, no more is wanted, and finish() says why. Errors:
    /// also InvalidArgument (too long, too many waiting, more than the header says, or a header beyond its limits).
    [[nodiscard]] virtual Async<bool> append(std::string piece) = 0;
    /// After the last piece. Ready when it is durable and has taken the place of the conversation's older snapshot.
    /// Errors: also InvalidArgument when there was less than the header says.
    [[nodiscard]] virtual Async<SnapshotWritten> finish() = 0;
    /// Gives it up. Any number of times; a finish() that waits answers Cancelled, unless it was done already.
    virtual void cancel() = 0;
};

struct SnapshotPiece {
    enum class State {
        More,
        End,     // all has come and was authenticated; `bytes` is empty
        Spoiled, // the file is damaged and was removed: what came before is worth nothing, compute it again
    };
    State state = State::More;
    std::string bytes; // at most kMaxSnapshotPiece
};

/// A snapshot being read. Calls from any thread. Every piece was authenticated; that they are all of it is known with
/// `End` only. When the last owner lets go of it, reading ends.
class SnapshotReader {
public:
    virtual ~SnapshotReader() = default;

    [[nodiscard]] virtual const SnapshotHeader &header() const = 0;
    /// The next piece. Nothing is read ahead: who asks for no more stops the reading. After `End` or `Spoiled` the same
    /// again. Errors: VaultLocked, Cancelled.
    [[nodiscard]] virtual Async<SnapshotPiece> next() = 0;
    /// Gives it up; the snapshot stays. Any number of times.
    virtual void cancel() = 0;
};

/// What lies in the folder of the snapshots.
struct SnapshotUsage {
    int snapshots = 0;
    std::uint64_t bytes = 0;
    std::uint64_t budgetBytes = 0;    // what they may take now
    std::vector<std::string> unknown; // names of files that are not ours and stay (UTF-8, at most 100)
};

/// Snapshots of conversations: encrypted files with a key of their own for each conversation, which lies in vault.db and
/// goes with the conversation. They are a cache: whatever is wrong with one, it is removed and the state is computed
/// again. Calls from any thread; the work happens in threads of the store. Errors of every call: VaultLocked.
class SnapshotStore {
public:
    virtual ~SnapshotStore() = default;

    /// Never null; nothing is touched before the first append().
    [[nodiscard]] virtual std::shared_ptr<SnapshotWriter> write(ConversationId conversation, SnapshotHeader header) = 0;
    /// Null: there is none that fits. One that is there and does not fit, or cannot be read, is removed.
    [[nodiscard]] virtual Async<std::shared_ptr<SnapshotReader>> read(ConversationId conversation,
                                                                      SnapshotExpectation expected) = 0;
    /// Removes key and file. Call also after a conversation was deleted: its key went in that transaction, its file goes
    /// here (or at the next opening). Removing what is not there is a success. Errors: also NoSpace, StorageReadOnly,
    /// IoFailed.
    [[nodiscard]] virtual Async<void> remove(ConversationId conversation) = 0;
    /// Removes the snapshots of one model file, or all of them. Errors as remove().
    [[nodiscard]] virtual Async<void> clear(std::optional<Hash32> modelSha256) = 0;
    /// Errors: also IoFailed.
    [[nodiscard]] virtual Async<SnapshotUsage> usage() = 0;
};

} // namespace tramontane
