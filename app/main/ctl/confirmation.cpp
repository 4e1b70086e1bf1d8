// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/confirmation.h"

#include "app/main/ctl/output.h"
#include "app/platform/terminal/terminal.h"

#include <cstdio>
#include <iostream>

namespace tramontane::ctl {

Status confirm(bool agreed, const std::string &question)
{
    if (agreed)
        return {};
    if (!terminal::isTerminal(terminal::Stream::Input) || !terminal::isTerminal(terminal::Stream::Error))
        return Error{ErrorCode::Usage, "Nothing was done: this needs a confirmation. Add --yes to give it.", {}};
    std::fputs((printable(question) + " [y/N] ").c_str(), stderr);
    std::fflush(stderr);
    std::string answer;
    std::getline(std::cin, answer);
    if (answer == "y" || answer == "Y" || answer == "yes")
        return {};
    return Error{ErrorCode::Cancelled, "Nothing was done.", {}};
}

} // namespace tramontane::ctl
