"""Reads what `examples/render_samples.rs` of the ledger wrote with readers that others wrote.

    formats_check.py DIRECTORY

Each format is read whole, and what was read is held against the records (the NDJSON file). Lines
are split as generously as Python can. Each reader must also refuse something broken: a reader that accepts
anything proves nothing.

  csv      Python's csv module, strict
  ocsf     ocsf-json-schema: the schema as schema.ocsf.io publishes it, unknown attributes refused
           pydantic-ocsf: its models of the same version
           ocsf-emitter: that class, category, type and captions agree
  cef      pycef
  rfc5424  syslog-rfc5424-parser
  otlp     opentelemetry-proto: protobuf's own JSON reader, unknown fields refused
"""

import base64
import copy
import csv
import io
import json
import pathlib
import re
import sys

import jsonschema
import ocsf_emitter
import pycef
from google.protobuf import json_format
from ocsf.v1_5_0 import events as ocsf_events
from ocsf_emitter import _catalog
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from syslog_rfc5424_parser import ParseError, SyslogMessage

OCSF_VERSION = "1.5.0"
findings = []


def one_line(text):
    """What the formats without an escape for control characters make of a text."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", "\ufffd", text)


def expect(what, seen, wanted):
    if seen != wanted:
        findings.append(f"{what}: read {seen!r}, the record says {wanted!r}")


def refuses(what, act, *errors):
    """`act` must raise one of `errors`, or answer None."""
    try:
        if act() is None:
            return
    except errors:
        return
    findings.append(f"{what}: the reader accepted something broken")


def read_csv(text, lines):
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    for row, line in zip(rows, lines, strict=True):
        record = line["record"]
        cells = {name: cell.removeprefix("'") for name, cell in row.items()}
        expect("csv reason", cells["reason"], record.get("reason", ""))
        expect("csv event", cells["event"], record["event"])
        expect("csv seq", cells["seq"], str(line["seq"]))
        expect("csv changes", json.loads(cells["changes"] or "[]"), record.get("changes", []))
        expect("csv cells", None in row or None in row.values(), False)
    refuses("csv", lambda: list(csv.reader(['a,"b'], strict=True)), csv.Error)
    return {"csv": len(rows)}


def read_ocsf(text, lines):
    schema = get_ocsf_schema(OCSF_VERSION)
    embedded = OcsfJsonSchemaEmbedded(schema)
    validators, counts = {}, {}
    written = [json.loads(line) for line in text.splitlines()]
    for event, line in zip(written, lines, strict=True):
        record = line["record"]
        name = embedded.lookup_class_name_from_uid(event["class_uid"])
        if name not in validators:
            form = embedded.get_class_schema(name)
            jsonschema.Draft202012Validator.check_schema(form)
            validators[name] = jsonschema.Draft202012Validator(form)
        for error in validators[name].iter_errors(event):
            findings.append(f"ocsf-json-schema {record['event']}: {error.json_path}: {error.message}")
        model = "".join(part.capitalize() for part in name.split("_"))
        for tool, read in (
            ("pydantic-ocsf", lambda: getattr(ocsf_events, model).model_validate(copy.deepcopy(event))),
            ("ocsf-emitter", lambda: ocsf_emitter.validate(getattr(_catalog._m, model).model_validate(event))),
        ):
            try:
                read()
            except ValueError as error:
                findings.append(f"{tool} {record['event']}: {error}")
            except ocsf_emitter.OcsfEmitterError as error:
                findings.append(f"{tool} {record['event']}: {error} {error.field_errors}")
        for attribute, caption in (("activity_id", "activity_name"), ("severity_id", "severity"), ("status_id", "status")):
            known = schema["classes"][name]["attributes"][attribute]["enum"][str(event[attribute])]["caption"]
            if event[attribute] != 99:
                expect(f"ocsf {record['event']} {caption}", event[caption], known)
        expect("ocsf type_uid", event["type_uid"], event["class_uid"] * 100 + event["activity_id"])
        expect("ocsf reason", event.get("status_detail"), record.get("reason"))
        counts[event["class_name"]] = counts.get(event["class_name"], 0) + 1
    for name, validator in validators.items():
        broken = next(event for event in written if embedded.lookup_class_name_from_uid(event["class_uid"]) == name)
        for change in ({"time": "yesterday"}, {"made_up": 1}, {"class_uid": "x"}):
            refuses(f"ocsf-json-schema {name}", lambda: validator.is_valid({**broken, **change}) or None)
    refuses("pydantic-ocsf", lambda: ocsf_events.Authentication.model_validate({"time": "yesterday"}), ValueError)
    wrong = {**written[0], "type_uid": 1}
    refuses("ocsf-emitter", lambda: _catalog._m.ApplicationLifecycle.model_validate(wrong), ValueError)
    return {"ocsf-json-schema": len(written), "pydantic-ocsf": len(written), "ocsf-emitter": len(written), **counts}


def read_cef(text, lines):
    unescape = {r"\\": "\\", r"\=": "=", r"\n": "\n", r"\r": "\r"}
    written = text.splitlines()
    for one, line in zip(written, lines, strict=True):
        record = line["record"]
        values = pycef.parse(one)
        if values is None:
            findings.append(f"pycef {record['event']}: not read: {one}")
            continue
        values = {key: re.sub(r"\\[\\=nr]", lambda found: unescape[found[0]], value) for key, value in values.items()}
        expect("cef code", values["DeviceEventClassID"], record["event"])
        expect("cef id", values["externalId"], record["id"])
        expect("cef seq", values["seq"], str(line["seq"]))
        kept = "".join(c if c in "\r\n" else one_line(c) for c in record.get("reason", ""))
        expect("cef reason", values.get("reason", ""), kept)
        expect("cef object", values.get("objectId", ""), record.get("object", {}).get("id", ""))
        expect("cef severity", 0 <= int(values["DeviceSeverity"]) <= 10, True)
    refuses("pycef", lambda: pycef.parse(written[0].replace("|Leeward|", "||", 1)))
    return {"pycef": len(written)}


def read_syslog(text, lines):
    written = text.splitlines()
    for one, line in zip(written, lines, strict=True):
        record = line["record"]
        try:
            message = SyslogMessage.parse(one)
        except ParseError as error:
            findings.append(f"syslog-rfc5424-parser {record['event']}: {error}")
            continue
        params = {key: re.sub(r'\\(["\\\]])', r"\1", value) for key, value in message.sd["leeward@32473"].items()}
        expect("syslog facility", message.facility.name, "audit")
        expect("syslog timestamp", message.timestamp, record["at"])
        expect("syslog host", (message.hostname, message.appname), ("leeward-1.example", "leeward"))
        expect("syslog message id", message.msgid, record["event"].rpartition(".")[0])
        expect("syslog event", params["event"], record["event"])
        expect("syslog reason", params.get("reason", ""), one_line(record.get("reason", "")))
        expect("syslog message", json.loads(message.msg), line)
        expect("syslog ASCII message", message.msg.isascii(), True)
    refuses("syslog-rfc5424-parser", lambda: SyslogMessage.parse(written[0].replace("Z ", "Q ", 1)), ParseError)
    return {"syslog-rfc5424-parser": len(written)}


def read_otlp(text, lines):
    written = [json.loads(line) for line in text.splitlines()]

    def parse(request):
        # OTLP writes trace ids in hexadecimal, where protobuf's JSON has base64; else they are the same.
        request = copy.deepcopy(request)
        for log in request["resourceLogs"][0]["scopeLogs"][0]["logRecords"]:
            if "traceId" in log:
                log["traceId"] = base64.b64encode(bytes.fromhex(log["traceId"])).decode()
        return json_format.ParseDict(request, ExportLogsServiceRequest())

    for request, line in zip(written, lines, strict=True):
        record = line["record"]
        [log] = parse(request).resource_logs[0].scope_logs[0].log_records
        values = {attribute.key: attribute.value for attribute in log.attributes}
        expect("otlp names are unique", len(values), len(log.attributes))
        expect("otlp event", log.event_name, "leeward." + record["event"])
        expect("otlp seq", values["leeward.seq"].int_value, line["seq"])
        expect("otlp trace", log.trace_id.hex(), record.get("trace", ""))
        expect("otlp reason", values["leeward.reason"].string_value if "reason" in record else None, record.get("reason"))
        expect("otlp microseconds", log.time_unix_nano % 10**9 // 1000, int(record["at"][-7:-1]))
    broken = copy.deepcopy(written[0])
    broken["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0]["madeUp"] = 1
    refuses("opentelemetry-proto", lambda: parse(broken), json_format.ParseError)
    return {"opentelemetry-proto": len(written)}


def main():
    directory = pathlib.Path(sys.argv[1])
    file = lambda name: (directory / name).read_bytes().decode()
    lines = [json.loads(line) for line in file("ndjson").splitlines()]
    expect("samples", len(lines), int((directory / "count").read_text()))
    counts = {"records": len(lines), "event codes": len({line["record"]["event"] for line in lines})}
    for name, read in (
        ("csv", read_csv), ("ocsf", read_ocsf), ("cef", read_cef), ("rfc5424", read_syslog), ("otlp", read_otlp)
    ):
        counts |= read(file(name), lines)
    for finding in findings[:40]:
        print(finding)
    for name, count in counts.items():
        print(f"{count:6} {name}")
    print(f"{len(findings)} refused or misread")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
