//! DeepSeek's weights in the form that the engine needs on a CPU.
//!
//! Two things of mistral.rs 0.8.1 do not fit how the models' files are written:
//!
//! - Its attention takes the width of a value to be that of a key (`dv = d`, `attention/backends/cpu.rs`). DeepSeek's
//!   values are narrower (128 and 192 in V2 and V3), so it reads past each of them, and its result does not fit the
//!   matrix that comes next. Values filled up with zeros give the same sums: `kv_b_proj` gets rows of zeros, `o_proj`
//!   the columns that meet them, and `v_head_dim` says so.
//! - Of experts it knows one tensor for all of a layer (`PackedExperts`); where each has its own, it takes the weights to
//!   come later, and fails when it computes. So they are put together, transposed, as it wants them.
//!
//! The new tensors lie in a file in memory until the model is loaded, which takes as much memory again as the experts
//! have; the directory stays as it is. Elsewhere than on a CPU nothing is done.

use std::{
    fs::File,
    io::{BufWriter, Read as _, Seek as _, SeekFrom, Write},
    os::fd::AsRawFd as _,
    path::PathBuf,
};

use rustix::fs::{MemfdFlags, memfd_create};
use serde_json::{Map, Value, json};

use super::load::LoadError;
use crate::directory::{Directory, LatentHeads, Tensor, name};

/// What of a layer's experts the engine wants as one tensor each.
const TOGETHER: [(&str, &[&str]); 2] = [("gate_up_proj", &["gate_proj", "up_proj"]), ("down_proj", &["down_proj"])];

/// Files in memory; they are gone when this is.
pub(super) struct Reshaped {
    config: File,
    weights: File,
}

impl Reshaped {
    /// The tensors in another form and a configuration to go with them; `None` where nothing is to be done.
    pub(super) fn of(directory: &Directory) -> Result<Option<Self>, LoadError> {
        if cfg!(any(feature = "cuda", feature = "metal")) {
            return Ok(None);
        }
        let Some(heads) = directory.config.latent_heads() else { return Ok(None) };
        let failed = |error: String| LoadError(format!("the weights could not be brought into form: {error}"));
        let config = config(directory, heads).map_err(failed)?;
        let weights = weights(directory, heads).map_err(failed)?;
        Ok(Some(Self { config, weights }))
    }

    /// Where the configuration is.
    pub(super) fn config(&self) -> PathBuf {
        path(&self.config)
    }

    /// Where the tensors are; those that are in the directory, too, stand for them.
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

fn weights(directory: &Directory, heads: LatentHeads) -> Result<File, String> {
    let mut sources = Sources { directory, files: Vec::with_capacity(directory.weights.len()) };
    for path in &directory.weights {
        sources.files.push(File::open(path).map_err(|error| format!("{}: {error}", path.display()))?);
    }
    let mut plans = Vec::new();
    for (_, tensor) in directory.tensors.values() {
        plans.extend(widened(tensor, heads)?);
        plans.extend(together(directory, tensor)?);
    }
    let (mut header, mut end) = (Map::new(), 0_u64);
    for plan in &plans {
        let bytes = plan.shape.iter().product::<u64>() * plan.element;
        let entry = json!({ "dtype": plan.dtype, "shape": plan.shape, "data_offsets": [end, end + bytes] });
        header.insert(plan.name.clone(), entry);
        end += bytes;
    }
    let mut header = Value::Object(header).to_string().into_bytes();
    header.resize(header.len().next_multiple_of(8), b' ');
    let mut to = BufWriter::new(in_memory("weights")?);
    let length = (header.len() as u64).to_le_bytes();
    to.write_all(&[&length[..], &header].concat()).map_err(|error| error.to_string())?;
    for plan in &plans {
        plan.write(&sources, &mut to).map_err(|error| format!("{}: {error}", plan.name))?;
    }
    to.into_inner().map_err(|error| error.to_string())
}

/// The directory's files, open.
struct Sources<'a> {
    directory: &'a Directory,
    files: Vec<File>,
}

impl Sources<'_> {
    fn bytes(&self, name: &str) -> Result<Vec<u8>, String> {
        let (place, tensor) = self.directory.tensors.get(name).ok_or_else(|| format!("there is no tensor {name}"))?;
        let mut from = self.files.get(*place).ok_or("a file is gone")?;
        let mut bytes = Vec::new();
        from.seek(SeekFrom::Start(tensor.span.start)).map_err(|error| error.to_string())?;
        let length = tensor.span.end - tensor.span.start;
        from.take(length).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        if bytes.len() as u64 == length { Ok(bytes) } else { Err(format!("{name} ends early")) }
    }
}

/// A tensor to be made. The directory has been checked, so its sizes are those of tensors that are there.
struct Plan {
    name: String,
    dtype: String,
    /// Bytes of one weight.
    element: u64,
    shape: Vec<u64>,
    work: Work,
}

enum Work {
    /// Cut one tensor into pieces of so many bytes, and let so many zeros follow each.
    Widen { from: String, piece: usize, zeros: usize },
    /// Transpose matrices of this shape; those of one group side by side, the groups one after the other.
    Together { from: Vec<Vec<String>>, rows: usize, columns: usize },
}

fn size(number: u64) -> Result<usize, String> {
    usize::try_from(number).map_err(|error| error.to_string())
}

