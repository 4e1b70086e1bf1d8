# SPDX-License-Identifier: Apache-2.0
"""Known answers of single operations, GPU against CPU, by llama.cpp's own test-backend-ops. Standard library only."""
import csv
import io
import re
import subprocess
import time

# What the models that we run are made of.
USUAL = ["MUL_MAT", "MUL_MAT_ID", "FLASH_ATTN_EXT", "RMS_NORM", "NORM", "ROPE", "SOFT_MAX", "GET_ROWS", "SET_ROWS", "CPY",
         "CONT", "CONCAT", "ADD", "MUL", "SCALE", "SILU", "GELU", "SWIGLU", "GEGLU", "ARGSORT", "TOP_K", "SUM_ROWS",
         "SSM_CONV", "SSM_SCAN"]
MOST_FAILURES = 20
HEADER = re.compile(r'^"[^\n]*"op_name"', re.MULTILINE)


def counted(text):
    """{passed, failed, notSupported, failures} of what test-backend-ops wrote as CSV."""
    header = HEADER.search(text)
    rows = csv.DictReader(io.StringIO(text[header.start():])) if header else []
    result = {"passed": 0, "failed": 0, "notSupported": 0, "failures": []}
    for row in rows:
        if row.get("test_mode") != "test":
            continue
        said = row["error_message"]
        if said == "":
            result["passed"] += 1
        elif said == "not supported":
            result["notSupported"] += 1
        else:
            result["failed"] += 1
            if len(result["failures"]) < MOST_FAILURES:
                result["failures"].append(f"{row['op_name']}({row['op_params']}): {said}")
    return result


def run(program, backend, operation, *, jobs, seconds, environment):
    """One operation in a process of its own, so that a crash is its own, too."""
    command = [program, "test", "-b", backend, "-o", operation, "-j", str(jobs), "--output", "csv"]
    start, problem, text = time.monotonic(), None, ""
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds, errors="replace")
        text = done.stdout
        if done.returncode < 0:
            problem = f"ended by signal {-done.returncode}: {done.stderr[-300:]}"
    except subprocess.TimeoutExpired:
        problem = f"stopped after {seconds} s"
    result = {"operation": operation} | counted(text) | {"seconds": round(time.monotonic() - start, 1), "problem": problem}
    if problem is None and done.returncode != 0 and result["failed"] == 0:
        result["problem"] = f"ended with status {done.returncode}: {(done.stderr or text)[-300:]}"
    if result["problem"] is None and result["passed"] + result["failed"] + result["notSupported"] == 0:
        result["problem"] = f"there is no test of {operation} for {backend}"
    return result


def verdict(results):
    """passed, failed, or incomplete: nothing is wrong but not everything was tried."""
    if any(r["failed"] for r in results) or any((r["problem"] or "").startswith("ended") for r in results):
        return "failed"
    return "incomplete" if any(r["problem"] for r in results) or not results else "passed"
