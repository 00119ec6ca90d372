//! Who holds the key-encryption keys: what `[keys]` says, opened.
//!
//! The house's key must be there when the service starts. The others may turn up later: until then what is under
//! them is closed, and nothing else. To add a kind of provider: a way to open it in [`Opener::way`].
//!
//! Left out: wrapping and unwrapping, which is the keyring's.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context as _, bail};
use ipnet::IpNet;
use leeward_domain::{Ambient, ids::TenantId, residency::Place};
use leeward_keyring::{
    Deadline, FileProvider, KeyError, KeyId, LateProvider, Pkcs11Place, Pkcs11Provider, Provider, ProviderSet,
    VaultProvider,
};
use leeward_store::Store;

use super::{new_file::NewFile, peer::Peer};
use crate::config::{Config, KeySource};

/// How long one call to a token or a peer may take: a little longer than an exchange with a peer, whose own error says
/// more.
const CALL: Duration = Duration::from_secs(9);

/// The providers of this installation.
pub struct Custody {
    house: Held,
    older: Vec<Held>,
    tenants: BTreeMap<TenantId, (Held, Vec<Held>)>,
    unknown: Vec<String>,
}

/// A provider, and what the configuration says about it.
struct Held {
    kind: &'static str,
    place: Place,
    provider: Provider,
}

/// A key-encryption key that is configured, for whoever lists them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldKey {
    /// What kind of provider has it: `file`, `passphrase`, `credential`, `pkcs11` or `vault`.
    pub kind: &'static str,
    /// Names the provider in messages.
    pub provider: String,
    /// Names the key in what it wraps. One that has not turned up yet has an id that no key has.
    pub key_id: KeyId,
    /// Where it stands.
    pub place: Place,
    /// Whose key it wraps; none is the house's.
    pub tenant: Option<TenantId>,
    /// Whether it wraps. An older one only opens.
    pub is_current: bool,
}

impl std::fmt::Debug for Custody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Custody").field("keys", &self.keys()).finish_non_exhaustive()
    }
}

impl Custody {
    /// Opens what the configuration names. The first time, an installation that has no tenants, the house's key file is
    /// made; a token's or a peer's key is never made here.
    ///
    /// # Errors
    /// When the house's key is missing or cannot be used, or the database fails.
    pub async fn open(config: &Config, ambient: &Ambient, store: &Store) -> anyhow::Result<Self> {
        let opener = Opener::of(config);
        let house = opener.house(&config.keys.house, ambient, store).await?;
        let older = config.keys.older.iter().map(|source| opener.held(source)).collect::<Result<_, _>>()?;
        let (mut tenants, mut unknown) = (BTreeMap::new(), Vec::new());
        for (name, source) in &config.keys.tenants {
            let Some(id) = find(store, name).await? else {
                tracing::warn!(tenant = name, "keys.tenants names no tenant there is");
                unknown.push(name.clone());
                continue;
            };
            let former = config.keys.tenants_older.get(name).into_iter().flatten();
            let former = former.map(|source| opener.held(source)).collect::<Result<_, _>>()?;
            if tenants.insert(id, (opener.held(source)?, former)).is_some() {
                bail!("keys.tenants names {id} twice, by its id and by its name");
            }
        }
        Ok(Self { house, older, tenants, unknown })
    }

    /// The house's keys alone, for what is opened before there is a database. None is made.
    ///
    /// # Errors
    /// When the house's key is missing or cannot be used.
    pub fn house(config: &Config) -> Result<ProviderSet, KeyError> {
        let opener = Opener::of(config);
        let older = config.keys.older.iter().map(|source| opener.held(source)).collect::<Result<Vec<_>, _>>()?;
        let house = ProviderSet::new(opener.there(&config.keys.house)?);
        Ok(older.into_iter().fold(house, |set, held| set.older(held.provider)))
    }

    /// As the keyring wants them.
    ///
    /// # Errors
    /// None that could happen: every name that is assigned is there.
    pub fn providers(&self) -> Result<ProviderSet, KeyError> {
        let shared = |held: &Held| Arc::clone(&held.provider);
        let mut set = self.older.iter().map(shared).fold(ProviderSet::new(shared(&self.house)), ProviderSet::older);
        for (id, (current, former)) in &self.tenants {
            let name = id.to_string();
            set = set.named(&name, shared(current), former.iter().map(shared).collect()).assign(*id, &name)?.alone(*id);
        }
        Ok(set)
    }

    /// Every key-encryption key, the house's first.
    #[must_use]
    pub fn keys(&self) -> Vec<HeldKey> {
        let key = |held: &Held, tenant, is_current| HeldKey {
            kind: held.kind,
            provider: held.provider.id().to_owned(),
            key_id: held.provider.key_id(),
            place: held.place.clone(),
            tenant,
            is_current,
        };
        let mut keys = vec![key(&self.house, None, true)];
        keys.extend(self.older.iter().map(|held| key(held, None, false)));
        for (id, (current, former)) in &self.tenants {
            keys.push(key(current, Some(*id), true));
            keys.extend(former.iter().map(|held| key(held, Some(*id), false)));
        }
        keys
    }

