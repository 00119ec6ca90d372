#!/usr/bin/env python3
"""Conversations run out while people chat: how long a chat's first byte takes meanwhile, against a quiet minute of the
same run, and whether memory stays flat.

    scripts/retention-bench.py [CONVERSATIONS] [--bin DIR]

Makes an installation in a temporary directory with the scripted engine (a worker that answers at once, so that what is
measured is the gateway and its database), fills SQLite with CONVERSATIONS (default 1,000,000) of 40 days ago, each with
a key and a message, and lets the policy's retention of 30 days delete them all: two minutes beside people who chat,
the rest alone. Exit status 1 if any stays, or a chat fails.
"""

import argparse, http.client, json, os, pathlib, shutil, sqlite3, subprocess, sys, tempfile, threading, time

EVERY_S = 5
RATE = 10  # chats a second
BESIDE_S = 120  # how long people chat beside it


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


class Service:
    def __init__(self, binaries, directory):
        self.program = binaries / "leeward"
        self.directory = directory
        self.environment = dict(
            os.environ,
            LEEWARD__ENGINE__PROGRAM=str(binaries / "leeward-scripted-engine"),
            LEEWARD__RETENTION__EVERY_S=str(EVERY_S),
        )

    def command(self, *words):
        done = subprocess.run(
            [self.program, "--data-dir", self.directory, *words],
            env=self.environment, check=True, capture_output=True, text=True,
        )
        return done.stdout

    def start(self):
        self.process = subprocess.Popen(
            [self.program, "--data-dir", self.directory, "serve", "--listen", "127.0.0.1:0"],
            env=self.environment, stdout=subprocess.PIPE, stderr=open(self.directory / "log", "w"), text=True,
        )
        self.port = int(json.loads(self.process.stdout.readline())["url"].rsplit(":", 1)[1])

    def stop(self):
        self.process.terminate()
        self.process.wait(30)

    def resident_mib(self):
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024


def fill(database, count):
    """As many conversations of 40 days ago, with keys and messages that nothing can open: nobody will.

    Their ids are in the order of their times, as the service's are (UUIDv7); the keys' are not.
    """
    at = int((time.time() - 40 * 86400) * 1e6)
    ids = lambda: ((at // 1000 << 80 | 7 << 76 | 2 << 62 | number).to_bytes(16, "big") for number in range(count))
    keys = [os.urandom(8).hex() for _ in range(count)]
    with sqlite3.connect(database) as db:
        (tenant,), (user,) = db.execute("select id from tenants").fetchone(), db.execute("select id from users").fetchone()
        db.execute("pragma synchronous = off")
        db.executemany(
            "insert into data_keys (tenant_id, id, holder, wrapped, created_at) values (?, ?, ?, randomblob(80), ?)",
            sorted((tenant, key, f"conversation/cnv_{id.hex()}", at) for id, key in zip(ids(), keys)))
        db.executemany(
            "insert into conversations (tenant_id, id, user_id, model, title, created_at, updated_at, data_key) "
            "values (?, ?, ?, 'echo', randomblob(60), ?, ?, ?)",
            ((tenant, id, user, at + number, at + number, key) for number, (id, key) in enumerate(zip(ids(), keys))))
        db.executemany(
            "insert into messages (tenant_id, id, conversation_id, position, role, content, created_at) "
            "values (?, ?, ?, 0, 'user', randomblob(200), ?)", ((tenant, id, id, at) for id in ids()))


def left(database):
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30) as db:
        return db.execute("select count(*) from conversations where updated_at < ?", (int((time.time() - 35 * 86400) * 1e6),)).fetchone()[0]


class Chats(threading.Thread):
    """Says something RATE times a second, each in a conversation of its own, and notes when the first byte came."""

    def __init__(self, port, key):
        super().__init__(daemon=True)
        self.port, self.key, self.taken, self.failed, self.over = port, key, [], 0, False

    def ask(self, connection, path, body):
        headers = {"authorization": f"Bearer {self.key}", "content-type": "application/json"}
        connection.request("POST", path, json.dumps(body), headers)
        return connection.getresponse()

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        due = time.monotonic()
        while not self.over:
            try:
                made = json.loads(self.ask(connection, "/api/conversations", {"model": "echo"}).read())
                begun = time.monotonic()
                answer = self.ask(connection, f"/api/conversations/{made['id']}/messages", {"content": "hello"})
                answer.read(1)
                self.taken.append(time.monotonic() - begun)
                if b"event: done" not in answer.read():
                    self.failed += 1
            except (OSError, http.client.HTTPException, KeyError, ValueError):
                self.failed += 1
                connection.close()
            due = max(due + 1 / RATE, time.monotonic() - 1)
            time.sleep(max(0, due - time.monotonic()))

    def take(self):
        taken, self.taken = self.taken, []
        return taken


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("count", nargs="?", type=int, default=1_000_000)
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", pathlib.Path.home() / ".cache/leeward/target"))
    options.add_argument("--bin", type=pathlib.Path, default=target / "debug")
    asked = options.parse_args()
    directory = pathlib.Path(tempfile.mkdtemp(prefix="retention-"))
    service = Service(asked.bin, directory)
    try:
        weights = directory / "weights.gguf"
        weights.write_bytes(b"GGUF, says the scripted engine")
        service.command("model", "import", str(weights), "--name", "echo")
        made = json.loads(service.command("bootstrap", "--tenant", "demo", "--admin", "a@demo.example", "--json"))
        database = directory / "leeward.db"
        begun = time.monotonic()
        fill(database, asked.count)
        print(f"{asked.count} conversations of 40 days ago in {time.monotonic() - begun:.0f} s, {database.stat().st_size >> 20} MiB", flush=True)
        service.start()
        chats = Chats(service.port, made["api_key"])
        chats.start()
        time.sleep(10)
        chats.take()
        time.sleep(60)
        quiet, before = chats.take(), service.resident_mib()
        with sqlite3.connect(database, timeout=30) as db:
            db.execute("update tenants set policy = json_set(policy, '$.retention', json('{\"conversations\": 30}'))")
        time.sleep(EVERY_S)
        chats.take()
        begun, memory, busy = time.monotonic(), [], []
        while (rest := left(database)) and time.monotonic() - begun < 3600:
            memory.append(service.resident_mib())
            print(f"  {time.monotonic() - begun:5.0f} s: {rest} left, {memory[-1]:.0f} MiB", flush=True)
            if not chats.over and time.monotonic() - begun > BESIDE_S:
                chats.over = True
                chats.join(10)
                busy, beside = chats.take(), (asked.count - left(database)) / (time.monotonic() - begun)
                begun_alone, count_alone = time.monotonic(), left(database)
            time.sleep(5)
        took = time.monotonic() - begun_alone
        service.stop()
        ms = lambda values, share: percentile(values, share) * 1000
        print(f"expired: {beside:.0f}/s beside chats, {count_alone / took:.0f}/s alone, left: {rest}; chats: {len(quiet)} quiet, {len(busy)} beside, {chats.failed} failed")
        for share in (0.5, 0.99):
            print(f"first byte p{share * 100:.0f}: quiet {ms(quiet, share):.2f} ms, beside {ms(busy, share):.2f} ms, ratio {ms(busy, share) / ms(quiet, share):.2f}")
        print(f"resident: {before:.0f} MiB before, {max(memory):.0f} MiB at most, {memory[-1]:.0f} MiB at the end")
        sys.exit(1 if rest or chats.failed else 0)
    finally:
        if getattr(service, "process", None) and service.process.poll() is None:
            service.process.kill()
        shutil.rmtree(directory, ignore_errors=True)


main()
