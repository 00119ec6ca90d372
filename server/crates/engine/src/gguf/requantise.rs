//! Rewriting a model's matrices in another quantisation.
//!
//! Metadata is copied byte for byte (the tokenizer with it), only `general.file_type` and
//! `general.quantization_version` change. Matrices are converted a few rows at a time, so memory stays
//! bounded whatever the model's size.

use std::{
    borrow::Cow,
    fs::{self, File, OpenOptions},
    io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use candle_core::{
    Device,
    quantized::{GgmlDType, QStorage, QTensor},
};

use super::{
    GgufError, Header, Tensor,
    kind::{self, TensorKind},
};

/// What the matrices become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// `Q8_0`: the fastest type of this engine on a CPU, practically lossless.
    Q8_0,
}

impl Target {
    const fn kind_id(self) -> u32 {
        match self {
            Self::Q8_0 => kind::Q8_0,
        }
    }

    const fn dtype(self) -> GgmlDType {
        match self {
            Self::Q8_0 => GgmlDType::Q8_0,
        }
    }

    /// The value of `general.file_type` (the specification's `LLAMA_FTYPE` numbers).
    const fn file_type(self) -> u32 {
        match self {
            Self::Q8_0 => 7,
        }
    }
}

/// Weights converted at a time: 16 MiB as 32-bit floats.
const CHUNK_WEIGHTS: u64 = 4 * 1024 * 1024;

/// Writes `output` as `input` with its matrices in `target`; `output` appears whole or not at all.
///
/// # Errors
/// As [`Header::open`]; [`GgufError::Unsupported`] for a matrix the engine cannot read;
/// [`GgufError::NoSpace`] when the disk is full. Nothing is left behind then.
pub fn requantise(input: &Path, output: &Path, target: Target) -> Result<(), GgufError> {
    let header = Header::open(input)?;
    let plan = header.tensors.iter().map(|tensor| plan(tensor, target)).collect::<Result<Vec<_>, _>>()?;
    let partial = partial_path(output);
    let result = write_all(input, &partial, &header, &plan, target)
        .and_then(|()| fs::rename(&partial, output).map_err(|error| GgufError::io("renaming the result", &error)))
        .and_then(|()| sync_parent(output));
    if result.is_err() {
        // Best effort: the error that matters is the one being returned.
        let _ = fs::remove_file(&partial);
    }
    result
}

fn partial_path(output: &Path) -> PathBuf {
    let mut name = output.file_name().unwrap_or_default().to_owned();
    name.push(".tmp");
    output.with_file_name(name)
}

fn sync_parent(path: &Path) -> Result<(), GgufError> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(parent)
        .and_then(|directory| directory.sync_all())
        .map_err(|error| GgufError::io("syncing the directory", &error))
}

/// A tensor, what it becomes, and how many bytes that takes.
struct Planned<'a> {
    tensor: &'a Tensor,
    convert: Option<GgmlDType>,
    kind_id: u32,
    bytes: u64,
}

fn plan(tensor: &Tensor, target: Target) -> Result<Planned<'_>, GgufError> {
    let keep = Planned { tensor, convert: None, kind_id: tensor.kind.id, bytes: tensor.span.end - tensor.span.start };
    let wanted = TensorKind::from_id(target.kind_id())
        .ok_or_else(|| GgufError::Unsupported("the target type is unknown".into()))?;
    let row = tensor.dimensions.first().copied().unwrap_or(1);
    if !tensor.is_matrix() || tensor.kind.id == wanted.id || row % wanted.block != 0 {
        return Ok(keep);
    }
    let from = tensor.kind.candle().ok_or_else(|| {
        GgufError::Unsupported(format!("tensor {} is {}, which cannot be converted", tensor.name, tensor.kind.name))
    })?;
    let bytes = tensor.weights() / wanted.block * wanted.bytes;
    Ok(Planned { tensor, convert: Some(from), kind_id: wanted.id, bytes })
}