    /// Tenants of the configuration that the database does not have.
    #[must_use]
    pub fn unknown(&self) -> &[String] {
        &self.unknown
    }

    /// Whether each key can be used now, in the order of [`Custody::keys`]. It blocks: every provider is asked.
    #[must_use]
    pub fn probe(&self, ambient: &Ambient) -> Vec<Result<(), KeyError>> {
        let tenants = self.tenants.values().flat_map(|(current, former)| std::iter::once(current).chain(former));
        let all = std::iter::once(&self.house).chain(&self.older).chain(tenants);
        all.map(|held| held.provider.probe(ambient)).collect()
    }
}

/// A tenant by its id or its name.
async fn find(store: &Store, text: &str) -> anyhow::Result<Option<TenantId>> {
    let mut read = store.platform_read().await?;
    let found = match text.parse() {
        Ok(id) => read.tenant(id).await?,
        Err(_) => read.tenant_by_name(&text.parse().with_context(|| format!("keys.tenants.{text}"))?).await?,
    };
    Ok(found.map(|tenant| tenant.id))
}

type Open = dyn Fn() -> Result<FileProvider, KeyError> + Send + Sync;

/// How a key is used.
enum Way {
    /// In our memory, once it is opened.
    Here { name: String, open: Box<Open> },
    /// Where it is.
    Elsewhere(Provider),
}

/// What all sources have in common.
struct Opener {
    default_file: PathBuf,
    place: Place,
    networks: Vec<IpNet>,
}

impl Opener {
    fn of(config: &Config) -> Self {
        let networks = config.outbound.networks.clone();
        Self { default_file: config.kek_file(), place: config.place.place(), networks }
    }

    /// A provider whose key may turn up later, if it is used here.
    fn held(&self, source: &KeySource) -> Result<Held, KeyError> {
        let provider: Provider = match self.way(source)? {
            Way::Here { name, open } => Arc::new(LateProvider::new(&name, open)),
            Way::Elsewhere(provider) => provider,
        };
        Ok(self.holding(source, provider))
    }

    /// The house's, which must be there; made the first time.
    async fn house(&self, source: &KeySource, ambient: &Ambient, store: &Store) -> anyhow::Result<Held> {
        if let Some(new) = NewFile::of(source, &self.default_file).filter(|new| !new.path.exists()) {
            if store.platform_read().await?.count_tenants().await? > 0 {
                // A new key would make every conversation unreadable for ever.
                let path = new.path.display();
                bail!("{path} is missing, but the database has tenants whose keys it wraps: restore it");
            }
            new.make(ambient)?;
        }
        Ok(self.holding(source, self.there(source)?))
    }

    /// A provider whose key must be there, if it is used here.
    fn there(&self, source: &KeySource) -> Result<Provider, KeyError> {
        Ok(match self.way(source)? {
            Way::Here { open, .. } => Arc::new(open()?),
            Way::Elsewhere(provider) => provider,
        })
    }

    fn holding(&self, source: &KeySource, provider: Provider) -> Held {
        Held { kind: source.kind(), place: source.place().unwrap_or(&self.place).clone(), provider }
    }

    /// The way to a key. Asks nobody yet.
    fn way(&self, source: &KeySource) -> Result<Way, KeyError> {
        let here = |what: String, open: Box<Open>| Ok(Way::Here { name: format!("{}:{what}", source.kind()), open });
        match source {
            KeySource::File(key) => {
                let path = key.path.clone().unwrap_or_else(|| self.default_file.clone());
                here(path.display().to_string(), Box::new(move || FileProvider::open(&path)))
            }
            KeySource::Passphrase(key) => {
                let (path, passphrase) = (key.path.clone(), key.passphrase_file.clone());
                let open = move || FileProvider::open_with_passphrase_file(&path, &passphrase);
                here(key.path.display().to_string(), Box::new(open))
            }
            KeySource::Credential(key) => {
                let name = key.name.clone();
                here(key.name.clone(), Box::new(move || FileProvider::open_credential(&name)))
            }
            KeySource::Pkcs11(key) => {
                let place = Pkcs11Place {
                    module: key.module.clone(),
                    token: key.token.clone(),
                    key: key.key.clone(),
                    key_ident: key.key_ident.as_deref().and_then(|ident| hex::decode(ident).ok()),
                    pin: key.pin_file.clone(),
                };
                Ok(Way::Elsewhere(Arc::new(Pkcs11Provider::start(place, CALL)?)))
            }
            KeySource::Vault(key) => {
                let peer = Peer { url: key.url.clone(), ca: key.ca.clone(), networks: self.networks.clone() };
                let token = key.token_file.clone();
                let provider = VaultProvider::new(Arc::new(peer), &key.name, &key.mount, &key.key, token)?;
                // On a thread of its own, which may block; and while the peer hangs, nobody else waits for it.
                Ok(Way::Elsewhere(Arc::new(Deadline::new(Arc::new(provider), CALL)?)))
            }
        }
    }
}
