//! DeepSeek's values, made as wide as its keys.
//!
//! On a CPU the engine's attention takes the width of a value to be that of a key (`dv = d` in mistral.rs 0.8.1,
//! `attention/backends/cpu.rs`). DeepSeek's values are narrower (128 and 192 in V2 and V3), so it reads past each of
//! them, and its result does not fit the matrix that comes next. Values filled up with zeros give the same sums:
//! `kv_b_proj` gets rows of zeros, `o_proj` the columns that meet them, and `v_head_dim` says so. Both lie in files in
//! memory until the model is loaded; the directory stays as it is.

use std::{
    fs::File,
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    os::fd::AsRawFd as _,
    path::PathBuf,
};

use rustix::fs::{MemfdFlags, memfd_create};
use serde_json::{Map, Value, json};

use super::load::LoadError;
use crate::directory::{Directory, LatentHeads, Tensor, name};

/// Files in memory; they are gone when this is.
pub(super) struct Widened {
    config: File,
    weights: File,
}

impl Widened {
    /// The widened tensors and a configuration to go with them; `None` where nothing is to be done.
    pub(super) fn of(directory: &Directory, heads: Option<LatentHeads>) -> Result<Option<Self>, LoadError> {
        let elsewhere = cfg!(any(feature = "cuda", feature = "metal"));
        let Some(heads) = heads.filter(|heads| heads.value < heads.key && !elsewhere) else { return Ok(None) };
        let failed = |error: String| LoadError(format!("the values could not be made as wide as the keys: {error}"));
        let config = config(directory, heads).map_err(failed)?;
        let weights = weights(directory, heads).map_err(failed)?;
        Ok(Some(Self { config, weights }))
    }

    /// Where the configuration is.
    pub(super) fn config(&self) -> PathBuf {
        path(&self.config)
    }

    /// Where the tensors are, which stand for those of the same name in the directory.
    pub(super) fn weights(&self) -> PathBuf {
        path(&self.weights)
    }
}

fn path(file: &File) -> PathBuf {
    format!("/proc/self/fd/{}", file.as_raw_fd()).into()
}

fn in_memory(name: &str) -> Result<File, String> {
    memfd_create(name, MemfdFlags::CLOEXEC).map(File::from).map_err(|error| format!("no file in memory: {error}"))
}

fn config(directory: &Directory, heads: LatentHeads) -> Result<File, String> {
    let text = std::fs::read(directory.file(name::CONFIG)).map_err(|error| error.to_string())?;
    let mut config: Map<String, Value> = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    config.insert("v_head_dim".into(), heads.key.into());
    let mut file = in_memory("config")?;
    file.write_all(Value::Object(config).to_string().as_bytes()).map_err(|error| error.to_string())?;
    Ok(file)
}

/// A tensor's rows cut into pieces, and the zeros that follow each piece.
struct Plan<'a> {
    from: &'a File,
    tensor: &'a Tensor,
    shape: [u64; 2],
    piece: u64,
    zeros: u64,
}

fn weights(directory: &Directory, heads: LatentHeads) -> Result<File, String> {
    let mut files = Vec::with_capacity(directory.weights.len());
    for path in &directory.weights {
        files.push(File::open(path).map_err(|error| format!("{}: {error}", path.display()))?);
    }
    let mut plans = Vec::new();
    for (place, tensor) in directory.tensors.values() {
        let from = files.get(*place).ok_or("a file is gone")?;
        plans.extend(plan(from, tensor, heads)?);
    }
    let (mut header, mut end) = (Map::new(), 0_u64);
    for plan in &plans {
        let bytes = plan.bytes();
        let entry = json!({ "dtype": plan.tensor.dtype, "shape": plan.shape, "data_offsets": [end, end + bytes] });
        header.insert(plan.tensor.name.clone(), entry);
        end += bytes;
    }
    let mut header = Value::Object(header).to_string().into_bytes();
    header.resize(header.len().next_multiple_of(8), b' ');
    let mut to = in_memory("weights")?;
    let length = (header.len() as u64).to_le_bytes();
    to.write_all(&[&length[..], &header].concat()).map_err(|error| error.to_string())?;
    for plan in &plans {
        plan.write(&mut to).map_err(|error| format!("{}: {error}", plan.tensor.name))?;
    }
    Ok(to)
}

fn plan<'a>(from: &'a File, tensor: &'a Tensor, heads: LatentHeads) -> Result<Option<Plan<'a>>, String> {
    let LatentHeads { heads, key_plain, key, value } = heads;
    let values = tensor.name.ends_with(".self_attn.kv_b_proj.weight");
    if !values && !tensor.name.ends_with(".self_attn.o_proj.weight") {
        return Ok(None);
    }
    let odd = || format!("{} has the shape {:?}, which does not fit config.json", tensor.name, tensor.shape);
    let &[rows, columns] = tensor.shape.as_slice() else { return Err(odd()) };
    let (expected, had) = if values { (heads * (key_plain + value), rows) } else { (heads * value, columns) };
    if had != expected || tensor.weights == 0 {
        return Err(odd());
    }
    let element = (tensor.span.end - tensor.span.start) / tensor.weights;
    let (shape, piece, zeros) = if values {
        // A head's rows: those of its key's plain part, then its value's.
        ([heads * (key_plain + key), columns], (key_plain + value) * columns, (key - value) * columns)
    } else {
        // A row's columns: each head's value.
        ([rows, heads * key], value, key - value)
    };
    Ok(Some(Plan { from, tensor, shape, piece: piece * element, zeros: zeros * element }))
}

impl Plan<'_> {
    fn bytes(&self) -> u64 {
        let had = self.tensor.span.end - self.tensor.span.start;
        had / self.piece * (self.piece + self.zeros)
    }

    fn write(&self, to: &mut File) -> Result<(), String> {
        let whole = || -> std::io::Result<Vec<u8>> {
            let mut from = self.from;
            from.seek(SeekFrom::Start(self.tensor.span.start))?;
            let mut bytes = Vec::new();
            from.take(self.tensor.span.end - self.tensor.span.start).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let bytes = whole().map_err(|error| error.to_string())?;
        let size = |number: u64| usize::try_from(number).map_err(|error| error.to_string());
        let (piece, zeros) = (size(self.piece)?, size(self.zeros)?);
        let mut widened = Vec::with_capacity(size(self.bytes())?);
        for piece in bytes.chunks(piece) {
            widened.extend_from_slice(piece);
            widened.resize(widened.len() + zeros, 0);
        }
        to.write_all(&widened).map_err(|error| error.to_string())
    }
}
