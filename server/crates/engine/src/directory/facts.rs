//! What a manifest records of a directory.

use std::collections::BTreeMap;

use leeward_domain::model::ModelFacts;

use super::{Directory, DirectoryError};

/// The facts of a checked directory.
///
/// # Errors
/// [`DirectoryError::NotAModel`] when there is no matrix in it.
pub fn facts(directory: &Directory) -> Result<ModelFacts, DirectoryError> {
    let mut types = BTreeMap::<&str, usize>::new();
    let tensors = || directory.tensors.values().map(|(_, tensor)| tensor);
    for tensor in tensors().filter(|tensor| tensor.is_matrix()) {
        *types.entry(tensor.dtype.as_str()).or_default() += 1;
    }
    let commonest = types.into_iter().max_by_key(|&(_, count)| count).map(|(name, _)| name.to_owned());
    let quantisation = commonest.ok_or_else(|| DirectoryError::NotAModel("there are no weights".into()))?;
    let parameters = tensors().fold(0_u64, |all, tensor| all.saturating_add(tensor.weights));
    let architecture = directory.config.architecture(directory.modules.is_some())?;
    Ok(ModelFacts {
        architecture: architecture.as_str().to_owned(),
        context_length: directory.config.max_position_embeddings,
        quantisation,
        parameters,
        licence: None,
        title: None,
        kv_bytes_per_token: if directory.modules.is_some() { Some(0) } else { directory.config.kv_bytes_per_token() },
    })
}
