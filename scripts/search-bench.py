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
USERS = [(0x0192_0000_0000_7000_9000_000000000000 + number).to_bytes(16, "big") for number in range(1000)]
START_MICROS = 1_767_225_600_000_000
APART_MICROS = 50_000


DIGEST = hashlib.sha256(b"").hexdigest()
# The canonical form, with a place for what differs from record to record.
ENTRY = json.dumps({
    "actor": {"api_key": "key_%(unique)s", "id": "usr_%(user)s", "method": "api_key", "type": "user"},
    "at": "%(at)s", "build": "leeward 0.1.0", "classification": "internal", "clock": "unknown",
    "decision": {"allowed": True, "policy_hash": DIGEST, "policy_version": 3,
                 "rule": "process: site roma is in the tenant's list"},
    "event": "%(event)s", "finish_reason": "stop", "id": "evt_%(unique)s", "isolation": "shared",
    "model": {"name": "demo", "weights": DIGEST}, "object": {"id": "%(model)s", "type": "model"},
    "output_hmac": DIGEST, "phase": "event",
    "place": {"ceiling": "internal", "jurisdiction": "IT", "region": "Lazio", "site": "roma"},
    "prompt_hmac": DIGEST, "request": "req_%(unique)s", "schema": 1, "source": "10.1.2.3",
    "tenant": f"ten_{TENANT.hex}", "tokens": {"cached": 0, "input": 123, "output": 45}, "trace": "%(trace)s",
}, sort_keys=True, separators=(",", ":"))
MODELS = [f"model-{number}" for number in range(5)]
SECONDS = {}


def timestamp(micros):
    second = micros // 1_000_000
    if second not in SECONDS:
        SECONDS.clear()
        SECONDS[second] = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
    return f"{SECONDS[second]}.{micros % 1_000_000:06}Z"


def row(number):
    at = START_MICROS + number * APART_MICROS
    refused = number % 50 == 0
    event = "inference.refused" if refused else "inference.completed"
    unique = ((at // 1000) << 80 | 0x7 << 76 | 0x8 << 60 | number).to_bytes(16, "big")
    user, trace, model = USERS[number % 1000], f"{number // 2:032x}", MODELS[number % 5]
    entry = ENTRY % {"unique": unique.hex(), "user": user.hex(), "at": timestamp(at), "event": event, "model": model,
                     "trace": trace}
    return (TENANT.bytes, number, unique, at, event, "event", user, unique, entry.encode(),
            "failure" if refused else "success", "model", model, trace, "10.1.2.3")


def main():
    leeward, ledger = sys.argv[1:3]
    records = int(sys.argv[3]) if len(sys.argv) > 3 else 10_000_000
    with tempfile.TemporaryDirectory(dir=sys.argv[4] if len(sys.argv) > 4 else None) as name:
        subprocess.run([leeward, "--data-dir", name, "migrate"], check=True)
        database = sqlite3.connect(pathlib.Path(name) / "leeward.db", isolation_level=None)
        for pragma in ("journal_mode = off", "synchronous = off", "cache_size = -1000000", "temp_store = file"):
            database.execute(f"pragma {pragma}")
        schema = database.execute("select type, name, sql from sqlite_master where tbl_name in ('audit_entries', 'audit_index') "
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
        database.execute("insert into audit_index select log_id, seq, at, event, outcome, actor_id, object_type, "
                         "object_id, request_id, trace, source from audit_entries")
        database.execute("insert into audit_indexed (log_id, next_seq) values (?, ?)", (TENANT.bytes, records))
        database.execute("commit")
        for _, _, sql in schema:
            database.execute(sql)
        database.execute("pragma journal_mode = wal")
        database.close()
        print(f"filled with {records} records in {time.monotonic() - began:.0f} s", flush=True)
        subprocess.run([ledger, "--search", name, "--records", str(records)], check=True)


if __name__ == "__main__":
    main()
