#!/usr/bin/env python3
"""A second verifier of audit exports, written from docs/audit.md; it shares nothing with leeward-verify.

    verify.py audit.ndjson [--key VERIFIER_KEY] [--since FILE] [--witness WITNESS_KEY ...]
    verify.py --batch        reads lines of JSON, {"arguments": [...]}, and answers each with {"status": ..., "findings": [...]}

Needs Python 3.10 and audit.md beside it, for its table of events. Holds the whole file in memory. Exit status:
0 all is well, 1 something is wrong, 2 it could not be checked.
"""

import base64
import datetime
import functools
import hashlib
import ipaddress
import json
import pathlib
import re
import sys


class Bad(Exception):
    """What is wrong with a part of the file: kind and detail."""


def need(condition, kind, detail):
    if not condition:
        raise Bad(kind, detail)


def sha256(data):
    return hashlib.sha256(data).digest()


# --- Ed25519, RFC 8032, strict: no S >= L, no point of small order, no encoding that is not the canonical one ---

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, p):
    total = (0, 1, 1, 0)
    for bit in bin(n)[2:]:
        total = add(total, total)
        if bit == "1":
            total = add(total, p)
    return total


def same(p, q):
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def point(data):
    """The point that 32 bytes encode, or None."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def of_small_order(p):
    return same(times(8, p), (0, 1, 1, 0))


BASE = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


@functools.lru_cache(maxsize=4096)
def signed(public, message, signature):
    a, r, s = point(public), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L or of_small_order(a) or of_small_order(r):
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    return same(times(s, BASE), add(r, times(k, a)))


# --- The tree: a stack of perfect subtrees (height, hash), the cover of what was added so far ---


def cover_heights(start, end):
    """The heights of the cover of start to end."""
    heights = []
    while start < end:
        height = (end - start).bit_length() - 1
        if start:
            height = min(height, (start & -start).bit_length() - 1)
        heights.append(height)
        start += 1 << height
    return heights


def push(stack, height, value):
    while stack and stack[-1][0] == height:
        value = sha256(b"\x01" + stack.pop()[1] + value)
        height += 1
    stack.append((height, value))


def root_of(stack):
    if not stack:
        return sha256(b"")
    return functools.reduce(lambda right, left: sha256(b"\x01" + left + right), [h for _, h in reversed(stack)])


# --- Notes ---


def unbase64(text):
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("base64 that is not canonical")
    return data


def hash_of(text):
    try:
        data = unbase64(text)
    except (ValueError, AttributeError, TypeError):
        data = b""
    need(len(data) == 32, "malformed", "not a hash in base64")
    return data


def is_log(text):
    return text == "platform" or bool(identifier("ten")(text))


class Key:
    """A verifier key: name+hex(id)+base64(algorithm || public key)."""

    def __init__(self, text, algorithm=1):
        self.text = text
        self.name, key_id, rest = text.split("+", 2)
        data = unbase64(rest)
        self.public = data[1:]
        self.id = sha256(self.name.encode() + b"\n" + data)[:4]
        if (len(data), data[0], self.id.hex()) != (33, algorithm, key_id) or not re.fullmatch(r"[^\s+]+", self.name):
            raise ValueError("not a verifier key")
        if point(self.public) is None:
            raise ValueError("a verifier key that is no point of the curve")


class Signed:
    """A signed note: a text that `key` signed."""

    def __init__(self, text, key):
        need(len(text.encode()) <= 65536 and not re.search(r"[\x00-\x09\x0b-\x1f]", text), "malformed", "not a note")
        self.text, gap, signatures = text.rpartition("\n\n")
        self.text, self.lines, lines = self.text + "\n", [], signatures.split("\n")
        need(gap and lines.pop() == "" and 1 <= len(lines) <= 16, "malformed", "not a note")
        for line in lines:
            match = re.fullmatch(r"\u2014 ([^\s+]+) (\S+)", line)
            need(match, "malformed", "a signature line")
            try:
                self.lines.append((match[1], unbase64(match[2])))
            except ValueError:
                raise Bad("malformed", "a signature line") from None
            need(len(self.lines[-1][1]) >= 4, "malformed", "a signature line")
        signature = self.by(key)
        need(len(signature) == 64 and signed(key.public, self.text.encode(), signature), "bad_signature", f"not made by {key.text}")

    def by(self, key):
        """What the first line of that key holds after the key's id."""
        found = next((data[4:] for name, data in self.lines if (name, data[:4]) == (key.name, key.id)), None)
        need(found is not None, "unknown_key", f"the note is not signed by {key.text}")
        return found


