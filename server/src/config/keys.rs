//! `[keys]`: who holds the key-encryption keys.
//!
//! A [`KeySource`] is one key and the way to it; the section says which wraps what. To add a kind: a variant with its
//! fields and its check here, how it is opened in [`crate::keys`], its rows in docs/operations.md and docs/keys.md.

use std::{collections::BTreeMap, path::PathBuf};

use leeward_domain::residency::Place;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Config, sinks::on_this_machine};
use crate::outbound::{Guard, Outbound};

/// `[keys]`
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeysSection {
    /// The key over all tenants' keys and the appliance's own, but for the tenants below.
    pub house: KeySource,
    /// Keys that still open what they wrapped for the house, until all of it is rewrapped.
    pub older: Vec<KeySource>,
    /// Tenants, by id or name, whose key is under one of their own. No other opens it, the house's neither.
    pub tenants: BTreeMap<String, KeySource>,
    /// For those tenants, keys that still open what they wrapped: the house's, for a tenant that comes from it.
    pub tenants_older: BTreeMap<String, Vec<KeySource>>,
}

/// One key-encryption key and the way to it. `provider` says which kind.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(tag = "provider", rename_all = "snake_case")]
pub enum KeySource {
    /// A file.
    File(FileKey),
    /// A file under a passphrase.
    Passphrase(PassphraseKey),
    /// A systemd credential.
    Credential(CredentialKey),
    /// A PKCS#11 token.
    Pkcs11(Pkcs11Key),
    /// A transit engine of HashiCorp Vault or OpenBao.
    Vault(VaultKey),
}

impl Default for KeySource {
    fn default() -> Self {
        Self::File(FileKey::default())
    }
}

/// `provider = "file"`
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct FileKey {
    /// The key file, mode 0600. Unset, `keys/kek` in `data.dir`.
    pub path: Option<PathBuf>,
    /// Where the key stands. Unset, where this appliance does.
    pub place: Option<Place>,
}

/// `provider = "passphrase"`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PassphraseKey {
    /// The key file, mode 0600.
    pub path: PathBuf,
    /// A file of mode 0600 with the passphrase on its one line.
    pub passphrase_file: PathBuf,
    /// Where the key stands. Unset, where this appliance does.
    #[serde(default)]
    pub place: Option<Place>,
}

/// `provider = "credential"`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CredentialKey {
    /// The credential's name in the unit.
    pub name: String,
    /// Where the key stands. Unset, where this appliance does.
    #[serde(default)]
    pub place: Option<Place>,
}

/// `provider = "pkcs11"`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Pkcs11Key {
    /// The vendor's library, by its whole path.
    pub module: PathBuf,
    /// The token's label.
    pub token: String,
    /// The key's label.
    pub key: String,
    /// The key's `CKA_ID` in hexadecimal, where the label alone is not enough.
    #[serde(default)]
    pub key_ident: Option<String>,
    /// A file of mode 0600 with the user's PIN.
    pub pin_file: PathBuf,
    /// Where the token stands. Unset, where this appliance does.
    #[serde(default)]
    pub place: Option<Place>,
}

/// `provider = "vault"`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct VaultKey {
    /// What the peer is called here. It is part of the key's id: never rename it.
    #[serde(default = "vault")]
    pub name: String,
    /// Its origin, which must be in `outbound.allow`; plain `http` on this machine only.
    pub url: Url,
    /// Where the transit engine is mounted.
    #[serde(default = "transit")]
    pub mount: String,
    /// The key's name there.
    pub key: String,
    /// A file of mode 0600 with the token, read at each call.
    pub token_file: PathBuf,
    /// PEM file with the certificate authorities to trust. Unset, those of the operating system.
    #[serde(default)]
    pub ca: Option<PathBuf>,
    /// Where the peer stands. Unset, where this appliance does.
    #[serde(default)]
    pub place: Option<Place>,
}

fn vault() -> String {
    "vault".to_owned()
}

fn transit() -> String {
    "transit".to_owned()
}

