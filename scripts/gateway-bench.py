#!/usr/bin/env python3
"""Tokens per second and first byte through the gateway against the bare engine, at 1, 2, 4 and 8 requests at once.

gateway-bench.py BARE MODEL [ROUNDS [TOKENS]]: BARE is the example decode_ratio of the engine's crate, MODEL the file that
the service of LEEWARD_URL serves; scripts/bench.sh puts them together. The two take turns at the same greedy prompts in one
run, once as long as each other and once each of another length: on a CPU the engine mixes up the former (ADR 11), so the
bare figure is that of wrong answers there. Counted are all tokens of all answers from the question to the last of them; the first byte is the first chunk that
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


def prompts(at_once, alike):
    return [PROMPT + (0 if alike else number) * " Please." for number in range(at_once)]


def streamed(prompt, tokens):
    """Seconds to the first text, and the tokens of one streamed answer."""
    body = {
        "model": os.environ.get("LEEWARD_MODEL", "smollm2"),
        "messages": [{"role": "user", "content": prompt}],
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


def through_gateway(prompts, tokens):
    began = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(len(prompts)) as pool:
        answers = list(pool.map(streamed, prompts, [tokens] * len(prompts)))
    seconds = time.perf_counter() - began
    return sum(used for _, used in answers) / seconds, min(first for first, _ in answers)


class Bare:
    def __init__(self, program, model):
        self.process = subprocess.Popen(
            [program, "bare", model], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def turn(self, prompts, tokens):
        self.process.stdin.write(json.dumps({"prompts": prompts, "tokens": tokens}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return answer["tokens"] / answer["seconds"], min(answer["firsts"])


def main():
    program, model, *rest = sys.argv[1:]
    rounds, tokens = (int(rest[0]) if rest else 5), (int(rest[1]) if rest[1:] else 64)
    bare = Bare(program, os.path.realpath(model))
    told = []
    for at_once, alike in [(1, True), *((at_once, alike) for at_once in AT_ONCE[1:] for alike in (False, True))]:
        asked = prompts(at_once, alike)
        # One unmeasured turn each.
        bare.turn(asked, tokens), through_gateway(asked, tokens)
        pairs = [(bare.turn(asked, tokens), through_gateway(asked, tokens)) for _ in range(rounds)]
        median = lambda side, what: statistics.median(pair[side][what] for pair in pairs)
        told.append({
            "at_once": at_once,
            "equally_long": alike,
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
