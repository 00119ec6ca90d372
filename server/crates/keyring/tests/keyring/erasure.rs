//! Erasure: a destroyed key stays destroyed when an old backup comes back, and certificates can be checked.

use std::{
    path::Path,
    sync::{Arc, LazyLock},
};

use leeward_domain::{
    Ambient, Timestamp,
    ids::{AuditId, ConversationId, PrefixedId as _, UserId},
};
use leeward_keyring::{
    ErasureCertificate, ErasureSigner, FileProvider, Holder, KeyError, KeyId, Keyring, Tombstone, TombstoneList,
    erasure::{Destroyed, ErasureError, Head, certificate::MAX_KEYS, erasure_key},
};
use leeward_ledger::{LogId, VerifierKey};
use proptest::{prelude::*, sample::Index};
use tempfile::tempdir;
use uuid::Uuid;

use crate::ambient::{ambient, tenant};

fn conversation(number: u128) -> Holder {
    Holder::Conversation(ConversationId::from_uuid(Uuid::from_u128(number)))
}

fn tombstone(number: u128, key: KeyId) -> Tombstone {
    Tombstone {
        at: Timestamp::from_unix_micros(1_700_000_000_000_000),
        tenant: tenant(1),
        holder: Some(conversation(number)),
        key,
        record: AuditId::from_uuid(Uuid::from_u128(9)),
    }
}

fn key_id(number: u64) -> KeyId {
    format!("{number:016x}").parse().unwrap()
}

fn list(count: u64) -> TombstoneList {
    let mut list = TombstoneList::default();
    for number in 0..count {
        list.push(tombstone(number.into(), key_id(number)));
    }
    list
}

fn ring(ambient: &Ambient, directory: &Path) -> Keyring {
    let path = directory.join("kek");
    let file = FileProvider::open(&path).or_else(|_| FileProvider::create(&path, ambient));
    Keyring::new(Arc::new(file.unwrap()))
}

/// A signer, the verifier key that follows from the log's, and a stranger's; made once, for files are slow.
fn signers() -> &'static (ErasureSigner, VerifierKey, VerifierKey) {
    static SIGNERS: LazyLock<(ErasureSigner, VerifierKey, VerifierKey)> = LazyLock::new(make_signers);
    &SIGNERS
}

fn make_signers() -> (ErasureSigner, VerifierKey, VerifierKey) {
    let (ambient, directory) = (ambient(112), tempdir().unwrap());
    let ring = ring(&ambient, directory.path());
    let key = |name: &str| {
        let path = directory.path().join(name);
        let log = ring.log_signer(&ambient, &path).unwrap().verifier_key(&LogId::Tenant(tenant(1)));
        (ring.erasure_signer(&path).unwrap(), erasure_key(&log).unwrap())
    };
    let ((signer, ours), (_, strangers)) = (key("log"), key("other"));
    assert_eq!(signer.verifier_text(), ours.to_string(), "whoever has the log's key has this one");
    (signer, ours, strangers)
}

