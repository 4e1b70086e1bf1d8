// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/async.h"
#include "app/core/conversation.h"

#include <string>
#include <vector>

namespace tramontane {

/// How deep folders may lie in each other, and how long a name may be (bytes of UTF-8).
inline constexpr int kDeepestFolder = 32;
inline constexpr std::size_t kLongestName = 200;

/// Folders and labels in vault.db. Every call may be made from any thread and returns at once. Errors of every call: those
/// of ConversationRepository; also NotFound for an id that is not there. After any error nothing of that call is stored.
class FolderRepository {
public:
    virtual ~FolderRepository() = default;

    /// Each folder after the one that it lies in, then by name.
    [[nodiscard]] virtual Async<std::vector<Folder>> list() = 0;
    /// `parent` null: at the top. Errors: InvalidArgument (no name, too long, taken in that place, too deep).
    [[nodiscard]] virtual Async<Folder> create(FolderId parent, std::string name) = 0;
    /// Errors: InvalidArgument as create().
    [[nodiscard]] virtual Async<void> rename(FolderId folder, std::string name) = 0;
    /// Errors: InvalidArgument (into itself, or as create()), OnHold (it would leave a folder that is held).
    [[nodiscard]] virtual Async<void> move(FolderId folder, FolderId parent) = 0;
    /// Removes the folder; what lies in it moves to the folder above, and its retention rule goes. Errors: InvalidArgument
    /// (the name of a folder in it is taken above), OnHold.
    [[nodiscard]] virtual Async<void> remove(FolderId folder) = 0;
    /// Moves conversations into a folder; null: into none. All or none. Errors: OnHold (one would leave a folder that is
    /// held).
    [[nodiscard]] virtual Async<void> place(std::vector<ConversationId> conversations, FolderId folder) = 0;

    /// By name.
    [[nodiscard]] virtual Async<std::vector<Label>> labels() = 0;
    /// The labels of one conversation, by name.
    [[nodiscard]] virtual Async<std::vector<Label>> labelsOf(ConversationId conversation) = 0;
    /// Gives the conversation exactly these labels; new ones are made, and ones that nothing has any more go. Errors:
    /// InvalidArgument (an empty name, or one that is too long).
    [[nodiscard]] virtual Async<std::vector<Label>> setLabels(ConversationId conversation,
                                                              std::vector<std::string> names) = 0;
};

} // namespace tramontane