impl KeySource {
    /// What kind it is, as configured.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::File(_) => "file",
            Self::Passphrase(_) => "passphrase",
            Self::Credential(_) => "credential",
            Self::Pkcs11(_) => "pkcs11",
            Self::Vault(_) => "vault",
        }
    }

    /// Where it is declared to stand.
    #[must_use]
    pub const fn place(&self) -> Option<&Place> {
        match self {
            Self::File(key) => key.place.as_ref(),
            Self::Passphrase(key) => key.place.as_ref(),
            Self::Credential(key) => key.place.as_ref(),
            Self::Pkcs11(key) => key.place.as_ref(),
            Self::Vault(key) => key.place.as_ref(),
        }
    }
}

impl KeysSection {
    /// Every source, and the configuration key it is under.
    fn sources(&self) -> impl Iterator<Item = (String, &KeySource)> {
        let older = self.older.iter().map(|source| ("keys.older".to_owned(), source));
        let tenants = self.tenants.iter().map(|(tenant, source)| (format!("keys.tenants.{tenant}"), source));
        let former = self.tenants_older.iter().flat_map(|(tenant, sources)| {
            sources.iter().map(move |source| (format!("keys.tenants_older.{tenant}"), source))
        });
        std::iter::once(("keys.house".to_owned(), &self.house)).chain(older).chain(tenants).chain(former)
    }

    /// What is wrong with it, and what to do.
    ///
    /// # Errors
    /// The first fault.
    pub(super) fn check(&self, config: &Config) -> Result<(), String> {
        if let Some(tenant) = self.tenants_older.keys().find(|tenant| !self.tenants.contains_key(*tenant)) {
            return Err(format!("keys.tenants_older.{tenant} has no keys.tenants.{tenant}: say what its key is now"));
        }
        let mut peers: BTreeMap<&str, &Url> = BTreeMap::new();
        for (at, source) in self.sources() {
            let fault = |what: String| Err(format!("{at}: {what}"));
            if let Some(first) = source.place().and_then(|place| place.check().err()?.into_iter().next()) {
                return fault(first.to_string());
            }
            match source {
                KeySource::File(_) | KeySource::Passphrase(_) | KeySource::Credential(_) => {}
                KeySource::Pkcs11(key) => {
                    if !key.module.is_absolute() {
                        return fault(
                            "module must be an absolute path: a library is code, and never looked for".into(),
                        );
                    }
                    if key.key_ident.as_ref().is_some_and(|ident| hex::decode(ident).is_err()) {
                        return fault("key_ident must be hexadecimal digits".into());
                    }
                }
                KeySource::Vault(key) => {
                    if let Err(what) = key.check(config) {
                        return fault(what);
                    }
                    let known = *peers.entry(&key.name).or_insert(&key.url);
                    if known != &key.url {
                        return fault(format!("name {:?} is {known} elsewhere: give each peer its own name", key.name));
                    }
                }
            }
        }
        Ok(())
    }
}

