//! Loading a model into the engine, whatever it lies in.
//!
//! `from_gguf` and `from_directory` know the formats; here is what they share. The engine may panic on a file
//! that it does not like, so everything happens on a thread of its own.

use std::{any::Any, path::PathBuf, sync::Arc, thread};

use candle_core::Device;
use mistralrs::core::{IsqType, ModelDType, Pipeline};
use tokio::sync::Mutex;

use super::{embedding::EmbeddingModel, from_directory, from_gguf, prompt::Prompter, text::TextModel};
use crate::directory::Directory;

/// The type of activations and KV cache. On a CPU, 32-bit floats: the automatic choice (16 bits) halves the
/// cache but converts all the time, and decodes 8 % slower after 40 tokens, 20 % slower after 500.
pub(super) const ACTIVATIONS: ModelDType =
    if cfg!(any(feature = "cuda", feature = "metal")) { ModelDType::Auto } else { ModelDType::F32 };

/// The model could not be loaded, in words for an operator.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct LoadError(pub String);

/// What the matrices of a directory's weights become while they are loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantisation {
    /// Eight bits per weight in blocks of 32.
    Q8_0,
    /// Four and a half bits per weight in blocks of 256.
    Q4K,
}

impl Quantisation {
    pub(super) const fn engine(self) -> IsqType {
        match self {
            Self::Q8_0 => IsqType::Q8_0,
            Self::Q4K => IsqType::Q4K,
        }
    }

    /// Its name, for people.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Q8_0 => "Q8_0",
            Self::Q4K => "Q4K",
        }
    }

    /// How many weights of a row are quantised together.
    #[must_use]
    pub const fn block(self) -> u32 {
        match self {
            Self::Q8_0 => 32,
            Self::Q4K => 256,
        }
    }
}

/// What to load and how.
#[derive(Debug, Clone)]
pub struct LoadOptions {
    /// The model's own directory.
    pub directory: PathBuf,
    /// The GGUF file in it; the only one there if absent. A directory with a `config.json` and no such file is
    /// loaded as a whole.
    pub file: Option<String>,
    /// A shorter context than the model was trained for.
    pub context_length: Option<u32>,
    /// What the weights become, where they come from a directory; as they are if absent. GGUF files bring their own.
    pub quantisation: Option<Quantisation>,
}

/// A model in memory.
#[derive(Debug)]
pub enum Loaded {
    /// It writes text.
    Text(Arc<TextModel>),
    /// It turns texts into vectors.
    Embedding(Arc<EmbeddingModel>),
}

impl Loaded {
    pub(super) fn pipeline(&self) -> &Arc<Mutex<dyn Pipeline>> {
        match self {
            Self::Text(model) => &model.pipeline,
            Self::Embedding(model) => &model.pipeline,
        }
    }

    /// Cuts texts into tokens.
    #[must_use]
    pub fn prompter(&self) -> &Prompter {
        match self {
            Self::Text(model) => &model.prompter,
            Self::Embedding(model) => &model.prompter,
        }
    }

    /// The longest prompt plus answer, or the longest text to embed, in tokens.
    #[must_use]
    pub fn context_length(&self) -> u32 {
        match self {
            Self::Text(model) => model.context_length,
            Self::Embedding(model) => model.context_length,
        }
    }
}

/// Loads a model on a thread of its own, since the engine may panic on a file it does not like.
///
/// # Errors
/// [`LoadError`] for everything, panics included.
pub fn load(options: LoadOptions) -> Result<Loaded, LoadError> {
    if cfg!(target_arch = "x86_64") && !candle_core::utils::with_avx() {
        return Err(LoadError(
            "this build has no AVX2 code and would be four times slower: build with -C target-cpu=x86-64-v3 \
             (.cargo/config.toml of the repository does)"
                .into(),
        ));
    }
    let loading = thread::Builder::new()
        .name("load".into())
        .spawn(move || load_here(&options))
        .map_err(|error| LoadError(format!("the loading thread could not be started: {error}")))?;
    loading.join().unwrap_or_else(|panic| {
        Err(LoadError(format!("the engine panicked while loading the model: {}", panic_text(panic.as_ref()))))
    })
}

fn load_here(options: &LoadOptions) -> Result<Loaded, LoadError> {
    if options.file.is_none() && Directory::is_one(&options.directory) {
        from_directory::load(options)
    } else {
        from_gguf::load(options).map(|model| Loaded::Text(Arc::new(model)))
    }
}

/// The device of this build: an accelerator if one was compiled in, else the CPU.
pub(super) fn device() -> Result<Device, LoadError> {
    let device = if cfg!(feature = "cuda") {
        Device::new_cuda(0)
    } else if cfg!(feature = "metal") {
        Device::new_metal(0)
    } else {
        Ok(Device::Cpu)
    };
    device.map_err(|error| LoadError(format!("the accelerator cannot be used: {error}")))
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message")
}
