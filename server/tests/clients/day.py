"""A day of mixed use against a live service: nothing leaks, nothing is left behind, nothing fails that should not.

Needs LEEWARD_URL, LEEWARD_API_KEY, LEEWARD_EMAIL, LEEWARD_PASSWORD and LEEWARD_DATA on the same machine. Each of
LEEWARD_HOURS rounds (24) is an hour of a working day, pressed together: LEEWARD_ACTIONS (40) things that people,
programs and operators do, fewer at night, drawn with LEEWARD_SEED. Twice a day the worker is killed; every third
hour the model is unloaded and loaded again, or reloaded. After each hour the resident memory of gateway and worker,
and the gateway's open files, are noted while nothing runs.

Before the day, requests that cost little fill what is bounded and fills up: the database's page caches. Prints one
line of JSON; exit status 1 if an action failed that should not, a process was left behind, or one of the figures grew
by more than LEEWARD_GROWTH per cent (5) from the median of the first quarter (without the first hour) to that of the
last. A day of fewer than 12 hours fills nothing before, and tells the figures without judging them.
"""

import concurrent.futures
import http.client
import json
import os
import pathlib
import random
import signal
import statistics
import sys
import time
import urllib.parse
import uuid

ADDRESS = urllib.parse.urlsplit(os.environ["LEEWARD_URL"]).netloc
KEY = os.environ["LEEWARD_API_KEY"]
HOURS = int(os.environ.get("LEEWARD_HOURS", "24"))
ACTIONS = int(os.environ.get("LEEWARD_ACTIONS", "40"))
GROWTH = float(os.environ.get("LEEWARD_GROWTH", "5"))
MODEL = os.environ.get("LEEWARD_MODEL", "smollm2")
SHORTEST_JUDGED = 12
# Records enough to fill the writer's page cache of 16 MiB and the readers' of 2 MiB each.
FILLING = 40_000
# Two people at a time; the service queues the rest anyway.
AT_ONCE = 2
draw = random.Random(int(os.environ.get("LEEWARD_SEED", "1")))


def call(method, path, body=None, headers=None, read=True):
    """Status and body; with read=False the connection is cut after the first bytes of the answer."""
    connection = http.client.HTTPConnection(ADDRESS, timeout=300)
    try:
        sent = {"authorization": "Bearer " + KEY, "content-type": "application/json", **(headers or {})}
        sent = {name: value for name, value in sent.items() if value}
        connection.request(method, path, None if body is None else json.dumps(body), sent)
        answer = connection.getresponse()
        if not read:
            answer.read(10)
            return answer.status, None
        text = answer.read()
        return answer.status, json.loads(text) if answer.headers.get_content_type() == "application/json" else text
    finally:
        connection.close()


class Browser:
    """Somebody signed in at a browser."""

    def __init__(self):
        login = {"email": os.environ["LEEWARD_EMAIL"], "password": os.environ["LEEWARD_PASSWORD"]}
        info = self.enter("/auth/login", login, {})
        if info["stage"] == "change_password":
            own = login["password"] + " and three words"
            change = {"current_password": login["password"], "new_password": own}
            self.enter("/auth/password", change, self.headers)

    def enter(self, path, body, headers):
        connection = http.client.HTTPConnection(ADDRESS, timeout=60)
        sent = {"content-type": "application/json", **headers}
        connection.request("POST", path, json.dumps(body), {name: value for name, value in sent.items() if value})
        answer = connection.getresponse()
        info = json.loads(answer.read())
        assert answer.status == 200, info
        cookie = answer.headers["set-cookie"].split(";")[0]
        self.headers = {"cookie": cookie, "x-csrf-token": info["csrf_token"], "authorization": ""}
        return info

    def call(self, method, path, body=None, **options):
        return call(method, path, body, self.headers, **options)


def chat(text, **more):
    return {"model": MODEL, "max_tokens": draw.randint(4, 16), "messages": [{"role": "user", "content": text}], **more}


