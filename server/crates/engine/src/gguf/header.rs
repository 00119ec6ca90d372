//! The header: metadata and the table of tensors, checked against the file's length.

use std::{
    collections::{BTreeMap, HashSet},
    fs::File,
    io::{BufReader, Read},
    ops::Range,
    path::Path,
};

use super::{GgufError, Value, kind::TensorKind, value::Source};

/// The most metadata entries a file may have; real files have tens.
pub const MAX_ENTRIES: u64 = 65_536;
/// The most tensors a file may have; the largest public models have thousands.
pub const MAX_TENSORS: u64 = 65_536;
/// The longest key or tensor name, in bytes (the specification's limit for keys).
const MAX_NAME_BYTES: u64 = 65_535;
/// The most dimensions of a tensor (`GGML_MAX_DIMS`).
const MAX_DIMENSIONS: u32 = 4;

/// One tensor of the table; its data is known to lie inside the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tensor {
    /// Its name, for example `blk.0.attn_q.weight`.
    pub name: String,
    /// Sizes, the fastest-moving dimension first.
    pub dimensions: Vec<u64>,
    /// How its weights are stored.
    pub kind: TensorKind,
    /// Where its bytes are, from the start of the file.
    pub span: Range<u64>,
}

impl Tensor {
    /// The number of weights.
    #[must_use]
    pub fn weights(&self) -> u64 {
        self.dimensions.iter().product()
    }

    /// Whether this is a matrix (and not a norm, a bias or a scalar).
    #[must_use]
    pub fn is_matrix(&self) -> bool {
        self.dimensions.len() >= 2 && self.dimensions.iter().skip(1).product::<u64>() > 1
    }
}

/// A header that has been verified.
#[derive(Debug)]
pub struct Header {
    /// The format's version: 2 or 3.
    pub version: u32,
    /// Metadata by key.
    pub metadata: BTreeMap<String, Value>,
    /// Where each metadata entry's bytes are (key, type and value), in file order.
    pub entries: Vec<(String, Range<u64>)>,
    /// The tensors, in file order.
    pub tensors: Vec<Tensor>,
    /// Tensor data is aligned to this many bytes.
    pub alignment: u64,
}

impl Header {
    /// Reads and verifies the header of the file at `path`.
    ///
    /// # Errors
    /// [`GgufError::NotGguf`], [`GgufError::Truncated`] and [`GgufError::Unsupported`] for what the file is;
    /// [`GgufError::Io`] when it cannot be read.
    pub fn open(path: &Path) -> Result<Self, GgufError> {
        let doing = format!("opening {}", path.display());
        let file = File::open(path).map_err(|error| GgufError::io(&doing, &error))?;
        let about = file.metadata().map_err(|error| GgufError::io(&doing, &error))?;
        if !about.is_file() {
            return Err(GgufError::NotGguf(format!("{} is not a regular file", path.display())));
        }
        Self::read(BufReader::with_capacity(1 << 20, file), about.len())
    }

    /// Reads and verifies a header; `length` is the length of the whole file.
    ///
    /// # Errors
    /// As [`Header::open`].
    pub fn read(reader: impl Read, length: u64) -> Result<Self, GgufError> {
        let mut source = Source::new(reader, length);
        let magic = source.u32("the magic number").map_err(|_| GgufError::NotGguf("it is too short".into()))?;
        if magic.to_le_bytes() != *b"GGUF" {
            return Err(GgufError::NotGguf("it does not begin with the bytes GGUF".into()));
        }
        let version = source.u32("the version")?;
        if !(2..=3).contains(&version) {
            return Err(GgufError::Unsupported(format!("GGUF version {version}; versions 2 and 3 are supported")));
        }
        let tensor_count = bounded(source.u64("the tensor count")?, MAX_TENSORS, "tensors")?;
        let entry_count = bounded(source.u64("the metadata count")?, MAX_ENTRIES, "metadata entries")?;
        // A key's length, a type and the smallest value; a name's length, dimensions, type and offset.
        source.expect_left(entry_count, 13, "the metadata")?;
        source.expect_left(tensor_count, 24, "the tensor table")?;

        let (metadata, entries) = read_metadata(&mut source, entry_count)?;
        let alignment = match metadata.get("general.alignment") {
            None => 32,
            Some(value) => value
                .as_u64()
                .filter(|&bytes| bytes > 0 && bytes % 8 == 0 && bytes <= 1 << 20)
                .ok_or_else(|| GgufError::NotGguf("general.alignment is not a multiple of 8".into()))?,
        };
        let tensors = read_tensors(&mut source, tensor_count, alignment)?;
        Ok(Self { version, metadata, entries, tensors, alignment })
    }

