//! Reads an entry in its one right form straight from its bytes, building nothing.
//!
//! This is for speed alone. What it takes, [`super::facts`] would take too, and get the same facts from, by parsing
//! a record and writing it again; what it does not take is left to that, which also says what is wrong. So a member
//! that is added to [`crate::Record`] and forgotten here costs time, and nothing else.
//!
//! The form leaves no choice: members stand in one order, strings and numbers have one spelling. To add a member:
//! a line in [`read`], in the order of the names.

use std::{collections::HashMap, net::IpAddr, str::FromStr as _, sync::LazyLock};

use leeward_domain::{
    Timestamp,
    ids::{ApiKeyId, ProjectId, SessionId},
    ids::{AuditId, PrefixedId, RequestId, TenantId, UserId},
    principal::AuthMethod,
};
use uuid::Uuid;

use super::facts::Facts;
use crate::{checkpoint::LogId, entry::MAX_ENTRY_BYTES, event::EventCode, record::Phase};

static EVENTS: LazyLock<HashMap<&[u8], EventCode>> =
    LazyLock::new(|| EventCode::ALL.iter().map(|code| (code.as_str().as_bytes(), *code)).collect());

/// What hexadecimal digits (lower case) stand for; 255 for other bytes.
const HEX: [u8; 256] = {
    let mut table = [255; 256];
    let mut value = 0;
    while value < 16 {
        table[b"0123456789abcdef"[value] as usize] = value as u8;
        value += 1;
    }
    table
};

/// The facts of an entry, if it is certainly a record in canonical form.
pub(super) fn read(entry: &[u8]) -> Option<Facts> {
    // Strings may hold anything that is UTF-8; everything else is ASCII.
    if entry.len() > MAX_ENTRY_BYTES || str::from_utf8(entry).is_err() {
        return None;
    }
    let mut from = Cursor(entry);
    from.eat(b"{\"actor\":")?;
    actor(&mut from)?;
    from.eat(b",\"at\":\"")?;
    let at = time(&mut from)?;
    from.maybe(b",\"blob\":\"", Cursor::text)?;
    from.maybe(b",\"blob_key\":\"", Cursor::text)?;
    from.eat(b",\"build\":\"")?;
    from.text()?;
    from.maybe(b",\"changes\":[", |from| list(from, change))?;
    from.maybe(b",\"classification\":\"", class)?;
    from.eat(b",\"clock\":\"")?;
    from.one_of(&[b"synchronised\"", b"unknown\"", b"unsynchronised\""])?;
    from.maybe(b",\"decision\":{\"allowed\":", decision)?;
    from.eat(b",\"event\":\"")?;
    let event = *EVENTS.get(from.plain()?)?;
    from.maybe(b",\"finish_reason\":\"", Cursor::text)?;
    from.maybe(b",\"holds\":[", |from| list(from, |from| from.eat(b"\"").and_then(|()| from.text())))?;
    from.eat(b",\"id\":\"")?;
    let id = prefixed::<AuditId>(&mut from)?;
    from.maybe(b",\"isolation\":\"", Cursor::text)?;
    from.maybe(b",\"model\":{\"name\":\"", model)?;
    from.maybe(b",\"node\":\"", Cursor::text)?;
    from.maybe(b",\"object\":{\"id\":\"", object)?;
    from.maybe(b",\"output_hmac\":\"", digest)?;
    from.eat(b",\"phase\":\"")?;
    let phase = match from.one_of(&[b"event\"", b"intent\"", b"outcome\""])? {
        0 => Phase::Event,
        1 => Phase::Intent,
        _ => Phase::Outcome,
    };
    from.maybe(b",\"place\":{\"ceiling\":\"", place)?;
    from.maybe(b",\"prompt_hmac\":\"", digest)?;
    from.maybe(b",\"reason\":\"", Cursor::text)?;
    let request = from.maybe(b",\"request\":\"", prefixed::<RequestId>)?;
    from.maybe(b",\"retention\":\"", Cursor::text)?;
    from.eat(b",\"schema\":1")?;
    from.maybe(b",\"source\":\"", address)?;
    let tenant = from.maybe(b",\"tenant\":\"", prefixed::<TenantId>)?;
    from.maybe(b",\"tokens\":{\"cached\":", tokens)?;
    from.maybe(b",\"trace\":\"", Cursor::text)?;
    from.eat(b"}")?;
    // A record of a rotation is rare, and its changes are asked for: the other way reads it.
    let usual = from.0.is_empty() && event != EventCode::LogKeyRotated && (phase == Phase::Event || request.is_some());
    usual.then(|| Facts {
        id,
        at,
        log: LogId::from(tenant),
        phase,
        request,
        clock_jumped: event == EventCode::ClockJumped,
        next_key: None,
    })
}

