//! API keys, session tokens, one-time passwords: made here, recognised here, never stored.
//!
//! An API key is `lwd_`, 32 base-62 digits (190 bits), and 6 more that are the CRC-32 of what precedes:
//! secret scanners can recognise it and a mistyped key is refused without asking the database. At rest
//! there is only a SHA-256, which is enough for secrets with this much entropy.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac as _};
use leeward_domain::{Ambient, Sha256Digest};
use sha2::Sha256;

const PREFIX: &str = "lwd_";
const RANDOM_DIGITS: usize = 32;
const CHECK_DIGITS: usize = 6;
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// No 0/O, 1/I/l: people type one-time passwords from paper.
const READABLE: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// An API key as its owner holds it. Not `Debug`, not `Display`: showing it is a deliberate act.
pub struct ApiKeySecret(String);

impl ApiKeySecret {
    /// A fresh key.
    #[must_use]
    pub fn mint(ambient: &Ambient) -> Self {
        let mut text = String::from(PREFIX);
        while text.len() < PREFIX.len() + RANDOM_DIGITS {
            // Bytes of 248 and more are dropped, so that every digit is equally likely.
            let digits = ambient.bytes::<64>().into_iter().filter(|byte| *byte < 248);
            let missing = PREFIX.len() + RANDOM_DIGITS - text.len();
            text.extend(digits.take(missing).map(|byte| char::from(BASE62[usize::from(byte % 62)])));
        }
        text.push_str(&checksum(&text));
        Self(text)
    }

    /// Recognises a key by its form and checksum.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let well_formed = text.len() == PREFIX.len() + RANDOM_DIGITS + CHECK_DIGITS
            && text.starts_with(PREFIX)
            && text.bytes().skip(PREFIX.len()).all(|byte| byte.is_ascii_alphanumeric());
        let (body, check) = text.split_at_checked(text.len().checked_sub(CHECK_DIGITS)?)?;
        (well_formed && check == checksum(body)).then(|| Self(text.to_owned()))
    }

    /// What is stored and looked up.
    #[must_use]
    pub fn hash(&self) -> Sha256Digest {
        Sha256Digest::of(self.0.as_bytes())
    }

    /// What lists show: the prefix and the first four digits.
    #[must_use]
    pub fn shown_prefix(&self) -> String {
        self.0.chars().take(PREFIX.len() + 4).collect()
    }

    /// The secret itself, to be shown to its owner once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

fn checksum(body: &str) -> String {
    let mut rest = crc32fast::hash(body.as_bytes());
    let mut digits = [b'0'; CHECK_DIGITS];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62[(rest % 62) as usize];
        rest /= 62;
    }
    digits.into_iter().map(char::from).collect()
}

/// The secret in a browser session's cookie.
pub struct SessionToken(String);

impl SessionToken {
    /// A fresh token of 256 bits.
    #[must_use]
    pub fn mint(ambient: &Ambient) -> Self {
        Self(URL_SAFE_NO_PAD.encode(ambient.bytes::<32>()))
    }

    /// Takes a cookie's value for a token; anything of the right length goes, the database knows the rest.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 43).then(|| Self(text.to_owned()))
    }

    /// What is stored and looked up.
    #[must_use]
    pub fn hash(&self) -> Sha256Digest {
        Sha256Digest::of(self.0.as_bytes())
    }

    /// The value of the cookie.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The session's CSRF token: derived, so it needs no storage, and useless without the cookie.
    #[must_use]
    pub fn csrf(&self) -> String {
        // HMAC takes a key of any length: this cannot fail.
        Hmac::<Sha256>::new_from_slice(self.0.as_bytes()).map_or_else(
            |_| String::new(),
            |mac| URL_SAFE_NO_PAD.encode(mac.chain_update(b"leeward csrf v1").finalize().into_bytes()),
        )
    }
}

/// A password for the first sign-in: 20 readable characters (100 bits) in groups of five.
#[must_use]
pub fn one_time_password(ambient: &Ambient) -> String {
    let digits = ambient.bytes::<20>().map(|byte| char::from(READABLE[usize::from(byte % 32)]));
    let groups: Vec<String> = digits.chunks(5).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_recognised_and_a_mistyped_one_is_not() {
        let ambient = crate::ambient::system();
        let key = ApiKeySecret::mint(&ambient);
        let text = key.reveal().to_owned();
        assert!(ApiKeySecret::parse(&text).is_some_and(|again| again.hash() == key.hash()));
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
            let mistyped = String::from_utf8(bytes).expect("ascii");
            assert!(ApiKeySecret::parse(&mistyped).is_none(), "{mistyped}");
        }
        for wrong in ["", "lwd_", "sk-123", "lwd_é", &"é".repeat(21)] {
            assert!(ApiKeySecret::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn csrf_tokens_differ_by_session_and_never_equal_the_token() {
        let ambient = crate::ambient::system();
        let (a, b) = (SessionToken::mint(&ambient), SessionToken::mint(&ambient));
        assert_ne!(a.csrf(), b.csrf());
        assert_ne!(a.csrf(), a.reveal());
        assert_eq!(a.csrf(), a.csrf());
        assert_eq!(one_time_password(&ambient).len(), 23);
    }
}
