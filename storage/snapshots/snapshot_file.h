// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/id.h"
#include "app/core/snapshot.h"
#include "app/platform/files/stream_file.h"
#include "storage/keys/sealed_stream.h"
#include "storage/snapshots/packing.h"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// One snapshot file (resources/formats/snapshots.md): state -> zstd -> secretstream -> disk, and back, piece by piece.
// One object belongs to one thread at a time; not on the GUI thread.
namespace tramontane::vault {

/// The first bytes of every snapshot file.
inline constexpr std::string_view kSnapshotMagic = "TRMSNAPS";

/// Whose state a file holds: it can be read in no other place.
struct SnapshotOwner {
    std::string vaultId;
    ConversationId conversation;
};

class SnapshotFileWriter {
public:
    /// Makes the file and writes the header. Destroying the object before finish() removes the file. `header` must have
    /// passed checkSnapshotHeader(). Errors: those of NewFile::create and NewFile::write.
    [[nodiscard]] static Result<SnapshotFileWriter> begin(const std::filesystem::path &path, const Key32 &key,
                                                          const SnapshotOwner &owner, const SnapshotHeader &header);

    /// The next bytes of the state, any number. Errors: InvalidArgument when it becomes more than the header says;
    /// NoSpace, StorageReadOnly, IoFailed, Internal (no memory). After an error: destroy it.
    [[nodiscard]] Status append(std::span<const std::uint8_t> bytes);
    /// Writes what is left, syncs and moves the file to `target`. Errors: as append(), InvalidArgument also for fewer
    /// bytes than the header says.
    [[nodiscard]] Status finish(const std::filesystem::path &target);
    [[nodiscard]] std::uint64_t fileBytes() const noexcept { return m_file.size(); }

private:
    SnapshotFileWriter(files::NewFile file, const Key32 &key, std::uint64_t stateBytes);
    [[nodiscard]] Status pack(std::span<const std::uint8_t> bytes, bool end);
    [[nodiscard]] Status writeRecord(std::span<const std::uint8_t> message, std::string_view associatedData,
                                     StreamTag tag);

    files::NewFile m_file;
    StreamSealer m_sealer;
    Packer m_packer;
    std::uint64_t m_missing; // bytes of the state that have not come yet
    std::uint64_t m_synced = 0;
    std::vector<std::uint8_t> m_packed; // of the record that is being filled
    std::size_t m_filled = 0;
    std::vector<std::uint8_t> m_sealed;
};

class SnapshotFileReader {
public:
    /// Reads the header. Errors: NotFound (no file), VaultDamaged (not a snapshot, another version, damaged, of another
    /// conversation or key), IoFailed.
    [[nodiscard]] static Result<SnapshotFileReader> open(const std::filesystem::path &path, const Key32 &key,
                                                         const SnapshotOwner &owner);

    [[nodiscard]] const SnapshotHeader &header() const noexcept { return m_header; }
    /// The next bytes of the state, at most `max`; none: all has come, and the file is whole. Errors: VaultDamaged
    /// (changed, cut off, longer or shorter than its header says), IoFailed. After an error: destroy it.
    [[nodiscard]] Result<std::string> next(std::size_t max);

private:
    SnapshotFileReader(files::InputFile file, const Key32 &key, const StreamNonce &nonce);
    [[nodiscard]] Status readHeader(const SnapshotOwner &owner);
    [[nodiscard]] Status readRecord(std::size_t maxBytes, std::string_view associatedData);
    [[nodiscard]] Status checkEnd();

    files::InputFile m_file;
    StreamOpener m_opener;
    Unpacker m_unpacker;
    SnapshotHeader m_header;
    std::uint64_t m_missing = 0; // bytes of the state that were not handed out yet
    bool m_last = false;         // the last record was read
    std::vector<std::uint8_t> m_sealed;
    std::vector<std::uint8_t> m_record;
    std::span<const std::uint8_t> m_left; // of m_record
};

} // namespace tramontane::vault
