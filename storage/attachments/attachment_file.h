// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/id.h"
#include "app/platform/files/stream_file.h"
#include "storage/attachments/attachment_header.h"
#include "storage/keys/sealed_stream.h"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// One attachment's file (resources/formats/attachments.md): sealed piece by piece, and back. One object belongs to one
// thread at a time; not on the GUI thread.
namespace tramontane::vault {

/// The first bytes of every attachment's file.
inline constexpr std::string_view kAttachmentMagic = "TRMATTCH";
/// What one sealed piece holds; only the last one holds less.
inline constexpr std::size_t kAttachmentPiece = 64 * 1024;

/// Whose file it is: it can be read in no other place.
struct AttachmentOwner {
    std::string vaultId;
    AttachmentId attachment;
};

/// The length of the file for this content.
[[nodiscard]] std::uint64_t attachmentFileBytes(const AttachmentHeader &header);

class AttachmentFileWriter {
public:
    /// Makes the file and writes the header, which must have passed checkAttachmentHeader(). Destroying the object before
    /// finish() removes the file. Errors: those of NewFile::create and NewFile::write.
    [[nodiscard]] static Result<AttachmentFileWriter> begin(const std::filesystem::path &path, const Key32 &key,
                                                            const AttachmentOwner &owner,
                                                            const AttachmentHeader &header);

    /// Exactly kAttachmentPiece bytes, or what is left at the end. Errors: InvalidArgument for any other length; NoSpace,
    /// StorageReadOnly, IoFailed. After an error: destroy it.
    [[nodiscard]] Status append(std::span<const std::uint8_t> piece);
    /// Syncs and moves the file to `target`. Errors: InvalidArgument when not all has come; as append().
    [[nodiscard]] Status finish(const std::filesystem::path &target);

private:
    AttachmentFileWriter(files::NewFile file, const Key32 &key, std::uint64_t bytes);

    files::NewFile m_file;
    StreamSealer m_sealer;
    std::uint64_t m_missing;
    bool m_last = false; // the last piece was written
    std::uint64_t m_synced = 0;
    std::vector<std::uint8_t> m_sealed;
};

class AttachmentFileReader {
public:
    /// Reads the header and compares it with `expected`. Errors: AttachmentDamaged (missing, not an attachment, another
    /// version, length, name or key, changed), IoFailed.
    [[nodiscard]] static Result<AttachmentFileReader> open(const std::filesystem::path &path, const Key32 &key,
                                                           const AttachmentOwner &owner,
                                                           const AttachmentHeader &expected);

    /// The next piece; empty: all has come, and nothing follows. Errors: AttachmentDamaged, IoFailed. After an error:
    /// destroy it.
    [[nodiscard]] Result<std::string> next();

private:
    AttachmentFileReader(files::InputFile file, const Key32 &key, const StreamNonce &nonce, std::uint64_t bytes);
    [[nodiscard]] Status readHeader(const AttachmentOwner &owner, const AttachmentHeader &expected);
    [[nodiscard]] Status checkEnd();

    files::InputFile m_file;
    StreamOpener m_opener;
    std::uint64_t m_missing;
    bool m_last = false; // the last piece was read
    std::vector<std::uint8_t> m_sealed;
    std::vector<std::uint8_t> m_piece;
};

} // namespace tramontane::vault
