#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""K2: SQLite puts aside what does not fit into a cache of 10 pages; no marker is on any disk in plain text, and no file of it
lies outside the vault's folder. Every opening of a file is seen by strace where it is installed; without it, the open
files of the process are looked at all the time. usage: spills.py CAMPAIGN MEGABYTES"""
import base64
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

# What any program reads, and what holds no files.
HARMLESS = re.compile(r"^/(proc|sys|dev/(null|tty|pts|urandom|random))\b|^(pipe|socket|anon_inode):")


def forms(marker):
    text = marker.encode()
    rotated = [base64.b64encode(b"x" * shift + text)[4:36] for shift in range(3)]
    return [text, marker.encode("utf-16-le"), marker.encode("utf-16-be"), text.hex().encode(), *rotated]


def watch(process, found):
    while process.poll() is None:
        for link in pathlib.Path(f"/proc/{process.pid}/fd").glob("*"):
            try:
                flags = int(pathlib.Path(f"/proc/{process.pid}/fdinfo/{link.name}").read_text().split("flags:")[1].split()[0], 8)
                if flags & os.O_ACCMODE != os.O_RDONLY:
                    found.add(os.readlink(link))
            except (OSError, IndexError):
                pass
        time.sleep(0.001)


def written_paths(trace):
    """Paths that were opened to be written."""
    pattern = re.compile(r'(?:openat\([^,]+, |open\(|creat\()"([^"]+)"(?:, ([A-Z_|0-9a-z]+))?.*\) = \d')
    return {match.group(1) for line in trace.splitlines() if (match := pattern.search(line))
            and re.search(r"O_WRONLY|O_RDWR|O_CREAT|O_TMPFILE", match.group(2) or "O_CREAT")}


def run(campaign, megabytes, root):
    vault, temporary = root / "vault", root / "tmp"
    vault.mkdir()
    temporary.mkdir()
    command, trace = [campaign, "spill", str(vault), str(megabytes)], root / "trace"
    strace = shutil.which("strace")
    if strace:
        command = [strace, "-f", "-qq", "-e", "trace=open,openat,creat", "-o", str(trace)] + command
    env = dict(os.environ, TMPDIR=str(temporary), SQLITE_TMPDIR=str(temporary), HOME=str(root))
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
    opened = set()
    watcher = threading.Thread(target=watch, args=(process, opened))
    watcher.start()
    lines = process.stdout.read().splitlines()
    watcher.join()
    assert process.wait() == 0, f"the work failed after: {lines}"
    paths = written_paths(trace.read_text()) if strace else opened
    trace.unlink(missing_ok=True)
    return lines, paths, bool(strace)


def main():
    campaign, megabytes = sys.argv[1], int(sys.argv[2])
    root = pathlib.Path(tempfile.mkdtemp(prefix="tramontane-spills-"))
    try:
        lines, paths, traced = run(campaign, megabytes, root)
        marker = lines[0]
        assert lines[-1] == "closed" and len(marker) == 32, lines
        outside = {path for path in paths if not path.startswith(str(root / "vault") + "/") and not HARMLESS.match(path)}
        assert not outside, f"written outside the vault: {sorted(outside)}"
        inside = {path for path in paths if path.startswith(str(root / "vault") + "/")}
        assert inside, "no file of the vault was seen: the watching does not work"
        for file in root.rglob("*"):
            content = file.read_bytes() if file.is_file() else b""
            for form in forms(marker):
                assert form not in content, f"a marker in {file}"
        print(f"K2: {len(lines) - 1} steps with {megabytes} MB sorted, files written: "
              f"{sorted(os.path.basename(path) for path in inside)} ({'strace' if traced else 'open files'}), 0 markers")
    finally:
        shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    main()
