//! The header of a safetensors file: its tensors, checked against the file's length.
//!
//! A 64-bit little-endian length, that many bytes of JSON, then the data, without gaps
//! (<https://github.com/huggingface/safetensors#format>).

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufReader, Read},
    ops::Range,
    path::Path,
};

use serde::Deserialize;

use super::DirectoryError;

/// The longest header in bytes, as the format's own library has it.
const MAX_HEADER_BYTES: u64 = 100_000_000;
/// The most tensors of one file; a whole model of the largest kind has a hundred thousand, in over a hundred files.
const MAX_TENSORS: usize = 65_536;
/// The most dimensions of a tensor.
const MAX_DIMENSIONS: usize = 8;

/// One tensor; its data is known to lie inside the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tensor {
    /// Its name, for example `model.layers.0.self_attn.q_proj.weight`.
    pub name: String,
    /// Sizes, the slowest-moving dimension first.
    pub shape: Vec<u64>,
    /// The name of its weights' type, for example `BF16`.
    pub dtype: String,
    /// How many weights it has.
    pub weights: u64,
    /// Where its bytes are, from the start of the file.
    pub span: Range<u64>,
}

impl Tensor {
    /// Whether this is a matrix (and not a norm or a bias).
    #[must_use]
    pub fn is_matrix(&self) -> bool {
        self.shape.len() >= 2
    }
}

#[derive(Deserialize)]
struct Table {
    #[serde(rename = "__metadata__", default)]
    _metadata: BTreeMap<String, String>,
    #[serde(flatten)]
    tensors: BTreeMap<String, Entry>,
}

#[derive(Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<u64>,
    data_offsets: (u64, u64),
}

/// Reads and verifies the header of the file at `path`.
///
/// # Errors
/// [`DirectoryError::NotAModel`], [`DirectoryError::Truncated`] and [`DirectoryError::Unsupported`] for what the file is;
/// [`DirectoryError::Io`] when it cannot be read.
pub fn open(path: &Path) -> Result<Vec<Tensor>, DirectoryError> {
    let io = |error: std::io::Error| DirectoryError::Io(format!("{}: {error}", path.display()));
    let file = File::open(path).map_err(io)?;
    let length = file.metadata().map_err(io)?.len();
    read(BufReader::new(file), length).map_err(|error| error.about(path))
}

/// Reads and verifies a header; `length` is the length of the whole file.
///
/// # Errors
/// As [`open`].
pub fn read(mut reader: impl Read, length: u64) -> Result<Vec<Tensor>, DirectoryError> {
    let wrong = |why: String| DirectoryError::NotAModel(format!("no safetensors file: {why}"));
    let mut prefix = [0; 8];
    reader.read_exact(&mut prefix).map_err(|_| DirectoryError::Truncated("it has under 8 bytes".into()))?;
    let header = u64::from_le_bytes(prefix);
    if header > MAX_HEADER_BYTES {
        return Err(wrong(format!("it claims a header of {header} bytes, at most {MAX_HEADER_BYTES} are allowed")));
    }
    let Some(data) = length.checked_sub(8 + header) else {
        return Err(DirectoryError::Truncated(format!("the header needs {header} bytes, the file has {length}")));
    };
    let mut json = Vec::new();
    let read = reader.take(header).read_to_end(&mut json);
    read.map_err(|error| DirectoryError::Io(error.to_string()))?;
    let table: Table = serde_json::from_slice(&json).map_err(|error| wrong(format!("its header: {error}")))?;
    if table.tensors.len() > MAX_TENSORS {
        return Err(wrong(format!("it has {} tensors, at most {MAX_TENSORS} are allowed", table.tensors.len())));
    }
    let mut spans = Vec::with_capacity(table.tensors.len());
    let mut tensors = Vec::with_capacity(table.tensors.len());
    for (name, entry) in table.tensors {
        let (start, end) = entry.data_offsets;
        spans.push((start, end));
        tensors.push(tensor(name, entry, 8 + header)?);
    }
    spans.sort_unstable();
    let mut at = 0;
    for (start, end) in spans {
        if start != at || end < start {
            return Err(wrong(format!("its data overlaps or has a gap at byte {at}")));
        }
        at = end;
    }
    if at > data {
        return Err(DirectoryError::Truncated(format!("the tensors need {at} bytes, the file has {data}")));
    }
    if at < data {
        return Err(wrong(format!("{} bytes follow its last tensor", data - at)));
    }
    Ok(tensors)
}

