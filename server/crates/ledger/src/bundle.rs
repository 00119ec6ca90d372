//! The signature of a model bundle: who vouches that these weights are what they were where they came from.
//!
//! A signed note (<https://c2sp.org/signed-note>) over the SHA-256 of the bundle's manifest, which names every file by
//! its own. The key is an appliance's log key under a name of its own, so that nothing it signs elsewhere passes here.

use leeward_domain::Sha256Digest;

use crate::note::{NoteError, Signer, VerifierKey};

/// The name of the key, which is also the first line of what it signs.
const NAME: &str = "leeward/models";

/// What verifies the bundles this key signs.
#[must_use]
pub fn bundle_key(signer: &Signer) -> VerifierKey {
    signer.verifier_named(NAME)
}

/// Signs a bundle with this manifest.
#[must_use]
pub fn sign_bundle(signer: &Signer, manifest: &[u8]) -> String {
    signer.sign_text(NAME, &text(manifest))
}

/// Which of `trusted` signed a bundle with this manifest.
///
/// # Errors
/// If none did; the reason is the last key's.
pub fn open_bundle<'a>(note: &str, manifest: &[u8], trusted: &'a [VerifierKey]) -> Result<&'a VerifierKey, NoteError> {
    let mut failure = NoteError::UnknownKey(NAME.to_owned());
    for key in trusted {
        match key.open(note) {
            Ok(signed) if signed == text(manifest) => return Ok(key),
            Ok(_) => failure = NoteError::Malformed("signed for another manifest"),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

fn text(manifest: &[u8]) -> String {
    format!("{NAME}\n{}\n", Sha256Digest::of(manifest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LogId;

    #[test]
    fn only_a_trusted_key_and_this_manifest_will_do() {
        let (ours, others) = (Signer::from_seed(&[1; 32]), Signer::from_seed(&[2; 32]));
        let trusted = [bundle_key(&others), bundle_key(&ours)];
        let note = sign_bundle(&ours, b"{}");
        assert_eq!(open_bundle(&note, b"{}", &trusted), Ok(&trusted[1]));
        assert_eq!(open_bundle(&note, b"{ }", &trusted), Err(NoteError::Malformed("signed for another manifest")));
        assert!(matches!(open_bundle(&note, b"{}", &trusted[..1]), Err(NoteError::UnknownKey(_))));
        assert!(open_bundle(&note, b"{}", &[ours.verifier_key(&LogId::Platform)]).is_err(), "another name");
        assert!(open_bundle(&note, b"{}", &[]).is_err());
    }
}