impl VaultKey {
    fn check(&self, config: &Config) -> Result<(), String> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let is_name = |name: &str| !name.is_empty() && name.chars().all(plain) && name.chars().any(|c| c != '.');
        if !self.mount.split('/').chain([self.name.as_str(), &self.key]).all(is_name) {
            return Err("name, mount and key are of letters, digits, '-', '_' and '.' (and '/' in mount)".into());
        }
        let whole = matches!(self.url.path(), "" | "/") && self.url.query().is_none() && self.url.host().is_some();
        if !whole || !matches!(self.url.scheme(), "https" | "http") {
            return Err(format!("url is {}: write https, host and port only", self.url));
        }
        if self.url.scheme() == "http" && !on_this_machine(&self.url) {
            return Err("keys leave this machine over TLS only: use https://".into());
        }
        // What is allowed, as the client will ask.
        Outbound::new(&config.outbound.allow, Guard::new(&config.outbound.networks))
            .check(&self.url)
            .map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, KeySource, Overrides};

    fn load(text: &str) -> Result<Config, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        Config::load(Some(file.path()), Overrides::default()).map_err(|error| error.to_string())
    }

    const VAULT: &str = r#"provider = "vault"
        url = "https://vault.example.org:8200"
        key = "leeward"
        token_file = "/run/token"
    "#;

    #[test]
    fn every_kind_is_read_and_the_default_is_the_file() {
        assert!(matches!(load("").unwrap().keys.house, KeySource::File(file) if file.path.is_none()));
        let text = format!(
            r#"
            [outbound]
            allow = ["https://vault.example.org:8200"]
            [keys.house]
            provider = "pkcs11"
            module = "/usr/lib/token.so"
            token = "leeward"
            key = "kek"
            pin_file = "/etc/leeward/pin"
            place = {{ site = "vault-hall", region = "north", jurisdiction = "ES", ceiling = "restricted" }}
            [[keys.older]]
            provider = "file"
            [[keys.older]]
            provider = "passphrase"
            path = "/mnt/kek"
            passphrase_file = "/mnt/passphrase"
            [keys.tenants.energia]
            {VAULT}
            [[keys.tenants_older.energia]]
            provider = "credential"
            name = "leeward-kek"
            "#
        );
        let keys = load(&text).unwrap().keys;
        assert_eq!(keys.house.kind(), "pkcs11");
        assert_eq!(keys.house.place().map(|place| place.site.as_str()), Some("vault-hall"));
        assert_eq!(keys.older.iter().map(KeySource::kind).collect::<Vec<_>>(), ["file", "passphrase"]);
        assert!(matches!(&keys.tenants["energia"], KeySource::Vault(key) if key.mount == "transit"));
        assert_eq!(keys.tenants_older["energia"][0].kind(), "credential");
    }

    #[test]
    fn what_does_not_go_together_is_refused_by_name() {
        let allow = "[outbound]\nallow = [\"https://vault.example.org:8200\", \"http://vault.example.org\"]\n";
        for (text, said) in [
            (format!("[keys.house]\n{VAULT}"), "outbound.allow"),
            (format!("{allow}[keys.house]\n{}", VAULT.replace(":8200", ":8201")), "outbound.allow"),
            (format!("{allow}[keys.house]\n{}", VAULT.replace("https", "http").replace(":8200", "")), "over TLS only"),
            (format!("{allow}[keys.house]\n{}", VAULT.replace("8200", "8200/v1")), "host and port only"),
            (format!("{allow}[keys.house]\n{}", VAULT.replace("\"leeward\"", "\"../leeward\"")), "letters, digits"),
            (format!("{allow}[keys.house]\n{VAULT}\nmouth = \"transit\""), "mouth"),
            (format!("{allow}[[keys.tenants_older.energia]]\n{VAULT}"), "has no keys.tenants.energia"),
            ("[keys.house]\nprovider = \"kmip\"".to_owned(), "kmip"),
            ("[keys.house]\nprovider = \"file\"\npth = \"x\"".to_owned(), "pth"),
            ("[keys.house]\nprovider = \"passphrase\"\npath = \"x\"".to_owned(), "passphrase_file"),
            (
                "[keys.house]\nprovider = \"pkcs11\"\nmodule = \"token.so\"\ntoken = \"a\"\nkey = \"b\"\n\
                 pin_file = \"/p\""
                    .to_owned(),
                "absolute",
            ),
        ] {
            let error = load(&text).unwrap_err();
            assert!(error.contains(said), "{said}: {error}");
        }
    }

    #[test]
    fn two_peers_do_not_share_a_name() {
        let text = format!(
            "[outbound]\nallow = [\"https://vault.example.org:8200\", \"https://other.example.org\"]\n\
             [keys.house]\n{VAULT}[[keys.older]]\n{}",
            VAULT.replace("vault.example.org:8200", "other.example.org")
        );
        assert!(load(&text).unwrap_err().contains("its own name"));
        let named = text.replace("[[keys.older]]", "[[keys.older]]\nname = \"other\"");
        assert!(load(&named).is_ok(), "{:?}", load(&named));
    }
}