class Note(Signed):
    """A checkpoint that `key` signed."""

    def __init__(self, text, key, log):
        super().__init__(text, key)
        match = re.fullmatch(r"leeward/([^\n/]+)/tree-v1\n(0|[1-9][0-9]*)\n([^\n]+)\n", self.text)
        need(match and is_log(match[1]) and int(match[2]) < 2**64, "malformed", "the note is not a checkpoint")
        self.log, self.size, self.root = match[1], int(match[2]), hash_of(match[3])
        need(self.log == log, "forked", f"the checkpoint is of the log {self.log}")

    def check_witness(self, key):
        data = self.by(key)
        message = b"cosignature/v1\ntime %d\n" % int.from_bytes(data[:8], "big") + self.text.encode()
        need(len(data) == 72 and signed(key.public, message, data[8:]), "bad_signature", f"not made by {key.text}")


# --- JSON: whatever is not byte for byte its one right form is refused ---


def strict_json(data):
    """The value of a line in which every object's members are listed once and every number is a plain integer."""

    def members(pairs):
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a member stands twice")
        return dict(pairs)

    def refuse(_):
        raise ValueError("a number that is no integer")

    return json.loads(data.decode(), object_pairs_hook=members, parse_float=refuse, parse_constant=refuse)


def written(value, canonical):
    """The bytes of a value; canonical: with members sorted by their UTF-16 code units, as RFC 8785 says."""

    def order(v):
        if isinstance(v, dict):
            return {k: order(v[k]) for k in sorted(v, key=lambda k: k.encode("utf-16-be", "surrogatepass"))}
        return [order(item) for item in v] if isinstance(v, list) else v

    value = order(value) if canonical else value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def time_of(text):
    """Microseconds; the calendar repeats every 400 years, which brings the year 0 within Python's reach."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", text, re.ASCII):
        raise ValueError("not a time")
    year, month, day, hour, minute, second, micros = map(int, re.split(r"[-T:.]", text[:-1]))
    of_day = datetime.time(hour, minute, second)
    days = datetime.date(year % 400 + 400, month, day).toordinal() + year // 400 * 146097
    return ((days * 24 + of_day.hour) * 3600 + of_day.minute * 60 + of_day.second) * 10**6 + micros


def text(value):
    return isinstance(value, str)


def number(value):
    return type(value) is int and 0 <= value < 2**32


def moment(value):
    return text(value) and time_of(value) is not None


def pattern(expression):
    return lambda value: text(value) and re.fullmatch(expression, value, re.ASCII)


def address(value):
    """RFC 5952, which writes an IPv4 address mapped into IPv6 with dots; the module does so only since 3.13."""
    known = ipaddress.ip_address(value) if text(value) and "%" not in value else None
    mapped = getattr(known, "ipv4_mapped", None)
    return known is not None and value == (f"::ffff:{mapped}" if mapped else str(known))


def boolean(value):
    return value is True or value is False


def listing(item):
    return lambda value: isinstance(value, list) and value and all(item(v) for v in value)


def members(**fields):
    """An object with these members and no other; a name that ends in `_` may be absent."""
    rules = {name.rstrip("_"): rule for name, rule in fields.items()}
    needed = {name for name in fields if not name.endswith("_")}
    return lambda value: isinstance(value, dict) and needed <= set(value) and all(
        name in rules and rules[name](v) for name, v in value.items())


def identifier(kind):
    return pattern(kind + "_[0-9a-f]{32}")


def one_of(*values):
    return lambda value: text(value) and value in values


def or_null(rule):
    return lambda value: value is None or rule(value)


@functools.cache
def events():
    """The codes in the page's table."""
    page = pathlib.Path(__file__).with_name("audit.md").read_text(encoding="utf-8")
    table = page.partition("\n## Events\n")[2].partition("\n## ")[0]
    return set(re.findall(r"^\| `([a-z_.]+)` \|", table, re.MULTILINE))


