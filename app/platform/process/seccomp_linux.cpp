// SPDX-License-Identifier: Apache-2.0
#include "app/platform/process/sandbox_layers.h"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <type_traits>

namespace tramontane::process {

namespace {

struct FilterDeleter {
    void operator()(void *filter) const { seccomp_release(filter); }
};
using Filter = std::unique_ptr<std::remove_pointer_t<scmp_filter_ctx>, FilterDeleter>;

// clang-format off
/// Calls that a thread needs that computes, reads files and writes to its pipes. Names that a processor does not have
/// are skipped. A new pipe leads nowhere but back; sanitizers try memory with one.
constexpr const char *kAllowed[] = {
    "access", "brk", "clock_getres", "clock_gettime", "clock_nanosleep", "close", "close_range", "exit", "exit_group", "faccessat",
    "faccessat2", "fadvise64", "fcntl", "fstat", "futex", "futex_waitv", "getcwd", "getdents64", "getegid",
    "geteuid", "getgid", "getpid", "getppid", "getrandom", "getrlimit", "getrusage", "gettid", "gettimeofday",
    "getuid", "lseek", "madvise", "membarrier", "mincore", "mlock", "mlock2", "mremap", "munlock", "munmap",
    "nanosleep", "newfstatat", "pipe", "pipe2", "poll", "ppoll", "pread64", "preadv", "read", "readlink",
    "readlinkat", "readv", "restart_syscall", "rseq", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn",
    "sched_getaffinity", "sched_getparam", "sched_getscheduler", "sched_setaffinity", "sched_yield",
    "set_robust_list", "sigaltstack", "stat", "statfs", "statx", "sysinfo", "time", "times", "uname", "write",
    "writev"};

/// Calls that would be a way out. They would be refused anyway, with ENOSYS; EPERM says plainly that it is on purpose,
/// and tests hold the list against the filter.
constexpr const char *kForbidden[] = {
    "accept", "accept4", "add_key", "bind", "bpf", "chmod", "chroot", "connect", "creat", "delete_module", "execve",
    "execveat", "fchmod", "fchmodat", "finit_module", "fork", "init_module", "io_uring_enter", "io_uring_register",
    "io_uring_setup", "kexec_file_load", "kexec_load", "keyctl", "kill", "link", "linkat", "listen", "memfd_create",
    "mkdir", "mkdirat", "mknod", "mknodat", "mount", "open_by_handle_at", "perf_event_open", "pidfd_getfd",
    "pidfd_open", "pivot_root", "process_vm_readv", "process_vm_writev", "ptrace", "rename", "renameat",
    "renameat2", "request_key", "rmdir", "setns", "setsid", "setuid", "socket", "socketpair", "symlink",
    "symlinkat", "tkill", "truncate", "umount2", "unlink", "unlinkat", "unshare", "userfaultfd", "vfork"};

/// What a driver is spoken to with, besides. Which devices, Landlock says.
constexpr const char *kForDevices[] = {"eventfd2", "ioctl", "sched_setscheduler"};

// clang-format on

int addNamed(scmp_filter_ctx filter, std::uint32_t action, const char *name)
{
    const int call = seccomp_syscall_resolve_name(name);
    return call == __NR_SCMP_ERROR ? 0 : seccomp_rule_add(filter, action, call, 0);
}

/// Calls that are allowed with certain arguments only.
int addConditional(scmp_filter_ctx filter)
{
    constexpr auto kAllow = SCMP_ACT_ALLOW;
    const auto mine = static_cast<scmp_datum_t>(getpid());
    int result = 0;
    // Reading only: holds even where the kernel has no Landlock.
    constexpr scmp_datum_t kWriting = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND;
    result |= seccomp_rule_add(filter, kAllow, SCMP_SYS(openat), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, kWriting, 0));
    result |= seccomp_rule_add(filter, kAllow, SCMP_SYS(open), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, kWriting, 0));
    // Threads only. clone3 hides its flags behind a pointer; it gets ENOSYS and the C library falls back to clone.
    result |=
        seccomp_rule_add(filter, kAllow, SCMP_SYS(clone), 1, SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
    // No new code: every library is loaded before the sandbox.
    result |= seccomp_rule_add(filter, kAllow, SCMP_SYS(mmap), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    result |= seccomp_rule_add(filter, kAllow, SCMP_SYS(mprotect), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    // abort() signals the own process.
    result |= seccomp_rule_add(filter, kAllow, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, mine));
    result |= seccomp_rule_add(filter, kAllow, SCMP_SYS(prctl), 1, SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME));
    // Limits may be read, not set.
    result |= seccomp_rule_add(filter, kAllow, SCMP_SYS(prlimit64), 1, SCMP_A2(SCMP_CMP_EQ, 0));
    return result;
}

int addForDevices(scmp_filter_ctx filter)
{
    constexpr scmp_datum_t kMaking = O_CREAT | O_TRUNC | O_APPEND;
    int result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, kMaking, 0));
    for (const char *name : kForDevices)
        result |= addNamed(filter, SCMP_ACT_ALLOW, name);
    return result;
}

int fillFilter(scmp_filter_ctx filter, const SandboxRules &rules)
{
    int result = rules.devices.empty() ? 0 : addForDevices(filter);
    for (const char *name : kAllowed)
        result |= addNamed(filter, SCMP_ACT_ALLOW, name);
    for (const char *name : kForbidden)
        result |= addNamed(filter, SCMP_ACT_ERRNO(EPERM), name);
    result |= addConditional(filter);
    // The layer of that name has seen to it, and says so when it could not.
    result |= seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0);
    // All threads, should a library have started one at load time.
    result |= seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    return result;
}

} // namespace

Layer filterSystemCalls(const SandboxRules &rules)
{
    const Filter filter(seccomp_init(SCMP_ACT_ERRNO(ENOSYS)));
    if (!filter || fillFilter(filter.get(), rules) != 0)
        return {"syscalls", false, "The filter of system calls could not be made."};
    const int loaded = seccomp_load(filter.get());
    if (loaded != 0)
        return {"syscalls", false,
                std::string("The kernel refused the filter of system calls: ") + std::strerror(-loaded)};
    return {"syscalls", true, "Only computing, reading and answering; no sockets, processes or new code (seccomp)."};
}

} // namespace tramontane::process
