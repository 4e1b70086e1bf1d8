// SPDX-License-Identifier: Apache-2.0
#include "app/platform/terminal/secret_input.h"
#include "app/platform/terminal/terminal.h"

#include <array>
#include <cstdlib>
#include <io.h>
#include <windows.h>

namespace tramontane::terminal {
namespace {

int descriptorOf(Stream stream)
{
    switch (stream) {
    case Stream::Input: return 0;
    case Stream::Output: return 1;
    case Stream::Error: break;
    }
    return 2;
}

} // namespace

bool isTerminal(Stream stream)
{
    return _isatty(descriptorOf(stream)) != 0;
}

bool wantsColour(Stream stream)
{
    const char *refused = std::getenv("NO_COLOR");
    return isTerminal(stream) && (refused == nullptr || *refused == '\0');
}

Result<SecretBytes> askSecret(const std::string &prompt, Echo echo)
{
    const HANDLE console = CreateFileW(L"CONIN$", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                       nullptr, OPEN_EXISTING, 0, nullptr);
    DWORD before = 0;
    if (console == INVALID_HANDLE_VALUE || GetConsoleMode(console, &before) == 0)
        return Error{
            ErrorCode::Usage,
            "A passphrase is needed, and there is no terminal to ask at. Use --passphrase-file or --passphrase-fd.",
            {}};
    const DWORD lineMode = before | ENABLE_LINE_INPUT | ENABLE_PROCESSED_INPUT;
    SetConsoleMode(console, echo == Echo::On ? lineMode | ENABLE_ECHO_INPUT : lineMode & ~DWORD(ENABLE_ECHO_INPUT));
    _write(descriptorOf(Stream::Error), prompt.data(), unsigned(prompt.size()));
    std::array<wchar_t, kLongestSecret / 4> line{};
    DWORD read = 0;
    const bool answered = ReadConsoleW(console, line.data(), DWORD(line.size()), &read, nullptr) != 0 && read > 0;
    SetConsoleMode(console, before);
    CloseHandle(console);
    _write(descriptorOf(Stream::Error), "\r\n", 2);
    while (read > 0 && (line[read - 1] == L'\n' || line[read - 1] == L'\r'))
        --read;
    SecretBytes text(kLongestSecret);
    const int bytes = answered && read > 0 ? WideCharToMultiByte(CP_UTF8, 0, line.data(), int(read),
                                                                 reinterpret_cast<char *>(text.data()),
                                                                 int(text.size()), nullptr, nullptr)
                                           : 0;
    SecureZeroMemory(line.data(), sizeof(line));
    if (!answered)
        return Error{ErrorCode::Cancelled, "Nothing was done: no passphrase was given.", {}};
    return SecretBytes::copyOf(text.bytes().first(std::size_t(bytes)));
}

Result<SecretBytes> readSecretDescriptor(int descriptor)
{
    return readWhole(
        [descriptor](std::uint8_t *into, std::size_t size) { return long(_read(descriptor, into, unsigned(size))); },
        "descriptor " + std::to_string(descriptor));
}

} // namespace tramontane::terminal
