#!/usr/bin/env python3
"""Decoding speed alone against decoding speed while strangers guess passwords, in turns; one line of JSON.

Runs inside scripts/with-demo.sh (LEEWARD_URL, LEEWARD_API_KEY, LEEWARD_EMAIL, LEEWARD_PASSWORD). Each round
streams the same greedy answer three times: alone; under a flood whose every guess costs a password check,
because it is for an account nobody tried before and comes from a network that has attempts left; and under a
flood from one network, whose guesses are refused unchecked. Other load on the machine falls on all three alike,
so the ratios can be read where the speeds cannot.
"""
import argparse
import http.client
import itertools
import json
import os
import statistics
import threading
import time
import urllib.parse

URL = urllib.parse.urlsplit(os.environ["LEEWARD_URL"])
PROMPT = "Write a long story about a lighthouse keeper and the sea."
# Fewer than auth.free_attempts_per_network, so that no guess of the first flood is refused.
GUESSES_PER_NETWORK = 40
numbers = itertools.count()


def connect(source="127.0.0.1"):
    return http.client.HTTPConnection(URL.hostname, URL.port, timeout=60, source_address=(source, 0))


def send(connection, path, body, **headers):
    connection.request("POST", path, json.dumps(body), {"content-type": "application/json", **headers})
    return connection.getresponse()


def decode(tokens):
    """Tokens per second from the first text to the last, at the receiving end."""
    connection = connect()
    body = {"model": "smollm2", "max_tokens": tokens, "temperature": 0, "stream": True,
            "stream_options": {"include_usage": True}, "messages": [{"role": "user", "content": PROMPT}]}
    answer = send(connection, "/v1/chat/completions", body, authorization="Bearer " + os.environ["LEEWARD_API_KEY"])
    if answer.status != 200:
        raise SystemExit(f"no answer: {answer.status} {answer.read().decode()}")
    first = last = made = None
    for line in answer:
        if not line.startswith(b"data: {"):
            continue
        chunk = json.loads(line[6:])
        if chunk.get("usage"):
            made = chunk["usage"]["completion_tokens"]
        if any(choice["delta"].get("content") for choice in chunk["choices"]):
            last = time.monotonic()
            first = first or last
    connection.close()
    if made != tokens:
        raise SystemExit(f"the answer has {made} tokens, not {tokens}: the rounds cannot be compared")
    return (made - 1) / (last - first)


class Flood:
    """So many connections guessing until stopped. `wide`: each from networks of its own."""

    def __init__(self, connections, wide):
        self.wide, self.over, self.counts, self.lock = wide, threading.Event(), {}, threading.Lock()
        self.threads = [threading.Thread(target=self.guess, args=(at,)) for at in range(connections)]

    def guess(self, at):
        connection = None
        for turn in itertools.count():
            if self.over.is_set():
                break
            number = next(numbers)
            if connection is None or (self.wide and turn % GUESSES_PER_NETWORK == 0):
                if connection:
                    connection.close()
                connection = connect(f"127.{1 + number // 250 % 250}.{number % 250}.7" if self.wide else "127.0.9.7")
            body = {"email": f"stranger{number}@demo.local", "password": "a wrong password"}
            answer = send(connection, "/auth/login", body)
            answer.read()
            with self.lock:
                self.counts[answer.status] = self.counts.get(answer.status, 0) + 1

    def __enter__(self):
        self.began = time.monotonic()
        for thread in self.threads:
            thread.start()
        # The queue is full before anything is measured.
        until = self.began + 60
        while not self.counts and time.monotonic() < until:
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self.over.set()
        self.seconds = time.monotonic() - self.began
        for thread in self.threads:
            thread.join()


def sign_in():
    """Seconds until the administrator is in; None if they are told to come back."""
    began = time.monotonic()
    body = {"email": os.environ["LEEWARD_EMAIL"], "password": os.environ["LEEWARD_PASSWORD"]}
    answer = send(connect(), "/auth/login", body)
    answer.read()
    return time.monotonic() - began if answer.status == 200 else None


def under(flood, tokens):
    """Speed, seconds of a sign-in meanwhile, guesses per second by status, of the flood and this script's own CPU."""
    entered = []
    visitor = threading.Thread(target=lambda: entered.append(sign_in()))
    cpu = time.process_time()
    with flood:
        visitor.start()
        rate = decode(tokens)
    counts = {status: round(count / flood.seconds, 1) for status, count in flood.counts.items()}
    cpu = (time.process_time() - cpu) / flood.seconds
    visitor.join()
    return rate, entered[0], counts, cpu


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--tokens", type=int, default=96)
    options.add_argument("--connections", type=int, default=32)
    given = options.parse_args()
    decode(given.tokens)  # unmeasured: page faults and lazy threads
    if sign_in() is None:
        raise SystemExit("the administrator cannot sign in before anything happened")
    alone, checked, refused = [], [], []
    for _ in range(given.rounds):
        alone.append(decode(given.tokens))
        checked.append(under(Flood(given.connections, wide=True), given.tokens))
        alone.append(decode(given.tokens))
        refused.append(under(Flood(given.connections, wide=False), given.tokens))

    def told(rounds):
        entered = [each[1] for each in rounds if each[1] is not None]
        speed = statistics.median(each[0] for each in rounds)
        statuses = sorted({status for each in rounds for status in each[2]})
        return {
            "tokens_per_second": round(speed, 1),
            "ratio": round(speed / statistics.median(alone), 2),
            "guesses_per_second": {s: statistics.median(each[2].get(s, 0) for each in rounds) for s in statuses},
            "sign_in_median_s": round(statistics.median(entered), 2) if entered else None,
            "sign_ins_refused": sum(each[1] is None for each in rounds),
            "guesser_cpu": round(statistics.median(each[3] for each in rounds), 2),
            "rounds": [round(each[0], 1) for each in rounds],
        }

    print(json.dumps({
        "tokens": given.tokens, "connections": given.connections,
        "alone": {"tokens_per_second": round(statistics.median(alone), 1), "rounds": [round(r, 1) for r in alone]},
        "every_guess_checked": told(checked), "guesses_refused": told(refused),
    }))


main()
