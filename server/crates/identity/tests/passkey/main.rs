//! Passkeys in the hands of attackers: a software authenticator that lies about one thing at a time.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use leeward_identity::passkey::{PasskeyError, RelyingParty};
use leeward_testkit::passkey::{Answer, Authenticator};
use serde_json::{Value, json};

const ORIGIN: &str = "https://leeward.example.org";
const RP_ID: &str = "leeward.example.org";
const USER: [u8; 16] = [7; 16];

fn party() -> RelyingParty {
    RelyingParty::new(ORIGIN, "Leeward").unwrap()
}

fn honest() -> Answer {
    Answer::at(ORIGIN, RP_ID)
}

/// A registered passkey: who answers with it, and what is kept of it.
fn registered() -> (Authenticator, Vec<u8>) {
    let begun = party().begin_registration(USER, "ada", "Ada", &[]).unwrap();
    let (authenticator, answer) = Authenticator::register(&begun.options, &honest());
    let registered = party().finish_registration(&begun.state, answer).unwrap();
    (authenticator, registered.credential)
}

/// Both ways to ask for a passkey: of a known user, and of whoever is there.
fn both(kept: &[u8]) -> [leeward_identity::passkey::Begun; 2] {
    [party().begin_authentication(&[kept.to_vec()]).unwrap(), party().begin_discoverable().unwrap()]
}

fn is_refused<T: std::fmt::Debug>(result: Result<T, PasskeyError>, what: &str) {
    assert!(matches!(result, Err(PasskeyError::Refused(_))), "{what}: {result:?}");
}

#[test]
fn an_honest_authenticator_is_taken() {
    let (mut authenticator, mut kept) = registered();
    for _ in 0..3 {
        for begun in both(&kept) {
            let answer = authenticator.assert(&begun.options, &honest());
            assert_eq!(RelyingParty::credential_id(&answer).unwrap().len(), 32);
            kept = party().finish_authentication(&begun.state, answer, &kept).unwrap().credential;
        }
    }
}

#[test]
fn a_registration_for_somebody_else_is_refused() {
    for (what, lie) in [
        ("another origin", Answer { origin: "https://leeward.example.org.evil.example".into(), ..honest() }),
        ("plain http", Answer { origin: "http://leeward.example.org".into(), ..honest() }),
        ("another relying party", Answer { rp_id: "evil.example".into(), ..honest() }),
        ("the parent domain", Answer { rp_id: "example.org".into(), ..honest() }),
        ("a user who was not checked", Answer { verified: false, ..honest() }),
        ("nobody there", Answer { present: false, ..honest() }),
    ] {
        let begun = party().begin_registration(USER, "ada", "Ada", &[]).unwrap();
        let (_, answer) = Authenticator::register(&begun.options, &lie);
        is_refused(party().finish_registration(&begun.state, answer), what);
    }
    // The answer to another challenge.
    let (begun, other) = (
        party().begin_registration(USER, "ada", "Ada", &[]).unwrap(),
        party().begin_registration(USER, "ada", "Ada", &[]).unwrap(),
    );
    let (_, answer) = Authenticator::register(&other.options, &honest());
    is_refused(party().finish_registration(&begun.state, answer), "replayed");
}

#[test]
fn an_answer_for_somebody_else_is_refused() {
    for (what, lie) in [
        ("another origin", Answer { origin: "https://evil.example".into(), ..honest() }),
        ("another port", Answer { origin: "https://leeward.example.org:8443".into(), ..honest() }),
        ("a subdomain", Answer { origin: "https://evil.leeward.example.org".into(), ..honest() }),
        ("another relying party", Answer { rp_id: "evil.example".into(), ..honest() }),
        ("a user who was not checked", Answer { verified: false, ..honest() }),
        ("nobody there", Answer { present: false, ..honest() }),
        ("a registration's client data", Answer { kind: "webauthn.create", ..honest() }),
    ] {
        let (mut authenticator, kept) = registered();
        for begun in both(&kept) {
            let answer = authenticator.assert(&begun.options, &lie);
            is_refused(party().finish_authentication(&begun.state, answer, &kept), what);
        }
    }
}

#[test]
fn a_replayed_answer_is_refused() {
    let (mut authenticator, kept) = registered();
    for (first, second) in both(&kept).into_iter().zip(both(&kept)) {
        let answer = authenticator.assert(&first.options, &honest());
        let kept = party().finish_authentication(&first.state, answer.clone(), &kept).unwrap().credential;
        is_refused(party().finish_authentication(&second.state, answer.clone(), &kept), "another challenge");
        // Even if a caller gave the same state twice: the counter has moved.
        is_refused(party().finish_authentication(&first.state, answer, &kept), "the same state");
    }
}

#[test]
fn a_counter_that_does_not_go_up_is_refused() {
    let (mut authenticator, kept) = registered();
    authenticator.counter = 100;
    let [begun, _] = both(&kept);
    let answer = authenticator.assert(&begun.options, &honest());
    let kept = party().finish_authentication(&begun.state, answer, &kept).unwrap().credential;
    for counter in [0, 1, 99, 100] {
        for begun in both(&kept) {
            authenticator.counter = counter;
            let answer = authenticator.assert(&begun.options, &honest());
            is_refused(party().finish_authentication(&begun.state, answer, &kept), &format!("{counter} after 100"));
        }
    }
    for begun in both(&kept) {
        authenticator.counter = 101;
        let answer = authenticator.assert(&begun.options, &honest());
        party().finish_authentication(&begun.state, answer, &kept).unwrap();
    }
}

#[test]
fn an_answer_that_was_changed_or_is_anothers_is_refused() {
    let ((mut ada, kept), (mut eve, eves)) = (registered(), registered());
    for begun in both(&kept) {
        // Eve's key under Ada's name.
        let mut answer = eve.assert(&begun.options, &honest());
        let adas = ada.assert(&begun.options, &honest());
        for name in ["id", "rawId"] {
            answer[name] = adas[name].clone();
        }
        is_refused(party().finish_authentication(&begun.state, answer, &kept), "another key");
        // Ada's answer, where Eve's passkey is looked up.
        is_refused(party().finish_authentication(&begun.state, adas.clone(), &eves), "another passkey");
        for part in ["authenticatorData", "signature", "clientDataJSON"] {
            let mut answer = adas.clone();
            answer["response"][part] = flipped(&adas["response"][part]);
            let result = party().finish_authentication(&begun.state, answer, &kept);
            assert!(matches!(result, Err(PasskeyError::Refused(_) | PasskeyError::Malformed(_))), "{part}: {result:?}");
        }
    }
}

/// The same base64url with one character in its middle changed.
fn flipped(text: &Value) -> Value {
    let mut text = text.as_str().unwrap().to_owned();
    let at = text.len() / 2;
    let other = if text.as_bytes()[at] == b'A' { "B" } else { "A" };
    text.replace_range(at..=at, other);
    json!(text)
}
