// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "app/core/secret.h"

#include <string>

// The terminal and the ways in which a secret reaches a program without touching its command line or environment.
// Calls block; they are for programs without a window, before their event loop runs.
namespace tramontane::terminal {

/// Longer input is refused: nobody's passphrase, but perhaps the wrong file.
inline constexpr std::size_t kLongestSecret = 4096;

enum class Stream { Input, Output, Error };

/// Whether a person sits at the other end.
[[nodiscard]] bool isTerminal(Stream stream);

/// Whether text and colours can be told apart there: a terminal, and NO_COLOR (https://no-color.org) is not set.
[[nodiscard]] bool wantsColour(Stream stream);

enum class Echo { Off, On };

/// Asks at the terminal of the process, also when standard input is a pipe. One line, without its end. With Echo::On what is
/// typed can be seen: for what is on the screen already. Errors: Usage (there is no terminal), Cancelled (Ctrl+C or end of
/// input). The terminal is as it was in every case.
[[nodiscard]] Result<SecretBytes> askSecret(const std::string &prompt, Echo echo = Echo::Off);

/// The whole content of a file without one line end at its end. Errors: Usage (cannot be read, empty, longer than
/// kLongestSecret); `message` names the path.
[[nodiscard]] Result<SecretBytes> readSecretFile(const std::string &path);

/// The same from a descriptor that the process was started with.
[[nodiscard]] Result<SecretBytes> readSecretDescriptor(int descriptor);

} // namespace tramontane::terminal