fn write_all(
    input: &Path,
    partial: &Path,
    header: &Header,
    plan: &[Planned<'_>],
    target: Target,
) -> Result<(), GgufError> {
    let reading = |error: std::io::Error| GgufError::io("reading the model", &error);
    let writing = |error: std::io::Error| GgufError::io("writing the result", &error);
    let mut from = BufReader::new(File::open(input).map_err(reading)?);
    let file = OpenOptions::new().write(true).create(true).truncate(true).open(partial).map_err(writing)?;
    let mut to = BufWriter::with_capacity(1 << 20, file);

    let head = head_bytes(&mut from, header, plan, target).map_err(reading)?;
    to.write_all(&head).map_err(writing)?;
    let mut written = head.len() as u64;
    for planned in plan {
        pad(&mut to, &mut written, header.alignment).map_err(writing)?;
        from.seek(SeekFrom::Start(planned.tensor.span.start)).map_err(reading)?;
        match planned.convert {
            None => {
                let copied = std::io::copy(&mut (&mut from).take(planned.bytes), &mut to).map_err(writing)?;
                if copied != planned.bytes {
                    return Err(GgufError::Truncated(format!("tensor {} ends early", planned.tensor.name)));
                }
            }
            Some(dtype) => convert(&mut from, &mut to, planned, dtype, target)?,
        }
        written += planned.bytes;
    }
    pad(&mut to, &mut written, header.alignment).map_err(writing)?;
    let file = to.into_inner().map_err(|error| writing(error.into_error()))?;
    file.sync_all().map_err(writing)
}

/// Everything before the tensor data, padding not included.
fn head_bytes(
    from: &mut (impl Read + Seek),
    header: &Header,
    plan: &[Planned<'_>],
    target: Target,
) -> std::io::Result<Vec<u8>> {
    let replaced = [("general.file_type", target.file_type()), ("general.quantization_version", 2)];
    let kept = header.entries.iter().filter(|(key, _)| replaced.iter().all(|(other, _)| other != key));
    let kept = kept.collect::<Vec<_>>();

    let mut head = Vec::new();
    head.extend(b"GGUF");
    head.extend(header.version.to_le_bytes());
    head.extend((plan.len() as u64).to_le_bytes());
    head.extend(((kept.len() + replaced.len()) as u64).to_le_bytes());
    for (_, span) in kept {
        from.seek(SeekFrom::Start(span.start))?;
        from.take(span.end - span.start).read_to_end(&mut head)?;
    }
    for (key, number) in replaced {
        put_text(&mut head, key);
        head.extend(4_u32.to_le_bytes());
        head.extend(number.to_le_bytes());
    }
    let mut offset = 0_u64;
    for planned in plan {
        put_text(&mut head, &planned.tensor.name);
        head.extend(u32::try_from(planned.tensor.dimensions.len()).unwrap_or(0).to_le_bytes());
        for size in &planned.tensor.dimensions {
            head.extend(size.to_le_bytes());
        }
        head.extend(planned.kind_id.to_le_bytes());
        head.extend(offset.to_le_bytes());
        offset = (offset + planned.bytes).next_multiple_of(header.alignment);
    }
    Ok(head)
}

fn put_text(head: &mut Vec<u8>, text: &str) {
    head.extend((text.len() as u64).to_le_bytes());
    head.extend(text.as_bytes());
}

fn pad(to: &mut impl Write, written: &mut u64, alignment: u64) -> std::io::Result<()> {
    let missing = written.next_multiple_of(alignment) - *written;
    *written += missing;
    std::io::copy(&mut std::io::repeat(0).take(missing), to).map(|_| ())
}

fn convert(
    from: &mut impl Read,
    to: &mut impl Write,
    planned: &Planned<'_>,
    dtype: GgmlDType,
    target: Target,
) -> Result<(), GgufError> {
    let tensor = planned.tensor;
    let row = tensor.dimensions.first().copied().unwrap_or(1);
    let mut rows_left = tensor.weights() / row;
    let rows_at_once = (CHUNK_WEIGHTS / row).max(1);
    while rows_left > 0 {
        let rows = rows_left.min(rows_at_once);
        rows_left -= rows;
        let length = rows * row / tensor.kind.block * tensor.kind.bytes;
        let mut raw = Vec::new();
        let read = from.take(length).read_to_end(&mut raw);
        read.map_err(|error| GgufError::io("reading the model", &error))?;
        if raw.len() as u64 != length {
            return Err(GgufError::Truncated(format!("tensor {} ends early", tensor.name)));
        }
        let converted = convert_rows(raw, dtype, (rows, row), target)
            .map_err(|error| GgufError::Unsupported(format!("tensor {}: {error}", tensor.name)))?;
        to.write_all(&converted).map_err(|error| GgufError::io("writing the result", &error))?;
    }
    Ok(())
}

fn convert_rows(raw: Vec<u8>, dtype: GgmlDType, shape: (u64, u64), target: Target) -> candle_core::Result<Vec<u8>> {
    let size = |number: u64| usize::try_from(number).map_err(candle_core::Error::wrap);
    let shape = (size(shape.0)?, size(shape.1)?);
    let storage = QStorage::from_data(Cow::Owned(raw), &Device::Cpu, dtype)?;
    let weights = QTensor::new(storage, shape)?.dequantize(&Device::Cpu)?;
    Ok(QTensor::quantize(&weights, target.dtype())?.data()?.into_owned())
}