/// What is left to read. Every method gives nothing where the text is not as it must be.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn eat(&mut self, literal: &[u8]) -> Option<()> {
        self.0 = self.0.strip_prefix(literal)?;
        Some(())
    }

    /// Which of the literals comes next.
    fn one_of(&mut self, literals: &[&[u8]]) -> Option<usize> {
        literals.iter().position(|literal| self.eat(literal).is_some())
    }

    /// A member that may be left out.
    fn maybe<T>(&mut self, begins: &[u8], read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        match self.eat(begins) {
            Some(()) => read(self).map(Some),
            None => Some(None),
        }
    }

    /// So many bytes.
    fn take<const N: usize>(&mut self) -> Option<&'a [u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(taken)
    }

    /// A string's rest, its closing quote too, that has no escapes.
    fn plain(&mut self) -> Option<&'a [u8]> {
        let end = self.0.iter().position(|byte| *byte == b'"')?;
        let (text, rest) = self.0.split_at_checked(end)?;
        self.0 = rest.get(1..)?;
        Some(text)
    }

    /// A string's rest, its closing quote too, with whatever is escaped as RFC 8785 escapes it.
    fn text(&mut self) -> Option<()> {
        loop {
            let special = self.0.iter().position(|byte| matches!(byte, 0..0x20 | b'"' | b'\\'))?;
            self.0 = self.0.get(special..)?;
            match *self.0 {
                [b'"', ref rest @ ..] => {
                    self.0 = rest;
                    return Some(());
                }
                [b'\\', b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't', ref rest @ ..] => self.0 = rest,
                [b'\\', b'u', b'0', b'0', b'0', b'0'..=b'7' | b'b' | b'e' | b'f', ref rest @ ..] => {
                    self.0 = rest;
                }
                [b'\\', b'u', b'0', b'0', b'1', digit, ref rest @ ..] if HEX.get(usize::from(digit)) < Some(&16) => {
                    self.0 = rest;
                }
                _ => return None,
            }
        }
    }

    /// A number up to 2^32 - 1 in its shortest form.
    fn number(&mut self) -> Option<()> {
        let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (number, rest) = self.0.split_at_checked(digits)?;
        let value = number.iter().take(11).fold(0, |value, digit| value * 10 + u64::from(digit - b'0'));
        self.0 = rest;
        let shortest = digits == 1 || (digits > 1 && number.first() != Some(&b'0'));
        (shortest && value <= u64::from(u32::MAX)).then_some(())
    }
}

fn actor(from: &mut Cursor<'_>) -> Option<()> {
    if from.one_of(&[b"{\"type\":\"system\"}", b"{\"type\":\"anonymous\"}", b"{\"type\":\"local_console\"}"]).is_some()
    {
        return Some(());
    }
    from.eat(b"{")?;
    if from.maybe(b"\"api_key\":\"", prefixed::<ApiKeyId>)?.is_some() {
        from.eat(b",")?;
    }
    from.eat(b"\"id\":\"")?;
    prefixed::<UserId>(from)?;
    from.eat(b",\"method\":\"")?;
    let method = from.plain()?;
    AuthMethod::ALL.iter().find(|known| known.as_str().as_bytes() == method)?;
    from.maybe(b",\"project\":\"", prefixed::<ProjectId>)?;
    from.maybe(b",\"session\":\"", prefixed::<SessionId>)?;
    from.eat(b",\"type\":\"user\"}")
}

/// One or more, and the closing bracket.
fn list(from: &mut Cursor<'_>, each: impl Fn(&mut Cursor<'_>) -> Option<()>) -> Option<()> {
    loop {
        each(from)?;
        if from.eat(b",").is_none() {
            return from.eat(b"]");
        }
    }
}

fn change(from: &mut Cursor<'_>) -> Option<()> {
    let value = |from: &mut Cursor<'_>| match from.eat(b"null") {
        Some(()) => Some(()),
        None => from.eat(b"\"").and_then(|()| from.text()),
    };
    from.eat(b"{\"field\":\"")?;
    from.text()?;
    from.eat(b",\"from\":")?;
    value(from)?;
    from.eat(b",\"to\":")?;
    value(from)?;
    from.eat(b"}")
}