HEX = pattern("[0-9a-f]{64}")
CLASS = one_of("public", "internal", "confidential", "restricted")
METHODS = ("password", "passkey", "guest", "oidc", "ldap", "certificate", "break_glass", "session", "api_key",
           "access_token", "local_console")
NOBODY = members(type=one_of("anonymous", "system", "local_console"))
USER = members(type=one_of("user"), id=identifier("usr"), method=one_of(*METHODS), api_key_=identifier("key"),
               project_=identifier("prj"), session_=identifier("ses"))
RECORD = members(
    schema=lambda v: type(v) is int and v == 1, id=identifier("evt"), phase=one_of("intent", "outcome", "event"),
    event=lambda v: text(v) and v in events(), at=moment, clock=one_of("synchronised", "unsynchronised", "unknown"),
    tenant_=identifier("ten"), actor=lambda v: NOBODY(v) or USER(v), source_=address, request_=identifier("req"),
    trace_=text, object_=members(type=text, id=text),
    changes_=listing(members(**{"field": text, "from": or_null(text), "to": or_null(text)})), reason_=text,
    decision_=members(allowed=boolean, rule=text, policy_version=number, policy_hash=HEX),
    classification_=CLASS, place_=members(site=text, region=text, jurisdiction=text, ceiling=CLASS), node_=text,
    isolation_=text, model_=members(name=text, weights=HEX), tokens_=members(input=number, output=number, cached=number),
    finish_reason_=text, prompt_hmac_=HEX, output_hmac_=HEX, blob_=text, blob_key_=text, retention_=text,
    holds_=listing(text), build=text,
)


def record_of(entry):
    """The record, or None if it is not one in its one right form."""
    try:
        record = strict_json(entry)
        good = len(entry) <= 65535 and RECORD(record) and written(record, True) == entry
        return record if good and (record["phase"] == "event" or "request" in record) else None
    except (ValueError, RecursionError):
        return None


# --- The export ---

LINES = {
    "header": ("format", "version", "log", "public_key", "exported_at", "first", "before", "rotations"),
    "index": ("first", "hashes"), "checkpoint": ("after", "note"), "end": ("digest",),
}
ROTATION = members(**{"from": text, "to": text, "note": text})


def line_of(line):
    """The value of a line of the four kinds, checked by itself."""
    try:
        value = strict_json(line)
        kind = value.get("type") if isinstance(value, dict) else None
        good = text(kind) and kind in LINES and list(value) == ["type", *LINES[kind]] and written(value, False) == line
        good = good and all(type(value.get(n, 0)) is int and 0 <= value.get(n, 0) < 2**53 for n in ("first", "version"))
        if good and kind == "header":
            value["before"] = [hash_of(item) for item in value["before"]]
            good = (value["format"], value["version"]) == ("leeward-audit-export", 2) and is_log(value["log"])
            good = good and moment(value["exported_at"]) and text(value["public_key"]) and all(
                ROTATION(r) and list(r) == ["from", "to", "note"] for r in value["rotations"])
        elif good and kind == "index":
            hashes = unbase64(value["hashes"])
            value["hashes"] = [hashes[at:at + 32] for at in range(0, len(hashes), 32)]
            good = 1 <= len(value["hashes"]) <= 256 and len(hashes) % 32 == 0
        elif good and kind == "checkpoint":
            value["after"] = [hash_of(item) for item in value["after"]]
            good = text(value["note"])
        elif good:
            good = HEX(value["digest"])
    except (ValueError, TypeError, AttributeError, RecursionError):
        good = False
    need(good, "malformed", "a line that is not written as it must be")
    return kind, value


