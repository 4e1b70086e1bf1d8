// SPDX-License-Identifier: Apache-2.0
// A process that goes into the sandbox of a worker and then tries to get out. Started by tst_sandbox.
//   sandbox_probe READABLE_FILE OTHER_FILE WRITABLE_FOLDER [LAYER,LAYER…: what is left out]
// Prints "layer NAME 0|1 DETAIL" and then "try NAME ERRNO" (0: it worked).
#include "app/platform/process/sandbox_layers.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <thread>

namespace {

void attempt(const char *name, const std::function<long()> &call)
{
    errno = 0;
    const long result = call();
    std::printf("try %s %d\n", name, result < 0 ? errno : 0);
}

long openSocket(int family, int type)
{
    return socket(family, type, 0);
}

long readWhole(const char *path)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    char bytes[64];
    return file < 0 ? -1 : read(file, bytes, sizeof bytes);
}

long startThread()
{
    int touched = 0;
    std::thread([&] { touched = 1; }).join();
    return touched - 1;
}

/// The result of the child, or -1 with errno when there was none.
long forkChild()
{
    const pid_t child = fork();
    if (child == 0)
        _exit(0);
    return child;
}

void tryNetwork()
{
    attempt("tcp", [] { return openSocket(AF_INET, SOCK_STREAM); });
    attempt("udp", [] { return openSocket(AF_INET, SOCK_DGRAM); });
    attempt("tcp6", [] { return openSocket(AF_INET6, SOCK_STREAM); });
    attempt("udp6", [] { return openSocket(AF_INET6, SOCK_DGRAM); });
    attempt("unix", [] { return openSocket(AF_UNIX, SOCK_STREAM); });
    attempt("raw", [] { return openSocket(AF_INET, SOCK_RAW); });
    attempt("packet", [] { return openSocket(AF_PACKET, SOCK_RAW); });
    attempt("netlink", [] { return openSocket(AF_NETLINK, SOCK_RAW); });
    attempt("socketpair", [] {
        int pair[2];
        return long{socketpair(AF_UNIX, SOCK_STREAM, 0, pair)};
    });
    attempt("abstract-unix", [] {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, "\0somebody", 9);
        return long{bind(3, reinterpret_cast<const sockaddr *>(&address), sizeof address)};
    });
    // A socket that was already there, as a careless parent might leave it.
    attempt("connect", [] {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(9);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return long{connect(3, reinterpret_cast<const sockaddr *>(&address), sizeof address)};
    });
}