WORDS = "energy city council water tax permit grid budget school winter bridge archive".split()
TOOL = {"type": "function", "function": {"name": "f", "parameters": {
    "type": "object", "properties": {"n": {"type": "integer", "maximum": 9}}, "required": ["n"], "additionalProperties": False}}}
SCHEMA = {"type": "json_schema", "json_schema": {"name": "s", "schema": {"enum": ["yes", "no"]}}}
COMPLETIONS = "/v1/chat/completions"


def conversation(browser):
    """A chat of two questions, thrown away."""
    status, made = browser.call("POST", "/api/conversations", {"model": MODEL})
    assert status == 201, made
    for question in ("Say one word.", "And another."):
        # What is written is cut off after a moment: the demo model would write on to its limit.
        status, _ = browser.call("POST", f"/api/conversations/{made['id']}/messages", {"content": question}, read=False)
        assert status == 200
        # The next one waits until that answer is put away.
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            _, seen = browser.call("GET", f"/api/conversations/{made['id']}")
            if seen["messages"] and seen["messages"][-1]["role"] == "assistant":
                break
            time.sleep(0.05)
    return browser.call("DELETE", f"/api/conversations/{made['id']}")


def key(_):
    status, made = call("POST", "/api/keys", {"name": f"day {uuid.uuid4()}"})
    assert status == 201, made
    return call("DELETE", f"/api/keys/{made['key']['id']}")


def actions(browser):
    """What is done, how often in proportion, and with what status it ends."""
    text = " ".join(draw.choices(WORDS, k=draw.randint(3, 40)))
    ask = lambda body, path=COMPLETIONS, **options: lambda: call("POST", path, body, **options)
    anthropic = {"anthropic-version": "2023-06-01"}
    return draw.choices(*zip(
        ((ask(chat(text)), 200), 6),
        ((ask(chat(text, stream=True)), 200), 6),
        ((ask(chat(text, n=2, logprobs=True, top_logprobs=5)), 200), 2),
        ((ask(chat(text, tools=[TOOL], tool_choice="required")), 200), 2),
        ((ask(chat(text, response_format=SCHEMA)), 200), 2),
        ((ask({"model": MODEL, "prompt": text, "max_tokens": 8}, "/v1/completions"), 200), 2),
        ((ask({"model": MODEL, "input": text, "max_output_tokens": 8}, "/v1/responses"), 200), 2),
        ((ask(chat(text), "/v1/messages", headers=anthropic), 200), 2),
        ((ask({"model": MODEL, "prompt": text}, "/v1/tokenize"), 200), 2),
        ((ask(chat(text, stream=True, max_tokens=400), read=False), 200), 3),
        ((ask(chat(text, max_tokens=400), headers={"leeward-timeout": "0.2"}), 504), 2),
        ((ask({"model": MODEL, "input": text}, "/v1/embeddings"), 400), 1),
        ((ask(chat("word " * 9000)), 400), 1),
        ((ask(chat(text, response_format={"type": "grammar", "syntax": "regex", "definition": "("})), 400), 1),
        ((ask(chat(text, surprise=1)), 400), 1),
        ((ask({**chat(text), "model": "nobody"}), 404), 1),
        ((lambda: call("GET", "/v1/models", headers={"authorization": "Bearer lwd_wrong"}), 401), 1),
        ((lambda: conversation(browser), 204), 3),
        ((lambda: key(browser), 204), 1),
        ((lambda: call("GET", "/api/audit?event=inference.*&limit=50"), 200), 2),
        ((lambda: call("GET", "/metrics"), 200), 1),
        ((lambda: browser.call("GET", "/api/conversations?limit=50"), 200), 1),
        ((lambda: browser.call("GET", "/"), 200), 1),
    ))[0]


