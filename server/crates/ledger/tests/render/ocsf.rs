//! Which OCSF class an event is, and that nothing is said twice. The schema itself is held against every event
//! by `scripts/formats-check.sh`.

use leeward_ledger::{
    Actor, EventCode, Object, Record,
    render::{Format, Host, ocsf::rules_markdown},
};
use serde_json::{Value, json};

use crate::sample::{bare, entry, every, full};

const DOCS: &str = include_str!("../../../../../docs/audit-formats.md");

fn event(record: &Record) -> Value {
    serde_json::from_str(&Format::Ocsf.render(&Host::unknown(), entry(record))).unwrap()
}

#[test]
fn codes_are_of_the_class_that_says_most() {
    for (code, type_uid, name) in [
        (EventCode::LoginSucceeded, 300_201, "Authentication: Logon"),
        (EventCode::LoginFailed, 300_201, "Authentication: Logon"),
        (EventCode::LoggedOut, 300_202, "Authentication: Logoff"),
        (EventCode::SecondFactorFailed, 300_206, "Authentication: Preauth"),
        (EventCode::TokenReused, 300_299, "Authentication: token.reuse"),
        (EventCode::PasswordChanged, 300_103, "Account Change: Password Change"),
        (EventCode::UserCreated, 300_101, "Account Change: Create"),
        (EventCode::GuestAccepted, 300_199, "Account Change: auth.guest.accept"),
        (EventCode::KeyRevoked, 300_409, "Entity Management: Disable"),
        (EventCode::RoleChangeFailed, 300_499, "Entity Management: role.change"),
        (EventCode::SigningKeyRotated, 300_403, "Entity Management: Update"),
        (EventCode::GroupDeleted, 300_605, "Group Management: Delete"),
        (EventCode::ServiceStarted, 600_203, "Application Lifecycle: Start"),
        (EventCode::AuditExported, 600_302, "API Activity: Read"),
        (EventCode::InferenceCompleted, 600_399, "API Activity: inference"),
        (EventCode::ConversationDeleted, 600_304, "API Activity: Delete"),
    ] {
        let event = event(&full(code));
        assert_eq!((&event["type_uid"], &event["type_name"]), (&json!(type_uid), &json!(name)), "{code}");
    }
}

#[test]
fn the_documented_rules_are_those_of_the_code() {
    assert!(DOCS.contains(&rules_markdown()), "the table in docs/audit-formats.md should be:\n\n{}", rules_markdown());
}

#[test]
fn what_is_placed_is_not_unmapped_too() {
    for record in every() {
        let event = event(&record);
        let unmapped = event.get("unmapped").and_then(Value::as_object).cloned().unwrap_or_default();
        for told in ["id", "at", "event", "build", "schema", "request", "tenant", "reason"] {
            assert!(!unmapped.contains_key(told), "{}: {told}", record.event);
        }
        let in_place = |pointer: &str| event.pointer(pointer).is_some();
        assert_ne!(in_place("/src_endpoint/ip"), unmapped.contains_key("source") || record.source.is_none());
        // Application Lifecycle alone has no actor.
        assert_eq!(in_place("/actor"), event["class_uid"] != 6002, "{}", record.event);
        if let Some(object) = &record.object {
            let placed = ["/user/uid", "/entity/uid", "/group/uid", "/resources/0/uid", "/app/name"]
                .iter()
                .any(|pointer| event.pointer(pointer) == Some(&json!(object.id)));
            assert_ne!(placed, unmapped.contains_key("object"), "{}", record.event);
        }
    }
}

#[test]
fn whose_account_it_was_and_who_acted() {
    let by_administrator =
        Record { object: Some(Object { kind: "user".into(), id: "usr_x".into() }), ..full(EventCode::UserDeleted) };
    let Actor::User { id, session: Some(session), .. } = &by_administrator.actor else { panic!("a user") };
    let event = self::event(&by_administrator);
    assert_eq!(event["user"]["uid"], "usr_x");
    assert_eq!(event["actor"]["user"]["uid"], json!(id));
    assert_eq!(event["actor"]["session"]["uid"], json!(session));
    assert_eq!(event["unmapped"]["actor"]["method"], "api_key");

    let nobody = Record { actor: Actor::Anonymous, ..bare(EventCode::LoginFailed) };
    let event = self::event(&nobody);
    assert_eq!((&event["user"]["name"], &event["user"]["type_id"]), (&json!("unknown"), &json!(0)));
    assert_eq!((&event["status"], &event["severity"]), (&json!("Failure"), &json!("Medium")));
    assert_eq!((&event["metadata"]["sequence"], &event["metadata"]["log_name"]), (&json!(41), &json!("platform")));
    assert_eq!(event["time"], 1_769_846_400_123_i64);
}
