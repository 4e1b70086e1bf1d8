// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/conversation.h"

#include <optional>
#include <vector>

namespace tramontane::ui {

/// One message as the transcript shows it.
struct ThreadEntry {
    Message message;
    std::optional<Provenance> provenance;
    bool writing = false;
};

/// A piece of the shown branch, in order, with at most one answer that is still being written, always last.
/// Plain data of the GUI thread; nothing here can fail.
class ChatThread {
public:
    void clear();
    void replace(std::vector<Message> messages);
    /// Adds messages that come before or after those shown; the latter only while nothing is being written.
    void addAbove(std::vector<Message> messages);
    void addBelow(std::vector<Message> messages);
    /// Adds the question at the end.
    void addQuestion(Message question);
    /// Adds an empty answer below `parent`; what stood below `parent` until now leaves the branch. It counts as one
    /// version more than `siblings`. A null `parent`, or one that is not shown, means the last message.
    void startAnswer(MessageId answer, MessageId parent, int siblings, std::int64_t nowMs);
    /// Adds text to the last block of the answer that is being written, or begins a block when that is of another kind.
    /// Anything but the answer that is being written is ignored; false then.
    bool growAnswer(MessageId answer, BlockKind kind, const std::string &text);
    /// Puts the stored answer in the place of the one being written, keeping its version count; false if not shown.
    bool finishAnswer(const Message &answer, const std::optional<Provenance> &provenance);
    /// Removes the answer that is being written, if it is this one.
    void dropAnswer(MessageId answer);
    /// False when the message is not shown.
    bool setProvenance(MessageId answer, Provenance provenance);

    [[nodiscard]] const std::vector<ThreadEntry> &entries() const { return m_entries; }
    [[nodiscard]] const ThreadEntry *find(MessageId id) const;
    [[nodiscard]] const ThreadEntry *lastAnswer() const;
    [[nodiscard]] const ThreadEntry *lastQuestion() const;
    /// Tokens and times of the newest answer for which a model ran.
    [[nodiscard]] std::optional<Usage> lastUsage() const;
    [[nodiscard]] bool empty() const { return m_entries.empty(); }

private:
    [[nodiscard]] ThreadEntry *entry(MessageId id);

    std::vector<ThreadEntry> m_entries;
};

/// Adds text to the last block if that is of this kind, else as a new one.
void appendToBlocks(std::vector<Block> &blocks, BlockKind kind, const std::string &text);

} // namespace tramontane::ui
