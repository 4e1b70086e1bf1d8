// SPDX-License-Identifier: Apache-2.0
#include "app/platform/process/hardening.h"
#include "app/platform/process/key_memory.h"
#include "app/platform/process/machine_memory.h"
#include "app/platform/process/modules.h"
#include "app/platform/process/process_state.h"
#include "app/platform/process/standard_pipes.h"

#include <fcntl.h>
#include <io.h>

#include <windows.h>

#include <psapi.h>
#include <sddl.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>

namespace tramontane::process {

namespace {

constexpr int kLargestPiece = 1 << 20; // the C runtime counts in int

Layer notHere(const char *name)
{
    return {name, false, "Not available on this system."};
}

Error ioError(const char *what)
{
    return {ErrorCode::IoFailed, "The connection to the engine failed.", what};
}

bool leadNowhere(int stream)
{
    const int nowhere = _open("NUL", _O_RDWR | _O_BINARY);
    if (nowhere < 0)
        return false;
    const bool done = _dup2(nowhere, stream) == 0;
    _close(nowhere);
    return done;
}

} // namespace

Layer clearEnvironment()
{
    return notHere("environment");
}

Layer disableCoreDumps()
{
    // No crash dialog and no report, which would carry a copy of the memory.
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
    // Whoever may open the process may end it and ask for its name, not read its memory. S-1-3-4 (OW) are the rights of
    // the owner, who could change this list otherwise. 0x101001: SYNCHRONIZE, PROCESS_QUERY_LIMITED_INFORMATION,
    // PROCESS_TERMINATE.
    PSECURITY_DESCRIPTOR rights = nullptr;
    if (ConvertStringSecurityDescriptorToSecurityDescriptorW(L"D:P(A;;0x101001;;;OW)(A;;0x101001;;;SY)",
                                                             SDDL_REVISION_1, &rights, nullptr)
        == 0)
        return {"core-dumps", false, "The rights to this process could not be written down."};
    const bool done = SetKernelObjectSecurity(GetCurrentProcess(), DACL_SECURITY_INFORMATION, rights) != 0;
    LocalFree(rights);
    return {"core-dumps", done,
            done ? "No report is written and other programs of the person cannot read this one."
                 : "The rights to this process were not accepted."};
}

Layer checkKeyMemory()
{
    constexpr SIZE_T kPage = 4096;
    void *page = VirtualAlloc(nullptr, kPage, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
    const bool locked = page != nullptr && VirtualLock(page, kPage) != 0;
    if (page != nullptr)
        VirtualFree(page, 0, MEM_RELEASE);
    return {"key-memory", locked,
            locked ? "Keys lie in memory that is never written to the page file."
                   : "Keys may be written to the page file, because this process may not lock memory."};
}

Layer dieWithParent()
{
    return notHere("parent");
}

Layer enterOwnNetwork()
{
    return notHere("own-network");
}

SandboxRules runtimeRules()
{
    return {};
}

void addGpu(SandboxRules &rules)
{
    rules.addressSpaceBytes = 0;
}

std::uint64_t addressSpaceFor(std::uint64_t fileBytes)
{
    MEMORYSTATUSEX memory{};
    memory.dwLength = sizeof memory;
    return fileBytes + (GlobalMemoryStatusEx(&memory) != 0 ? memory.ullTotalPhys : 0);
}

std::vector<Layer> enterSandbox(const SandboxRules &)
{
    return {notHere("no-new-privileges"), notHere("files"),      notHere("network"), notHere("memory"),
            notHere("syscalls"),          notHere("descriptors")};
}

std::string folderOfCode(const void *code)
{
    HMODULE module = nullptr;
    constexpr DWORD kFlags = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
    std::array<wchar_t, 4096> path{};
    if (GetModuleHandleExW(kFlags, static_cast<LPCWSTR>(code), &module) == 0
        || GetModuleFileNameW(module, path.data(), path.size()) == 0)
        return {};
    const auto folder = std::filesystem::path(path.data()).parent_path().u8string();
    return {folder.begin(), folder.end()};
}

Result<StandardPipes> StandardPipes::take()
{
    const StandardPipes pipes(_dup(0), _dup(1), _dup(2));
    if (pipes.m_in < 0 || pipes.m_out < 0)
        return ioError("standard input and output");
    _setmode(pipes.m_in, _O_BINARY);
    _setmode(pipes.m_out, _O_BINARY);
    if (!leadNowhere(0) || !leadNowhere(1))
        return ioError("NUL");
    return pipes;
}

Result<std::size_t> StandardPipes::read(char *into, std::size_t capacity)
{
    const auto most = static_cast<unsigned>(std::min<std::size_t>(capacity, kLargestPiece));
    const int got = _read(m_in, into, most);
    if (got < 0)
        return ioError("read");
    return static_cast<std::size_t>(got);
}

Status StandardPipes::write(std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto most = static_cast<unsigned>(std::min<std::size_t>(bytes.size(), kLargestPiece));
        const int put = _write(m_out, bytes.data(), most);
        if (put < 0)
            return ioError("write");
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return {};
}

Status StandardPipes::silenceErrorOutput()
{
    if (m_error >= 0 && !leadNowhere(2))
        return ioError("NUL");
    return {};
}

void StandardPipes::noteError(std::string_view line) const noexcept
{
    if (m_error < 0)
        return;
    const std::string text = std::string(line.substr(0, kLargestPiece)) + '\n';
    // Nobody is left to tell when this fails.
    if (_write(m_error, text.data(), static_cast<unsigned>(text.size())) < 0)
        return;
}

MachineMemory machineMemory()
{
    MEMORYSTATUSEX status{};
    status.dwLength = sizeof status;
    if (GlobalMemoryStatusEx(&status) == 0)
        return {};
    return {static_cast<std::int64_t>(status.ullTotalPhys), static_cast<std::int64_t>(status.ullAvailPhys)};
}

OwnMemory::OwnMemory() = default;

std::vector<int> OwnMemory::descriptors() const
{
    return {};
}

std::int64_t OwnMemory::residentBytes() const
{
    PROCESS_MEMORY_COUNTERS counters{};
    const bool known = K32GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof counters) != 0;
    return known ? static_cast<std::int64_t>(counters.WorkingSetSize) : 0;
}

bool isStopped(std::int64_t)
{
    return false;
}

} // namespace tramontane::process
