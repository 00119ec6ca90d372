//! What a record must hold, by its code: docs/audit.md, and the content of audit records that NIST SP 800-53 AU-3
//! asks for: what, when, where, from where, who, and how it ended (which is the code's last part).
//!
//! To add a code: nothing, where the rules fit. A rule that a code's meaning spells out follows from that text.

use leeward_ledger::{EventCode, EventCode as Code, Outcome};
use serde_json::Value;

/// In every record.
const ALWAYS: &[&str] = &["schema", "id", "phase", "event", "at", "clock", "actor", "build"];
/// In what somebody asked for over HTTP.
const OVER_HTTP: &[&str] = &["source", "request", "trace"];
/// In whatever is said of an inference.
const INFERENCE: &[&str] =
    &["request", "trace", "decision", "classification", "place", "isolation", "model", "prompt_hmac"];
/// In what is said of one that ended after it had begun.
const ENDED: &[&str] = &["tokens", "output_hmac"];

/// They act on nothing but the actor's own session, or on nobody who is known.
const NO_OBJECT: &[Code] = &[
    Code::ServiceStopped,
    Code::EgressHeld,
    Code::EgressLeaked,
    Code::LoginSucceeded,
    Code::FirstFactorSucceeded,
    Code::LoggedOut,
    Code::LoginFailed,
    Code::LoginThrottled,
    Code::GuestRefused,
    Code::TokenRefused,
    Code::LedgerFenced,
    Code::LedgerResumed,
    Code::SpaceLow,
    Code::SpaceRestored,
    Code::ClockJumped,
    Code::LogRecovered,
];

/// Successes that say why, how much or by what; every failure says why.
const REASON: &[Code] = &[
    Code::Attested,
    Code::HoldPlaced,
    Code::HoldReleased,
    Code::RetentionExpired,
    Code::BackupCreated,
    Code::BackupExpired,
    Code::BackupRestored,
    Code::EgressHeld,
    Code::KekRotated,
    Code::TokenIssued,
    Code::BackchannelLogout,
    Code::BreakGlassUnlocked,
    Code::AuditExported,
    Code::LogKeyRotated,
    Code::LogRestored,
    Code::LedgerResumed,
    Code::SpaceRestored,
    Code::SinkResumed,
    Code::WitnessResumed,
    Code::AlertFired,
    Code::CaptureUpdated,
    Code::CapturedRead,
    Code::SubjectExported,
    Code::ModelLoaded,
    Code::ModelUnloaded,
    Code::ModelProposed,
    Code::LogRecovered,
    Code::PolicyProposed,
    Code::PolicyEnacted,
];

/// Whoever shows no credential, a wrong one, or one that does not say who they are. So is whoever an identity provider
/// vouches for, until they are signed in: those records say which.
const MAY_BE_ANONYMOUS: &[Code] = &[
    Code::LoginFailed,
    Code::LoginThrottled,
    Code::AccessRefused,
    Code::BackchannelLogout,
    Code::BackchannelLogoutRefused,
    Code::TokenIssued,
    Code::TokenRefused,
    Code::TokenReused,
    Code::TokenRevoked,
    Code::BreakGlassRefused,
    Code::ForkSeen,
];

/// Whether its meaning promises values before and after.
pub fn holds_both_values(code: Code) -> bool {
    ["holds both", "names both"].iter().any(|promise| code.meaning().contains(promise))
}

fn holds_changes(code: Code) -> bool {
    holds_both_values(code)
        || code.meaning().contains("names the fields")
        || matches!(
            code,
            Code::GroupUpdated
                | Code::ProjectUpdated
                | Code::AlertSaved
                | Code::LogRestored
                | Code::PolicyProposed
                | Code::PolicyEnacted
                | Code::ModelUpdated
                | Code::ModelProposed
                | Code::ModelPromoted
                | Code::ModelProposalWithdrawn
                | Code::AliasUpdated
        )
}

/// Whether it tells of a policy's decision, and of nothing else.
const fn decides(code: Code) -> bool {
    matches!(
        code,
        Code::ConversationChangeFailed | Code::SubjectExported | Code::TelemetryAllowed | Code::TelemetryRefused
    )
}

fn phases(code: Code) -> &'static [&'static str] {
    match code {
        Code::InferenceIntent => &["intent"],
        Code::InferenceCompleted | Code::InferenceCancelled | Code::InferenceAborted => &["outcome"],
        // Before its intent, or after.
        Code::InferenceRefused => &["event", "outcome"],
        _ => &["event"],
    }
}

