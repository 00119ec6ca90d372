#!/usr/bin/env python3
"""Measures dist/leeward-verify on an export, in turns with sha256sum on the same file.

    scripts/verifier-bench.py FILE [ROUNDS]

Prints one line of JSON: the best and the median records a second, the ratio of its time to sha256sum's (best of
each), peak memory, the load of the machine before and after.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def run(*command):
    """Seconds, processor seconds, standard output, peak resident MiB."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    took = time.monotonic() - began
    if status:
        sys.exit(f"{command[0]} failed with status {os.waitstatus_to_exitcode(status)}")
    return took, usage.ru_utime + usage.ru_stime, output, usage.ru_maxrss / 1024


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    file, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    before = os.getloadavg()[0]
    run("sha256sum", file)
    verify, plain, processor = [], [], []
    for _ in range(rounds):
        took, used, output, peak = run(str(ROOT / "dist/leeward-verify"), "--json", file)
        verify.append(took)
        processor.append(used)
        plain.append(run("sha256sum", file)[0])
    records = json.loads(output)["entries"]
    print(json.dumps({
        "records": records,
        "bytes": os.path.getsize(file),
        "best_records_per_s": round(records / min(verify)),
        "median_records_per_s": round(records / statistics.median(verify)),
        "verify_s": round(min(verify), 2),
        "verify_processor_s": round(min(processor), 2),
        "sha256sum_s": round(min(plain), 2),
        "ratio_to_sha256sum": round(min(verify) / min(plain), 2),
        "peak_mib": round(peak),
        "cores": os.cpu_count(),
        "load_before_after": [round(before, 1), round(os.getloadavg()[0], 1)],
    }))


if __name__ == "__main__":
    main()
