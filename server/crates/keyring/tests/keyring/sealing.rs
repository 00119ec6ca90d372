//! Tenants' keys: what they seal opens again, there and nowhere else.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use leeward_domain::{Ambient, Sha256Digest};
use leeward_keyring::{FileProvider, KeyError, KeyId, KeyProvider, Keyring, TenantKey, sealed::OVERHEAD};
use proptest::{collection::vec, prelude::*, sample::Index};
use tempfile::tempdir;

use crate::{
    ambient::{ambient, tenant},
    providers::shared,
};

fn keyring(ambient: &Ambient) -> Keyring {
    let directory = tempdir().unwrap();
    Keyring::new(Arc::new(FileProvider::create(&directory.path().join("kek"), ambient).unwrap()))
}

fn key(ambient: &Ambient) -> TenantKey {
    keyring(ambient).new_tenant_key(ambient, tenant(1)).unwrap().0
}

#[test]
fn a_wrapped_key_opens_what_its_first_form_sealed() {
    let ambient = ambient(1);
    let directory = tempdir().unwrap();
    let path = directory.path().join("kek");
    let (key, wrapped) = Keyring::new(Arc::new(FileProvider::create(&path, &ambient).unwrap()))
        .new_tenant_key(&ambient, tenant(1))
        .unwrap();
    let sealed = key.seal(&ambient, b"msg_1", b"hello").unwrap();
    // As after a restart: another provider, another keyring, nothing cached.
    let again = Keyring::new(Arc::new(FileProvider::open(&path).unwrap())).tenant_key(tenant(1), &wrapped).unwrap();
    assert_eq!(again.open(b"msg_1", &sealed).unwrap().as_slice(), b"hello");
    assert_eq!((again.id(), again.hmac("prompt", b"x")), (key.id(), key.hmac("prompt", b"x")));
    assert_eq!(sealed.len(), 5 + OVERHEAD);
    assert_ne!(key.seal(&ambient, b"msg_1", b"hello").unwrap(), sealed, "the nonce is fresh");
}

#[test]
fn nothing_opens_in_another_place() {
    let ambient = ambient(2);
    let ring = keyring(&ambient);
    let (one, wrapped_one) = ring.new_tenant_key(&ambient, tenant(1)).unwrap();
    let (two, wrapped_two) = ring.new_tenant_key(&ambient, tenant(2)).unwrap();
    let sealed = one.seal(&ambient, b"msg_1", b"hello").unwrap();
    assert!(matches!(one.open(b"msg_2", &sealed), Err(KeyError::Damaged)), "another message's");
    assert!(matches!(two.open(b"msg_1", &sealed), Err(KeyError::WrongKey { .. })), "another tenant's");
    for (whose, wrapped) in [(1, &wrapped_two), (2, &wrapped_one), (3, &wrapped_one)] {
        assert!(
            matches!(ring.tenant_key(tenant(whose), wrapped), Err(KeyError::Damaged)),
            "another tenant's wrapped key"
        );
    }
    let mut renamed = sealed.clone();
    renamed[2..10].copy_from_slice(&two.seal(&ambient, b"", b"").unwrap()[2..10]);
    assert!(matches!(two.open(b"msg_1", &renamed), Err(KeyError::Damaged)), "the key's name alone does not help");
}

#[test]
fn another_kek_is_named_in_the_error() {
    let (first, second) = (keyring(&ambient(3)), keyring(&ambient(4)));
    let (_, wrapped) = first.new_tenant_key(&ambient(5), tenant(1)).unwrap();
    let error = second.tenant_key(tenant(1), &wrapped).unwrap_err();
    assert!(matches!(error, KeyError::WrongKey { .. }));
    for ring in [&first, &second] {
        let id = ring.provider_id().strip_prefix("file:").unwrap().to_owned();
        assert!(error.to_string().contains(&id), "{error}");
    }
}

#[test]
fn future_formats_are_told_from_damage() {
    let ambient = ambient(6);
    let key = key(&ambient);
    let sealed = key.seal(&ambient, b"", b"hello").unwrap();
    for (at, version, algorithm) in [(0, 2, 1), (1, 1, 2)] {
        let mut newer = sealed.clone();
        newer[at] = 2;
        let opened = key.open(b"", &newer);
        assert!(
            matches!(opened, Err(KeyError::UnknownFormat { version: v, algorithm: a }) if (v, a) == (version, algorithm))
        );
    }
}

#[test]
fn digests_depend_on_key_domain_and_bytes() {
    let ambient = ambient(7);
    let (one, two) = (key(&ambient), key(&ambient));
    let all = [
        one.hmac("a", b"bc"),
        one.hmac("ab", b"c"),
        one.hmac("a", b"bd"),
        two.hmac("a", b"bc"),
        Sha256Digest::of(b"bc"),
    ];
    for (index, digest) in all.iter().enumerate() {
        assert!(!all[..index].contains(digest));
    }
    assert_eq!(one.hmac("a", b"bc"), one.clone().hmac("a", b"bc"));
}

