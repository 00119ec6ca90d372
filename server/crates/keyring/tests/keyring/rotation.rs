//! Rotation: keys move to another key-encryption key one by one, and at every step each of them opens.

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use leeward_domain::Ambient;
use leeward_keyring::{FileProvider, KeyError, KeyId, KeyProvider, Keyring, Provider, ProviderSet};
use leeward_ledger::LogId;
use proptest::{collection::vec, prelude::*};
use tempfile::tempdir;
use zeroize::Zeroizing;

use crate::ambient::{ambient, tenant};

/// A file's key behind a switch: a device that can be unplugged, or that cannot decrypt.
struct Device {
    file: FileProvider,
    up: AtomicBool,
    garbles: bool,
}

impl Device {
    fn new(ambient: &Ambient) -> Arc<Self> {
        Arc::new(Self { file: file(ambient), up: AtomicBool::new(true), garbles: false })
    }

    fn check(&self) -> Result<(), KeyError> {
        let down = || KeyError::Unavailable { provider: self.id().to_owned(), why: "unplugged".to_owned() };
        self.up.load(Ordering::Relaxed).then_some(()).ok_or_else(down)
    }
}

impl KeyProvider for Device {
    fn id(&self) -> &str {
        self.file.id()
    }
    fn key_id(&self) -> KeyId {
        self.file.key_id()
    }
    fn wrap(&self, ambient: &Ambient, aad: &[u8], key: &[u8; 32]) -> Result<Vec<u8>, KeyError> {
        self.check()?;
        self.file.wrap(ambient, aad, if self.garbles { &[1; 32] } else { key })
    }
    fn unwrap(&self, aad: &[u8], wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        self.check()?;
        self.file.unwrap(aad, wrapped)
    }
}

fn file(ambient: &Ambient) -> FileProvider {
    FileProvider::create(&tempdir().unwrap().path().join("kek"), ambient).unwrap()
}

#[test]
fn a_rewrapped_key_is_the_same_key_and_the_old_one_can_go() {
    let ambient = ambient(30);
    let (old, new): (Provider, Provider) = (Arc::new(file(&ambient)), Arc::new(file(&ambient)));
    let ring = Keyring::new(Arc::clone(&old));
    let (key, wrapped) = ring.new_tenant_key(&ambient, tenant(1)).unwrap();
    let seed = ring.wrap_seed(&ambient, "p", &[9; 32]).unwrap();
    let sealed = key.seal(&ambient, b"m", b"hello").unwrap();
    assert!(!ring.needs_rewrap(tenant(1), &wrapped) && !ring.seed_needs_rewrap(&seed));

    ring.set_providers(ProviderSet::new(Arc::clone(&new)).older(Arc::clone(&old)));
    assert!(ring.needs_rewrap(tenant(1), &wrapped) && ring.seed_needs_rewrap(&seed));
    let rewrapped = ring.rewrap_tenant_key(&ambient, &ring, tenant(1), &wrapped).unwrap();
    let seed = ring.rewrap_seed(&ambient, &ring, "p", &seed).unwrap();
    assert!(!ring.needs_rewrap(tenant(1), &rewrapped) && !ring.seed_needs_rewrap(&seed));
    assert!(ring.tenant_key(tenant(1), &wrapped).is_ok(), "the old form opens while its provider is there");

    let alone = Keyring::new(new);
    let again = alone.tenant_key(tenant(1), &rewrapped).unwrap();
    assert_eq!(again.open(b"m", &sealed).unwrap().as_slice(), b"hello");
    assert_eq!(alone.unwrap_seed("p", &seed).unwrap().as_slice(), [9; 32]);
    assert!(matches!(alone.tenant_key(tenant(1), &wrapped), Err(KeyError::WrongKey { .. })));
    assert!(matches!(alone.tenant_key(tenant(2), &rewrapped), Err(KeyError::Damaged)), "still bound to its tenant");
    assert!(ring.rewrap_tenant_key(&ambient, &ring, tenant(2), &wrapped).is_err());
    assert!(alone.needs_rewrap(tenant(1), b"what?"), "what cannot be read is not passed over");
}

#[test]
fn keys_move_between_keyrings() {
    let ambient = ambient(31);
    let (here, there) = (Keyring::new(Arc::new(file(&ambient))), Keyring::new(Arc::new(file(&ambient))));
    let (key, wrapped) = here.new_tenant_key(&ambient, tenant(1)).unwrap();
    let moved = there.rewrap_tenant_key(&ambient, &here, tenant(1), &wrapped).unwrap();
    assert_eq!(there.tenant_key(tenant(1), &moved).unwrap().id(), key.id());
    assert!(there.rewrap_tenant_key(&ambient, &there, tenant(1), &wrapped).is_err());
}

