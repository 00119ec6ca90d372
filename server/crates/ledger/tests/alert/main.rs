//! Saved alerts: what is one, and when it fires.
#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test is a failed test")]

mod form;
mod rules;

use leeward_domain::{Timestamp, ids::PrefixedId};
use leeward_ledger::{
    Actor, EventCode, Phase, Record,
    alert::{Alert, Form, GroupBy},
};
use uuid::Uuid;

fn form(events: &[&str], threshold: u32, window_seconds: u32, group_by: GroupBy) -> Form {
    let events = events.iter().map(|event| event.parse().unwrap()).collect();
    Form { name: "Guessing".into(), events, outcome: None, threshold, window_seconds, group_by }
}

fn alert(events: &[&str], threshold: u32, window_seconds: u32, group_by: GroupBy) -> Alert {
    Alert::new(form(events, threshold, window_seconds, group_by)).unwrap()
}

/// A record at `second`, from the address 192.0.2.`host`.
fn record(event: EventCode, second: i64, host: u8) -> Record {
    let at = Timestamp::from_unix_micros(second * 1_000_000);
    Record {
        source: Some([192, 0, 2, host].into()),
        ..Record::new(PrefixedId::from_uuid(Uuid::from_u128(1)), at, event, Phase::Event, Actor::Anonymous)
    }
}