#[test]
fn debug_output_holds_no_key() {
    struct Fixed;
    impl leeward_domain::Entropy for Fixed {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(0xa7);
        }
    }
    struct Still;
    impl leeward_domain::Clock for Still {
        fn now(&self) -> leeward_domain::Timestamp {
            leeward_domain::Timestamp::from_unix_micros(0)
        }
    }
    let ambient = Ambient::new(Arc::new(Still), Arc::new(Fixed));
    let directory = tempdir().unwrap();
    let provider = Arc::new(FileProvider::create(&directory.path().join("kek"), &ambient).unwrap());
    let ring = Keyring::new(Arc::clone(&provider) as Arc<dyn KeyProvider>);
    let (key, _) = ring.new_tenant_key(&ambient, tenant(1)).unwrap();
    let signer = ring.log_signer(&ambient, &directory.path().join("log-key")).unwrap();
    let shown = format!("{provider:?} {ring:?} {key:?} {signer:?} {:?}", ring.tenant_key(tenant(2), &[0xa7; 90]));
    for form in ["a7a7", "A7A7", "167, 167"] {
        assert!(!shown.contains(form), "{shown}");
    }
}

#[test]
fn the_cache_saves_unwrapping_is_bounded_and_forgets() {
    struct Counting(FileProvider, AtomicU64);
    impl KeyProvider for Counting {
        fn id(&self) -> &str {
            self.0.id()
        }
        fn key_id(&self) -> KeyId {
            self.0.key_id()
        }
        fn wrap(&self, ambient: &Ambient, aad: &[u8], key: &[u8; 32]) -> Result<Vec<u8>, KeyError> {
            self.0.wrap(ambient, aad, key)
        }
        fn unwrap(&self, aad: &[u8], wrapped: &[u8]) -> Result<zeroize::Zeroizing<[u8; 32]>, KeyError> {
            self.1.fetch_add(1, Ordering::Relaxed);
            self.0.unwrap(aad, wrapped)
        }
    }
    let ambient = ambient(8);
    let directory = tempdir().unwrap();
    let file = FileProvider::create(&directory.path().join("kek"), &ambient).unwrap();
    let provider = Arc::new(Counting(file, AtomicU64::new(0)));
    let ring = Keyring::new(Arc::clone(&provider) as Arc<dyn KeyProvider>);
    let unwrapped = || provider.1.load(Ordering::Relaxed);

    let (_, wrapped) = ring.new_tenant_key(&ambient, tenant(0)).unwrap();
    assert_eq!(unwrapped(), 1, "a new key is tried before it is used");
    ring.tenant_key(tenant(0), &wrapped).unwrap();
    assert_eq!(unwrapped(), 1);
    ring.forget(tenant(0));
    ring.tenant_key(tenant(0), &wrapped).unwrap();
    assert_eq!(unwrapped(), 2);
    let mut damaged = wrapped.clone();
    *damaged.last_mut().unwrap() ^= 1;
    assert!(ring.tenant_key(tenant(0), &damaged).is_err(), "the cache does not answer for another wrapped key");
    assert_eq!(unwrapped(), 3);

    for other in 1..=1024 {
        ring.new_tenant_key(&ambient, tenant(other)).unwrap();
    }
    let before = unwrapped();
    ring.tenant_key(tenant(0), &wrapped).unwrap();
    assert_eq!(unwrapped(), before + 1, "1024 others pushed it out");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_sealed_opens_and_no_changed_byte_does(
        plaintext in vec(any::<u8>(), 0..200), aad in vec(any::<u8>(), 0..40), at in any::<Index>(), bits in 1..=255_u8,
    ) {
        let ambient = ambient(9);
        let key = Keyring::new(shared()).new_tenant_key(&ambient, tenant(1)).unwrap().0;
        let sealed = key.seal(&ambient, &aad, &plaintext).unwrap();
        let opened = key.open(&aad, &sealed).unwrap();
        prop_assert_eq!(opened.as_slice(), plaintext.as_slice());
        let mut flipped = sealed.clone();
        flipped[at.index(sealed.len())] ^= bits;
        prop_assert!(key.open(&aad, &flipped).is_err());
        prop_assert!(key.open(&aad, &sealed[..at.index(sealed.len())]).is_err());
        prop_assert!(key.open(&[aad.as_slice(), b"x"].concat(), &sealed).is_err());
    }

    #[test]
    fn nothing_made_up_opens(bytes in vec(any::<u8>(), 0..120)) {
        let (ambient, ring) = (ambient(10), Keyring::new(shared()));
        prop_assert!(ring.new_tenant_key(&ambient, tenant(1)).unwrap().0.open(b"", &bytes).is_err());
        prop_assert!(ring.tenant_key(tenant(1), &bytes).is_err());
    }
}
