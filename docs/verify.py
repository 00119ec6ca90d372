#!/usr/bin/env python3
"""A second verifier of audit exports, written from docs/audit.md alone; it shares nothing with leeward-verify.

    verify.py audit.ndjson [--key VERIFIER_KEY] [--since FILE] [--witness WITNESS_KEY ...]
    verify.py --batch        reads a path a line, answers `status<TAB>finding<TAB>finding...` a line

Needs Python 3.10 and nothing else. Exit status: 0 all is well, 1 something is wrong, 2 it could not be checked.
"""

import base64
import binascii
import functools
import hashlib
import ipaddress
import json
import re
import struct
import sys
from datetime import datetime, timedelta


class Bad(Exception):
    """A finding that ends the check: kind, detail, and the entry it is about."""

    def __init__(self, kind, detail, entry=None):
        super().__init__(detail)
        self.finding = (entry, kind, detail)


def need(condition, kind, detail, entry=None):
    if not condition:
        raise Bad(kind, detail, entry)


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
    """The point that 32 bytes encode, or None for what encodes none or one of small order."""
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
    found = (x, y, 1, x * y % P)
    return None if same(times(8, found), (0, 1, 1, 0)) else found


BASE = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


@functools.lru_cache(maxsize=4096)
def signed(public, message, signature):
    a, r, s = point(public), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
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


class Note:
    """A checkpoint, read but not yet believed."""

    def __init__(self, text, log):
        need(len(text.encode()) <= 65536 and not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text), "malformed", "the note")
        match = re.fullmatch(r"((leeward/([^\n/]+)/tree-v1)\n(0|[1-9][0-9]*)\n([^\n]+)\n)\n((?:— [^\n]+\n){1,16})", text)
        need(match, "malformed", "the note is not a checkpoint")
        self.text, self.origin, self.log, self.size = match[1].encode(), match[2], match[3], int(match[4])
        self.lines = []
        try:
            self.root = unbase64(match[5])
            for line in match[6].splitlines():
                name, data = re.fullmatch(r"— ([^\s+]+) (\S+)", line).groups()
                self.lines.append((name, unbase64(data)))
                assert len(self.lines[-1][1]) > 4
        except (ValueError, AttributeError, AssertionError):
            raise Bad("malformed", "a line of the note") from None
        need(len(self.root) == 32 and self.size < 2**53, "malformed", "the note")
        need(self.log == log, "foreign", f"the checkpoint is of the log {self.log}")

    def signature(self, key, length):
        """What the first line of that key holds after the key's id."""
        for name, data in self.lines:
            if name == key.name and data[:4] == key.id:
                need(len(data) == 4 + length, "bad_signature", "its length")
                return data[4:]
        raise Bad("unknown_key", f"the checkpoint is not signed by {key.text}")

    def check(self, key):
        need(signed(key.public, self.text, self.signature(key, 64)), "bad_signature", f"not made by {key.text}")

    def check_witness(self, key):
        data = self.signature(key, 72)
        message = b"cosignature/v1\ntime %d\n" % struct.unpack(">Q", data[:8]) + self.text
        need(signed(key.public, message, data[8:]), "bad_signature", f"not made by {key.text}")


# --- JSON: whatever is not byte for byte its one right form is refused ---


def strict_json(data, kind, entry=None):
    """The value of a line in which every object's members are listed once and every number is a plain integer."""

    def members(pairs):
        need(len(dict(pairs)) == len(pairs), kind, "a member stands twice", entry)
        return dict(pairs)

    def refuse(_):
        raise ValueError

    try:
        return json.loads(data.decode(), object_pairs_hook=members, parse_float=refuse, parse_constant=refuse)
    except (ValueError, RecursionError):
        raise Bad(kind, "not JSON as it must be", entry) from None


def written(value, canonical):
    """The bytes of a value; canonical: with members sorted by their UTF-16 code units, as RFC 8785 says."""

    def order(v):
        if isinstance(v, dict):
            return {k: order(v[k]) for k in sorted(v, key=lambda k: k.encode("utf-16-be", "surrogatepass"))}
        return [order(item) for item in v] if isinstance(v, list) else v

    value = order(value) if canonical else value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def time_of(text):
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", text, re.ASCII):
        raise ValueError
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ")


def text(value):
    return isinstance(value, str)


