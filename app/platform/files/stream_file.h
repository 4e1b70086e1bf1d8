// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"

#include <cstdint>
#include <filesystem>
#include <span>

// Large files, piece by piece. One object belongs to one thread at a time; not on the GUI thread.
namespace tramontane::files {

/// A file that is being made and has no meaning before moveTo(). Move-only; destroying it removes the file.
class NewFile {
public:
    /// Makes `path` for this account only (mode 0600). Errors: VaultExists (there is something of that name; untouched),
    /// NoSpace, StorageReadOnly, NotFound (no folder), IoFailed.
    [[nodiscard]] static Result<NewFile> create(const std::filesystem::path &path);
    ~NewFile();
    NewFile(NewFile &&other) noexcept;
    NewFile &operator=(NewFile &&) = delete;
    NewFile(const NewFile &) = delete;
    NewFile &operator=(const NewFile &) = delete;

    /// Appends all of `bytes`. Errors: NoSpace, StorageReadOnly, IoFailed; part of it may be written then.
    [[nodiscard]] Status write(std::span<const std::uint8_t> bytes);
    /// Waits until the disk has what was written. Errors: NoSpace, IoFailed.
    [[nodiscard]] Status sync();
    /// Syncs, closes, takes the place of `target` (same folder) and syncs the folder. Errors: NoSpace, IoFailed; the
    /// new file is then removed and `target` unchanged, unless only the last sync failed.
    [[nodiscard]] Status moveTo(const std::filesystem::path &target);
    [[nodiscard]] std::uint64_t size() const noexcept { return m_size; }

private:
    using Handle = std::intptr_t;
    static constexpr Handle kNone = -1;
    NewFile(Handle handle, std::filesystem::path path) : m_handle(handle), m_path(std::move(path)) {}

    Handle m_handle;
    std::filesystem::path m_path; // empty: nothing to remove
    std::uint64_t m_size = 0;
};

/// A file that is read from its beginning. Move-only. It may be replaced or removed meanwhile: what is read stays that
/// of the file that was opened (on Windows it cannot be replaced as long as it is open).
class InputFile {
public:
    /// Errors: NotFound, InvalidArgument when it is a link or not a regular file, IoFailed.
    [[nodiscard]] static Result<InputFile> open(const std::filesystem::path &path);
    ~InputFile();
    InputFile(InputFile &&other) noexcept;
    InputFile &operator=(InputFile &&) = delete;
    InputFile(const InputFile &) = delete;
    InputFile &operator=(const InputFile &) = delete;

    /// Fills `buffer`; fewer bytes only at the end of the file. Errors: IoFailed.
    [[nodiscard]] Result<std::size_t> read(std::span<std::uint8_t> buffer);

private:
    using Handle = std::intptr_t;
    static constexpr Handle kNone = -1;
    explicit InputFile(Handle handle) : m_handle(handle) {}

    Handle m_handle;
};

} // namespace tramontane::files