#[test]
fn a_backups_data_key_stays_destroyed() {
    let ambient = ambient(110);
    let directory = tempdir().unwrap();
    let mut list = TombstoneList::default();
    let live = ring(&ambient, directory.path());
    let (key, wrapped_tenant) = live.new_tenant_key(&ambient, tenant(1)).unwrap();
    let (gone, wrapped_gone) = key.new_data_key(&ambient, conversation(1)).unwrap();
    let (_, wrapped_kept) = key.new_data_key(&ambient, conversation(2)).unwrap();
    let (_, wrapped_next) = key.new_data_key(&ambient, conversation(1)).unwrap();
    let sealed = gone.seal(&ambient, b"m", b"hello").unwrap();

    // Erased: the list, which lives elsewhere, gets its line; the row goes.
    let mut stored = list.text();
    stored += &list.push(tombstone(1, gone.id()));
    assert_eq!(stored, list.text());
    live.bury_one(&list.tombstones()[0]);
    let refused = key.data_key(conversation(1), &wrapped_gone).unwrap_err();
    assert!(matches!(refused, KeyError::Destroyed(id) if id == gone.id()), "also by a tenant's key given out before");

    // An old backup is restored, wrapped keys and all; the list is today's.
    let restored = ring(&ambient, directory.path());
    let without = restored.tenant_key(tenant(1), &wrapped_tenant).unwrap();
    assert!(without.data_key(conversation(1), &wrapped_gone).unwrap().open(b"m", &sealed).is_ok(), "as it would be");
    restored.bury(&TombstoneList::parse(&stored).unwrap());
    let key = restored.tenant_key(tenant(1), &wrapped_tenant).unwrap();
    assert!(matches!(key.data_key(conversation(1), &wrapped_gone), Err(KeyError::Destroyed(_))));
    assert!(matches!(key.rewrap_data_key(&ambient, &key, conversation(1), &wrapped_gone), Err(KeyError::Destroyed(_))));
    assert!(key.data_key(conversation(2), &wrapped_kept).is_ok());
    assert!(key.data_key(conversation(1), &wrapped_next).is_ok(), "a later key of the same holder");
    restored.bury(&TombstoneList::default());
    assert!(key.data_key(conversation(1), &wrapped_gone).is_err(), "an older list takes nothing back");
}

#[test]
fn a_tenants_key_stays_destroyed() {
    let ambient = ambient(111);
    let directory = tempdir().unwrap();
    let ring = ring(&ambient, directory.path());
    let (key, wrapped) = ring.new_tenant_key(&ambient, tenant(1)).unwrap();
    let (_, other) = ring.new_tenant_key(&ambient, tenant(2)).unwrap();
    ring.bury_one(&Tombstone { holder: None, ..tombstone(1, key.id()) });
    assert!(matches!(ring.tenant_key(tenant(1), &wrapped), Err(KeyError::Destroyed(_))), "not from memory either");
    assert!(matches!(ring.rewrap_tenant_key(&ambient, &ring, tenant(1), &wrapped), Err(KeyError::Destroyed(_))));
    assert!(ring.tenant_key(tenant(2), &other).is_ok());
}

#[test]
fn a_list_reads_back_and_its_head_is_signed() {
    let (signer, key, stranger) = signers();
    let full = list(3);
    assert_eq!(TombstoneList::parse(&full.text()), Ok(full.clone()));
    assert_eq!(TombstoneList::parse(&list(0).text()), Ok(TombstoneList::default()));
    let note = full.head().sign(signer);
    assert_eq!(Head::open(&note, key), Ok(full.head()));
    assert_eq!(TombstoneList::open(&full.text(), &note, key), Ok(full.clone()));
    let grown = list(5);
    assert_eq!(TombstoneList::open(&grown.text(), &note, key), Ok(grown), "it may have grown");
    let cut = list(2).text();
    assert_eq!(
        TombstoneList::open(&cut, &note, key),
        Err(ErasureError::NotTheSigned { signed: 3, found: 2 }),
        "a list out of an old backup"
    );
    let mut other = list(2);
    other.push(tombstone(7, key_id(7)));
    assert!(matches!(TombstoneList::open(&other.text(), &note, key), Err(ErasureError::NotTheSigned { .. })));
    assert!(matches!(TombstoneList::open(&full.text(), &note, stranger), Err(ErasureError::Signature(_))));
    assert!(matches!(Head::open(&note.replace("\n3\n", "\n2\n"), key), Err(ErasureError::Signature(_))));
}

#[test]
fn a_changed_list_is_noticed_where_it_was_changed() {
    let text = list(4).text();
    let lines: Vec<_> = text.split_inclusive('\n').collect();
    let without = |at: usize| [&lines[..at], &lines[at + 1..]].concat().concat();
    assert_eq!(TombstoneList::parse(&without(2)), Err(ErasureError::Broken(3)));
    assert_eq!(TombstoneList::parse(&without(0)), Err(ErasureError::NotA("a list of tombstones")));
    let mut swapped = lines.clone();
    swapped.swap(2, 3);
    assert_eq!(TombstoneList::parse(&swapped.concat()), Err(ErasureError::Broken(3)));
    assert_eq!(TombstoneList::parse(text.trim_end()), Err(ErasureError::Broken(5)), "torn");
    assert_eq!(TombstoneList::parse(&text.replacen("\":\"", "\": \"", 1)), Err(ErasureError::Broken(2)));
    assert_eq!(TombstoneList::parse(&format!("{text}\n")), Err(ErasureError::Broken(6)));
}

