# SPDX-License-Identifier: Apache-2.0
"""llama-server of the same source, on a free port of the loopback interface. Standard library only."""
import json
import socket
import subprocess
import time
import urllib.request

from setup import LLAMA

START_S = 60
ANSWER_S = 1200


class Peer:
    """`arguments`: options of llama-server beside the model, the threads and the address."""

    def __init__(self, model, threads, *arguments):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self._process = subprocess.Popen(
            [LLAMA / "llama-server", "-m", model, "--host", "127.0.0.1", "--port", str(self._port), "-t",
             str(threads), "--no-webui", *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self._wait()
        except Exception:
            self.close()
            raise

    def _wait(self):
        end = time.monotonic() + START_S
        while time.monotonic() < end and self._process.poll() is None:
            try:
                self.call("/health")
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"llama-server does not answer (status {self._process.poll()})")

    def close(self):
        self._process.kill()
        self._process.wait()

    def call(self, path, body=None):
        """The body of the answer, as bytes."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self._port}{path}", data,
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=ANSWER_S) as reply:
            return reply.read()
