// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/async.h"
#include "app/core/audit_event.h"
#include "app/core/conversation.h"
#include "app/core/search.h"

#include <map>
#include <vector>

namespace tramontane {

/// How far an attempt has come (design.md section 3). Stored in `pending` until it is settled.
enum class PendingStage { Asked, Answered };

/// What step 1 writes in one transaction: the conversation if it is new, the question (absent when an answer is made
/// again), a salt for each, and `pending(attempt, Asked)`. The answer's id and place in the tree are fixed here, so
/// that stream parts have a home.
struct QuestionToStore {
    AttemptId attempt;
    Conversation conversation;
    bool newConversation = false;
    std::optional<Message> question;
    MessageId answer;
    MessageId answerParent;
    std::int64_t nowMs = 0;
};

/// The salts under which step 2 commits to the text. They stay in the vault and are erased with the text.
struct StoredQuestion {
    std::string contentCommit; // "hmac-sha256:<hex>" over the question (or, made again, over the parent's text)
    std::int64_t contentBytes = 0;
};

/// Text of a running answer that is not yet folded into blocks. `sequence` counts up from 0 within an answer.
struct StreamPart {
    MessageId answer;
    int sequence = 0;
    BlockKind kind = BlockKind::Text;
    std::string text;
};

/// What step 4 writes in one transaction: message, blocks, index, provenance, `pending = Answered`; its stream parts go.
struct AnswerToStore {
    AttemptId attempt;
    Message message;
    std::optional<Provenance> provenance; // nothing when the model never ran
};

/// An attempt that a crash left behind. `blocks` is what was saved of its answer, in the order in which it came: parts
/// of one kind that follow each other are one block. Empty if nothing was.
struct Leftover {
    AttemptId attempt;
    PendingStage stage = PendingStage::Asked;
    ConversationId conversation;
    MessageId answer;
    MessageId answerParent;
    std::vector<Block> blocks;
};

/// Which piece of the shown branch is wanted. At most `count` messages: those up to the branch's end (`anchor` null), those
/// around `anchor`, or those right above or right below it, without itself.
struct ThreadPlace {
    enum class Side { Around, Above, Below };
    MessageId anchor;
    Side side = Side::Around;
    int count = 200;
};

/// A piece of a branch, in order, and whether it goes on above and below.
struct ThreadPart {
    std::vector<Message> messages;
    bool above = false;
    bool below = false;
};

/// Conversations in vault.db. Every call may be made from any thread and returns at once; work happens in the vault's
/// database thread in the order of the calls. A ready future means: committed with synchronous=FULL.
/// Errors of every call: VaultLocked after close(), NoSpace, StorageReadOnly, StorageBusy, VaultDamaged, IoFailed.
/// After any error nothing of that call is stored.
class ConversationRepository {
public:
    virtual ~ConversationRepository() = default;

    [[nodiscard]] virtual Async<StoredQuestion> storeQuestion(QuestionToStore question) = 0;
    /// One commit for all parts of all running answers.
    [[nodiscard]] virtual Async<void> appendStreamParts(std::vector<StreamPart> parts) = 0;
    [[nodiscard]] virtual Async<void> storeAnswer(AnswerToStore answer) = 0;
    /// Step 6: forgets the attempt and remembers the acknowledged audit head, in the next transaction that is written
    /// anyway (or at close). Never fails; a crash before that is repaired at opening.
    virtual void settle(AttemptId attempt, AuditHead head) = 0;
    /// Remembers a durable head of the log, in the next transaction that is written anyway (or at close). Never fails.
    virtual void acknowledge(AuditHead head) = 0;
    /// The log has named the records after `after` as lost: forgets their heads and remembers `head`, which is after
    /// the record that names them.
    [[nodiscard]] virtual Async<void> acceptGap(std::uint64_t after, AuditHead head) = 0;
    /// Everything in `pending`, oldest first; read at opening before anything else.
    [[nodiscard]] virtual Async<std::vector<Leftover>> leftovers() = 0;
    /// The audit heads that this vault has acknowledged; empty for a new vault.
    [[nodiscard]] virtual Async<std::vector<AuditHead>> knownAuditHeads() = 0;

    /// Those of `messages` that are not there and were not erased either (table erasure), in the order given.
    [[nodiscard]] virtual Async<std::vector<MessageId>> absent(std::vector<MessageId> messages) = 0;

    /// Newest first; `limit` 0 means all.
    [[nodiscard]] virtual Async<std::vector<Conversation>> list(int limit, int offset) = 0;
    /// Errors: NotFound.
    [[nodiscard]] virtual Async<Conversation> find(ConversationId id) = 0;
    /// The messages from the root to `leaf` (null: the conversation's own leaf), in order, with `versions` filled.
    [[nodiscard]] virtual Async<std::vector<Message>> thread(ConversationId id, MessageId leaf) = 0;
    /// A piece of the shown branch, for those who need not have all of it. Errors: NotFound when `anchor` is not on it.
    [[nodiscard]] virtual Async<ThreadPart> threadPart(ConversationId id, ThreadPlace place) = 0;
    /// The messages that share `sibling`'s parent, in branch order.
    [[nodiscard]] virtual Async<std::vector<Message>> versions(MessageId sibling) = 0;
    /// Makes the branch that ends below `message` the shown one; answers the new leaf. Errors: NotFound.
    [[nodiscard]] virtual Async<MessageId> showBranch(MessageId message) = 0;
    /// Errors: NotFound when the message has none.
    [[nodiscard]] virtual Async<Provenance> provenance(MessageId answer) = 0;
    /// Of those answers that have one.
    [[nodiscard]] virtual Async<std::map<MessageId, Provenance>> provenancesOf(std::vector<MessageId> answers) = 0;
    [[nodiscard]] virtual Async<void> rename(ConversationId id, std::string title) = 0;
    /// Messages and titles, best first. Errors: NotFound when the folder or label of the query does not exist.
    [[nodiscard]] virtual Async<SearchPage> search(SearchQuery query) = 0;
};

} // namespace tramontane