fn certificate(list: &TombstoneList) -> ErasureCertificate {
    let keys = list.tombstones().iter().map(|stone| Destroyed { holder: stone.holder, key: stone.key }).collect();
    ErasureCertificate {
        issued_at: Timestamp::from_unix_micros(1_700_000_000_000_000),
        tenant: tenant(1),
        person: Some(UserId::from_uuid(Uuid::from_u128(5))),
        keys,
        record: AuditId::from_uuid(Uuid::from_u128(9)),
        tombstones: list.head(),
    }
}

#[test]
fn a_certificate_is_checked_offline_and_against_the_list() {
    let (signer, key, stranger) = signers();
    let two = list(2);
    let signed = certificate(&two).sign(signer).unwrap();
    let opened = ErasureCertificate::open(&signed, key).unwrap();
    assert_eq!(opened, certificate(&two));
    assert!(opened.is_kept_by(&two) && opened.is_kept_by(&list(3)));
    assert!(!opened.is_kept_by(&list(1)), "a list that lost them");
    let mut more = certificate(&two);
    more.keys.push(Destroyed { holder: None, key: key_id(1) });
    assert!(!more.is_kept_by(&list(3)), "a key without a tombstone");

    assert!(matches!(ErasureCertificate::open(&signed, stranger), Err(ErasureError::Signature(_))));
    let head = two.head().sign(signer);
    assert!(matches!(ErasureCertificate::open(&head, key), Err(ErasureError::NotA(_))), "another kind of note");
    assert!(matches!(Head::open(&signed, key), Err(ErasureError::NotA(_))));
    assert!(!format!("{signer:?}").contains("Signing"));
    let expected = concat!(
        "leeward-erasure-certificate v1\n",
        r#"{"issued_at":"2023-11-14T22:13:20.000000Z","tenant":"ten_00000000000000000000000000000001","#,
        r#""person":"usr_00000000000000000000000000000005","keys":[{"holder":"conversation/"#,
    );
    assert!(signed.starts_with(expected), "{signed}");
}

#[test]
fn a_certificate_has_room_for_so_many_keys() {
    let (signer, key, _) = signers();
    for (count, fits) in [(0, false), (1, true), (MAX_KEYS, true), (MAX_KEYS + 1, false)] {
        let signed = certificate(&list(count as u64)).sign(signer);
        assert_eq!(signed.is_ok(), fits, "{count}");
        if let Ok(signed) = signed {
            assert!(ErasureCertificate::open(&signed, key).is_ok(), "{count} keys in {} bytes", signed.len());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_changed_byte_passes(at in any::<Index>(), bits in 1..128_u8) {
        let (signer, key, _) = signers();
        let two = list(2);
        let change = |text: &str| {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at.index(text.len())] ^= bits;
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let signed = certificate(&two).sign(signer).unwrap();
        prop_assert!(ErasureCertificate::open(&change(&signed), key).is_err());
        let note = two.head().sign(signer);
        prop_assert!(Head::open(&change(&note), key).is_err());
        prop_assert!(TombstoneList::open(&change(&two.text()), &note, key).is_err());
    }

    #[test]
    fn nothing_made_up_panics(text in "\\PC{0,200}") {
        let (_, key, _) = signers();
        prop_assert!(TombstoneList::parse(&text).is_err());
        let headed = ["leeward-tombstones v1\n", &text].concat();
        prop_assert!(TombstoneList::parse(&headed).is_err() || text.is_empty());
        prop_assert!(ErasureCertificate::open(&text, key).is_err());
        prop_assert!(text.parse::<Holder>().is_err() && text.parse::<KeyId>().is_err());
    }
}
