//! Digests, checked again: a changed byte refuses to load.

use std::{fs::File, io::Read as _, path::Path};

use leeward_domain::{Sha256Digest, model::ModelManifest};
use sha2::{Digest as _, Sha256};

/// SHA-256 and length of a file, read in pieces.
///
/// # Errors
/// When it cannot be read.
pub fn digest_file(path: &Path) -> std::io::Result<(Sha256Digest, u64)> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut length = 0;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok((Sha256Digest::from_bytes(hasher.finalize().into()), length));
        }
        hasher.update(&buffer[..read]);
        length += read as u64;
    }
}

/// Nothing may lie beside the model's files, since the engine picks up strays; `folder` is empty or ends in `/`.
fn strays(manifest: &ModelManifest, dir: &Path, folder: &str) -> Result<(), String> {
    let place = dir.join(folder);
    let listing = std::fs::read_dir(&place).map_err(|error| format!("{}: {error}", place.display()))?;
    for entry in listing {
        let name = entry.map_err(|error| error.to_string())?.file_name();
        let stray = || format!("{} holds {} which the manifest does not list", place.display(), name.display());
        let listed = format!("{folder}{}", name.to_str().ok_or_else(stray)?);
        let below = format!("{listed}/");
        if manifest.files.iter().any(|file| file.name == listed) {
            continue;
        }
        if !folder.is_empty() || !manifest.files.iter().any(|file| file.name.starts_with(&below)) {
            return Err(stray());
        }
        strays(manifest, dir, &below)?;
    }
    Ok(())
}

/// Whether the model's directory holds exactly what the manifest says, byte for byte.
///
/// # Errors
/// What differs, for an operator.
pub fn check(manifest: &ModelManifest, dir: &Path) -> Result<(), String> {
    strays(manifest, dir, "")?;
    for file in &manifest.files {
        let path = dir.join(&file.name);
        let (sha256, _) = digest_file(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        if sha256 != file.sha256 {
            return Err(format!(
                "{} was changed since import: its SHA-256 is {sha256}, the manifest says {}; import the model again",
                path.display(),
                file.sha256
            ));
        }
    }
    Ok(())
}
