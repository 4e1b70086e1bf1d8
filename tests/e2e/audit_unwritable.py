#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Without a durable record nothing is run: read-only mount, full disk, audit.db locked by another program.

In each state: no generate frame reaches an engine, exit status 1, AUDIT_UNAVAILABLE with a sentence that says why, and
reading still works. Needs root (mounts in a mount namespace of its own). usage: audit_unwritable.py BIN MODEL
"""
import ctypes
import fcntl
import os
import pathlib
import shutil
import struct
import subprocess
import sys

from vault_home import Home, error_code

TAP = """#!/usr/bin/env python3
import os, subprocess, sys, threading
child = subprocess.Popen([{engine!r}] + sys.argv[1:], stdin=subprocess.PIPE)
def pump():
    while True:
        data = os.read(0, 65536)
        if not data:
            break
        with open({log!r}, "ab") as log:
            log.write(data)
        try:
            child.stdin.write(data); child.stdin.flush()
        except BrokenPipeError:
            break
    child.stdin.close()
threading.Thread(target=pump, daemon=True).start()
sys.exit(child.wait())
"""


def mount(source, target, kind, options):
    subprocess.run(["mount", *(["-t", kind] if kind else []), *(["-o", options] if options else []), source, target],
                   check=True)


def tapped_programs(bin_dir, root):
    """tramontanectl beside an engine that writes down what it is asked; the real one answers."""
    folder = root / "bin"
    folder.mkdir()
    shutil.copy2(pathlib.Path(bin_dir) / "tramontanectl", folder)
    log = root / "frames"
    engine = folder / "tramontane-engine"
    engine.write_text(TAP.format(engine=str(pathlib.Path(bin_dir) / "tramontane-engine"), log=str(log)))
    engine.chmod(0o755)
    return folder, log


def generate_frames(log):
    return log.read_bytes().count(b"hgenerate") if log.exists() else 0  # CBOR text of length 8


def expect_refused(home, log, state, words, codes=("AUDIT_UNAVAILABLE",)):
    log.unlink(missing_ok=True)
    done = home.run("chat", "--max-tokens", "8", "Is anybody there?", check=False)
    assert done.returncode == 1, f"{state}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    code = error_code(done)
    assert code in codes, f"{state}: {code}: {done.stderr}"
    assert any(word in done.stderr for word in words), f"{state}: the message does not say why: {done.stderr}"
    assert generate_frames(log) == 0, f"{state}: the model was asked"
    shown = home.json("conversation", "list")["items"]
    assert any("before the fault" in c["title"] for c in shown), f"{state}: reading does not work: {shown}"
    assert "before the fault" in home.run("conversation", "show", shown[-1]["id"]).stdout
    print(f"{state}: refused with {code}, 0 model calls, reading works")


def read_only(home, log, what, state, codes):
    mount(str(what), str(what), None, "bind")
    mount(str(what), str(what), None, "remount,bind,ro")
    expect_refused(home, log, state, ("read-only", "read only", "cannot be written"), codes)
    subprocess.run(["umount", str(what)], check=True)


def full_disk(home, log):
    small = home.root / "small"
    small.mkdir()
    size = sum(f.stat().st_size for f in home.vault.rglob("*") if f.is_file()) + 2 * 1024 * 1024
    mount("tmpfs", str(small), "tmpfs", f"size={size}")
    copy = small / "vault"
    shutil.copytree(home.vault, copy)
    with open(small / "filler", "wb", buffering=0) as filler:
        try:
            while True:
                filler.write(b"\0" * 4096)
        except OSError:
            pass
    original, home.vault = home.vault, copy
    expect_refused(home, log, "full disk", ("full", "space"), ("AUDIT_UNAVAILABLE", "NO_SPACE"))
    home.vault = original
    subprocess.run(["umount", str(small)], check=True)


def foreign_lock(home, log):
    """SQLite's own lock bytes (https://www.sqlite.org/fileformat2.html, 'lock-byte page'), held by this process."""
    with open(home.vault / "audit.db", "r+b") as database:
        lock = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0x40000000, 512, 0)
        fcntl.fcntl(database, fcntl.F_SETLK, lock)
        expect_refused(home, log, "locked", ("another program", "locked"))


def main():
    if os.geteuid() != 0:
        print("SKIP: mounts need root")
        sys.exit(77)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x00020000) != 0:  # CLONE_NEWNS
        print("SKIP: no mount namespace to be had here")
        sys.exit(77)
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    home = Home(sys.argv[1], sys.argv[2])
    home.bin, log = tapped_programs(sys.argv[1], home.root)
    home.create()
    home.run("chat", "--max-tokens", "4", "A question before the fault")
    assert generate_frames(log) == 1, "the tap does not see generate frames"
    # The vault comes before the log (step 1 before step 2), so a wholly read-only home is refused one step earlier.
    read_only(home, log, home.vault, "read-only home", ("AUDIT_UNAVAILABLE", "STORAGE_READ_ONLY", "VAULT_READ_ONLY"))
    read_only(home, log, home.vault / "audit.db", "read-only audit.db", ("AUDIT_UNAVAILABLE",))
    full_disk(home, log)
    foreign_lock(home, log)
    verified = home.json("audit", "verify")
    assert verified["whole"], verified
    home.run("chat", "--max-tokens", "4", "A question after the fault")
    home.remove()


if __name__ == "__main__":
    main()