#[test]
fn an_absent_provider_closes_only_its_own_tenant_and_only_until_it_is_back() {
    let ambient = ambient(32);
    let (house, own) = (Device::new(&ambient), Device::new(&ambient));
    let set = ProviderSet::new(Arc::clone(&house) as Provider)
        .named("acme", Arc::clone(&own) as Provider, Vec::new())
        .assign(tenant(1), "acme")
        .unwrap();
    assert!(matches!(set.clone().assign(tenant(2), "other"), Err(KeyError::NoSuchProvider(name)) if name == "other"));
    let ring = Keyring::with_providers(set);
    let (_, theirs) = ring.new_tenant_key(&ambient, tenant(1)).unwrap();
    let (_, others) = ring.new_tenant_key(&ambient, tenant(2)).unwrap();
    ring.forget(tenant(1));
    ring.forget(tenant(2));

    own.up.store(false, Ordering::Relaxed);
    let error = ring.tenant_key(tenant(1), &theirs).unwrap_err();
    assert!(matches!(&error, KeyError::Unavailable { provider, .. } if provider == own.id()), "{error}");
    assert!(error.is_retryable() && error.to_string().contains("unplugged"));
    assert!(ring.new_tenant_key(&ambient, tenant(1)).is_err_and(|error| error.is_retryable()));
    assert!(ring.tenant_key(tenant(2), &others).is_ok());
    assert!(!ring.needs_rewrap(tenant(1), &theirs), "which is asked of nobody");
    house.up.store(false, Ordering::Relaxed);
    assert!(ring.tenant_key(tenant(2), &others).is_ok(), "from memory");
    own.up.store(true, Ordering::Relaxed);
    assert!(ring.tenant_key(tenant(1), &theirs).is_ok());
}

#[test]
fn a_tenant_moves_to_its_own_key_and_then_nobody_else_can_give_it_one() {
    let ambient = ambient(33);
    let [house, acme, evil]: [Provider; 3] = [(); 3].map(|()| Arc::new(file(&ambient)) as Provider);
    let ring = Keyring::new(Arc::clone(&house));
    let (key, wrapped) = ring.new_tenant_key(&ambient, tenant(1)).unwrap();
    let set = ProviderSet::new(Arc::clone(&house))
        .named("acme", Arc::clone(&acme), Vec::new())
        .named("evil", Arc::clone(&evil), Vec::new())
        .assign(tenant(1), "acme")
        .unwrap()
        .assign(tenant(2), "evil")
        .unwrap();
    ring.set_providers(set.clone());
    assert!(ring.needs_rewrap(tenant(1), &wrapped));
    let own = ring.rewrap_tenant_key(&ambient, &ring, tenant(1), &wrapped).unwrap();
    ring.forget(tenant(1));
    assert_eq!(ring.tenant_key(tenant(1), &own).unwrap().id(), key.id());
    assert!(ring.tenant_key(tenant(1), &wrapped).is_ok(), "the house's still opens");

    // Tenant 2's key-encryption key and the database in one hand: a key of their choice for tenant 1.
    let (_, forged) = Keyring::new(evil).new_tenant_key(&ambient, tenant(1)).unwrap();
    assert!(matches!(ring.tenant_key(tenant(1), &forged), Err(KeyError::WrongKey { .. })));
    assert!(ring.unwrap_seed("p", &forged).is_err());

    ring.set_providers(set.clone().alone(tenant(1)));
    ring.forget(tenant(1));
    assert!(matches!(ring.tenant_key(tenant(1), &wrapped), Err(KeyError::WrongKey { .. })));
    assert!(ring.tenant_key(tenant(1), &own).is_ok());

    // To another name, and what the former wrapped still opens.
    let moved = set.assign(tenant(1), "evil").unwrap();
    ring.set_providers(moved.clone());
    assert!(ring.needs_rewrap(tenant(1), &own) && ring.tenant_key(tenant(1), &own).is_ok());
    ring.set_providers(moved.alone(tenant(1)));
    ring.forget(tenant(1));
    assert!(ring.tenant_key(tenant(1), &own).is_err());
}

