# SPDX-License-Identifier: Apache-2.0
"""How long until the window can be used, and how much memory it takes without an engine. On a display of its own.

"Usable" is what the program itself says: with TRAMONTANE_BENCH_USABLE=1 a build with test hooks prints the line "usable"
when the first screen is painted and takes keys. The time is counted here, from the start of the process.
"""
import os
import pathlib
import re
import signal
import statistics
import subprocess
import tempfile
import time

SETTLE_S = 2
LIMIT_S = 60


class Display:
    def __enter__(self):
        read, write = os.pipe()
        self._server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
                                        pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as announced:
            self.name = ":" + announced.readline().strip()
        return self

    def __exit__(self, *_):
        self._server.terminate()
        self._server.wait()


def pss_kib(pid):
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)[1])


def measure(bin_folder, rounds):
    times, sizes = [], []
    with Display() as display:
        for _ in range(rounds):
            with tempfile.TemporaryDirectory() as home:
                seconds, kib = _one(bin_folder / "tramontane", display, home)
            times.append(seconds * 1000)
            sizes.append(kib / 1024)
    return {"rounds": rounds, "usable_ms": round(statistics.median(times), 1), "pss_mib": round(statistics.median(sizes), 1)}


def _one(program, display, home):
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("WAYLAND", "DBUS"))}
    environment |= {"DISPLAY": display.name, "HOME": home, "QT_QPA_PLATFORM": "xcb", "TRAMONTANE_BENCH_USABLE": "1"}
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
        environment[name] = os.path.join(home, name.lower())
        os.mkdir(environment[name], 0o700)
    start = time.monotonic()
    process = subprocess.Popen([program], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        signal.signal(signal.SIGALRM, _too_slow)
        signal.alarm(LIMIT_S)
        for line in process.stdout:
            if line.startswith("usable"):
                break
        else:
            raise RuntimeError("the window ended without being usable")
        seconds = time.monotonic() - start
        signal.alarm(0)
        time.sleep(SETTLE_S)
        return seconds, pss_kib(process.pid)
    finally:
        process.terminate()
        process.wait()


def _too_slow(*_):
    raise RuntimeError(f"the window did not say that it is usable within {LIMIT_S} s")
