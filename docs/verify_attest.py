#!/usr/bin/env python3
"""A second verifier of attestation reports, written from docs/attestation.md; it shares nothing with leeward-verify.

    verify_attest.py report.attest [--key VERIFIER_KEY] [--since FILE] [--witness WITNESS_KEY ...]
    verify_attest.py --batch        reads lines of JSON, {"arguments": [...]}, and answers each with {"status": ..., "findings": [...]}

Needs verify.py, audit.md and attestation.md beside it. Holds the whole file in memory. Exit status: 0 all is well,
1 something is wrong, 2 it could not be checked.
"""

import base64
import collections
import functools
import hashlib
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import verify as log  # noqa: E402
from verify import Bad, CLASS, HEX, Key, boolean, identifier, members, moment, need, number, one_of, or_null, text, time_of  # noqa: E402

MARGIN = 30 * 10**6
CLASSES = ("public", "internal", "confidential", "restricted")
PURPOSES = ("process", "store", "back_up", "export", "telemetry", "administer", "keys")
POLICY = ("version", "process", "store", "ceiling", *PURPOSES[2:], "retention")


@functools.cache
def fixed(heading):
    """The list below a heading of the page: what every report says in the same words."""
    page = (HERE / "attestation.md").read_text(encoding="utf-8")
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^- (.+)$", section, re.MULTILINE)


# --- The report's form ---


def row(item):
    return lambda value: isinstance(value, list) and all(item(v) for v in value)


def count(value):
    return type(value) is int and 0 <= value < 2**64


PLACE = members(ceiling=CLASS, jurisdiction=text, region=text, site=text)
KIND = one_of("appliance", "worker", "database", "blob_store", "backup", "audit_sink", "checkpoint_store", "telemetry",
              "key_provider", "administration")
DECISIONS = members(allowed=boolean, classification=or_null(CLASS), count=count, place=or_null(PLACE), policy_hash=HEX,
                    policy_version=number, purpose=or_null(one_of(*PURPOSES)), rule=text)
STEP = members(approvals=row(identifier("usr")), effective_at=moment, enacted_at=moment, hash=HEX,
               proposed_by=identifier("usr"), reason=text, replaces=HEX, text=text)
REPORT = members(**{
    "builds": row(text), "decisions": row(DECISIONS), "does_not_prove": row(text),
    "egress_tests": row(members(at=moment, outcome=one_of("blocked", "reached", "failed"), target=text)),
    "erasures": row(members(at=moment, certificate=or_null(text), holder=text, key=text, record=identifier("evt"))),
    "evidence": members(checkpoint=text, entries=count, first=count, key=text, sha256=HEX),
    "format": text, "from": moment, "holds": number, "issued_at": moment,
    "issuer": members(build=text, digest=or_null(HEX)), "keys": row(members(id=text, place=PLACE, provider=text)),
    "places": row(members(kind=KIND, name=text, place=PLACE)),
    "policies": members(first=members(hash=HEX, text=text), later=row(STEP)),
    "records": members(count=count, first=or_null(count), last=or_null(count)), "stated_only": row(text),
    "tenant": identifier("ten"), "to": moment, "tokens": members(answers=count, cached=count, input=count, output=count),
    "version": number,
})


def line_of(data, most, what):
    line, newline, rest = data.partition(b"\n")
    need(len(line) <= most, "malformed", f"{what} is too long")
    need(newline, "truncated", f"the file ends in {what}")
    return line, rest


def parsed(line, rule, canonical, what):
    try:
        value = log.strict_json(line)
        good = rule(value) and log.written(value, canonical) == line
    except (ValueError, TypeError, RecursionError):
        good = False
    need(good, "malformed", f"{what} is not of its form")
    return value


# --- Policies ---