def status_of(pid, field):
    """A number of /proc/PID/status: kB of VmRSS, or the parent."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1])
    raise LookupError(f"{field} of {pid}")


def processes(name):
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            command = (path / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if pathlib.Path(command[0]).name == name:
            found.append((int(path.name), command))
    return found


def gateway():
    """The service over LEEWARD_DATA."""
    return next(pid for pid, command in processes("leeward") if os.environ["LEEWARD_DATA"] in command)


def workers():
    """The workers of this service, and those that lost theirs."""
    mine, kept, left = gateway(), [], []
    for pid, _ in processes("leeward-engine"):
        try:
            parent = status_of(pid, "PPid")
        except OSError:
            continue  # It ended meanwhile.
        kept += [pid] * (parent == mine)
        left += [pid] * (parent == 1)
    return kept, left


def ready():
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if call("GET", "/readyz")[0] == 200 and len(workers()[0]) == 1:
            return
        time.sleep(0.1)
    raise TimeoutError("the model is not ready after 120 s")


def operate(hour):
    """What operators do, and what goes wrong."""
    catalogue = f"/api/catalogue/models/{MODEL}"
    if hour % 12 == 7:
        os.kill(workers()[0][0], signal.SIGKILL)
        time.sleep(0.5)
    elif hour % 6 == 2:
        assert call("PATCH", catalogue, {"loaded": False})[0] == 200
        while workers()[0]:
            time.sleep(0.05)
        assert call("PATCH", catalogue, {"loaded": True})[0] == 200
    elif hour % 6 == 5:
        before = workers()[0]
        status, answer = call("POST", catalogue + "/reload")
        assert status < 300, answer
        while workers()[0] == before:
            time.sleep(0.05)
    ready()


def fill_caches():
    """Refused requests, each a record, and searches among them."""

    def one(number):
        call("GET", "/v1/models", headers={"authorization": "Bearer lwd_wrong"})
        if number % 10 == 0:
            call("GET", f"/api/audit?event=auth.*&limit=200&outcome=failure&from=2026-01-{1 + number % 28:02}T00:00:00Z")

    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(one, range(FILLING)))


def grown(values):
    """Per cent from the median of the first quarter, without the first hour, to that of the last."""
    quarter = max(len(values) // 4, 1)
    first = statistics.median(values[1 : 1 + quarter] or values)
    return round(100 * (statistics.median(values[-quarter:]) / first - 1), 2)


def main():
    ready()
    browser, wrong, done = Browser(), [], 0
    if HOURS >= SHORTEST_JUDGED:
        fill_caches()
    seen = {"gateway_kb": [], "worker_kb": [], "gateway_files": []}

    def one(action):
        run, expected = action
        try:
            status, answer = run()
        except Exception as error:
            return f"expected {expected}: {error!r}"
        return None if status == expected else f"expected {expected}, was {status}: {str(answer)[:300]}"

    for hour in range(HOURS):
        quiet = hour % 24 < 6 or hour % 24 >= 20
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            plan = [actions(browser) for _ in range(max(ACTIONS // 4, 1) if quiet else ACTIONS)]
            results = list(pool.map(one, plan))
        done += len(results)
        wrong += [f"hour {hour}: {result}" for result in results if result]
        operate(hour)
        # A few of the same kind for every worker, however young, so that like is compared with like.
        for _ in range(3):
            call("POST", COMPLETIONS, chat("word " * 200))
        time.sleep(1)
        seen["gateway_kb"].append(status_of(gateway(), "VmRSS"))
        seen["worker_kb"].append(status_of(workers()[0][0], "VmRSS"))
        seen["gateway_files"].append(len(os.listdir(f"/proc/{gateway()}/fd")))
    left = workers()[1]
    growth = {name: grown(values) for name, values in seen.items()}
    for fault in wrong[:20]:
        print(fault, file=sys.stderr)
    print(json.dumps({"hours": HOURS, "actions": done, "failed": len(wrong), "left_behind": len(left), "growth_percent": growth, "seen": seen}))
    judged = HOURS >= SHORTEST_JUDGED and any(percent > GROWTH for percent in growth.values())
    return 1 if wrong or left or judged else 0


sys.exit(main())
