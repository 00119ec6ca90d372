//! What every provider does, whatever holds its key.

use std::{
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU8, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use leeward_domain::Ambient;
use leeward_keyring::{
    Cost, Deadline, FileProvider, KeyError, KeyId, KeyProvider, Keyring, Provider, ProviderSet, sealed::sealed_by,
};
use proptest::{collection::vec, prelude::*};
use tempfile::tempdir;
use zeroize::Zeroizing;

use crate::ambient::{ambient, tenant};

/// The whole contract; `stranger` holds another key.
pub(crate) fn conforms(provider: &dyn KeyProvider, stranger: &dyn KeyProvider) {
    let ambient = ambient(50);
    let wrapped = provider.wrap(&ambient, b"mine", &[7; 32]).unwrap();
    assert_eq!(provider.unwrap(b"mine", &wrapped).unwrap().as_slice(), [7; 32]);
    assert_eq!(sealed_by(&wrapped).unwrap(), provider.key_id());
    assert!(provider.wrap(&ambient, b"mine", &[7; 32]).unwrap() != wrapped, "never the same twice");
    assert!(!provider.is_stale(&wrapped));
    provider.probe(&ambient).unwrap();

    assert!(matches!(provider.unwrap(b"yours", &wrapped), Err(KeyError::Damaged)), "bound to its place");
    assert!(matches!(provider.unwrap(b"", &wrapped), Err(KeyError::Damaged)));
    let foreign = stranger.wrap(&ambient, b"mine", &[7; 32]).unwrap();
    assert!(provider.key_id() != stranger.key_id());
    assert!(matches!(provider.unwrap(b"mine", &foreign), Err(KeyError::WrongKey { .. })));
    // Another key's blob under our name.
    let renamed = [&wrapped[..10], &foreign[10..]].concat();
    assert!(provider.unwrap(b"mine", &renamed).is_err());

    for at in 0..wrapped.len() {
        let mut flipped = wrapped.clone();
        flipped[at] ^= 1 << (at % 8);
        assert!(provider.unwrap(b"mine", &flipped).is_err(), "byte {at}");
        assert!(provider.unwrap(b"mine", &wrapped[..at]).is_err(), "cut at {at}");
    }
    assert!(provider.unwrap(b"mine", &[wrapped.as_slice(), b"\n"].concat()).is_err());
}

/// A tenant's key goes to `provider` and back, as in a rotation.
pub(crate) fn rotates(provider: &Provider) {
    let ambient = ambient(51);
    let file: Provider = Arc::new(file(&ambient));
    let ring = Keyring::new(Arc::clone(&file));
    let (key, wrapped) = ring.new_tenant_key(&ambient, tenant(1)).unwrap();
    let mut stored = wrapped;
    for (to, from) in [(provider, &file), (&file, provider)] {
        let ring = Keyring::with_providers(ProviderSet::new(Arc::clone(to)).older(Arc::clone(from)));
        assert!(ring.needs_rewrap(tenant(1), &stored));
        stored = ring.rewrap_tenant_key(&ambient, &ring, tenant(1), &stored).unwrap();
        assert!(!ring.needs_rewrap(tenant(1), &stored));
        ring.forget(tenant(1));
        assert_eq!(ring.tenant_key(tenant(1), &stored).unwrap().id(), key.id());
        let alone = Keyring::new(Arc::clone(from));
        assert!(matches!(alone.tenant_key(tenant(1), &stored), Err(KeyError::WrongKey { .. })));
    }
}

/// A key-encryption key made once, for properties that are tried often: making a file takes milliseconds.
pub(crate) fn shared() -> Provider {
    static SHARED: LazyLock<Provider> = LazyLock::new(|| Arc::new(file(&ambient(54))));
    Arc::clone(&SHARED)
}

pub(crate) fn file(ambient: &Ambient) -> FileProvider {
    FileProvider::create(&tempdir().unwrap().path().join("kek"), ambient).unwrap()
}

#[test]
fn local_providers_conform() {
    let ambient = ambient(52);
    let directory = tempdir().unwrap();
    let cheap = Cost { memory: 19 * 1024, passes: 2, lanes: 1 };
    let passphrase =
        FileProvider::create_with_passphrase(&directory.path().join("p"), &ambient, b"open", cheap).unwrap();
    let [one, two] = [(); 2].map(|()| Arc::new(file(&ambient)) as Provider);
    conforms(&*one, &*two);
    conforms(&passphrase, &*one);
    rotates(&one);
    let limited: Provider = Arc::new(Deadline::new(one, Duration::from_secs(5)).unwrap());
    conforms(&*limited, &*two);
    rotates(&limited);
}

/// Answers, hangs or panics, as told.
struct Moody(FileProvider, AtomicU8);

impl KeyProvider for Moody {
    fn id(&self) -> &str {
        self.0.id()
    }
    fn key_id(&self) -> KeyId {
        self.0.key_id()
    }
    fn wrap(&self, ambient: &Ambient, aad: &[u8], key: &[u8; 32]) -> Result<Vec<u8>, KeyError> {
        self.0.wrap(ambient, aad, key)
    }
    fn unwrap(&self, aad: &[u8], wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        let mood = self.1.load(Ordering::Relaxed);
        if mood == 2 {
            // A panic, less the time it takes to print one.
            std::panic::resume_unwind(Box::new("as the test asked"));
        }
        while self.1.load(Ordering::Relaxed) == 1 {
            thread::sleep(Duration::from_millis(1));
        }
        self.0.unwrap(aad, wrapped)
    }
}

#[test]
fn a_hanging_provider_is_unavailable_until_it_comes_back() {
    let ambient = ambient(53);
    let moody = Arc::new(Moody(file(&ambient), AtomicU8::new(0)));
    let limit = Duration::from_millis(100);
    let limited = Deadline::new(Arc::clone(&moody) as Provider, limit).unwrap();
    let wrapped = limited.wrap(&ambient, b"a", &[7; 32]).unwrap();
    assert!(limited.unwrap(b"a", &wrapped).is_ok());

    moody.1.store(1, Ordering::Relaxed);
    let error = limited.unwrap(b"a", &wrapped).unwrap_err();
    assert!(error.is_retryable() && error.to_string().contains("100 ms"), "{error}");
    thread::sleep(limit);
    let start = Instant::now();
    for _ in 0..1000 {
        assert!(limited.unwrap(b"a", &wrapped).unwrap_err().is_retryable());
    }
    assert!(start.elapsed() < limit, "nobody waits for what hangs already");

    moody.1.store(0, Ordering::Relaxed);
    let deadline = Instant::now() + Duration::from_secs(10);
    while limited.unwrap(b"a", &wrapped).is_err() {
        assert!(Instant::now() < deadline, "it comes back");
        thread::sleep(Duration::from_millis(5));
    }
    moody.1.store(2, Ordering::Relaxed);
    let error = limited.unwrap(b"a", &wrapped).unwrap_err();
    assert!(error.is_retryable() && error.to_string().contains("failed"), "{error}");
    moody.1.store(0, Ordering::Relaxed);
    assert!(limited.unwrap(b"a", &wrapped).is_ok(), "a panic ends one call");
    drop(limited);
    assert_eq!(Arc::strong_count(&moody), 1, "the worker has let go of it");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Blobs of the right form that name any key, and any algorithm, with anything in them.
    #[test]
    fn a_wrong_or_missing_key_is_an_error_and_nothing_worse(
        version in 0..3_u8, algorithm in 0..4_u8, id in any::<Option<[u8; 8]>>(), rest in vec(any::<u8>(), 0..80),
    ) {
        let ambient = ambient(55);
        let ring = Keyring::with_providers(
            ProviderSet::new(shared()).named("own", shared(), vec![shared()]).assign(tenant(1), "own").unwrap(),
        );
        let ours = ring.wrap_seed(&ambient, "p", &[7; 32]).unwrap()[2..10].to_vec();
        let blob = [[version, algorithm].as_slice(), &id.map_or(ours, |id| id.to_vec()), &rest].concat();
        for number in [1, 2] {
            prop_assert!(ring.tenant_key(tenant(number), &blob).is_err());
            prop_assert!(ring.rewrap_tenant_key(&ambient, &ring, tenant(number), &blob).is_err());
            let _ = ring.needs_rewrap(tenant(number), &blob);
        }
        prop_assert!(ring.unwrap_seed("p", &blob).is_err());
        if (version, algorithm) == (1, 1) && id.is_some() {
            let refused = ring.unwrap_seed("p", &blob);
            prop_assert!(matches!(refused, Err(KeyError::WrongKey { .. })), "{:?}", refused.err());
        }
    }
}
