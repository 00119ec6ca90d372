//! Syslog (RFC 5424): a header, structured data to search by, and the whole record as JSON.
//!
//! The message is ASCII (everything else is a `\uXXXX` escape of JSON): valid with or without the byte order
//! mark that RFC 5424 wants before UTF-8, which readers of JSON choke on. Framing (RFC 6587, RFC 5425) is the
//! sender's.

use std::fmt::Write as _;

use super::{
    Entry, Host,
    flat::{fields, text},
    level::Level,
    ndjson,
    text::{REPLACEMENT, ascii_json, is_control},
};
use crate::record::ClockState;

/// The facility "log audit".
const FACILITY: u8 = 13;

/// Names our structured data. 32473 is the enterprise number set aside for documentation (RFC 5612): no
/// enterprise's own, so nobody else's either.
pub const SD_ID: &str = "leeward@32473";

/// The fields of a record that stand in the structured data, in order. The message holds them all.
pub const PARAMS: &[&str] = &[
    "log",
    "seq",
    "id",
    "event",
    "outcome",
    "category",
    "phase",
    "actor_type",
    "actor_id",
    "actor_method",
    "source",
    "request",
    "object_type",
    "object_id",
    "reason",
];

/// RFC 5424's longest MSGID.
const MAX_MSGID: usize = 32;

/// One message, without framing.
#[must_use]
pub fn render(host: &Host, entry: Entry<'_>) -> String {
    let record = entry.record;
    let priority = FACILITY * 8 + Level::of(record.event).syslog();
    // Codes are ASCII, so characters are bytes.
    let message_id: String = record.event.act().chars().take(MAX_MSGID).collect();
    let clock = match record.clock {
        ClockState::Synchronised => " isSynced=\"1\"",
        ClockState::Unsynchronised => " isSynced=\"0\"",
        ClockState::Unknown => "",
    };
    let mut line = format!(
        "<{priority}>1 {at} {host} leeward - {message_id} [timeQuality tzKnown=\"1\"{clock}][{SD_ID}",
        at = record.at
    );
    let fields = fields(entry);
    for name in PARAMS {
        if let Some(value) = fields.get(*name) {
            let _ = write!(line, " {name}=\"{}\"", param(&text(value)));
        }
    }
    line.push_str("] ");
    line.push_str(&ascii_json(&ndjson::render(entry)));
    line
}

/// A parameter's value: `"`, `\` and `]` escaped. There is no escape for control characters, so they are
/// replaced; the message holds them as they were.
fn param(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '"' | '\\' | ']' => out.extend(['\\', character]),
            character if is_control(character) => out.push(REPLACEMENT),
            character => out.push(character),
        }
    }
    out
}
