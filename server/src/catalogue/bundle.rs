//! Bundles: one file that carries a model into a room without a network, and says who vouches for it.
//!
//! A ZIP archive, nothing in it compressed (weights do not shrink), in this order: `manifest.json`, `signature`, the
//! model's files. The signature is of the manifest, the manifest names every file by its SHA-256 ([`sign_bundle`]).
//! Reading checks the signature first and takes nothing that the manifest does not name. Left out: trust itself, which is
//! a list of keys in the configuration.

use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, BufWriter, Read, Write as _},
    path::Path,
};

use anyhow::{Context as _, bail};
use leeward_domain::{
    Sha256Digest,
    model::{ModelFile, ModelManifest},
};
use leeward_ledger::{NoteError, Signer, VerifierKey, open_bundle, sign_bundle};
use sha2::{Digest as _, Sha256};
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::{
    WEIGHTS,
    import::{explain, make_folder},
};

const MANIFEST: &str = "manifest.json";
const SIGNATURE: &str = "signature";
/// The longest manifest, in bytes.
const MAX_MANIFEST: u64 = 1 << 20;
/// The longest signature, in bytes: what a signed note may have.
const MAX_SIGNATURE: u64 = 64 << 10;
/// How a ZIP archive begins.
const MAGIC: [u8; 4] = *b"PK\x03\x04";

/// Whether the file is an archive rather than weights.
///
/// # Errors
/// When it cannot be read.
pub fn is_one(file: &Path) -> io::Result<bool> {
    let mut magic = [0; 4];
    match File::open(file)?.read_exact(&mut magic) {
        Ok(()) => Ok(magic == MAGIC),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// Writes the model in `dir` to `out`, which must not exist yet, signed.
///
/// # Errors
/// When a file is not what the manifest says, `out` exists, or the disk is full; nothing is left at `out` then.
pub fn pack(manifest: &ModelManifest, dir: &Path, signer: &Signer, out: &Path) -> anyhow::Result<()> {
    let file = File::create_new(out).map_err(|error| explain(error, out))?;
    let packed = write(manifest, dir, signer, file);
    if packed.is_err() {
        // Best effort: it is a bundle to nobody.
        drop(std::fs::remove_file(out));
    }
    packed.with_context(|| out.display().to_string())
}

fn write(manifest: &ModelManifest, dir: &Path, signer: &Signer, file: File) -> anyhow::Result<()> {
    let json = serde_json::to_vec_pretty(manifest)?;
    let mut zip = ZipWriter::new(BufWriter::new(file));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(true);
    zip.start_file(MANIFEST, stored)?;
    zip.write_all(&json)?;
    zip.start_file(SIGNATURE, stored)?;
    zip.write_all(sign_bundle(signer, &json).as_bytes())?;
    for named in &manifest.files {
        let path = dir.join(&named.name);
        let mut from = File::open(&path).with_context(|| path.display().to_string())?;
        zip.start_file(&named.name, stored)?;
        let sha256 = copy(&mut from, &mut zip)?;
        if sha256 != named.sha256 {
            bail!("{} is not what was imported: `leeward model verify` tells more", path.display());
        }
    }
    let file = zip.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok(file.sync_all()?)
}

/// Unpacks the files of a bundle into `dir`, if one of `trusted` signed it.
///
/// # Errors
/// That nobody trusted did, or what in it is not as it was signed; `dir` may hold parts of it then.
pub fn unpack(file: &Path, dir: &Path, trusted: &[VerifierKey]) -> anyhow::Result<ModelManifest> {
    let whose = || file.display().to_string();
    let mut zip = ZipArchive::new(File::open(file)?).with_context(|| format!("{} is no whole bundle", whose()))?;
    let json = small(&mut zip, MANIFEST, MAX_MANIFEST).with_context(whose)?;
    let note = small(&mut zip, SIGNATURE, MAX_SIGNATURE).with_context(whose)?;
    let note = String::from_utf8(note).with_context(whose)?;
    let key = open_bundle(&note, &json, trusted).map_err(|error| untrusted(file, &error))?.to_string();
    let mut manifest: ModelManifest = serde_json::from_slice(&json).with_context(whose)?;
    check_names(&manifest.files).with_context(whose)?;
    for named in &manifest.files {
        let mut from = zip.by_name(&named.name).with_context(|| format!("{} lacks {}", whose(), named.name))?;
        let target = dir.join(&named.name);
        make_folder(&target)?;
        let mut to = File::create_new(&target).map_err(|error| explain(error, &target))?;
        // One byte more than was signed is as wrong as one less.
        let mut from = (&mut from).take(named.bytes.saturating_add(1));
        let sha256 = copy(&mut from, &mut to).with_context(whose)?;
        if sha256 != named.sha256 {
            bail!("{}: {} is not what was signed; fetch the bundle again", whose(), named.name);
        }
    }
    manifest.vouched_by = Some(key);
    Ok(manifest)
}

/// One file by the name that the store gives it, or several that stay in their directory, none twice.
///
/// # Errors
/// Which name it is that will not do.
pub(super) fn check_names(files: &[ModelFile]) -> anyhow::Result<()> {
    if let [only] = files {
        return if only.name == WEIGHTS {
            Ok(())
        } else {
            bail!("its one file is called {:?}, not {WEIGHTS}", only.name)
        };
    }
    let mut seen = BTreeSet::new();
    for file in files {
        let kept_for_others = [MANIFEST, SIGNATURE].contains(&file.name.as_str());
        if kept_for_others || !ModelFile::is_inside(&file.name) || !seen.insert(&file.name) {
            bail!("a file of it is called {:?}, which will not do", file.name);
        }
    }
    if seen.is_empty() { bail!("it has no files") } else { Ok(()) }
}

fn untrusted(file: &Path, error: &NoteError) -> anyhow::Error {
    anyhow::anyhow!(
        "{}: {error}; nobody in models.trusted_keys vouches for it. `leeward model key` prints the key where it was made",
        file.display()
    )
}

fn small(zip: &mut ZipArchive<File>, name: &str, limit: u64) -> anyhow::Result<Vec<u8>> {
    let file = zip.by_name(name).with_context(|| format!("it lacks {name}, so it is no bundle"))?;
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        bail!("its {name} has over {limit} bytes");
    }
    Ok(bytes)
}

/// Copies everything, and digests it on the way.
fn copy(from: &mut impl Read, to: &mut impl io::Write) -> io::Result<Sha256Digest> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 {
            return Ok(Sha256Digest::from_bytes(hasher.finalize().into()));
        }
        hasher.update(&buffer[..read]);
        to.write_all(&buffer[..read])?;
    }
}