class Check:
    """One file, held against what is trusted; `findings` are (entry or None, kind, detail)."""

    def __init__(self, data, key=None, since=None, witnesses=()):
        self.findings, self.header, self.seal, self.first = [], None, None, 0
        self.end = self.digest_at_end = None
        self.entries, self.leaves, self.indexed, self.due, self.apart = [], [], [], 0, None
        self.ids, self.intents, self.outcomes, self.latest = set(), set(), set(), None
        self.digest = hashlib.sha256()
        self.read(data)
        if self.header is None:
            self.found("malformed", "the first line is not a header")
        self.check_trust(key, since, witnesses)
        if self.seal and self.end is None:
            self.found("truncated", "the file has no end line")
        if self.end != self.digest_at_end and not self.findings:
            self.found("edited", "the digest is not that of the lines")
        self.findings.sort(key=lambda finding: float("inf") if finding[0] is None else finding[0])

    def found(self, kind, detail, entry=None):
        self.findings.append((entry, kind, detail))

    def place(self):
        return self.first + len(self.leaves)

    # Lines

    def read(self, data):
        *lines, rest = data.split(b"\n")
        for number_, line in enumerate(lines):
            if len(line) > 131072:
                return self.not_whole(line)
            if not line.startswith(b'{"type":'):
                if self.seal:
                    self.found("inserted", "an entry after the checkpoint", self.place())
                else:
                    self.entries.append(line)
                    self.leaves.append(sha256(b"\x00" + line))
                continue
            if self.end is not None:
                self.found("inserted", "a line after the end")
                continue
            try:
                kind, value = line_of(line)
            except Bad as bad:
                self.found(*bad.args, self.place())
                continue
            if kind == "end":
                self.end, self.digest_at_end = value["digest"], self.digest.hexdigest()
                continue
            self.digest.update(line + b"\n")
            if (number_ == 0) != (kind == "header") and kind == "header" or self.seal:
                self.found("inserted", f"a line of the kind {kind} does not belong here")
            elif kind == "header":
                self.header = value
                if len(value["before"]) == len(cover_heights(0, value["first"])):
                    self.first = value["first"]
                else:
                    self.found("malformed", "before does not hold the entries before the first")
            elif kind == "index":
                self.index(value)
            else:
                self.seal = value
        if rest:
            self.not_whole(rest)

    def not_whole(self, line):
        if self.end is not None:
            return self.found("inserted", "a line after the end")
        self.found("malformed" if len(line) > 131072 else "truncated", "a line that is too long, or not whole", self.place())

    def index(self, value):
        place, here = self.first + len(self.indexed), self.leaves[self.due:]
        if value["first"] != place:
            self.found("edited", f"the index goes on at {value['first']}, not at {place}", value["first"])
        if self.apart is None and here == value["hashes"]:
            for at in range(self.due, len(self.leaves)):
                self.record(self.first + at, self.entries[at])
        elif self.apart is None:
            same_ = [a == b for a, b in zip(here, value["hashes"])] + [False]
            self.apart = len(self.indexed) + same_.index(False)
        self.indexed += value["hashes"]
        self.due = len(self.leaves)

    # Records

    def record(self, place, entry):
        record = record_of(entry)
        if record is None:
            return self.found("malformed", "not a record of a known schema in canonical form", place)
        if self.header and record.get("tenant", "platform") != self.header["log"]:
            self.found("foreign", "a record of another log", place)
        if record["id"] in self.ids:
            self.found("duplicate_id", record["id"], place)
        self.ids.add(record["id"])
        at, request = time_of(record["at"]), record.get("request")
        if record["event"] == "clock.jump.detected" or self.latest is None:
            self.latest = at
        if self.latest - at > 30 * 10**6:
            self.found("clock_backwards", record["at"], place)
            self.latest = at
        self.latest = max(self.latest, at)
        if record["phase"] == "intent":
            if request in self.intents:
                self.found("duplicate_intent", request, place)
            self.intents.add(request)
        elif record["phase"] == "outcome":
            if request in self.outcomes:
                self.found("duplicate_outcome", request, place)
            elif request in self.intents or self.header and self.header["first"] > 0:
                self.intents.add(request)
                self.outcomes.add(request)
            else:
                self.found("outcome_without_intent", request, place)

    # The tree

    def grown(self, leaves):
        """The covers of every size from before the first entry to after the last: pairs of size and stack."""
        stack = []
        for height, value in zip(cover_heights(0, self.first), self.header["before"] if self.header else []):
            push(stack, height, value)
        yield self.first, stack
        for size, leaf in enumerate(leaves, self.first + 1):
            push(stack, 0, leaf)
            yield size, stack

    def leads_to(self, leaves, note):
        """Whether these hashes, with before and after, are what the note signs."""
        end = self.first + len(leaves)
        for _, stack in self.grown(leaves):
            pass
        heights = cover_heights(end, note.size)
        if end > note.size or len(heights) != len(self.seal["after"]):
            return False
        for height, value in zip(heights, self.seal["after"]):
            push(stack, height, value)
        return root_of(stack) == note.root

    def check_order(self, note):
        entries = note is not None and self.leads_to(self.leaves, note)
        if self.apart is None and len(self.leaves) > self.due:
            self.apart = len(self.indexed)
        if self.apart is None:
            if note is not None and not entries:
                whole, kind = not self.seal["after"], "forked"
                if whole and note.size != self.place():
                    kind = "truncated" if note.size > self.place() else "inserted"
                entry = None if kind == "forked" else min(note.size, self.place())
                self.found(kind, f"{note.size} entries are signed, {self.place()} are here", entry)
            return
        if entries:
            return self.found("edited", "the index was changed, the entries are those signed", self.first + self.apart)
        here, there = self.leaves[self.apart:], self.indexed[self.apart:]
        if not here or not there:
            kind = "inserted" if here else "truncated"
        else:
            kind = {(True, True): "reordered", (True, False): "inserted", (False, True): "deleted",
                    (False, False): "edited"}[there[0] in here, here[0] in there]
        self.found(kind, "not the entry that was written here", self.first + self.apart)
        if note is not None and not self.leads_to(self.indexed, note):
            self.found("forked", "neither the entries nor their index are what was signed")

    # Trust

    def opened(self, what, text_, key):
        try:
            return Note(text_, key, self.header["log"])
        except Bad as bad:
            if what:
                self.found(bad.args[0], f"{what}: {bad.args[1]}")
            return None

    def check_trust(self, key, since, witnesses):
        own = note = None
        rotations = []
        if self.header:
            try:
                own = Key(self.header["public_key"])
                need(own.name == f"leeward/{self.header['log']}/tree-v1", "unknown_key", "")
            except (ValueError, Bad):
                own = self.found("unknown_key", "the header's key is not one of this log")
        if own:
            rotations = self.rotations(own)
        if not self.seal:
            self.found("truncated", "the file has no checkpoint", self.place())
        elif own:
            note = self.opened("the checkpoint", self.seal["note"], own)
        self.check_order(note)
        if not own:
            return
        if key and key.text != own.text:
            self.check_hand_over(key, own, rotations)
        if since is not None:
            self.check_since(since, [own, *(old for old, _, _ in rotations)], note.size if note else self.place())
        for witness in witnesses:
            try:
                need(note, "malformed", "no checkpoint to be cosigned")
                note.check_witness(witness)
            except Bad as bad:
                self.found(bad.args[0], f"the witness {witness.name}: {bad.args[1]}")

    def rotations(self, own):
        good = []
        for rotation in self.header["rotations"]:
            try:
                old, new = Key(rotation["from"]), Key(rotation["to"])
                good.append((old, new, Note(rotation["note"], old, self.header["log"])))
                need(old.name == own.name, "bad_signature", "")
            except (ValueError, Bad):
                self.found("bad_signature", "a hand-over of the log's key is not signed by it")
        return good

    def check_hand_over(self, key, own, rotations):
        start = next((at for at, (old, _, _) in enumerate(rotations) if old.text == key.text), None)
        chain = [] if start is None else rotations[start:]
        linked = all(a[1].text == b[0].text for a, b in zip(chain, chain[1:]))
        if not chain or not linked or chain[-1][1].text != own.text:
            return self.found("unknown_key", f"the file is signed with {own.text}, not with {key.text}")
        if self.header["first"] > 0:
            self.found("unknown_key", "the key was handed over before this stretch")
        roots, before = self.roots({note.size for _, _, note in chain}), -1
        for _, new, note in chain:
            record = record_of(self.entries[note.size - 1 - self.first]) if self.first < note.size <= self.place() else None
            told = [c["to"] for c in (record or {}).get("changes", []) if c["field"] == "log_key"]
            if (roots.get(note.size) != note.root or told[:1] != [new.text] or note.size <= before
                    or record["event"] != "audit.log_key.rotate.succeeded"):
                entry = note.size - 1 if note.size in roots and note.size > max(before, 0) else None
                self.found("unknown_key", f"the hand-over to {new.text} is not in the log", entry)
            before = note.size

    def roots(self, sizes):
        return {size: root_of(stack) for size, stack in self.grown(self.leaves) if size in sizes}

    def check_since(self, since, keys, size):
        for key in keys:
            try:
                older = Note(since, key, self.header["log"])
                break
            except Bad as bad:
                error = bad
        else:
            return self.found(error.args[0], f"the older checkpoint: {error.args[1]}")
        here = self.roots({older.size}).get(older.size)
        if older.size > size:
            self.found("truncated", f"the older checkpoint signs {older.size} entries, the log has {size}", size)
        elif here is None:
            self.found("forked", "the older checkpoint is of a size that this stretch does not reach")
        elif here != older.root:
            self.found("forked", "not the history that the older checkpoint signs", older.size - 1 if older.size else None)


