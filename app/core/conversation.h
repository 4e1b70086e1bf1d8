// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/id.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// The values that a conversation consists of. Plain data, UTF-8, times in milliseconds since 1970 UTC. Any thread.
namespace tramontane {

enum class Role { System, User, Assistant, Tool };

/// What a block holds. Stored by name (`blockKindName`), so the order here means nothing.
enum class BlockKind { Text, Code, Reasoning, ToolCall, ToolResult, Image, Citation, Error, Notice };

/// One piece of a message, in reading order. For Text: Markdown as written. For Error and Notice: the sentence for
/// the person; `detail` then holds the error name. A model's answer never contains an Error text inside a Text block.
struct Block {
    BlockKind kind = BlockKind::Text;
    std::string text;
    std::string detail;
};

/// How an answer ended; User and System messages are always Complete.
enum class MessageState { Complete, Stopped, Length, CutOff, Failed };

/// One node of the tree of a conversation. `parent` is null for the first message. Messages with the same parent are
/// versions of each other, in `branchOrder`.
struct Message {
    MessageId id;
    ConversationId conversation;
    MessageId parent;
    int branchOrder = 0;
    Role role = Role::User;
    MessageState state = MessageState::Complete;
    std::int64_t createdMs = 0;
    std::vector<Block> blocks;
    /// How many messages share this parent (itself included); filled when a thread is read.
    int versions = 1;
};

/// All Text and Code blocks joined by a blank line: what a person would copy.
[[nodiscard]] std::string plainText(const Message &message);

struct Conversation {
    ConversationId id;
    FolderId folder; // null: not in a folder
    std::string title;
    std::string systemPrompt;
    std::int64_t createdMs = 0;
    std::int64_t updatedMs = 0;
    bool pinned = false;
    /// The last message of the branch that is shown.
    MessageId leaf;
    /// In the bin since then; nothing: not deleted.
    std::optional<std::int64_t> deletedMs{};
};

/// A place for conversations; folders lie in folders.
struct Folder {
    FolderId id;
    FolderId parent; // null: at the top
    std::string name;
    int conversations = 0; // directly in it; what lies in the bin is not counted
};

/// A word that conversations are marked with.
struct Label {
    LabelId id;
    std::string name;
    int conversations = 0; // what lies in the bin is not counted
};

/// Tokens and times of one answer. Times in milliseconds, counts in tokens.
struct Usage {
    int promptTokens = 0;
    int answerTokens = 0;
    std::int64_t firstTokenMs = 0;
    std::int64_t totalMs = 0;
    double tokensPerSecond = 0;
    int promptReused = 0;   // tokens of the prompt that were still in memory
    int promptComputed = 0; // tokens that were read; more than the rest where memory was short in between
    int drafted = 0;        // guessed tokens, and those of them that the model confirmed
    int draftAccepted = 0;
    std::int64_t queuedMs = 0; // from the request to its first step; part of firstTokenMs
};

/// How an answer came about (design.md section 3, step 7). Enough to run it again.
struct Provenance {
    std::string modelName;
    std::string modelSha256;
    std::string quantisation;
    std::string templateSha256;
    std::string parametersJson; // sampling parameters and seed, canonical JSON
    std::string modeJson;       // threads, batch sizes, flash attention, KV types, CPU variant or GPU
    std::string contextJson;    // ids of the messages sent, system prompt hash, token counts
    std::string device;         // "CPU, 2 threads"
    int layersOnDevice = 0;
    int layersTotal = 0;
    std::string engineBuild;
    std::string policySha256;
    Usage usage;
    std::optional<std::int64_t> energyMilliJoule; // nothing: not measured
};

[[nodiscard]] std::string_view roleName(Role role) noexcept;
[[nodiscard]] std::optional<Role> roleFromName(std::string_view name) noexcept;
[[nodiscard]] std::string_view blockKindName(BlockKind kind) noexcept;
[[nodiscard]] std::optional<BlockKind> blockKindFromName(std::string_view name) noexcept;
[[nodiscard]] std::string_view messageStateName(MessageState state) noexcept;
[[nodiscard]] std::optional<MessageState> messageStateFromName(std::string_view name) noexcept;

} // namespace tramontane
