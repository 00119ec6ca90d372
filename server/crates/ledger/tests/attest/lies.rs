//! Reports that the log's own key signed, and that are not true: whoever has the key can still be found out.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signer as _, SigningKey};
use leeward_domain::Sha256Digest;
use leeward_ledger::attest::{Kind, Refused, Report};
use serde_json::{Value, json};

use crate::{
    form::rfc_8785,
    month::{entries, evidence, found, january, log, month, note, parts, records, signer, statement, stretch},
};

/// The seed of [`signer`].
const SEED: [u8; 32] = [42; 32];

/// What [`signer`]'s key makes of any text, under any name.
pub(crate) fn sign(name: &str, text: &str) -> String {
    let key = SigningKey::from_bytes(&SEED);
    let id = Sha256Digest::of(&[name.as_bytes(), b"\n\x01", key.verifying_key().as_bytes()].concat());
    let bytes = [&id.as_bytes()[..4], &key.sign(text.as_bytes()).to_bytes()].concat();
    format!("{text}\n\u{2014} {name} {}\n", STANDARD.encode(bytes))
}

/// The two lines for a report of any content.
pub(crate) fn signed(report: &[u8]) -> Vec<u8> {
    let name = format!("{}/attestation", log().origin());
    let note = sign(&name, &format!("{name}\n{}\n", Sha256Digest::of(report)));
    let line = format!(r#"{{"type":"attestation","note":{}}}"#, json!(note));
    [report, b"\n", line.as_bytes(), b"\n"].concat()
}

/// The file with a changed report, signed again.
fn resigned(file: &[u8], change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let (report, _, evidence) = parts(file);
    let mut value: Value = serde_json::from_slice(report).unwrap();
    change(&mut value);
    [signed(rfc_8785(&value).as_bytes()), evidence.to_vec()].concat()
}

fn raise(number: &mut Value) {
    *number = json!(number.as_u64().unwrap() + 1);
}

fn rows(report: &mut Value) -> &mut Vec<Value> {
    report["decisions"].as_array_mut().unwrap()
}

/// A file, its name, and what is found in it, each kind named once.
pub(crate) struct Lie {
    pub(crate) name: &'static str,
    pub(crate) file: Vec<u8>,
    pub(crate) kinds: Vec<Kind>,
}

pub(crate) fn lies() -> Vec<Lie> {
    let file = month(300);
    let mut lies = vec![Lie { name: "the truth", file: resigned(&file, |_| {}), kinds: vec![] }];
    let mut lie = |name, kinds: &[Kind], change: &dyn Fn(&mut Value)| {
        lies.push(Lie { name, file: resigned(&file, change), kinds: kinds.to_vec() });
    };
    numbers(&mut lie);
    policies(&mut lie);
    periods(&mut lie);
    forms(&mut lie);
    lies.push(a_decision_the_policy_does_not_give());
    lies.push(a_changed_entry());
    lies
}

type Add<'a> = &'a mut dyn FnMut(&'static str, &[Kind], &dyn Fn(&mut Value));

fn numbers(lie: Add<'_>) {
    use Kind::{CountDiffers, UnlistedPlace};
    lie("one record more", &[CountDiffers], &|r| raise(&mut r["records"]["count"]));
    lie("another first place", &[CountDiffers], &|r| raise(&mut r["records"]["first"]));
    lie("no last place", &[CountDiffers], &|r| r["records"]["last"] = Value::Null);
    lie("one answer more", &[CountDiffers], &|r| raise(&mut r["tokens"]["answers"]));
    lie("one cached token more", &[CountDiffers], &|r| raise(&mut r["tokens"]["cached"]));
    lie("one input token more", &[CountDiffers], &|r| raise(&mut r["tokens"]["input"]));
    lie("one output token more", &[CountDiffers], &|r| raise(&mut r["tokens"]["output"]));
    lie("a build left out", &[CountDiffers], &|r| drop(r["builds"].as_array_mut().unwrap().pop()));
    lie("builds in another order", &[CountDiffers], &|r| r["builds"].as_array_mut().unwrap().reverse());
    lie("one denial more", &[CountDiffers], &|r| raise(&mut rows(r)[0]["count"]));
    lie("a row left out", &[CountDiffers], &|r| drop(rows(r).remove(0)));
    lie("a denial called allowed", &[CountDiffers], &|r| rows(r)[0]["allowed"] = json!(true));
    lie("rows in another order", &[CountDiffers], &|r| rows(r).swap(0, 1));
    lie("a row of nothing", &[CountDiffers], &|r| {
        let mut row = rows(r)[0].clone();
        row["count"] = json!(0);
        row["rule"] = json!("invented");
        rows(r).insert(0, row);
    });
    lie("a row twice", &[CountDiffers], &|r| {
        let row = rows(r)[0].clone();
        rows(r).insert(0, row);
    });
    lie("a place left out", &[UnlistedPlace], &|r| drop(r["places"].as_array_mut().unwrap().remove(2)));
    lie("a place with another ceiling", &[UnlistedPlace], &|r| r["places"][2]["place"]["ceiling"] = json!("public"));
    lie("one entry of evidence more", &[CountDiffers], &|r| raise(&mut r["evidence"]["entries"]));
    lie("evidence from elsewhere", &[CountDiffers], &|r| raise(&mut r["evidence"]["first"]));
    lie("another key", &[CountDiffers], &|r| r["evidence"]["key"] = json!("x"));
    let other = note(&entries(&records(10)), &signer());
    lie("another checkpoint", &[CountDiffers], &|r| r["evidence"]["checkpoint"] = json!(other));
}

fn policies(lie: Add<'_>) {
    use Kind::{NotInForce, PolicyChain, UnknownPolicy};
    fn later(report: &mut Value) -> &mut Vec<Value> {
        report["policies"]["later"].as_array_mut().unwrap()
    }
    lie("a policy of another hash", &[PolicyChain], &|r| {
        r["policies"]["first"]["hash"] = r["policies"]["later"][0]["hash"].clone();
    });
    lie("a policy rewritten", &[PolicyChain], &|r| {
        let text = later(r)[0]["text"].as_str().unwrap().replace("Lombardia", "Lombardei");
        later(r)[0]["text"] = json!(text);
    });
    lie("a policy rewritten, with a hash that fits", &[PolicyChain], &|r| {
        let text = later(r)[0]["text"].as_str().unwrap().replace("Lombardia", "Lombardei");
        later(r)[0]["hash"] = json!(Sha256Digest::of(text.as_bytes()).to_string());
        later(r)[0]["text"] = json!(text);
    });
    lie("a policy with white space", &[PolicyChain], &|r| {
        let text = r["policies"]["first"]["text"].as_str().unwrap().replace(',', ", ");
        r["policies"]["first"]["hash"] = json!(Sha256Digest::of(text.as_bytes()).to_string());
        r["policies"]["first"]["text"] = json!(text);
    });
    lie("a policy left out", &[PolicyChain], &|r| drop(later(r).remove(0)));
    lie("a policy nobody else approved", &[PolicyChain], &|r| {
        later(r)[1]["approvals"] = json!([later(r)[1]["proposed_by"].clone()]);
    });
    lie("a policy in force before its date", &[PolicyChain], &|r| {
        later(r)[1]["effective_at"] = json!("2026-01-25T00:00:00.000000Z");
    });
    lie("the last policy left out", &[UnknownPolicy], &|r| drop(later(r).pop()));
    lie("a policy said to have come later", &[NotInForce], &|r| {
        later(r)[1]["enacted_at"] = json!("2026-01-25T00:00:00.000000Z");
    });
}

fn periods(lie: Add<'_>) {
    use Kind::{CountDiffers, Incomplete};
    lie("issued before the end", &[Incomplete], &|r| r["issued_at"] = json!("2026-01-31T23:00:00.000000Z"));
    lie("a period that begins before its evidence", &[Incomplete, CountDiffers], &|r| {
        r["from"] = json!("2025-12-31T00:00:00.000000Z");
    });
    lie("a period that ends after its evidence", &[Incomplete, CountDiffers], &|r| {
        r["to"] = json!("2026-02-01T12:00:00.000000Z");
    });
    lie("a period that ends before it begins", &[Incomplete, CountDiffers], &|r| r["to"] = r["from"].clone());
}

fn forms(lie: Add<'_>) {
    use Kind::{Edited, Foreign, Malformed};
    lie("a sentence less", &[Malformed], &|r| drop(r["does_not_prove"].as_array_mut().unwrap().pop()));
    lie("less that is stated only", &[Malformed], &|r| drop(r["stated_only"].as_array_mut().unwrap().pop()));
    lie("a later version", &[Malformed], &|r| r["version"] = json!(2));
    lie("another format", &[Malformed], &|r| r["format"] = json!("leeward-attestations"));
    lie("a member more", &[Malformed], &|r| r["proves"] = json!("everything"));
    lie("a member less", &[Malformed], &|r| drop(r.as_object_mut().unwrap().remove("holds")));
    lie("an optional member less", &[Malformed], &|r| drop(r["issuer"].as_object_mut().unwrap().remove("digest")));
    lie("an unknown purpose", &[Malformed], &|r| rows(r)[0]["purpose"] = json!("sell"));
    lie("an unknown kind of place", &[Malformed], &|r| r["places"][0]["kind"] = json!("cellar"));
    lie("a number with a fraction", &[Malformed], &|r| r["holds"] = json!(1.5));
    lie("more holds than can be counted", &[Malformed], &|r| r["holds"] = json!(1_u64 << 32));
    lie("a negative number", &[Malformed], &|r| r["holds"] = json!(-1));
    lie("a time of another spelling", &[Malformed], &|r| r["issued_at"] = json!("2026-02-02T00:00:00Z"));
    lie("other evidence named", &[Edited], &|r| r["evidence"]["sha256"] = json!("0".repeat(64)));
    lie("another tenant", &[Edited, Foreign], &|r| r["tenant"] = json!(format!("ten_{}", "0".repeat(32))));
}

/// The log itself says that something was allowed which the policy forbids; everything else fits.
fn a_decision_the_policy_does_not_give() -> Lie {
    let good = month(300);
    let mut value: Value = serde_json::from_slice(parts(&good).0).unwrap();
    let mut records = records(300);
    let number = records
        .iter()
        .position(|record| january().contains(record.at) && record.decision.as_ref().is_some_and(|d| !d.allowed))
        .unwrap();
    let told = serde_json::to_value(&records[number]).unwrap();
    records[number].decision.as_mut().unwrap().allowed = true;
    let (evidence, bytes) =
        evidence(&entries(&records), stretch(&records, &january()), january(), &signer(), Vec::new());
    let Err(Refused { findings }) = Report::new(statement(), &evidence) else { panic!("such a report is refused") };
    assert_eq!(findings.iter().map(|finding| finding.kind).collect::<Vec<_>>(), [Kind::DecidedOtherwise]);

    let row = rows(&mut value)
        .iter_mut()
        .find(|row| {
            row["place"] == told["place"]
                && row["classification"] == told["classification"]
                && ["allowed", "rule", "policy_hash"].iter().all(|name| row[name] == told["decision"][name])
        })
        .unwrap();
    let mut forged = row.clone();
    row["count"] = json!(row["count"].as_u64().unwrap() - 1);
    (forged["allowed"], forged["count"]) = (json!(true), json!(1));
    rows(&mut value).push(forged);
    rows(&mut value).retain(|row| row["count"] != json!(0));
    rows(&mut value).sort_by_key(rfc_8785);
    value["evidence"]["checkpoint"] = json!(note(&entries(&records), &signer()));
    value["evidence"]["sha256"] = json!(Sha256Digest::of(&bytes).to_string());
    let file = [signed(rfc_8785(&value).as_bytes()), bytes].concat();
    Lie { name: "a decision the policy does not give", file, kinds: vec![Kind::DecidedOtherwise] }
}

/// The signer also names the changed evidence: what holds it then is the checkpoint alone.
fn a_changed_entry() -> Lie {
    let good = month(300);
    let (_, _, evidence) = parts(&good);
    let bytes = String::from_utf8(evidence.to_vec()).unwrap().replacen("\"cached\":1", "\"cached\":2", 1).into_bytes();
    assert_ne!(bytes, evidence);
    let changed = resigned(&good, |r| r["evidence"]["sha256"] = json!(Sha256Digest::of(&bytes).to_string()));
    let (report, note, _) = parts(&changed);
    let file = [report, b"\n", note, b"\n", &bytes].concat();
    Lie { name: "a changed entry", file, kinds: vec![Kind::Evidence] }
}

#[test]
fn every_lie_is_found_and_named() {
    let lies = lies();
    assert!(lies.len() > 45);
    for Lie { name, file, kinds } in &lies {
        let mut found = found(file);
        found.dedup();
        assert_eq!(found, *kinds, "{name}");
    }
    let all: Vec<Kind> = lies.iter().flat_map(|lie| lie.kinds.clone()).collect();
    // The rest is about signatures and cut files: `trust.rs`, `form.rs`.
    let elsewhere = [Kind::Truncated, Kind::UnknownKey, Kind::BadSignature];
    let missing: Vec<_> = Kind::ALL.iter().filter(|kind| !all.contains(kind) && !elsewhere.contains(kind)).collect();
    assert_eq!(missing, Vec::<&Kind>::new());
}

#[test]
fn a_finding_is_a_line_of_bounded_length() {
    let name = format!("a\u{1b}[2J{}", "\u{8a9e}".repeat(50_000));
    let file = resigned(&month(60), |report| report["builds"][0] = json!(name));
    let rejected = crate::month::check(&file, &crate::month::trusting(&signer())).unwrap_err();
    let detail = &rejected.findings[0].detail;
    assert!(detail.starts_with("builds: a\u{fffd}[2J") && detail.chars().count() == 1001, "{detail}");
}

#[test]
fn a_finding_says_which_number_and_what_the_records_give() {
    let file = resigned(&month(300), |report| raise(&mut report["tokens"]["output"]));
    let rejected = crate::month::check(&file, &crate::month::trusting(&signer())).unwrap_err();
    let stated: Value = serde_json::from_slice(parts(&file).0).unwrap();
    let stated = stated["tokens"]["output"].as_u64().unwrap();
    let wanted = format!("count_differs: tokens.output: {stated} is stated, the records give {}", stated - 1);
    assert_eq!(rejected.findings.iter().map(ToString::to_string).collect::<Vec<_>>(), [wanted]);
}