/// Bytes of one weight.
fn element(tensor: &Tensor) -> Result<u64, String> {
    let bytes = (tensor.span.end - tensor.span.start).checked_div(tensor.weights);
    bytes.ok_or_else(|| format!("{} is empty", tensor.name))
}

fn widened(tensor: &Tensor, heads: LatentHeads) -> Result<Option<Plan>, String> {
    let LatentHeads { heads, key_plain, key, value } = heads;
    let values = tensor.name.ends_with(".self_attn.kv_b_proj.weight");
    if value == key || !(values || tensor.name.ends_with(".self_attn.o_proj.weight")) {
        return Ok(None);
    }
    let odd = || format!("{} has the shape {:?}, which does not fit config.json", tensor.name, tensor.shape);
    let &[rows, columns] = tensor.shape.as_slice() else { return Err(odd()) };
    let (expected, had) = if values { (heads * (key_plain + value), rows) } else { (heads * value, columns) };
    if had != expected {
        return Err(odd());
    }
    let (shape, piece, zeros) = if values {
        // A head's rows: those of its key's plain part, then its value's.
        ([heads * (key_plain + key), columns], (key_plain + value) * columns, (key - value) * columns)
    } else {
        // A row's columns: each head's value.
        ([rows, heads * key], value, key - value)
    };
    let element = element(tensor)?;
    let work = Work::Widen { from: tensor.name.clone(), piece: size(piece * element)?, zeros: size(zeros * element)? };
    Ok(Some(Plan { name: tensor.name.clone(), dtype: tensor.dtype.clone(), element, shape: shape.into(), work }))
}

/// The experts of a layer, told by the first one's.
fn together(directory: &Directory, first: &Tensor) -> Result<Vec<Plan>, String> {
    let Some(layer) = first.name.strip_suffix(".experts.0.gate_proj.weight") else { return Ok(Vec::new()) };
    let matrix = |expert: u64, part: &str| format!("{layer}.experts.{expert}.{part}.weight");
    let is_there = |expert: &u64| directory.tensors.contains_key(&matrix(*expert, "gate_proj"));
    let experts = (0..).take_while(is_there).count() as u64;
    let mut plans = Vec::new();
    for (name, parts) in TOGETHER {
        let names = |expert| parts.iter().map(|part| matrix(expert, part)).collect::<Vec<_>>();
        let from = (0..experts).map(names).collect::<Vec<_>>();
        let tensor = |name: &String| directory.tensors.get(name).map(|(_, tensor)| tensor);
        let like = from.iter().flatten().next().and_then(tensor).ok_or("a layer has no experts")?;
        let same = |name: &String| tensor(name).is_some_and(|one| one.shape == like.shape && one.dtype == like.dtype);
        let &[rows, columns] = like.shape.as_slice() else { return Err(format!("{} is no matrix", like.name)) };
        if let Some(odd) = from.iter().flatten().find(|name| !same(name)) {
            return Err(format!("{odd} is missing, or not like {}", like.name));
        }
        plans.push(Plan {
            name: format!("{layer}.experts.{name}"),
            dtype: like.dtype.clone(),
            element: element(like)?,
            shape: vec![experts, columns, rows * parts.len() as u64],
            work: Work::Together { from, rows: size(rows)?, columns: size(columns)? },
        });
    }
    Ok(plans)
}

impl Plan {
    fn write(&self, sources: &Sources<'_>, to: &mut impl Write) -> Result<(), String> {
        let element = size(self.element)?;
        match &self.work {
            Work::Widen { from, piece, zeros } => {
                let zeros = vec![0; *zeros];
                for piece in sources.bytes(from)?.chunks(*piece) {
                    to.write_all(piece).and_then(|()| to.write_all(&zeros)).map_err(|error| error.to_string())?;
                }
            }
            Work::Together { from, rows, columns } => {
                for group in from {
                    let matrices = group.iter().map(|name| sources.bytes(name)).collect::<Result<Vec<_>, _>>()?;
                    let transposed = side_by_side(&matrices, (*rows, *columns), element);
                    to.write_all(&transposed).map_err(|error| error.to_string())?;
                }
            }
        }
        Ok(())
    }
}

/// Matrices of one shape, transposed, their rows one behind the other.
fn side_by_side(matrices: &[Vec<u8>], (rows, columns): (usize, usize), element: usize) -> Vec<u8> {
    let mut all = Vec::with_capacity(matrices.len() * rows * columns * element);
    for column in 0..columns {
        for matrix in matrices {
            for row in matrix.chunks(columns * element).take(rows) {
                all.extend_from_slice(row.chunks(element).nth(column).unwrap_or_default());
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matrices_are_transposed_side_by_side() {
        // Two matrices of two rows and three columns, two bytes a number.
        let matrices = [[1_u16, 2, 3, 4, 5, 6], [11, 12, 13, 14, 15, 16]]
            .map(|matrix| matrix.iter().flat_map(|number| number.to_le_bytes()).collect());
        let all = side_by_side(&matrices, (2, 3), 2);
        let numbers = all.chunks(2).map(|two| u16::from_le_bytes([two[0], two[1]])).collect::<Vec<_>>();
        assert_eq!(numbers, [1, 4, 11, 14, 2, 5, 12, 15, 3, 6, 13, 16]);
    }
}
