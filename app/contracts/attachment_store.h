// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/async.h"
#include "app/core/conversation.h"
#include "app/core/digest.h"

#include <memory>
#include <string>
#include <vector>

namespace tramontane {

/// The largest piece that an attachment is handed over in.
inline constexpr std::size_t kMaxAttachmentPiece = 64 * 1024;
/// Bytes of UTF-8.
inline constexpr std::size_t kLongestAttachmentName = 255;

/// A file that belongs to a message.
struct Attachment {
    AttachmentId id;
    ConversationId conversation;
    MessageId message;
    int position = 0;
    std::string name;      // of the file as it came, without a folder
    std::string mediaType; // "application/pdf"
    std::uint64_t bytes = 0;
    Hash32 sha256{};
    std::int64_t addedMs = 0;
};

/// What is to be added.
struct NewAttachment {
    MessageId message;
    std::string file;      // path, UTF-8
    std::string name;      // stored instead of the file's own; no folder in it
    std::string mediaType; // at most 127 bytes of printable ASCII (RFC 6838)
    std::uint64_t maxBytes = 0;
};

/// An attachment on its way into the vault. Calls from any thread. Letting go of the last owner cancels it.
class AttachmentAddition {
public:
    virtual ~AttachmentAddition() = default;

    /// Ready when file and row are durable. Errors: NotFound (no such file or message), InvalidArgument (no regular file,
    /// larger than allowed, changed while it was read, a name that cannot be one), Cancelled, NoSpace, StorageReadOnly,
    /// IoFailed, VaultLocked; nothing is left of it then.
    [[nodiscard]] virtual Async<Attachment> added() = 0;
    /// Bytes read so far, and all of them; 0 before it began.
    [[nodiscard]] virtual std::uint64_t bytesDone() const = 0;
    [[nodiscard]] virtual std::uint64_t bytesTotal() const = 0;
    /// Gives it up. Any number of times.
    virtual void cancel() = 0;
};

/// An attachment being read. Calls from any thread. When the last owner lets go of it, reading ends.
class AttachmentReader {
public:
    virtual ~AttachmentReader() = default;

    [[nodiscard]] virtual const Attachment &about() const = 0;
    /// The next bytes, at most kMaxAttachmentPiece; none: all has come, and the file is whole. Every piece was
    /// authenticated before it is handed out. Nothing is read ahead. Errors: AttachmentDamaged (nothing more comes),
    /// IoFailed, VaultLocked, Cancelled.
    [[nodiscard]] virtual Async<std::string> next() = 0;
    virtual void cancel() = 0;
};

/// Attachments of messages: encrypted files with a key each, which lies in vault.db and goes with the row
/// (resources/formats/attachments.md). Calls from any thread; the work happens in threads of the store. Errors of every
/// call: VaultLocked, and those of the database.
class AttachmentStore {
public:
    virtual ~AttachmentStore() = default;

    /// Never null; begins at once.
    [[nodiscard]] virtual std::shared_ptr<AttachmentAddition> add(NewAttachment attachment) = 0;
    /// Of a whole conversation, by message and position. Errors: NotFound.
    [[nodiscard]] virtual Async<std::vector<Attachment>> list(ConversationId conversation) = 0;
    /// Errors: NotFound.
    [[nodiscard]] virtual Async<Attachment> find(AttachmentId attachment) = 0;
    /// Errors: NotFound (no such attachment), AttachmentDamaged (its file is missing, has another length, or does not
    /// begin as the row says), IoFailed.
    [[nodiscard]] virtual Async<std::shared_ptr<AttachmentReader>> read(AttachmentId attachment) = 0;
    /// Removes the files that no row names any more: those of what was erased, and what a crash left half written. As long
    /// as one key does not open, none is removed, because it could be its file. How many went. Errors: also IoFailed.
    [[nodiscard]] virtual Async<int> sweep() = 0;
};

} // namespace tramontane
