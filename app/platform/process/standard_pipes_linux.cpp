// SPDX-License-Identifier: Apache-2.0
#include "app/platform/process/standard_pipes.h"

#include "app/platform/process/sandbox_layers.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace tramontane::process {

namespace {

Error ioError(const char *what)
{
    return {ErrorCode::IoFailed, "The connection to the engine failed.", withErrno(what)};
}

/// Makes `stream` lead nowhere.
bool leadNowhere(int stream)
{
    const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nowhere < 0)
        return false;
    const bool done = dup2(nowhere, stream) >= 0;
    close(nowhere);
    return done;
}

} // namespace

Result<StandardPipes> StandardPipes::take()
{
    const StandardPipes pipes(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3), fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3),
                              fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3));
    if (pipes.m_in < 0 || pipes.m_out < 0)
        return ioError("standard input and output");
    if (!leadNowhere(STDIN_FILENO) || !leadNowhere(STDOUT_FILENO))
        return ioError("/dev/null");
    signal(SIGPIPE, SIG_IGN);
    return pipes;
}

Result<std::size_t> StandardPipes::read(char *into, std::size_t capacity)
{
    for (;;) {
        const ssize_t got = ::read(m_in, into, capacity);
        if (got >= 0)
            return static_cast<std::size_t>(got);
        if (errno != EINTR)
            return ioError("read");
    }
}

Status StandardPipes::write(std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t put = ::write(m_out, bytes.data(), bytes.size());
        if (put >= 0)
            bytes.remove_prefix(static_cast<std::size_t>(put));
        else if (errno != EINTR)
            return ioError("write");
    }
    return {};
}

Status StandardPipes::silenceErrorOutput()
{
    if (m_error >= 0 && !leadNowhere(STDERR_FILENO))
        return ioError("/dev/null");
    return {};
}

void StandardPipes::noteError(std::string_view line) const noexcept
{
    std::array<iovec, 2> parts{};
    char end = '\n';
    parts[0] = {const_cast<char *>(line.data()), line.size()};
    parts[1] = {&end, 1};
    // Nobody is left to tell when this fails.
    if (m_error >= 0 && writev(m_error, parts.data(), parts.size()) < 0)
        return;
}

} // namespace tramontane::process
