#!/usr/bin/env python3
"""search-bench.py LEEWARD LEDGER [RECORDS [DIRECTORY]]: how long searches take in one log of ten million records.

Fills a fresh SQLite database (some 1.9 GB for each million records) behind the service's back, the indexes last, which
takes minutes where appending takes hours, and has the benchmark `ledger` ask. LEEWARD and LEDGER are the two programs:
target/debug/leeward and target/debug/examples/ledger.
"""

import hashlib
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid

# The benchmark computes the same.
TENANT = uuid.UUID(int=0x0192_0000_0000_7000_8000_000000000001)
USERS = [uuid.UUID(int=0x0192_0000_0000_7000_9000_000000000000 + number) for number in range(1000)]
START_MICROS = 1_767_225_600_000_000
APART_MICROS = 50_000


def timestamp(micros):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(micros // 1_000_000)) + f".{micros % 1_000_000:06}Z"


def text_id(prefix, value):
    return f"{prefix}_{value.hex}"


def row(number):
    at = START_MICROS + number * APART_MICROS
    refused = number % 50 == 0
    event = "inference.refused" if refused else "inference.completed"
    unique = uuid.UUID(int=(at // 1000) << 80 | 0x7 << 76 | 0x8 << 60 | number)
    user, trace, model = USERS[number % 1000], f"{number // 2:032x}", f"model-{number % 5}"
    digest = hashlib.sha256(number.to_bytes(8, "big")).hexdigest()
    place = {"ceiling": "internal", "jurisdiction": "IT", "region": "Lazio", "site": "roma"}
    record = {
        "actor": {"api_key": text_id("key", unique), "id": text_id("usr", user), "method": "api_key", "type": "user"},
        "at": timestamp(at), "build": "leeward 0.1.0", "classification": "internal", "clock": "unknown",
        "decision": {"allowed": True, "policy_hash": digest, "policy_version": 3,
                     "rule": "process: site roma is in the tenant's list"},
        "event": event, "finish_reason": "stop", "id": text_id("evt", unique), "isolation": "shared",
        "model": {"name": "demo", "weights": digest}, "object": {"id": model, "type": "model"},
        "output_hmac": digest, "phase": "event", "place": place, "prompt_hmac": digest,
        "request": text_id("req", unique), "schema": 1, "source": "10.1.2.3", "tenant": text_id("ten", TENANT),
        "tokens": {"cached": 0, "input": 123, "output": 45}, "trace": trace,
    }
    entry = json.dumps(record, sort_keys=True, separators=(",", ":")).encode()
    return (TENANT.bytes, number, unique.bytes, at, event, "event", user.bytes, unique.bytes, entry,
            "failure" if refused else "success", "model", model, trace, "10.1.2.3")


def main():
    leeward, ledger = sys.argv[1:3]
    records = int(sys.argv[3]) if len(sys.argv) > 3 else 10_000_000
    with tempfile.TemporaryDirectory(dir=sys.argv[4] if len(sys.argv) > 4 else None) as name:
        subprocess.run([leeward, "--data-dir", name, "migrate"], check=True)
        database = sqlite3.connect(pathlib.Path(name) / "leeward.db", isolation_level=None)
        for pragma in ("journal_mode = off", "synchronous = off", "cache_size = -1000000", "temp_store = file"):
            database.execute(f"pragma {pragma}")
        schema = database.execute("select type, name, sql from sqlite_master where tbl_name = 'audit_entries' "
                                  "and type in ('index', 'trigger') and sql is not null").fetchall()
        for kind, thing, _ in schema:
            database.execute(f"drop {kind} {thing}")
        began = time.monotonic()
        database.execute("begin")
        columns = "log_id, seq, id, at, event, phase, actor_id, request_id, entry, outcome, object_type, object_id, trace, source"
        database.executemany(f"insert into audit_entries ({columns}) values ({', '.join('?' * 14)})",
                             map(row, range(records)))
        last = START_MICROS + records * APART_MICROS
        database.execute("insert into audit_heads (log_id, next_seq, last_at, before_at) values (?, ?, ?, ?)",
                         (TENANT.bytes, records, last, last))
        database.execute("commit")
        for _, _, sql in schema:
            database.execute(sql)
        database.execute("pragma journal_mode = wal")
        database.close()
        print(f"filled with {records} records in {time.monotonic() - began:.0f} s", flush=True)
        subprocess.run([ledger, "--search", name, "--records", str(records)], check=True)


if __name__ == "__main__":
    main()
