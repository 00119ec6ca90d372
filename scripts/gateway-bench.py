#!/usr/bin/env python3
"""Tokens per second and first byte through the gateway against the bare engine, at 1, 2, 4 and 8 requests at once.

gateway-bench.py BARE MODEL [ROUNDS [TOKENS]]: BARE is the example decode_ratio of the engine's crate, MODEL the file that
the service of LEEWARD_URL serves; scripts/bench.sh puts them together. The two take turns at the same greedy prompt in one
run. Counted are all tokens of all answers from the question to the last of them; the first byte is the first chunk that
has text. Prints a line of JSON with the medians of the rounds.
"""

import concurrent.futures
import http.client
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.parse

ADDRESS = urllib.parse.urlsplit(os.environ["LEEWARD_URL"]).netloc
PROMPT = "Write a long story about a lighthouse keeper and the sea."
AT_ONCE = (1, 2, 4, 8)


def streamed(tokens):
    """Seconds to the first text, and the tokens of one streamed answer."""
    body = {
        "model": os.environ.get("LEEWARD_MODEL", "smollm2"),
        "messages": [{"role": "user", "content": PROMPT}],
        "temperature": 0,
        "max_tokens": tokens,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    connection = http.client.HTTPConnection(ADDRESS, timeout=600)
    asked, first, used = time.perf_counter(), None, 0
    headers = {"authorization": "Bearer " + os.environ["LEEWARD_API_KEY"], "content-type": "application/json"}
    connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    for line in answer:
        if not line.startswith(b"data: {"):
            continue
        chunk = json.loads(line[6:])
        if first is None and any(choice["delta"].get("content") for choice in chunk["choices"]):
            first = time.perf_counter() - asked
        used = (chunk.get("usage") or {}).get("completion_tokens", used)
    connection.close()
    return first, used


def through_gateway(at_once, tokens):
    began = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        answers = list(pool.map(streamed, [tokens] * at_once))
    seconds = time.perf_counter() - began
    return sum(used for _, used in answers) / seconds, min(first for first, _ in answers)


class Bare:
    def __init__(self, program, model):
        self.process = subprocess.Popen(
            [program, "bare", model], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def turn(self, at_once, tokens):
        self.process.stdin.write(json.dumps({"prompt": PROMPT, "tokens": tokens, "at_once": at_once}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return answer["tokens"] / answer["seconds"], min(answer["firsts"])


def main():
    program, model, *rest = sys.argv[1:]
    rounds, tokens = (int(rest[0]) if rest else 5), (int(rest[1]) if rest[1:] else 64)
    bare = Bare(program, os.path.realpath(model))
    told = []
    for at_once in AT_ONCE:
        # One unmeasured turn each.
        bare.turn(at_once, tokens), through_gateway(at_once, tokens)
        pairs = [(bare.turn(at_once, tokens), through_gateway(at_once, tokens)) for _ in range(rounds)]
        median = lambda side, what: statistics.median(pair[side][what] for pair in pairs)
        told.append({
            "at_once": at_once,
            "bare_tokens_per_second": round(median(0, 0), 2),
            "gateway_tokens_per_second": round(median(1, 0), 2),
            "ratio": round(statistics.median(gateway[0] / bare_[0] for bare_, gateway in pairs), 3),
            "first_byte_later_ms": round(1000 * statistics.median(gateway[1] - bare_[1] for bare_, gateway in pairs), 1),
            "bare_first_byte_ms": round(1000 * median(0, 1), 1),
        })
        print(told[-1], file=sys.stderr)
    bare.process.kill()
    print(json.dumps({"rounds": rounds, "tokens": tokens, "load": os.getloadavg()[0], "results": told}))


main()
