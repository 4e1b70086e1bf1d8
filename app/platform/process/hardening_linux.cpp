// SPDX-License-Identifier: Apache-2.0
#include "app/platform/process/hardening.h"

#include "app/platform/process/sandbox_layers.h"

#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace tramontane::process {

std::string withErrno(const char *why)
{
    return std::string(why) + ": " + std::strerror(errno);
}

Layer disableCoreDumps()
{
    Layer layer{"core-dumps", true, "No core file is written and other processes cannot read this one."};
    const rlimit none{0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0)
        return {layer.name, false, withErrno("The limit for core files was refused")};
    // A core pattern that is a pipe ignores the limit; a process that is not dumpable is never handed to it.
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return {layer.name, false, withErrno("The process stayed dumpable")};
    return layer;
}

Layer dieWithParent()
{
    const pid_t parent = getppid();
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
        return {"parent", false, withErrno("The signal at the end of the parent was refused")};
    // The parent may have ended just before the call; then nobody would send the signal.
    if (getppid() != parent)
        raise(SIGKILL);
    return {"parent", true, "The process ends with the one that started it."};
}

Layer enterOwnNetwork()
{
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
        return {"own-network", false, withErrno("The system makes no network namespace for this user")};
    return {"own-network", true, "The process has a network of its own without any interface."};
}

} // namespace tramontane::process
