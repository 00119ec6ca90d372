//! Hashes in lines: base64, each by itself or many side by side.

/// A list of texts, one for each hash.
pub(super) mod list {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use leeward_domain::Sha256Digest;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    use crate::tree::proof::decode;

    pub(in crate::export) fn serialize<S: Serializer>(hashes: &[Sha256Digest], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(hashes.iter().map(|hash| STANDARD.encode(hash.as_bytes())))
    }

    pub(in crate::export) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Sha256Digest>, D::Error> {
        let texts = Vec::<String>::deserialize(from)?;
        texts.iter().map(|text| decode(text).ok_or_else(|| D::Error::custom("not a hash in base64"))).collect()
    }
}

/// One text for all of them.
pub(super) mod packed {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use leeward_domain::Sha256Digest;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(in crate::export) fn serialize<S: Serializer>(hashes: &[Sha256Digest], to: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = hashes.iter().flat_map(Sha256Digest::as_bytes).copied().collect();
        to.serialize_str(&STANDARD.encode(bytes))
    }

    pub(in crate::export) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Sha256Digest>, D::Error> {
        let bytes = STANDARD.decode(String::deserialize(from)?).map_err(D::Error::custom)?;
        let (hashes, []) = bytes.as_chunks::<32>() else { return Err(D::Error::custom("not a row of hashes")) };
        Ok(hashes.iter().copied().map(Sha256Digest::from_bytes).collect())
    }
}