fn class(from: &mut Cursor<'_>) -> Option<()> {
    from.one_of(&[b"public\"", b"internal\"", b"confidential\"", b"restricted\""]).map(drop)
}

fn decision(from: &mut Cursor<'_>) -> Option<()> {
    from.one_of(&[b"true,\"policy_hash\":\"", b"false,\"policy_hash\":\""])?;
    digest(from)?;
    from.eat(b",\"policy_version\":")?;
    from.number()?;
    from.eat(b",\"rule\":\"")?;
    from.text()?;
    from.eat(b"}")
}

fn model(from: &mut Cursor<'_>) -> Option<()> {
    from.text()?;
    from.eat(b",\"weights\":\"")?;
    digest(from)?;
    from.eat(b"}")
}

fn object(from: &mut Cursor<'_>) -> Option<()> {
    from.text()?;
    from.eat(b",\"type\":\"")?;
    from.text()?;
    from.eat(b"}")
}

fn place(from: &mut Cursor<'_>) -> Option<()> {
    class(from)?;
    for name in [b",\"jurisdiction\":\"".as_slice(), b",\"region\":\"", b",\"site\":\""] {
        from.eat(name)?;
        from.text()?;
    }
    from.eat(b"}")
}

fn tokens(from: &mut Cursor<'_>) -> Option<()> {
    from.number()?;
    from.eat(b",\"input\":")?;
    from.number()?;
    from.eat(b",\"output\":")?;
    from.number()?;
    from.eat(b"}")
}

fn digest(from: &mut Cursor<'_>) -> Option<()> {
    let digits = from.take::<64>()?;
    // 255 for any byte that is no digit shows in all of them together.
    (digits.iter().fold(0, |all, digit| all | HEX[usize::from(*digit)]) < 16).then_some(())?;
    from.eat(b"\"")
}

fn prefixed<I: PrefixedId>(from: &mut Cursor<'_>) -> Option<I> {
    from.eat(I::PREFIX.as_bytes())?;
    from.eat(b"_")?;
    let digits = from.take::<32>()?;
    let (all, value) = digits.iter().fold((0, 0), |(all, value), digit| {
        let nibble = HEX[usize::from(*digit)];
        (all | nibble, value << 4 | u128::from(nibble & 15))
    });
    from.eat(b"\"")?;
    (all < 16).then(|| I::from_uuid(Uuid::from_u128(value)))
}

/// Of the forms of RFC 3339, the one that is written.
fn time(from: &mut Cursor<'_>) -> Option<Timestamp> {
    let text = from.take::<27>()?;
    from.eat(b"\"")?;
    let written = text[10] == b'T' && text[19] == b'.' && text[26] == b'Z';
    str::from_utf8(text).ok().filter(|_| written)?.parse().ok()
}

fn address(from: &mut Cursor<'_>) -> Option<()> {
    let text = str::from_utf8(from.plain()?).ok()?;
    let address = IpAddr::from_str(text).ok()?;
    (address.to_string() == text).then_some(())
}

#[cfg(test)]
mod tests {
    use super::{super::facts, *};
    use crate::{Record, canonical};

    const DIGEST: &str = "abababababababababababababababababababababababababababababababab";

    fn full() -> Vec<u8> {
        let id = |prefix: &str| format!("{prefix}_0192f0c1d2e37abc8def0123456789ab");
        let record: Record = serde_json::from_value(serde_json::json!({
            "schema": 1, "id": id("evt"), "phase": "outcome", "event": "inference.completed",
            "at": "2026-01-01T00:00:00.123456Z", "clock": "synchronised", "tenant": id("ten"), "source": "2001:db8::1",
            "actor": {"type": "user", "id": id("usr"), "method": "password", "api_key": id("key"), "project": id("prj"),
                "session": id("ses")},
            "request": id("req"), "trace": "t", "object": {"type": "model", "id": "m"},
            "changes": [{"field": "f", "from": null, "to": "2"}, {"field": "g", "from": "1", "to": null}],
            "reason": "é \" \\ \u{8} \t \n \u{c} \r \u{1f} \u{b} \u{7f} \u{2028} \u{1f600}",
            "decision": {"allowed": true, "rule": "r", "policy_version": 10, "policy_hash": DIGEST},
            "classification": "internal", "node": "n", "isolation": "dedicated",
            "place": {"site": "s", "region": "r", "jurisdiction": "IT", "ceiling": "public"},
            "model": {"name": "m", "weights": DIGEST}, "tokens": {"input": 11, "output": 0, "cached": 4_294_967_295_u32},
            "finish_reason": "stop", "prompt_hmac": DIGEST, "output_hmac": DIGEST, "blob": "b", "blob_key": "k",
            "retention": "r", "holds": ["h", "i"], "build": "b",
        }))
        .unwrap();
        canonical(&record)
    }