#[test]
fn a_provider_that_cannot_give_back_a_key_is_found_out_before_the_key_is_used() {
    let ambient = ambient(34);
    let broken = Arc::new(Device { file: file(&ambient), up: AtomicBool::new(true), garbles: true });
    let ring = Keyring::new(Arc::new(file(&ambient)));
    let (_, wrapped) = ring.new_tenant_key(&ambient, tenant(1)).unwrap();
    let other = Keyring::new(broken);
    assert!(matches!(other.new_tenant_key(&ambient, tenant(1)), Err(KeyError::Unreliable(_))));
    assert!(matches!(other.rewrap_tenant_key(&ambient, &ring, tenant(1), &wrapped), Err(KeyError::Unreliable(_))));
}

#[test]
fn the_log_signer_is_rewrapped_in_its_file() {
    let ambient = ambient(35);
    let directory = tempdir().unwrap();
    let path = directory.path().join("log-key");
    let (old, new) = (Device::new(&ambient), Device::new(&ambient));
    let ring = Keyring::new(Arc::clone(&old) as Provider);
    let key = ring.log_signer(&ambient, &path).unwrap().verifier_key(&LogId::Platform);
    assert!(!ring.rewrap_log_signer(&ambient, &path).unwrap());
    ring.set_providers(ProviderSet::new(Arc::clone(&new) as Provider).older(Arc::clone(&old) as Provider));
    let before = fs::read(&path).unwrap();
    for device in [&old, &new] {
        device.up.store(false, Ordering::Relaxed);
        assert!(ring.rewrap_log_signer(&ambient, &path).unwrap_err().is_retryable());
        assert_eq!(fs::read(&path).unwrap(), before, "nothing is touched");
        device.up.store(true, Ordering::Relaxed);
    }
    assert!(ring.rewrap_log_signer(&ambient, &path).unwrap());
    assert!(!ring.rewrap_log_signer(&ambient, &path).unwrap(), "once is enough");
    assert_eq!(files_in(directory.path()), 1, "no temporary file is left");
    let again = Keyring::new(new).log_signer(&ambient, &path).unwrap();
    assert_eq!(again.verifier_key(&LogId::Platform), key);
}

fn files_in(directory: &Path) -> usize {
    fs::read_dir(directory).unwrap().count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Each step rewraps some key, or is stopped by a provider that went away, or by the process dying before the
    /// result was stored. Whenever both providers are there, every key opens, and walking again finishes the job.
    #[test]
    fn an_interrupted_rotation_leaves_every_key_openable(steps in vec((0..6_usize, 0..4_u8), 0..20)) {
        let ambient = ambient(36);
        let (old, new) = (Device::new(&ambient), Device::new(&ambient));
        let ring = Keyring::new(Arc::clone(&old) as Provider);
        let mut rows = Vec::new();
        for number in 0..6 {
            let (key, wrapped) = ring.new_tenant_key(&ambient, tenant(number)).unwrap();
            let sealed = key.seal(&ambient, b"m", &[number as u8]).unwrap();
            rows.push((tenant(number), wrapped, sealed));
        }
        let both = || ProviderSet::new(Arc::clone(&new) as Provider).older(Arc::clone(&old) as Provider);
        for (row, fault) in steps {
            // As after a restart: nothing in memory.
            let ring = Keyring::with_providers(both());
            let (tenant, wrapped, _) = &mut rows[row];
            old.up.store(fault != 1, Ordering::Relaxed);
            new.up.store(fault != 2, Ordering::Relaxed);
            let rewrapped = ring.rewrap_tenant_key(&ambient, &ring, *tenant, wrapped);
            if fault != 3 && let Ok(rewrapped) = rewrapped {
                *wrapped = rewrapped;
            }
            for device in [&old, &new] {
                device.up.store(true, Ordering::Relaxed);
            }
            let ring = Keyring::with_providers(both());
            for (number, (tenant, wrapped, sealed)) in rows.iter().enumerate() {
                let opened = ring.tenant_key(*tenant, wrapped).unwrap().open(b"m", sealed).unwrap();
                prop_assert_eq!(opened.as_slice(), [number as u8]);
            }
        }
        let ring = Keyring::with_providers(both());
        for (tenant, wrapped, _) in &mut rows {
            if ring.needs_rewrap(*tenant, wrapped) {
                *wrapped = ring.rewrap_tenant_key(&ambient, &ring, *tenant, wrapped).unwrap();
            }
        }
        let ring = Keyring::new(Arc::clone(&new) as Provider);
        for (tenant, wrapped, sealed) in &rows {
            prop_assert!(ring.tenant_key(*tenant, wrapped).unwrap().open(b"m", sealed).is_ok());
        }
    }
}
