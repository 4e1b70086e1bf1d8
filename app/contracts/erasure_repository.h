// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/async.h"
#include "app/core/conversation.h"
#include "app/core/erasure.h"

#include <cstdint>
#include <vector>

namespace tramontane {

/// What goes in one transaction. Messages: with each of them also everything below it must be named, so that no answer
/// stands there without its question.
struct ErasureRequest {
    AttemptId attempt;
    std::vector<ConversationId> conversations;
    std::vector<MessageId> messages;
    std::vector<AttachmentId> attachments;
    std::int64_t nowMs = 0;
};

/// What a request touches, for the person who is to confirm it.
struct ErasureScope {
    int messages = 0;
    int attachments = 0;
    /// Every conversation that text goes from, also where only messages go.
    std::vector<ConversationId> conversations;
    /// When the oldest of them was made.
    std::int64_t oldestMs = 0;
    /// Made since then: they hold the text until they are removed. Oldest first.
    std::vector<BackupWithText> backups{};
};

/// An erasure whose rows are gone and whose files, free pages or closing record may not be.
struct UnfinishedErasure {
    AttemptId attempt;
    std::vector<ErasedRef> refs; // what was asked for; not the messages of a conversation that went as a whole
};

/// The bin, and erasing for good, in vault.db. Every call may be made from any thread and returns at once. Errors of every
/// call: those of ConversationRepository. After any error nothing of that call is stored. Calls on several things do all of
/// them or none. A legal hold wins over each of them: OnHold, with who set it, when and why.
class ErasureRepository {
public:
    virtual ~ErasureRepository() = default;

    /// Into the bin: not listed, found or shown any more, and asked nothing. What is there already stays as it was.
    /// Errors: NotFound, OnHold.
    [[nodiscard]] virtual Async<void> moveToBin(std::vector<ConversationId> conversations, std::int64_t nowMs) = 0;
    /// Back to where it was. Errors: NotFound (not in the bin).
    [[nodiscard]] virtual Async<void> restoreFromBin(std::vector<ConversationId> conversations) = 0;
    /// What lies in the bin, newest deletion first; `limit` 0 means all.
    [[nodiscard]] virtual Async<std::vector<Conversation>> bin(int limit, int offset) = 0;

    /// What erase() would touch. Errors: as erase().
    [[nodiscard]] virtual Async<ErasureScope> scope(ErasureRequest request) = 0;
    /// Deletes rows, blocks, index entries, salts, provenance, parts of running answers and the keys of what lies in files,
    /// and writes the register. What it leaves is for cleanUp(). The title goes with the first question. Errors: NotFound,
    /// OnHold, InvalidArgument (a message with something below it that is not named).
    [[nodiscard]] virtual Async<ErasureScope> erase(ErasureRequest request) = 0;
    /// Writes the index anew, overwrites what rows left behind in pages, and empties the write-ahead log. In small steps,
    /// between which other calls get their turn; takes as long as reading the database. After an error the next call does
    /// all of it.
    [[nodiscard]] virtual Async<void> cleanUp() = 0;
    /// Oldest first.
    [[nodiscard]] virtual Async<std::vector<UnfinishedErasure>> unfinished() = 0;
    /// The erasure is complete and in the log.
    [[nodiscard]] virtual Async<void> settle(AttemptId attempt) = 0;
    /// The register.
    [[nodiscard]] virtual Async<std::vector<ErasedRef>> registered() = 0;
};

} // namespace tramontane