def shown(finding):
    entry, kind, detail = finding
    return f"{kind}: {detail}" if entry is None else f"entry {entry}: {kind}: {detail}"


def asked(arguments):
    """What a command line asks for: the file's bytes, a key, an older checkpoint, witnesses."""
    options, paths, arguments = {"--key": [], "--since": [], "--witness": []}, [], iter(arguments)
    for argument in arguments:
        options.get(argument, paths).append(next(arguments, "") if argument in options else argument)
    if len(paths) != 1 or paths[0].startswith("-") or max(len(options["--key"]), len(options["--since"])) > 1:
        raise ValueError("give one file; --key and --since once at most")
    key = [Key(text) for text in options["--key"]] or [None]
    since = [pathlib.Path(path).read_bytes().decode() for path in options["--since"]] or [None]
    return pathlib.Path(paths[0]).read_bytes(), key[0], since[0], [Key(text, 4) for text in options["--witness"]]


def run(arguments):
    """The findings on what a command line asks for."""
    return [shown(finding) for finding in Check(*asked(arguments)).findings]


def main(arguments, run=run, usage=__doc__):
    try:
        events()
        if arguments == ["--batch"]:
            for line in sys.stdin:
                findings = run(json.loads(line)["arguments"])
                print(json.dumps({"status": int(bool(findings)), "findings": findings}), flush=True)
            return 0
        findings = run(arguments)
    except (OSError, ValueError) as error:
        print(f"{pathlib.Path(sys.argv[0]).name}: {error}\n\n{usage}", file=sys.stderr)
        return 2
    print(*findings, sep="\n", end="\n" if findings else "", file=sys.stderr)
    print("NOT OK" if findings else "OK")
    return int(bool(findings))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