def policy_of(policy_text, policy_hash):
    try:
        policy = log.strict_json(policy_text.encode())
        names = [name for name in POLICY if name in policy]
        good = list(policy) == names and number(policy["version"]) and CLASS(policy["ceiling"]) and all(
            row(text)(policy[name]) for name in PURPOSES if name in policy)
        good = good and log.written(policy, False).decode() == policy_text
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        good = False
    need(good and hashlib.sha256(policy_text.encode()).hexdigest() == policy_hash, "policy_chain", "not the policy of its hash")
    return policy


def history_of(policies):
    """By hash: the policy, and from when to when it was in force, if that is told."""
    first, before, since, found = policies["first"], None, None, {}
    for step in [first, *policies["later"]]:
        policy, at = policy_of(step["text"], step["hash"]), None
        if step is not first:
            at = time_of(step["enacted_at"])
            good = step["replaces"] == before["hash"] and policy["version"] == found[before["hash"]][0]["version"] + 1
            good = good and any(by != step["proposed_by"] for by in step["approvals"])
            need(good and at >= time_of(step["effective_at"]) and (since is None or at >= since), "policy_chain",
                 "a policy that does not follow the one before it")
            found[before["hash"]][2] = at + MARGIN
            found.setdefault(step["hash"], [policy, at - MARGIN, None])
        else:
            found[step["hash"]] = [policy, None, None]
        before, since = step, at
    return found


def covers(rule, place):
    kind, colon, name = rule.partition(":")
    return name == place[kind] if colon and kind in ("site", "region", "jurisdiction") else rule == place["site"]


def allows(policy, purpose, place, content):
    ceiling = min(CLASSES.index(policy["ceiling"]), CLASSES.index(place["ceiling"]))
    return any(covers(rule, place) for rule in policy.get(purpose, [])) and CLASSES.index(content) <= ceiling


# --- The file ---


def purpose_of(record):
    word = record["decision"]["rule"].partition(": ")
    if word[1] and word[0] in PURPOSES:
        return word[0]
    asked = {"inference": "process", "conversation": "store", "backup": "back_up", "export": "export",
             "telemetry": "telemetry"}
    return asked.get(record["event"].split(".")[0])


def check(data, key=None, since=None, witnesses=()):
    """The findings, each its kind and what follows it."""
    try:
        first, rest = line_of(data, 8 * 1024 * 1024, "the report")
        second, evidence = line_of(rest, 4096, "the signature's line")
        report = parsed(first, REPORT, True, "the report")
        need((report["format"], report["version"]) == ("leeward-attestation", 1), "malformed", "a version not known here")
        need(report["does_not_prove"] == fixed("What it does not prove"), "malformed", "not what a report does not prove")
        need(report["stated_only"] == [name.split("`")[1] for name in fixed("Stated only")], "malformed", "not what is stated only")
        note = parsed(second, lambda v: members(type=one_of("attestation"), note=text)(v) and list(v) == ["type", "note"],
                      False, "the signature's line")["note"]
    except Bad as bad:
        return [": ".join(bad.args)]
    findings = []

    def found(kind, detail):
        findings.append(f"{kind}: {detail}")

    export = log.Check(evidence, key, since, witnesses)
    try:
        own = Key(export.header["public_key"]) if export.header else None
        need(own and own.name == f"leeward/{export.header['log']}/tree-v1", "unknown_key", "the evidence names no key")
        name = f"{own.name}/attestation"
        key_id = log.sha256(f"{name}\n".encode() + b"\x01" + own.public)[:4].hex()
        signed = log.Signed(note, Key(f"{name}+{key_id}+{base64.b64encode(bytes([1]) + own.public).decode()}"))
        need(len(signed.lines) == 1, "malformed", "more than one signature")
        expected = f"leeward/{report['tenant']}/tree-v1/attestation\n{hashlib.sha256(first).hexdigest()}\n"
        need(signed.text == expected, "edited", "not the report that was signed")
    except ValueError:
        found("unknown_key", "the evidence names no key")
    except Bad as bad:
        found(*bad.args)
    for finding in export.findings:
        found("evidence", log.shown(finding))
    if export.header and export.header["log"] != report["tenant"]:
        found("foreign", "the evidence is of another log")
    if hashlib.sha256(evidence).hexdigest() != report["evidence"]["sha256"]:
        found("edited", "not the evidence that the report names")
    return findings or [f"{kind}: {detail}" for kind, detail in content(report, export)]


