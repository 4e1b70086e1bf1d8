// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "app/main/ctl/command.h"

#include <optional>

namespace tramontane::ctl {

/// A command line that was understood: either something to run, or a text to print (help, version).
struct ParsedArguments {
    GlobalOptions options;
    CommandFactory make;
    std::string print;
};

/// Reads the command line. Errors: Usage. `options.json` is already right then, so that the error can be told in the form
/// that was asked for.
struct ParseOutcome {
    ParsedArguments arguments;
    std::optional<Error> error;
};
[[nodiscard]] ParseOutcome parseArguments(int argc, char **argv);

} // namespace tramontane::ctl