void tryFiles(const char *readable, const char *other, const std::string &folder)
{
    attempt("read-allowed", [=] { return readWhole(readable); });
    attempt("read-cpuinfo", [] { return readWhole("/proc/cpuinfo"); });
    attempt("read-other", [=] { return readWhole(other); });
    attempt("read-passwd", [] { return readWhole("/etc/passwd"); });
    attempt("read-through-proc", [] { return readWhole("/proc/self/root/etc/passwd"); });
    attempt("write-allowed", [=] { return long{open(readable, O_WRONLY)}; });
    attempt("create", [&] { return long{open((folder + "/new").c_str(), O_WRONLY | O_CREAT, 0600)}; });
    attempt("temporary", [&] { return long{open(folder.c_str(), O_TMPFILE | O_RDWR, 0600)}; });
    attempt("mkdir", [&] { return long{mkdir((folder + "/d").c_str(), 0700)}; });
    attempt("rename", [&] { return long{rename(other, (folder + "/r").c_str())}; });
    attempt("unlink", [=] { return long{unlink(other)}; });
    attempt("symlink", [&] { return long{symlink(other, (folder + "/s").c_str())}; });
    attempt("truncate", [=] { return long{truncate(readable, 0)}; });
    attempt("memfd", [] { return syscall(SYS_memfd_create, "x", 0); });
    attempt("openat2", [] { return syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", nullptr, 0); });
}

void tryProcesses()
{
    attempt("execve", [] {
        char *const arguments[] = {nullptr};
        return long{execve("/bin/true", arguments, arguments)};
    });
    attempt("execveat", [] { return syscall(SYS_execveat, AT_FDCWD, "/bin/true", nullptr, nullptr, 0); });
    attempt("fork", forkChild);
    attempt("raw-fork", [] { return syscall(SYS_fork); });
    attempt("clone3", [] { return syscall(SYS_clone3, nullptr, 0); });
    attempt("ptrace", [] { return ptrace(PTRACE_TRACEME, 0, nullptr, nullptr); });
    attempt("ptrace-parent", [] { return ptrace(PTRACE_ATTACH, getppid(), nullptr, nullptr); });
    attempt("read-parent-memory", [] { return syscall(SYS_process_vm_readv, getppid(), nullptr, 0, nullptr, 0, 0); });
    attempt("kill-parent", [] { return long{kill(getppid(), 0)}; });
    attempt("thread", startThread);
    attempt("code", [] {
        void *page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        return page == MAP_FAILED ? -1L : 0L;
    });
}

void tryKernel()
{
    attempt("io_uring", [] { return syscall(SYS_io_uring_setup, 1, nullptr); });
    attempt("bpf", [] { return syscall(SYS_bpf, 0, nullptr, 0); });
    attempt("userfaultfd", [] { return syscall(SYS_userfaultfd, 0); });
    attempt("keyctl", [] { return syscall(SYS_keyctl, 0, 0, 0, 0, 0); });
    attempt("mount", [] { return long{mount("none", "/tmp", "tmpfs", 0, nullptr)}; });
    attempt("unshare", [] { return long{unshare(CLONE_NEWUSER)}; });
    attempt("kexec", [] { return syscall(SYS_kexec_load, 0, 0, nullptr, 0); });
    attempt("perf", [] { return syscall(SYS_perf_event_open, nullptr, 0, -1, -1, 0); });
    attempt("core-limit", [] {
        const rlimit some{1, 1};
        return long{setrlimit(RLIMIT_CORE, &some)};
    });
    attempt("dumpable", [] { return long{prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)}; });
    attempt("ioctl", [] { return long{isatty(STDIN_FILENO)} - 1; });
}

std::uint64_t inode(const char *path)
{
    struct stat found {};
    return stat(path, &found) == 0 ? found.st_ino : 0;
}

/// What only one layer gives each; the attempts above are mostly stopped by several.
void tryLayersBeforeSandbox(std::uint64_t network)
{
    attempt("environment", [] { return std::getenv("SANDBOX_PROBE_ORDER") != nullptr ? 0L : (errno = EPERM, -1L); });
    attempt("own-network", [=] { return inode("/proc/self/ns/net") == network ? 0L : (errno = EPERM, -1L); });
    attempt("core-dumps", [] { return prctl(PR_GET_DUMPABLE) != 0 ? 0L : (errno = EPERM, -1L); });
    attempt("parent", [] {
        int signal = 0;
        prctl(PR_GET_PDEATHSIG, &signal);
        return signal == 0 ? 0L : (errno = EPERM, -1L);
    });
}

void tryLayers(int status)
{
    attempt("no-new-privileges", [=] {
        char text[8192] = {};
        if (pread(status, text, sizeof text - 1, 0) <= 0)
            return 0L;
        return std::strstr(text, "NoNewPrivs:\t1") == nullptr ? 0L : (errno = EPERM, -1L);
    });
    attempt("memory", [] {
        constexpr std::size_t kMuch = std::size_t{1} << 44;
        void *place = mmap(nullptr, kMuch, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        return place == MAP_FAILED ? -1L : 0L;
    });
    attempt("descriptors", [] { return long{fcntl(3, F_GETFD)}; });
}

void print(const tramontane::process::Layer &layer)
{
    std::printf("layer %s %d %s\n", layer.name.c_str(), layer.active ? 1 : 0, layer.detail.c_str());
}

} // namespace

int main(int argc, char **argv)
{
    using namespace tramontane::process;
    if (argc != 4 && argc != 5)
        return 2;
    const std::string leftOut = "," + std::string(argc == 5 ? argv[4] : "") + ",";
    const auto wanted = [&](const char *name) {
        return leftOut.find("," + std::string(name) + ",") == std::string::npos;
    };
    // Descriptor 3: a socket from before, also where whoever started the test left something else there.
    const int before = socket(AF_INET, SOCK_STREAM, 0);
    if (before < 0 || (before != 3 && dup2(before, 3) != 3))
        return 3;
    const int status = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    const std::uint64_t network = inode("/proc/self/ns/net");
    if (wanted("environment"))
        print(clearEnvironment());
    if (wanted("own-network"))
        print(enterOwnNetwork());
    if (wanted("core-dumps"))
        print(disableCoreDumps());
    if (wanted("parent"))
        print(dieWithParent());
    tryLayersBeforeSandbox(network);
    SandboxRules rules = runtimeRules();
    rules.readableFiles.push_back(argv[1]);
    rules.readableFiles.push_back("/no/such/file");
    rules.descriptors = {status};
    rules.addressSpaceBytes = addressSpaceFor(0);
    for (const SandboxStep &step : sandboxSteps()) {
        if (!wanted(step.name))
            continue;
        for (const Layer &layer : step.apply(rules))
            print(layer);
    }
    tryLayers(status);
    tryNetwork();
    tryFiles(argv[1], argv[2], argv[3]);
    if (argc == 4) { // without a layer these might work, and would end the probe
        tryProcesses();
        tryKernel();
    }
    std::fflush(stdout);
    std::_Exit(0);
}
