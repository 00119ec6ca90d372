"""What every client's script shares: its checks, and how their outcome is told.

A check is a function decorated with @check, named by its docstring; it fails by raising. One line for each, and exit
status 1 if any failed.
"""

import asyncio
import inspect
import os

BASE = os.environ["LEEWARD_URL"].rstrip("/")
KEY = os.environ["LEEWARD_API_KEY"]
MODEL = os.environ.get("LEEWARD_MODEL", "smollm2")
# One that embeds; it may still be loading when the first check comes.
EMBEDDER = os.environ["LEEWARD_EMBEDDER"]
RETRIES_WHILE_LOADING = 8

_checks = []


def check(function):
    """Registers a check."""
    _checks.append(function)
    return function


def refused(kind, function):
    """What a call raised; fails if it raised nothing or something else."""
    try:
        function()
    except kind as error:
        return error
    raise AssertionError(f"expected {kind.__name__}")


def run(client):
    """Runs all checks; the exit status."""
    failed = 0
    for function in _checks:
        try:
            done = function()
            if inspect.iscoroutine(done):
                asyncio.run(done)
            print(f"ok    {client}: {function.__doc__}", flush=True)
        except Exception as error:  # a check that breaks in any way has failed; the others still run
            failed += 1
            print(f"FAIL  {client}: {function.__doc__}: {type(error).__name__}: {error}", flush=True)
    print(f"{client} client: {len(_checks) - failed} passed, {failed} failed")
    return 1 if failed else 0
