//! What a manifest records of a header.

use std::collections::BTreeMap;

use leeward_domain::model::ModelFacts;

use super::{GgufError, Header};

/// The facts of a verified header.
///
/// # Errors
/// [`GgufError::Unsupported`] when the header lacks what every language model has: an architecture, a
/// context length, tensors.
pub fn facts(header: &Header) -> Result<ModelFacts, GgufError> {
    let missing = |what: &str| GgufError::Unsupported(format!("the file has no {what}, so it is not a language model"));
    let architecture = header.text("general.architecture").ok_or_else(|| missing("general.architecture"))?;
    let key = format!("{architecture}.context_length");
    let context = header.number(&key).ok_or_else(|| missing(&key))?;
    let context_length = u32::try_from(context)
        .ok()
        .filter(|&length| length > 0)
        .ok_or_else(|| GgufError::Unsupported(format!("{key} is {context}")))?;

    let mut kinds = BTreeMap::<&str, usize>::new();
    for tensor in header.tensors.iter().filter(|tensor| tensor.is_matrix()) {
        *kinds.entry(tensor.kind.name).or_default() += 1;
    }
    let commonest = kinds.into_iter().max_by_key(|&(_, count)| count).ok_or_else(|| missing("weight tensors"))?;
    let parameters = header.tensors.iter().try_fold(0_u64, |all, tensor| all.checked_add(tensor.weights()));

    Ok(ModelFacts {
        architecture: architecture.to_owned(),
        context_length,
        quantisation: commonest.0.to_owned(),
        parameters: parameters.unwrap_or(u64::MAX),
        licence: header.text("general.license").map(str::to_owned),
        title: header.text("general.name").map(str::to_owned),
        kv_bytes_per_token: kv_bytes_per_token(header, architecture),
    })
}

/// Keys and values of one token in every layer, at 16 bits each. Latent attention and sliding windows keep less.
fn kv_bytes_per_token(header: &Header, architecture: &str) -> Option<u64> {
    let number = |key: &str| header.number(&format!("{architecture}.{key}"));
    let (layers, heads, width) = (number("block_count")?, number("attention.head_count")?, number("embedding_length")?);
    let kv_heads = number("attention.head_count_kv").unwrap_or(heads);
    let usual = width.checked_div(heads)?;
    let key = number("attention.key_length").unwrap_or(usual);
    let value = number("attention.value_length").unwrap_or(usual);
    layers.checked_mul(kv_heads)?.checked_mul(key.checked_add(value)?)?.checked_mul(2)
}