def number(value):
    return type(value) is int and 0 <= value < 2**53


def moment(value):
    return text(value) and bool(time_of(value))


def pattern(expression):
    return lambda value: text(value) and re.fullmatch(expression, value, re.ASCII)


def address(value):
    return text(value) and str(ipaddress.ip_address(value)) == value


def boolean(value):
    return value is True or value is False


def listing(item):
    return lambda value: isinstance(value, list) and all(item(v) for v in value)


def members(**fields):
    """An object with these members and no other; a name that ends in `_` may be absent."""
    rules = {name.rstrip("_"): rule for name, rule in fields.items()}
    needed = {name for name in fields if not name.endswith("_")}
    return lambda value: isinstance(value, dict) and needed <= set(value) and all(
        name in rules and rules[name](v) for name, v in value.items())


def identifier(kind):
    return pattern(kind + "_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def one_of(*values):
    return lambda value: text(value) and value in values


HEX32 = pattern("[0-9a-f]{64}")
ACTORS = {
    "user": members(type=text, id=identifier("usr"), method=text, api_key_=text, project_=text, session_=text),
    "anonymous": members(type=text),
    "system": members(type=text),
    "local_console": members(type=text),
}
RECORD = members(
    schema=lambda v: v == 1, id=identifier("evt"), phase=one_of("intent", "outcome", "event"), event=text, at=moment,
    clock=one_of("synchronised", "unsynchronised", "unknown"), tenant_=identifier("ten"),
    actor=lambda v: isinstance(v, dict) and ACTORS[v["type"]](v), source_=address, request_=text,
    trace_=pattern("[0-9a-f]{32}"), object_=members(type=text, id=text),
    changes_=listing(members(field=text, from_=text, to_=text)), reason_=text,
    decision_=members(allowed=boolean, rule=text, policy_version=number, policy_hash=HEX32),
    classification_=text, place_=members(site_=text, region_=text, jurisdiction_=text, ceiling_=text), node_=text,
    isolation_=one_of("dedicated", "shared"), model_=members(name=text, weights=HEX32),
    tokens_=members(input=number, output=number, cached=number), finish_reason_=text, prompt_hmac_=HEX32,
    output_hmac_=HEX32, blob_=text, blob_key_=text, retention_=text, holds_=listing(text), build_=text,
)


def record_of(entry, place):
    record = strict_json(entry, "malformed", place)
    try:
        good = len(entry) <= 65535 and RECORD(record) and written(record, True) == entry
    except (ValueError, KeyError, TypeError):
        good = False
    need(good, "malformed", "not a record in canonical form", place)
    return record


# --- The export ---

LINES = {
    "header": ("format", "version", "log", "public_key", "exported_at", "first", "before", "rotations"),
    "index": ("first", "hashes"), "checkpoint": ("after", "note"), "end": ("digest",),
}


class Export:
    """A file's lines, each of the right form and in the right place."""

    def __init__(self, data):
        need(data.endswith(b"\n"), "truncated", "the file does not end with a whole line")
        self.entries, self.leaves, self.indexes, digest, lines = [], [], [], hashlib.sha256(), data.split(b"\n")[:-1]
        self.header = self.note = self.end = None
        for line in lines:
            need(len(line) <= 131072, "malformed", "a line is too long")
            need(self.end is None, "inserted", "there is a line after the last")
            if not line.startswith(b'{"type":'):
                need(self.header and not self.note, "malformed", "an entry that is not between header and checkpoint")
                self.entries.append(line)
                self.leaves.append(sha256(b"\x00" + line))
                continue
            value = strict_json(line, "malformed")
            kind = value.get("type")
            need(text(kind) and list(value) == ["type", *LINES.get(kind, ())] and written(value, False) == line
                 and (kind == "header") == (self.header is None), "malformed", "a line that is not as it must be")
            if kind != "end":
                digest.update(line + b"\n")
            try:
                getattr(self, "read_" + kind)(value)
            except (ValueError, TypeError, AttributeError, KeyError):
                raise Bad("malformed", f"the {kind} is not as it must be") from None
        need(self.end is not None, "truncated", "there is no last line")
        need(self.end == digest.hexdigest(), "edited", "the digest is not that of the lines")

    def read_header(self, value):
        self.header, self.log, self.first = value, value["log"], value["first"]
        need((value["format"], value["version"]) == ("leeward-audit-export", 2), "malformed", "the format")
        need(self.log == "platform" or identifier("ten")(self.log), "malformed", "the log")
        need(number(self.first) and moment(value["exported_at"]), "malformed", "the header")
        self.before, self.key = [unbase64(v) for v in value["before"]], Key(value["public_key"])
        need(self.key.name == f"leeward/{self.log}/tree-v1", "foreign", "the key is of another log")
        need([len(h) for h in self.before] == [32] * len(cover_heights(0, self.first)), "malformed", "before")
        self.rotations = []
        for rotation in value["rotations"]:
            need(list(rotation) == ["from", "to", "note"], "malformed", "a rotation")
            self.rotations.append((Key(rotation["from"]), Key(rotation["to"]), Note(rotation["note"], self.log)))

    def read_index(self, value):
        hashes = unbase64(value["hashes"])
        need(number(value["first"]) and len(hashes) % 32 == 0 and 1 <= len(hashes) // 32 <= 256, "malformed", "the index")
        need(not self.note, "inserted", "an index after the checkpoint")
        self.indexes.append((value["first"], [hashes[at:at + 32] for at in range(0, len(hashes), 32)], len(self.entries)))

    def read_checkpoint(self, value):
        need(not self.note, "inserted", "a second checkpoint")
        self.note, self.after = Note(value["note"], self.log), [unbase64(v) for v in value["after"]]
        need(all(len(h) == 32 for h in self.after), "malformed", "after")

    def read_end(self, value):
        need(self.note, "truncated", "there is no checkpoint")
        need(HEX32(value["digest"]), "malformed", "the digest")
        self.end = value["digest"]

    def roots(self, leaves, sizes=()):
        """The root over these leaves with before and after, and the roots at the sizes asked for; None: not of that size."""
        stack, place, found = [], 0, {}
        parts = [*zip(cover_heights(0, self.first), self.before), *((0, leaf) for leaf in leaves)]
        heights = cover_heights(self.first + len(leaves), self.note.size)
        if self.first + len(leaves) > self.note.size or len(heights) != len(self.after):
            return None, found
        for height, value in [*parts, *zip(heights, self.after), (None, None)]:
            if place in sizes:
                found[place] = root_of(stack)
            if height is not None:
                push(stack, height, value)
                place += 1 << height
        return root_of(stack), found


def localise(export, hashes):
    """Which entry is the first that differs from an index whose root is signed, and what happened to it."""
    leaves, first = export.leaves, export.first
    at = next((i for i, (a, b) in enumerate(zip(leaves, hashes)) if a != b), min(len(leaves), len(hashes)))
    if at == len(leaves):
        raise Bad("truncated", "the entries from here on are missing", first + at)
    here_is_known = leaves[at] in hashes[at:]
    there_comes_later = at < len(hashes) and hashes[at] in leaves[at:]
    kind = {(True, True): "reordered", (True, False): "deleted", (False, True): "inserted",
            (False, False): "edited" if at < len(hashes) else "inserted"}[here_is_known, there_comes_later]
    raise Bad(kind, "it is not the entry that was written there", first + at)


def check_tree(export, sizes):
    hashes, place, due = [], export.first, 0
    well_placed = True
    for first, run, entries in export.indexes:
        well_placed &= first == place and entries - due == len(run)
        place, due = first + len(run), entries
        hashes += run
    root, found = export.roots(export.leaves, sizes)
    if root != export.note.root:
        if export.roots(hashes)[0] == export.note.root:
            localise(export, hashes)
        whole = export.first + len(export.leaves)
        need(whole >= export.note.size or export.after, "truncated", "the checkpoint signs more entries")
        raise Bad("forked", "the entries are not the history that the checkpoint signs")
    need(well_placed and due == len(export.leaves), "malformed", "an index does not cover the entries before it")
    need(hashes == export.leaves, "edited", "an index was changed, the entries are right")
    return found


def check_rotations(export, trusted, found):
    """The keys of this log, oldest first; each handed over to the next."""
    for number_, (old, new, note) in enumerate(export.rotations):
        following = export.rotations[number_ + 1][0] if number_ + 1 < len(export.rotations) else export.key
        need(new.text == following.text, "unknown_key", "the rotations are no chain")
        note.check(old)
        place = note.size - 1
        need(note.size in found, "unknown_key", "the record of the rotation is not in the file")
        need(found[note.size] == note.root, "forked", "the rotation's checkpoint is not of this history")
        need(place >= export.first, "unknown_key", "the record of the rotation is not in the file")
        record = record_of(export.entries[place - export.first], place)
        told = {"field": "log_key", "to": new.text}
        need(record["event"] == "audit.log_key.rotate.succeeded" and any(
            told.items() <= change.items() for change in record.get("changes", [])), "unknown_key", "no record of it", place)
    keys = [old.text for old, _, _ in export.rotations] + [export.key.text]
    need(trusted is None or trusted.text in keys, "unknown_key", f"{trusted and trusted.text} did not hand over")


def check_records(export, findings):
    ids, intents, outcomes, latest = set(), set(), set(), datetime.min
    for place, entry in enumerate(export.entries, export.first):
        try:
            record = record_of(entry, place)
        except Bad as bad:
            findings.append(bad.finding)
            continue
        if record.get("tenant", "platform") != export.log:
            findings.append((place, "foreign", "a record of another log"))
        at = time_of(record["at"])
        if record["event"] == "clock.jump.detected":
            latest = at
        if latest - at > timedelta(seconds=30):
            findings.append((place, "clock_backwards", f"{at} after {latest}"))
        latest = max(at, latest)
        if record["id"] in ids:
            findings.append((place, "duplicate_id", record["id"]))
        ids.add(record["id"])
        request = record.get("request")
        if record["phase"] == "intent":
            if request in intents:
                findings.append((place, "duplicate_intent", request))
            intents.add(request)
        if record["phase"] == "outcome":
            if request in outcomes:
                findings.append((place, "duplicate_outcome", request))
            elif request not in intents and export.first == 0:
                findings.append((place, "outcome_without_intent", request))
            outcomes.add(request)
    return len(intents - outcomes)


def check(data, key=None, since=None, witnesses=()):
    """The findings on an export: a list of (entry or None, kind, detail)."""
    findings = []
    try:
        export = Export(data)
        export.note.check(export.key)
        older = since and Note(since, export.log)
        sizes = {note.size for _, _, note in export.rotations} | ({older.size} if older else set())
        found = check_tree(export, sizes)
        check_rotations(export, key, found)
        for witness in witnesses:
            export.note.check_witness(witness)
        if older:
            signer = next((k for k in [export.key, *(r[0] for r in export.rotations)] if any(
                (k.name, k.id) == (name, line[:4]) for name, line in older.lines)), export.key)
            older.check(signer)
            need(older.size <= export.note.size, "truncated", "the older checkpoint signs more entries")
            need(older.size in found, "malformed", "the older checkpoint's size is not within the file")
            need(found[older.size] == older.root, "forked", "not the history that the older checkpoint signs")
        check_records(export, findings)
    except Bad as bad:
        findings.append(bad.finding)
    return findings


def shown(finding):
    entry, kind, detail = finding
    return f"{kind}: {detail}" if entry is None else f"entry {entry}: {kind}: {detail}"


def main(arguments):
    options, paths = {"--key": [], "--since": [], "--witness": []}, []
    if arguments == ["--batch"]:
        for line in sys.stdin:
            with open(line.rstrip("\n"), "rb") as file:
                findings = check(file.read())
            print("\t".join([str(int(bool(findings))), *map(shown, findings)]), flush=True)
        return 0
    try:
        arguments = iter(arguments)
        for argument in arguments:
            options.get(argument, paths).append(next(arguments) if argument in options else argument)
        (path,) = paths
        key, since = [*options["--key"], None][0], [*options["--since"], None][0]
        with open(path, "rb") as file:
            data = file.read()
        older = None
        if since:
            with open(since, "rb") as file:
                older = file.read().decode()
        findings = check(data, key and Key(key), older, [Key(witness, 4) for witness in options["--witness"]])
    except (OSError, ValueError, StopIteration) as error:
        print(f"verify.py: {error or 'an option lacks its value'}\n{__doc__}", file=sys.stderr)
        return 2
    for finding in findings:
        print(shown(finding), file=sys.stderr)
    if not findings:
        print("all is well")
    return int(bool(findings))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
