#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""K6: with `ulimit -c unlimited`, SIGSEGV and SIGABRT leave no core file of the window, the command line or a worker; they
are not dumpable, and another process of the same person cannot read their memory. A program without hardening does
leave one and can be read: otherwise this machine cannot tell, and the test says so.

usage: k6_no_core_file.py BIN
"""
import errno
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SKIPPED = 77
NOBODY = 65534
PATIENCE = 30


class Person:
    """Who the programs run as: an account without rights where the test runs as root, else the own one."""

    def __init__(self):
        self.root = os.geteuid() == 0
        self.uid = NOBODY if self.root else os.geteuid()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tramontane-k6-"))
        if self.root:
            os.chown(self.folder, self.uid, self.uid)
        self.env = {key: os.environ[key] for key in ("PATH", "LANG", "LD_LIBRARY_PATH") if key in os.environ}
        self.env |= {"HOME": str(self.folder), "XDG_RUNTIME_DIR": str(self.folder), "TMPDIR": str(self.folder),
                     "QT_QPA_PLATFORM": "offscreen"}

    def start(self, command):
        account = {"user": self.uid, "group": self.uid, "extra_groups": []} if self.root else {}
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        return subprocess.Popen(command, cwd=self.folder, env=self.env, stdin=subprocess.PIPE,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **account,
                                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, unlimited))

    def core_files(self):
        return [path.name for path in self.folder.rglob("*core*") if path.is_file()]

    def read_memory(self, pid):
        """What another process of this person gets when it opens the memory: 0, or the error."""
        child = os.fork()
        if child == 0:
            try:
                if self.root:
                    os.setgroups([])
                    os.setresgid(self.uid, self.uid, self.uid)
                    os.setresuid(self.uid, self.uid, self.uid)
                os.close(os.open(f"/proc/{pid}/mem", os.O_RDONLY))
                os._exit(0)
            except OSError as error:
                os._exit(error.errno)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def dumpable(pid, person):
    """proc(5): the files of a process belong to root as soon as it is not dumpable."""
    return os.stat(f"/proc/{pid}/mem").st_uid == person.uid


def strike(person, command, number, hardened):
    """(whether a core was dumped, the core files, what reading the memory gave)"""
    process = person.start(command)
    try:
        end = time.monotonic() + PATIENCE
        # Programs that harden themselves do it first of all; a moment after the start is early enough for the others.
        while dumpable(process.pid, person) if hardened else not os.path.exists(f"/proc/{process.pid}/exe"):
            assert process.poll() is None, f"{command[0]} ended by itself: {process.returncode}"
            assert time.monotonic() < end, f"{command[0]} stayed dumpable"
            time.sleep(0.02)
        time.sleep(0.2)
        memory = person.read_memory(process.pid)
        limit = next(line for line in open(f"/proc/{process.pid}/limits") if line.startswith("Max core file size"))
        os.kill(process.pid, number)
        status = os.waitpid(process.pid, 0)[1]
        process.returncode = 0
        assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == number, (command, status)
        return os.WCOREDUMP(status), person.core_files(), memory, limit.split()[4:6]
    finally:
        if process.returncode is None:
            process.kill()
            process.wait()
        for path in person.folder.rglob("*core*"):
            if path.is_file():
                path.unlink()


def main():
    bin_dir = pathlib.Path(sys.argv[1])
    programs = {"worker": [bin_dir / "tramontane-engine", "--serve"], "window": [bin_dir / "tramontane", "--home", "v"]}
    person = Person()
    can_tell = True
    try:
        pattern = open("/proc/sys/kernel/core_pattern").read().strip()
        for number in (signal.SIGSEGV, signal.SIGABRT):
            dumped, files, memory, _ = strike(person, ["/bin/sleep", "60"], number, hardened=False)
            print(f"control, {number.name}: core dumped {dumped}, files {files}, memory {errno.errorcode.get(memory, 'readable')}")
            assert memory == 0, "the control cannot be read either: nothing is shown by this test"
            can_tell = can_tell and dumped
            for name, command in programs.items():
                if not command[0].exists():
                    continue
                dumped, files, memory, limit = strike(person, [str(part) for part in command], number, hardened=True)
                print(f"{name}, {number.name}: core dumped {dumped}, files {files}, not dumpable, core limit {limit}, "
                      f"memory {errno.errorcode.get(memory, memory)}")
                assert not dumped and not files, (name, number, files)
                assert memory == errno.EACCES, (name, memory)
                assert limit == ["0", "0"], (name, limit)
    finally:
        shutil.rmtree(person.folder, ignore_errors=True)
    if not can_tell:
        print(f"cannot tell: this machine leaves no core file of any program (core_pattern: {pattern})")
        sys.exit(SKIPPED)


main()
