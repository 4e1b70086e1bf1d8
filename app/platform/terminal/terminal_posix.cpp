// SPDX-License-Identifier: Apache-2.0
#include "app/platform/terminal/secret_input.h"
#include "app/platform/terminal/terminal.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace tramontane::terminal {
namespace {

int descriptorOf(Stream stream)
{
    switch (stream) {
    case Stream::Input: return STDIN_FILENO;
    case Stream::Output: return STDOUT_FILENO;
    case Stream::Error: break;
    }
    return STDERR_FILENO;
}

/// Turns the echo off and back on. While it is off, Ctrl+C arrives as a byte and not as a signal, so that nothing can
/// leave the terminal silent.
class SilentTerminal {
public:
    SilentTerminal() : m_descriptor(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY))
    {
        if (m_descriptor < 0 || ::tcgetattr(m_descriptor, &m_before) != 0)
            return;
        termios silent = m_before;
        silent.c_lflag &= ~tcflag_t(ECHO | ISIG | ICANON);
        silent.c_cc[VMIN] = 1;
        silent.c_cc[VTIME] = 0;
        m_changed = ::tcsetattr(m_descriptor, TCSAFLUSH, &silent) == 0;
    }
    ~SilentTerminal()
    {
        if (m_changed)
            ::tcsetattr(m_descriptor, TCSAFLUSH, &m_before);
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    SilentTerminal(const SilentTerminal &) = delete;
    SilentTerminal &operator=(const SilentTerminal &) = delete;

    [[nodiscard]] bool ready() const { return m_changed; }
    void write(const std::string &text) const
    {
        [[maybe_unused]] const ssize_t written = ::write(m_descriptor, text.data(), text.size());
    }
    /// The line as it is by now, in the place of what stood there.
    void show(const std::string &prompt, const SecretBytes &line, std::size_t used) const
    {
        write("\r\033[K" + prompt);
        [[maybe_unused]] const ssize_t written = ::write(m_descriptor, line.data(), used);
    }
    /// -1: fault or end.
    [[nodiscard]] int readByte() const
    {
        unsigned char byte = 0;
        ssize_t got = 0;
        do {
            got = ::read(m_descriptor, &byte, 1);
        } while (got < 0 && errno == EINTR);
        return got == 1 ? byte : -1;
    }

private:
    int m_descriptor = -1;
    termios m_before{};
    bool m_changed = false;
};

constexpr int kInterrupt = 3;
constexpr int kEndOfInput = 4;
constexpr int kBackspace = 8;
constexpr int kEraseLine = 21;
constexpr int kDelete = 127;

/// Takes one character (not one byte) of UTF-8 off the end.
std::size_t withoutLast(const SecretBytes &line, std::size_t used)
{
    while (used > 0 && (line.data()[used - 1] & 0xC0) == 0x80)
        --used;
    return used > 0 ? used - 1 : 0;
}

} // namespace

bool isTerminal(Stream stream)
{
    return ::isatty(descriptorOf(stream)) == 1;
}

bool wantsColour(Stream stream)
{
    const char *refused = std::getenv("NO_COLOR");
    return isTerminal(stream) && (refused == nullptr || *refused == '\0');
}

Result<SecretBytes> askSecret(const std::string &prompt, Echo echo)
{
    const SilentTerminal tty;
    if (!tty.ready())
        return Error{
            ErrorCode::Usage,
            "A passphrase is needed, and there is no terminal to ask at. Use --passphrase-file or --passphrase-fd.",
            {}};
    tty.write(prompt);
    SecretBytes line(kLongestSecret);
    std::size_t used = 0;
    while (true) {
        const int byte = tty.readByte();
        if (byte == '\n' || byte == '\r')
            break;
        if (byte < 0 || byte == kInterrupt || byte == kEndOfInput) {
            tty.write("\n");
            return Error{ErrorCode::Cancelled, "Nothing was done: no passphrase was given.", {}};
        }
        if (byte == kDelete || byte == kBackspace)
            used = withoutLast(line, used);
        else if (byte == kEraseLine)
            used = 0;
        else if (used < line.size())
            line.data()[used++] = std::uint8_t(byte);
        if (echo == Echo::On)
            tty.show(prompt, line, used);
    }
    tty.write("\n");
    return SecretBytes::copyOf(line.bytes().first(used));
}

Result<SecretBytes> readSecretDescriptor(int descriptor)
{
    return readWhole(
        [descriptor](std::uint8_t *into, std::size_t size) {
            ssize_t got = 0;
            do {
                got = ::read(descriptor, into, size);
            } while (got < 0 && errno == EINTR);
            return long(got);
        },
        "descriptor " + std::to_string(descriptor));
}

} // namespace tramontane::terminal