    /// A metadata text.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.metadata.get(key).and_then(Value::as_text)
    }

    /// A metadata number.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<u64> {
        self.metadata.get(key).and_then(Value::as_u64)
    }

    /// The token a metadata key such as `tokenizer.ggml.bos_token_id` points at.
    #[must_use]
    pub fn token(&self, key: &str) -> Option<&str> {
        let id = usize::try_from(self.number(key)?).ok()?;
        self.metadata.get("tokenizer.ggml.tokens")?.as_array()?.get(id)?.as_text()
    }
}

type Metadata = (BTreeMap<String, Value>, Vec<(String, Range<u64>)>);

fn read_metadata<R: Read>(source: &mut Source<R>, count: u64) -> Result<Metadata, GgufError> {
    let mut metadata = BTreeMap::new();
    let mut entries = Vec::new();
    for _ in 0..count {
        let start = source.position();
        let key = source.text(MAX_NAME_BYTES, "a metadata key")?;
        let kind = source.u32(&key)?;
        let value = source.value(kind, 0, &key)?;
        entries.push((key.clone(), start..source.position()));
        if metadata.insert(key.clone(), value).is_some() {
            return Err(GgufError::NotGguf(format!("metadata names {key} twice")));
        }
    }
    Ok((metadata, entries))
}

fn read_tensors<R: Read>(source: &mut Source<R>, count: u64, alignment: u64) -> Result<Vec<Tensor>, GgufError> {
    let mut seen = HashSet::new();
    let mut table = Vec::new();
    for _ in 0..count {
        let name = source.text(MAX_NAME_BYTES, "a tensor name")?;
        let rank = source.u32(&name)?;
        if rank > MAX_DIMENSIONS {
            return Err(GgufError::NotGguf(format!("tensor {name} claims {rank} dimensions")));
        }
        let mut dimensions = Vec::new();
        for _ in 0..rank {
            dimensions.push(source.u64(&name)?);
        }
        let id = source.u32(&name)?;
        let kind = TensorKind::from_id(id)
            .ok_or_else(|| GgufError::Unsupported(format!("tensor {name} has the unknown type {id}")))?;
        let offset = source.u64(&name)?;
        if !seen.insert(name.clone()) {
            return Err(GgufError::NotGguf(format!("the tensor table names {name} twice")));
        }
        table.push((name, dimensions, kind, offset));
    }
    let data = source.position().next_multiple_of(alignment);
    let length = source.length();
    table
        .into_iter()
        .map(|(name, dimensions, kind, offset)| {
            let bytes = data_bytes(&name, &dimensions, kind)?;
            if offset % alignment != 0 {
                return Err(GgufError::NotGguf(format!("tensor {name} is not aligned to {alignment} bytes")));
            }
            let start = data.checked_add(offset);
            let end = start.and_then(|start| start.checked_add(bytes));
            match (start, end) {
                (Some(start), Some(end)) if end <= length => Ok(Tensor { name, dimensions, kind, span: start..end }),
                (_, end) => Err(GgufError::Truncated(format!(
                    "tensor {name} needs bytes up to {}, the file has {length}",
                    end.map_or_else(|| "more than 2^64".to_owned(), |end| end.to_string()),
                ))),
            }
        })
        .collect()
}

fn data_bytes(name: &str, dimensions: &[u64], kind: TensorKind) -> Result<u64, GgufError> {
    let wrong = |why: &str| GgufError::NotGguf(format!("tensor {name} {why}"));
    if dimensions.contains(&0) {
        return Err(wrong("has an empty dimension"));
    }
    let weights = dimensions.iter().try_fold(1_u64, |all, &size| all.checked_mul(size));
    let weights = weights.ok_or_else(|| wrong("has more than 2^64 weights"))?;
    let row = dimensions.first().copied().unwrap_or(1);
    if row % kind.block != 0 {
        return Err(wrong(&format!("has rows of {row} weights, {} needs multiples of {}", kind.name, kind.block)));
    }
    (weights / kind.block).checked_mul(kind.bytes).ok_or_else(|| wrong("has more than 2^64 bytes"))
}

fn bounded(count: u64, limit: u64, what: &str) -> Result<u64, GgufError> {
    if count > limit {
        return Err(GgufError::NotGguf(format!("it claims {count} {what}, at most {limit} are allowed")));
    }
    Ok(count)
}
