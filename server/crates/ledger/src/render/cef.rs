//! CEF, version 0: a header of seven fields and `key=value` pairs.
//!
//! What CEF has a key for stands under it; every other field of the record stands under a key of our own,
//! `Leeward` and its name in capitals (`LeewardTokensInput`), as CEF's guide has custom keys.

use std::{fmt::Write as _, net::IpAddr};

use super::{
    Entry, Host,
    flat::{fields, text},
    level::Level,
    text::{REPLACEMENT, is_control},
};

/// Where a field of the record goes: the key, and for custom strings and numbers what its label says.
const KEYS: &[(&str, &str, Option<&str>)] = &[
    ("id", "externalId", None),
    ("outcome", "outcome", None),
    ("category", "cat", None),
    ("reason", "reason", None),
    ("actor_type", "spriv", None),
    ("actor_id", "suid", None),
    ("log", "cs1", Some("log")),
    ("object_type", "cs2", Some("objectType")),
    ("object_id", "cs3", Some("objectId")),
    ("request", "cs4", Some("request")),
    ("actor_session", "cs5", Some("session")),
    ("actor_api_key", "cs6", Some("apiKey")),
    ("seq", "cn1", Some("seq")),
    ("tokens_input", "cn2", Some("tokensInput")),
    ("tokens_output", "cn3", Some("tokensOutput")),
];

/// Told by the header or by keys written by hand below.
const TOLD: &[&str] = &["event", "build", "at", "source"];

/// One record.
#[must_use]
pub fn render(host: &Host, entry: Entry<'_>) -> String {
    let record = entry.record;
    let code = record.event;
    let mut line = format!(
        "CEF:0|Leeward|Leeward|{}|{code}|{}|{}|",
        header(record.build.trim_start_matches("leeward ")),
        header(code.meaning().trim().trim_end_matches('.')),
        Level::of(code).cef()
    );
    let mut fields = fields(entry);
    for told in TOLD {
        fields.remove(*told);
    }

    // The first pair has no space before it: the header ends in a bar.
    let _ = write!(line, "rt={}", record.at.unix_millis());
    pair(&mut line, "act", code.act());
    if let Some(host) = host.known() {
        pair(&mut line, "dvchost", host);
    }
    match record.source {
        None => {}
        Some(IpAddr::V4(address)) => pair(&mut line, "src", &address.to_string()),
        Some(IpAddr::V6(address)) => {
            pair(&mut line, "c6a2", &address.to_string());
            pair(&mut line, "c6a2Label", "Source IPv6 Address");
        }
    }
    if let Some(object) = record.object.as_ref().filter(|object| object.kind == "user") {
        pair(&mut line, "duid", &object.id);
    }
    for (field, key, label) in KEYS {
        let Some(value) = fields.remove(*field).map(|value| text(&value)).filter(|value| !value.is_empty()) else {
            continue;
        };
        pair(&mut line, key, &value);
        if let Some(label) = label {
            pair(&mut line, &format!("{key}Label"), label);
        }
    }
    for (field, value) in &fields {
        let value = text(value);
        if !value.is_empty() {
            pair(&mut line, &custom_key(field), &value);
        }
    }
    line
}

fn pair(line: &mut String, key: &str, value: &str) {
    let _ = write!(line, " {key}={}", extension(value));
}

/// `tokens_input` is `LeewardTokensInput`.
fn custom_key(field: &str) -> String {
    let mut key = String::from("Leeward");
    for part in field.split('_') {
        let (first, rest) = part.split_at_checked(1).unwrap_or((part, ""));
        key.push_str(&first.to_ascii_uppercase());
        key.push_str(rest);
    }
    key
}

/// A header field: `\` and `|` escaped, never more than one line, never empty.
fn header(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '\\' => out.push_str(r"\\"),
            '|' => out.push_str(r"\|"),
            character if is_control(character) => out.push(REPLACEMENT),
            character => out.push(character),
        }
    }
    if out.is_empty() { "unknown".to_owned() } else { out }
}

/// An extension's value: `\`, `=`, line feed and carriage return escaped. CEF has no escape for other control
/// characters, so they are replaced.
fn extension(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '\\' => out.push_str(r"\\"),
            '=' => out.push_str(r"\="),
            '\n' => out.push_str(r"\n"),
            '\r' => out.push_str(r"\r"),
            character if is_control(character) => out.push(REPLACEMENT),
            character => out.push(character),
        }
    }
    out
}
