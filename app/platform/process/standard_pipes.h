// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace tramontane::process {

/// Standard input and output of a worker, kept for frames alone. Once taken, the ordinary standard input and output
/// lead nowhere: a stray printf of a library cannot get between two frames. One object a process; it lives until the
/// process ends. read() and write() may be called from different threads, each from one at a time.
class StandardPipes {
public:
    /// Errors: IoFailed.
    [[nodiscard]] static Result<StandardPipes> take();

    /// Waits for bytes; answers how many came, 0 at the end of the stream. Errors: IoFailed.
    [[nodiscard]] Result<std::size_t> read(char *into, std::size_t capacity);
    /// Waits until all is written. Errors: IoFailed, also when the reader is gone (no signal is raised).
    [[nodiscard]] Status write(std::string_view bytes);

    /// Ordinary error output leads nowhere from now on; only noteError() reaches it. Libraries print what they were
    /// given when they fail, and that may be a person's text. Errors: IoFailed.
    [[nodiscard]] Status silenceErrorOutput();
    /// The descriptors behind the pipes, for SandboxRules::descriptors.
    [[nodiscard]] std::vector<int> descriptors() const { return {m_in, m_out, m_error}; }
    /// One line on the error output. `line` must not hold content. Any thread; never fails.
    void noteError(std::string_view line) const noexcept;

private:
    StandardPipes(int in, int out, int error) : m_in(in), m_out(out), m_error(error) {}

    int m_in = -1;
    int m_out = -1;
    int m_error = -1;
};

} // namespace tramontane::process