def content(report, export):
    """Everything in which the report and its evidence, both signed, do not agree."""
    begin, end = time_of(report["from"]), time_of(report["to"])
    records = [log.record_of(entry) for entry in export.entries]
    of_period = [(seq, r) for seq, r in enumerate(records, export.first) if begin <= time_of(r["at"]) < end]
    builds, groups = sorted({r["build"] for _, r in of_period}, key=str.encode), collections.defaultdict(list)
    for _, record in of_period:
        if "decision" in record and record["phase"] != "outcome":
            alike = {**record["decision"], "classification": record.get("classification"), "place": record.get("place"),
                     "purpose": purpose_of(record)}
            groups[log.written(alike, True)].append((time_of(record["at"]), alike))
    texts = [*builds, *(v for group in groups.values() for part in (group[0][1], group[0][1]["place"] or {})
                        for name, v in part.items() if name in ("rule", "site", "region", "jurisdiction"))]
    if max(len(builds), len(groups)) > 10_000 or sum(len(t.encode()) for t in texts) > 8 * 1024 * 1024:
        yield "malformed", "the records are of more kinds than a report can count"
        return

    size = log.Note(export.seal["note"], Key(export.header["public_key"]), export.header["log"]).size
    stated = report["evidence"]
    for what, value in (("checkpoint", export.seal["note"]), ("entries", len(records)), ("first", export.first),
                        ("key", export.header["public_key"])):
        if stated[what] != value:
            yield "count_differs", f"evidence.{what} is not that of the evidence"
    if begin >= end:
        yield "incomplete", "the period ends before it begins"
    else:
        if time_of(report["issued_at"]) < end:
            yield "incomplete", "it was issued before the period was over"
        if export.first and not (records and time_of(records[0]["at"]) < begin - MARGIN):
            yield "incomplete", "the evidence begins too late"
        if export.first + len(records) != size and not (records and time_of(records[-1]["at"]) >= end + MARGIN):
            yield "incomplete", "the evidence ends too early"

    try:
        history = history_of(report["policies"])
    except Bad as bad:
        yield bad.args
        history = None
    for times in groups.values() if history is not None else ():
        alike, times = times[0][1], [at for at, _ in times]
        policy, since, until = history.get(alike["policy_hash"], (None, None, None))
        if policy is None or policy["version"] != alike["policy_version"]:
            yield "unknown_policy", alike["rule"]
            continue
        if since is not None and min(times) < since or until is not None and max(times) > until:
            yield "not_in_force", alike["rule"]
        asked = alike["purpose"], alike["place"], alike["classification"]
        if None not in asked and allows(policy, *asked) != alike["allowed"]:
            yield "decided_otherwise", alike["rule"]
    listed = [item["place"] for item in report["places"]]
    allowed = [times[0][1]["place"] for times in groups.values() if times[0][1]["allowed"]]
    if any(place and place not in listed for place in allowed):
        yield "unlisted_place", "something was allowed where nothing is listed"

    places, tokens = [seq for seq, _ in of_period], [r["tokens"] for _, r in of_period if "tokens" in r]
    counted = {
        "records": {"count": len(places), "first": places[0] if places else None, "last": places[-1] if places else None},
        "tokens": {"answers": len(tokens), **{name: sum(t[name] for t in tokens) for name in ("cached", "input", "output")}},
        "builds": builds,
        "decisions": sorted(({**times[0][1], "count": len(times)} for times in groups.values()), key=lambda r: log.written(r, True)),
    }
    for what, value in counted.items():
        if report[what] != value:
            yield "count_differs", f"{what} are not those that follow from the records"


if __name__ == "__main__":
    sys.exit(log.main(sys.argv[1:], lambda arguments: check(*log.asked(arguments)), __doc__))
