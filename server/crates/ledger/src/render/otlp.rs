//! OpenTelemetry logs: OTLP's JSON encoding (opentelemetry-proto 1.x).
//!
//! One record in a file is a whole export request on a line, as the OTLP file exporter writes; a batch for
//! `POST /v1/logs` (`application/json`) is one request too. The names of attributes are the record's own under
//! `leeward.`, except where a stable semantic convention has one.

use serde_json::{Map, Value, json};

use super::{Entry, Host, level::Level, text::one_line_json};

/// A batch of records as an `ExportLogsServiceRequest`.
#[must_use]
pub fn export_request(host: &Host, entries: &[Entry<'_>]) -> String {
    let mut resource = vec![attribute("service.name", &json!("leeward"))];
    if let Some(host) = host.known() {
        resource.push(attribute("host.name", &json!(host)));
    }
    let records: Vec<Value> = entries.iter().map(|entry| log_record(*entry)).collect();
    let request = json!({
        "resourceLogs": [{
            "resource": { "attributes": resource },
            "scopeLogs": [{
                "scope": { "name": "leeward.audit", "version": env!("CARGO_PKG_VERSION") },
                "logRecords": records,
            }],
        }],
    });
    one_line_json(&request.to_string())
}

/// One record as a `LogRecord`.
#[must_use]
pub fn log_record(entry: Entry<'_>) -> Value {
    let record = entry.record;
    let code = record.event;
    let (number, name) = Level::of(code).otlp();
    let mut attributes = vec![
        attribute("leeward.log", &json!(entry.log)),
        attribute("leeward.seq", &json!(entry.seq)),
        attribute("leeward.outcome", &json!(code.outcome().as_str())),
        attribute("leeward.category", &json!(code.category().as_str())),
    ];
    // A record is made of strings, integers, lists and structs: writing it as a value cannot fail.
    if let Value::Object(mut members) = serde_json::to_value(record).unwrap_or_default() {
        // Told by fields of the log record itself.
        for told in ["at", "event", "trace"] {
            members.remove(told);
        }
        flatten("leeward", &members, &mut attributes);
    }
    if let Some(source) = record.source {
        attributes.push(attribute("client.address", &json!(source)));
    }
    let mut log = json!({
        // 64-bit integers are strings in this encoding.
        "timeUnixNano": (i128::from(record.at.unix_micros()) * 1_000).max(0).to_string(),
        "severityNumber": number,
        "severityText": name,
        "eventName": format!("leeward.{code}"),
        "body": { "stringValue": code.meaning().trim() },
        "attributes": attributes,
    });
    if let (Some(trace), Some(log)) = (record.trace.as_deref().filter(|trace| is_trace_id(trace)), log.as_object_mut())
    {
        log.insert("traceId".into(), trace.into());
    }
    log
}

/// W3C's trace id: 32 hexadecimal digits, not all zero. Anything else would make a receiver refuse the batch.
fn is_trace_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) && text.bytes().any(|byte| byte != b'0')
}

fn flatten(prefix: &str, members: &Map<String, Value>, into: &mut Vec<Value>) {
    for (name, value) in members {
        let name = format!("{prefix}.{name}");
        match value {
            Value::Object(inner) => flatten(&name, inner, into),
            // A value that is none is valid, and yet a collector refuses the whole batch for it.
            Value::Null => {}
            value => into.push(attribute(&name, value)),
        }
    }
}

fn attribute(key: &str, value: &Value) -> Value {
    json!({ "key": key, "value": any_value(value) })
}

/// A JSON value as OTLP's `AnyValue`.
fn any_value(value: &Value) -> Value {
    match value {
        Value::Null => json!({}),
        Value::Bool(value) => json!({ "boolValue": value }),
        Value::Number(number) => json!({ "intValue": number.to_string() }),
        Value::String(text) => json!({ "stringValue": text }),
        Value::Array(items) => {
            json!({ "arrayValue": { "values": items.iter().map(any_value).collect::<Vec<_>>() } })
        }
        Value::Object(members) => {
            let there = members.iter().filter(|(_, value)| !value.is_null());
            let values: Vec<Value> = there.map(|(key, value)| attribute(key, value)).collect();
            json!({ "kvlistValue": { "values": values } })
        }
    }
}