    /// The least there is, with every event and every actor; what most records are.
    fn small() -> Vec<Vec<u8>> {
        let id = PrefixedId::from_uuid(Uuid::from_u128(1));
        let record =
            |event, actor| canonical(&Record::new(id, Timestamp::from_unix_micros(0), event, Phase::Event, actor));
        let user = |method| crate::Actor::User {
            id: PrefixedId::from_uuid(Uuid::from_u128(2)),
            method,
            api_key: None,
            project: None,
            session: None,
        };
        let events = EventCode::ALL.iter().map(|event| record(*event, crate::Actor::System));
        let nobody =
            [crate::Actor::Anonymous, crate::Actor::LocalConsole].map(|actor| record(EventCode::AuditRead, actor));
        let users = AuthMethod::ALL.iter().map(|method| record(EventCode::AuditRead, user(*method)));
        events.chain(nobody).chain(users).collect()
    }

    /// Whether it was read; then, as by parsing.
    fn taken(entry: &[u8]) -> bool {
        let quick = read(entry);
        if let Some(facts) = &quick {
            let shown = String::from_utf8_lossy(entry);
            assert_eq!(Ok(facts), facts::parsed(entry).as_ref(), "{shown}");
        }
        quick.is_some()
    }

    #[test]
    fn reads_every_record_but_those_of_rotations() {
        assert!(taken(&full()));
        let left: Vec<_> = small().into_iter().filter(|entry| !taken(entry)).collect();
        assert_eq!(left.len(), 1);
        assert!(String::from_utf8_lossy(&left[0]).contains(EventCode::LogKeyRotated.as_str()));
    }

    #[test]
    fn takes_nothing_that_parsing_would_not() {
        let mut tried = 0;
        for good in [full(), small().remove(0)] {
            for at in 0..good.len() {
                for byte in *b"\0\n\x1f \"\\/,:{}[]019abdefFntTuzZ-+.\x80\xc3\xff" {
                    let mut other = good.clone();
                    other[at] = byte;
                    taken(&other);
                    other.insert(at, good[at]);
                    taken(&other);
                    tried += 2;
                }
                for length in [1, 2, 7, 40] {
                    let end = (at + length).min(good.len());
                    taken(&[&good[..at], &good[end..]].concat());
                    taken(&[&good[..end], &good[at..]].concat());
                    tried += 2;
                }
            }
        }
        assert!(tried > 100_000);
    }

    /// Every escape there could be, and every address form: taken if and only if parsing takes it.
    #[test]
    fn strings_and_addresses_have_the_same_spelling_as_when_parsed() {
        let good = String::from_utf8(full()).unwrap();
        let escapes = (0..=0xff).map(|code| format!("\\u{code:04x}"));
        let more = (0..=0x7f_u8).map(|code| format!("\\{}", char::from(code)));
        for escape in escapes.chain(more).chain(["\\u001F", "\\ud800", "\\u1234", "\\", "\u{7f}"].map(str::to_owned)) {
            let entry =
                good.replacen("\"finish_reason\":\"stop", &format!("\"finish_reason\":\"{escape}"), 1).into_bytes();
            assert_eq!(taken(&entry), facts::parsed(&entry).is_ok(), "{escape}");
        }
        for source in [
            "192.0.2.1",
            "::",
            "::1",
            "::ffff:192.0.2.1",
            "::ffff:c000:201",
            "2001:DB8::1",
            "1:0:0:2::3",
            "1.2.3",
            "01.2.3.4",
        ] {
            let entry = good.replacen("2001:db8::1", source, 1).into_bytes();
            assert_eq!(taken(&entry), facts::parsed(&entry).is_ok(), "{source}");
        }
        for number in ["0", "00", "01", "4294967295", "4294967296", "99999999999999999999", "-1", "1.0", "1e3", ""] {
            let entry = good.replacen("\"input\":11", &format!("\"input\":{number}"), 1).into_bytes();
            assert_eq!(taken(&entry), facts::parsed(&entry).is_ok(), "{number}");
        }
    }
}