fn tensor(name: String, entry: Entry, data: u64) -> Result<Tensor, DirectoryError> {
    let wrong = |why: &str| DirectoryError::NotAModel(format!("no safetensors file: tensor {name} {why}"));
    let Some(size) = bytes_of(&entry.dtype) else {
        let detail = format!("tensor {name} is {}, which this engine cannot read", entry.dtype);
        return Err(DirectoryError::Unsupported(detail));
    };
    if entry.shape.len() > MAX_DIMENSIONS {
        return Err(wrong("has too many dimensions"));
    }
    let weights = entry.shape.iter().try_fold(1_u64, |all, &size| all.checked_mul(size));
    let weights = weights.ok_or_else(|| wrong("has more than 2^64 weights"))?;
    let (start, end) = entry.data_offsets;
    if end.checked_sub(start).is_none() || weights.checked_mul(size) != end.checked_sub(start) {
        return Err(wrong("has other bytes than its shape says"));
    }
    let span = data.saturating_add(start)..data.saturating_add(end);
    Ok(Tensor { name, shape: entry.shape, dtype: entry.dtype, weights, span })
}

/// Bytes of one weight of this type.
fn bytes_of(dtype: &str) -> Option<u64> {
    Some(match dtype {
        "F64" | "I64" | "U64" => 8,
        "F32" | "I32" | "U32" => 4,
        "F16" | "BF16" | "I16" | "U16" => 2,
        "I8" | "U8" | "BOOL" | "F8_E4M3" | "F8_E5M2" => 1,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(header: &str, data: usize) -> Vec<u8> {
        [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &vec![0; data]].concat()
    }

    fn code(bytes: &[u8]) -> Result<usize, &'static str> {
        read(bytes, bytes.len() as u64).map(|tensors| tensors.len()).map_err(|error| error.code())
    }

    const TWO: &str = r#"{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},
        "b":{"dtype":"BF16","shape":[3],"data_offsets":[16,22]}}"#;

    #[test]
    fn a_whole_file_is_read_and_one_cut_anywhere_is_not() {
        let whole = file(TWO, 22);
        let tensors = read(&whole[..], whole.len() as u64).unwrap();
        assert_eq!((tensors[0].is_matrix(), tensors[0].weights, tensors[1].dtype.as_str()), (true, 4, "BF16"));
        assert!(!tensors[1].is_matrix());
        for length in 0..whole.len() {
            assert_eq!(code(&whole[..length]), Err("truncated"), "cut at {length}");
        }
        assert_eq!(code(&file(TWO, 23)), Err("not_a_model"));
    }

    #[test]
    fn headers_that_lie_are_refused() {
        let entry =
            |rest: &str| format!(r#"{{"a":{{"dtype":"F32","shape":[2],"data_offsets":[0,8]}},"b":{{{rest}}}}}"#);
        let cases = [
            (r#""dtype":"F32","shape":[2],"data_offsets":[4,12]"#, "not_a_model"),
            (r#""dtype":"F32","shape":[2],"data_offsets":[12,20]"#, "not_a_model"),
            (r#""dtype":"F32","shape":[3],"data_offsets":[8,16]"#, "not_a_model"),
            (r#""dtype":"F32","shape":[2],"data_offsets":[16,8]"#, "not_a_model"),
            (r#""dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[8,16]"#, "not_a_model"),
            (r#""dtype":"F4","shape":[2],"data_offsets":[8,16]"#, "unsupported"),
            (r#""dtype":"F32","shape":[2]"#, "not_a_model"),
            (r#""dtype":"F32","shape":[2],"data_offsets":[8,16]"#, ""),
        ];
        for (rest, expected) in cases {
            let found = code(&file(&entry(rest), 8));
            if expected.is_empty() {
                // As it should be, but for the bytes that are missing.
                assert_eq!(found, Err("truncated"));
                assert_eq!(code(&file(&entry(rest), 16)), Ok(2));
            } else {
                assert_eq!(found, Err(expected), "{rest}");
            }
        }
        for lie in [u64::MAX, MAX_HEADER_BYTES + 1, 1 << 20] {
            let mut bytes = file(TWO, 22);
            bytes[..8].copy_from_slice(&lie.to_le_bytes());
            assert!(code(&bytes).is_err(), "{lie}");
        }
        assert_eq!(code(&file("[1]", 0)), Err("not_a_model"));
    }
}
