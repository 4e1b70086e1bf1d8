// SPDX-License-Identifier: Apache-2.0
#include "app/platform/files/file_error.h"
#include "app/platform/files/stream_file.h"

#include <windows.h>

#include <algorithm>
#include <utility>

namespace tramontane::files {

namespace {

constexpr std::size_t kMaxPiece = 1u << 20;

std::error_code lastError()
{
    return {static_cast<int>(::GetLastError()), std::system_category()};
}

HANDLE handleOf(std::intptr_t handle)
{
    return reinterpret_cast<HANDLE>(handle);
}

} // namespace

Result<NewFile> NewFile::create(const std::filesystem::path &path)
{
    HANDLE file = ::CreateFileW(path.c_str(), GENERIC_WRITE, 0, nullptr, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, nullptr);
    if (file != INVALID_HANDLE_VALUE)
        return NewFile(reinterpret_cast<Handle>(file), path);
    if (::GetLastError() == ERROR_FILE_EXISTS)
        return Error{ErrorCode::VaultExists, "There is already a file of that name.", utf8Path(path)};
    return fileError(lastError(), "making", path);
}

NewFile::NewFile(NewFile &&other) noexcept
    : m_handle(std::exchange(other.m_handle, kNone)), m_path(std::move(other.m_path)), m_size(other.m_size)
{
    other.m_path.clear();
}

NewFile::~NewFile()
{
    if (m_handle != kNone)
        ::CloseHandle(handleOf(m_handle));
    if (!m_path.empty())
        ::DeleteFileW(m_path.c_str());
}

Status NewFile::write(std::span<const std::uint8_t> bytes)
{
    while (!bytes.empty()) {
        const auto piece = static_cast<DWORD>(std::min(bytes.size(), kMaxPiece));
        DWORD written = 0;
        if (!::WriteFile(handleOf(m_handle), bytes.data(), piece, &written, nullptr))
            return fileError(lastError(), "writing", m_path);
        m_size += written;
        bytes = bytes.subspan(written);
    }
    return {};
}

Status NewFile::sync()
{
    if (!::FlushFileBuffers(handleOf(m_handle)))
        return fileError(lastError(), "syncing", m_path);
    return {};
}

Status NewFile::moveTo(const std::filesystem::path &target)
{
    if (auto synced = sync(); !synced)
        return synced;
    ::CloseHandle(handleOf(std::exchange(m_handle, kNone)));
    // NTFS journals names itself, and MOVEFILE_WRITE_THROUGH waits for it; folders cannot be flushed.
    if (!::MoveFileExW(m_path.c_str(), target.c_str(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH))
        return fileError(lastError(), "writing", target);
    m_path.clear();
    return {};
}

Result<InputFile> InputFile::open(const std::filesystem::path &path)
{
    HANDLE file = ::CreateFileW(path.c_str(), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
                                FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OPEN_REPARSE_POINT, nullptr);
    if (file == INVALID_HANDLE_VALUE)
        return fileError(lastError(), "reading", path);
    InputFile opened(reinterpret_cast<Handle>(file));
    BY_HANDLE_FILE_INFORMATION about{};
    if (!::GetFileInformationByHandle(file, &about))
        return fileError(lastError(), "examining", path);
    if (about.dwFileAttributes & (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_DEVICE))
        return Error{ErrorCode::InvalidArgument, "Something of that name is not a file.", utf8Path(path)};
    return opened;
}

InputFile::InputFile(InputFile &&other) noexcept : m_handle(std::exchange(other.m_handle, kNone)) {}

InputFile::~InputFile()
{
    if (m_handle != kNone)
        ::CloseHandle(handleOf(m_handle));
}

Result<std::size_t> InputFile::read(std::span<std::uint8_t> buffer)
{
    std::size_t done = 0;
    while (done < buffer.size()) {
        DWORD count = 0;
        const auto piece = static_cast<DWORD>(std::min(buffer.size() - done, kMaxPiece));
        if (!::ReadFile(handleOf(m_handle), buffer.data() + done, piece, &count, nullptr))
            return fileError(lastError(), "reading", "a file");
        if (count == 0)
            break;
        done += count;
    }
    return done;
}

} // namespace tramontane::files
