//! One name for a whole configuration, for the record of a start: two starts under the same values have the same one.

use leeward_domain::Sha256Digest;
use url::Url;

use super::Config;

impl Config {
    /// SHA-256 of every value in effect, defaults too, without the passwords that addresses may hold: those must not
    /// be guessed from it.
    #[must_use]
    pub fn digest(&self) -> Sha256Digest {
        let mut shown = self.clone();
        shown.database.url = shown.database.url.as_deref().map(without_password);
        match serde_json::to_vec(&shown) {
            Ok(bytes) => Sha256Digest::of(&bytes),
            Err(error) => unreachable!("a configuration is always JSON: {error}"),
        }
    }
}

/// The address without what may be a secret in it; one that cannot be read is all secret.
fn without_password(address: &str) -> String {
    let Ok(mut url) = Url::parse(address) else { return String::new() };
    let kept: Vec<_> = url.query_pairs().into_owned().filter(|(name, _)| name != "password").collect();
    url.set_query(None);
    if !kept.is_empty() {
        url.query_pairs_mut().extend_pairs(kept);
    }
    match url.set_password(None) {
        // It fails for an address without a host only, and that has no password.
        Ok(()) | Err(()) => url.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_follows_every_value_but_passwords() {
        let with = |url: &str, slots: u32| {
            let mut config = Config::default();
            config.database.url = Some(url.to_owned());
            config.engine.slots = slots;
            config.digest()
        };
        let one = with("postgres://leeward:first@db.example/leeward?sslmode=verify-full", 1);
        assert_eq!(one, with("postgres://leeward:second@db.example/leeward?sslmode=verify-full", 1));
        assert_eq!(one, with("postgres://leeward@db.example/leeward?password=third&sslmode=verify-full", 1));
        assert_ne!(one, with("postgres://leeward:first@db.example/leeward?sslmode=disable", 1));
        assert_ne!(one, with("postgres://leeward:first@other.example/leeward?sslmode=verify-full", 1));
        assert_ne!(one, with("postgres://leeward:first@db.example/leeward?sslmode=verify-full", 2));
        assert_ne!(one, Config::default().digest());
    }
}