/// The members a record of this code must have, beyond those that every record has.
fn members(code: Code, actor: &str, phase: &str) -> Vec<&'static str> {
    let mut members = Vec::new();
    let mut need = |these: &[&'static str], so: bool| members.extend_from_slice(if so { these } else { &[] });
    need(OVER_HTTP, matches!(actor, "user" | "anonymous"));
    need(&["request"], phase != "event");
    need(&["object"], !NO_OBJECT.contains(&code));
    need(&["reason"], code.outcome() == Outcome::Failure || REASON.contains(&code));
    need(&["changes"], holds_changes(code));
    need(INFERENCE, code.as_str().starts_with("inference."));
    // One that a crash cut off ends without anybody knowing how far it came.
    need(ENDED, phase == "outcome" && code != Code::InferenceRefused && actor != "system");
    need(&["finish_reason"], matches!(code, Code::InferenceCompleted | Code::InferenceCancelled));
    need(&["node"], code == Code::InferenceCompleted);
    need(&["place"], matches!(code, Code::ServiceStarted | Code::BackupCreated | Code::BackupCreateFailed));
    need(&["place"], code == Code::BackupExpired);
    need(&["decision", "classification", "place"], decides(code));
    need(
        &["model"],
        matches!(
            code,
            Code::ModelImported
                | Code::ModelLoaded
                | Code::ModelLoadFailed
                | Code::ModelUnloaded
                | Code::ModelBundled
                | Code::ModelUpdated
                | Code::ModelProposed
                | Code::ModelPromoted
                | Code::ModelProposalWithdrawn
                | Code::WorkerExited
        ),
    );
    members
}

/// What is wrong with a record.
pub fn faults(record: &Value) -> Vec<String> {
    let code: EventCode = record["event"].as_str().unwrap().parse().unwrap();
    let (actor, phase) = (record["actor"]["type"].as_str().unwrap_or_default(), record["phase"].as_str().unwrap());
    let mut faults: Vec<String> = ALWAYS
        .iter()
        .copied()
        .chain(members(code, actor, phase))
        .filter(|member| record[member].is_null())
        .map(|member| format!("{member} is missing"))
        .collect();
    let mut wrong = |what: &str, so: bool| faults.extend(so.then(|| what.to_owned()));
    wrong("another phase", !phases(code).contains(&phase));
    wrong("another schema", record["schema"] != 1);
    let vouched_for = || record["reason"].as_str().is_some_and(|reason| reason.starts_with("as idp_"));
    wrong("nobody in particular", actor == "anonymous" && !MAY_BE_ANONYMOUS.contains(&code) && !vouched_for());
    wrong("not this build", !record["build"].as_str().is_some_and(|build| build.starts_with("leeward ")));
    empty("", record, &mut faults);
    faults
}

/// Names what is there and says nothing.
fn empty(name: &str, value: &Value, faults: &mut Vec<String>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            members.iter().for_each(|(name, value)| empty(name, value, faults));
        }
        Value::Array(items) if !items.is_empty() => items.iter().for_each(|value| empty(name, value, faults)),
        Value::String(text) if !text.trim().is_empty() => {}
        Value::Number(_) | Value::Bool(_) => {}
        Value::Null if matches!(name, "from" | "to") => {}
        _ => faults.push(format!("{name} is empty")),
    }
}

#[test]
fn a_record_that_lacks_anything_is_found_out() {
    let good = serde_json::json!({
        "schema": 1, "id": "evt_1", "phase": "event", "event": "user.update.failed", "at": "now", "clock": "unknown",
        "actor": {"type": "user", "id": "usr_1", "method": "session"}, "build": "leeward 0", "source": "::1",
        "request": "req_1", "trace": "1", "object": {"type": "user", "id": "usr_1"}, "reason": "conflict",
    });
    assert_eq!(faults(&good), [""; 0]);
    for member in ["schema", "id", "at", "clock", "build", "source", "request", "trace", "object", "reason"] {
        let mut lacking = good.clone();
        lacking.as_object_mut().unwrap().remove(member);
        assert!(faults(&lacking).contains(&format!("{member} is missing")), "{member}");
        lacking[member] = Value::String(" ".into());
        assert!(faults(&lacking).contains(&format!("{member} is empty")), "{member}");
    }
    for (code, lacks) in [("user.update.succeeded", "changes"), ("inference.admitted", "decision")] {
        let mut other = good.clone();
        other["event"] = code.into();
        assert!(faults(&other).contains(&format!("{lacks} is missing")), "{code}");
    }
}
