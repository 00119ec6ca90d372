"""Audit records at an OpenTelemetry collector that others wrote (rotel): every one of them, across its outage.

sinks_check.py LEEWARD: runs a service with two sinks, the collector and a file, makes records while the collector is
there, away and there again, and holds what it has taken against what is in the file.
"""

import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import rotel

AGENT = pathlib.Path(rotel.__file__).parent / "rotel-agent"
PLACE = 'place = { site = "roma", region = "Lazio", jurisdiction = "IT", ceiling = "internal" }'


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait(what, true_now, seconds=60):
    end = time.monotonic() + seconds
    while not true_now():
        if time.monotonic() > end:
            sys.exit(f"{what} never came")
        time.sleep(0.1)


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Collector:
    def __init__(self, directory, port):
        self.directory, self.port, self.other, self.runs = directory, port, free_port(), 0

    def start(self):
        self.runs += 1
        out = open(self.directory / f"collector-{self.runs}", "w", encoding="utf-8")
        self.process = subprocess.Popen(
            [AGENT, "start", "--exporter", "blackhole", "--debug-log", "logs", "--debug-log-verbosity", "detailed",
             "--otlp-http-endpoint", f"127.0.0.1:{self.port}", "--otlp-grpc-endpoint", f"127.0.0.1:{self.other}"],
            stdout=out, stderr=subprocess.STDOUT, cwd=self.directory)
        wait("the collector", lambda: listens(self.port))

    def stop(self):
        self.process.terminate()
        self.process.wait(30)

    def taken(self):
        """(log, number) of every record, as the collector printed them."""
        text = "".join((self.directory / f"collector-{run + 1}").read_text("utf-8") for run in range(self.runs))
        records = text.split("LogRecord #")[1:]
        field = lambda record, name: re.search(rf"-> leeward\.{name}: \w+\((.*)\)", record)
        pairs = [(field(record, "log"), field(record, "seq")) for record in records]
        return [(log[1], int(seq[1])) for log, seq in pairs if log and seq]


def main(leeward):
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        collector = Collector(directory, free_port())
        file = directory / "audit.ndjson"
        config = directory / "leeward.toml"
        config.write_text(
            f'{PLACE}\n[[audit.sinks]]\nname = "collector"\nto = "http://127.0.0.1:{collector.port}/v1/logs"\n{PLACE}\n'
            f'[[audit.sinks]]\nname = "disk"\nto = "file://{file}"\n{PLACE}\n', "utf-8")
        environment = {**os.environ, "LEEWARD_CONFIG": str(config)}
        program = [leeward, "--data-dir", directory / "data"]
        made = subprocess.run([*program, "bootstrap", "--tenant", "demo", "--admin", "a@demo.example", "--json"],
                              check=True, capture_output=True, env=environment)
        key = json.loads(made.stdout)["api_key"]
        collector.start()
        with open(directory / "log", "w", encoding="utf-8") as log:
            service = subprocess.Popen([*program, "serve", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE,
                                       stderr=log, env=environment)
        try:
            url = json.loads(service.stdout.readline())["url"]

            def act(times):
                for number in range(times):
                    request = urllib.request.Request(
                        url + "/api/projects", json.dumps({"name": f"p-{time.monotonic_ns()}-{number}"}).encode(),
                        {"authorization": f"Bearer {key}", "content-type": "application/json"})
                    urllib.request.urlopen(request, timeout=30).read()

            def all_there():
                entries = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
                return {(entry["log"], entry["seq"]) for entry in entries}

            def told(event):
                # As an event: a saved alert names events too.
                return f'"event":"{event}"' in file.read_text("utf-8").replace(" ", "")

            act(50)
            wait("the first records", lambda: len(set(collector.taken())) >= 50)
            collector.stop()
            act(50)
            wait("the failure", lambda: told("audit.sink.failed"))
            collector.start()
            act(10)
            wait("the resumption", lambda: told("audit.sink.resumed"))
            wait("every record", lambda: all_there() <= set(collector.taken()))
        finally:
            service.terminate()
            service.wait(30)
            collector.stop()
        taken = collector.taken()
        print(f"{len(set(taken))} records at the collector, {len(taken) - len(set(taken))} of them twice")


if __name__ == "__main__":
    main(sys.argv[1])
