//! Loading a GGUF file into the engine.

use std::{
    any::Any,
    collections::HashSet,
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
};

use candle_core::Device;
use mistralrs::core::{
    DefaultSchedulerMethod, DeviceMapSetting, GGUFLoaderBuilder, GGUFSpecificConfig, MistralRs, MistralRsBuilder,
    ModelDType, Pipeline, Request, SchedulerConfig, TokenSource,
};
use tokenizers::Tokenizer;
use tokio::sync::{Mutex, mpsc::Sender};

use super::{grammar::Grammars, prompt::Prompter, vocabulary::Vocabulary};
use crate::gguf::{self, Header, Value};

/// The KV cache grows by this many tokens and the engine fails a whole batch when the last step would pass
/// the context, so only whole steps of a longer context are used (`NormalCache::CACHE_GROW_SIZE`).
const CACHE_STEP: u32 = 512;

/// The type of activations and KV cache. On a CPU, 32-bit floats: the automatic choice (16 bits) halves the
/// cache but converts all the time, and decodes 8 % slower after 40 tokens, 20 % slower after 500.
const ACTIVATIONS: ModelDType =
    if cfg!(any(feature = "cuda", feature = "metal")) { ModelDType::Auto } else { ModelDType::F32 };

/// The model could not be loaded, in words for an operator.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct LoadError(pub String);

/// What to load and how.
#[derive(Debug, Clone)]
pub struct LoadOptions {
    /// The model's own directory.
    pub directory: PathBuf,
    /// The GGUF file in it; the only one there if absent.
    pub file: Option<String>,
    /// A shorter context than the model was trained for.
    pub context_length: Option<u32>,
}

/// A model in memory.
pub struct Loaded {
    pipeline: Arc<Mutex<dyn Pipeline>>,
    /// Renders and counts prompts.
    pub prompter: Prompter,
    /// The model's tokenizer.
    pub tokenizer: Arc<Tokenizer>,
    /// Its tokens.
    pub vocabulary: Arc<Vocabulary>,
    /// Compiles grammars for it.
    pub grammars: Grammars,
    /// The longest prompt plus answer, in tokens.
    pub context_length: u32,
    /// Tokens with which the model ends its turn.
    pub end_tokens: Vec<u32>,
    /// The chat template, as the file has it.
    pub template: String,
    /// Ends a sequence inside the engine; see [`seal_token`].
    pub seal: u32,
}

impl fmt::Debug for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loaded")
            .field("context_length", &self.context_length)
            .field("end_tokens", &self.end_tokens)
            .field("seal", &self.seal)
            .finish_non_exhaustive()
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
    let file = choose_file(&options.directory, options.file.as_deref())?;
    let path = options.directory.join(&file);
    let header = Header::open(&path).map_err(|error| LoadError(format!("{}: {error}", path.display())))?;
    let facts = gguf::facts(&header).map_err(|error| LoadError(format!("{}: {error}", path.display())))?;

    let directory = options.directory.to_str().ok_or_else(|| LoadError("the directory's name is not UTF-8".into()))?;
    let loader = GGUFLoaderBuilder::new(
        None,
        None,
        directory.to_owned(),
        vec![file],
        GGUFSpecificConfig::default(),
        false,
        None,
    )
    .build();
    let pipeline: Arc<Mutex<dyn Pipeline>> = loader
        .load_model_from_hf(
            None,
            TokenSource::None,
            &ACTIVATIONS,
            &device()?,
            true,
            DeviceMapSetting::dummy(),
            None,
            None,
        )
        .map_err(|error| LoadError(format!("{} ({}): {error:#}", path.display(), facts.architecture)))?;

    let (tokenizer, metadata) = {
        let pipeline = pipeline.blocking_lock();
        (pipeline.tokenizer(), pipeline.get_metadata())
    };
    let tokenizer = tokenizer.ok_or_else(|| LoadError("the file has no tokenizer".into()))?;
    let prompter = Prompter::new(&header, Arc::clone(&tokenizer)).map_err(LoadError)?;
    let trained = u32::try_from(metadata.max_seq_len).unwrap_or(u32::MAX);
    let context = options.context_length.map_or(trained, |wanted| wanted.min(trained));
    let context_length = if context > CACHE_STEP { context - context % CACHE_STEP } else { context };

    let mut end_tokens = metadata.eos_tok.clone();
    for key in ["tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id"] {
        end_tokens.extend(header.number(key).and_then(|id| u32::try_from(id).ok()));
    }
    end_tokens.sort_unstable();
    end_tokens.dedup();
    let view = metadata.tok_env().ok_or_else(|| LoadError("the engine made no list of the model's tokens".into()))?;
    let vocabulary = Arc::new(Vocabulary::new(view, &tokenizer, &token_kinds(&header), &end_tokens));
    let template = header.text("tokenizer.chat_template").unwrap_or_default();
    let seal = seal_token(&tokenizer, &vocabulary.hidden(), &end_tokens, template)
        .ok_or_else(|| LoadError("the tokenizer has no end-of-turn token".into()))?;
    let grammars = Grammars::new(Arc::clone(&vocabulary));
    Ok(Loaded {
        pipeline,
        prompter,
        tokenizer,
        vocabulary,
        grammars,
        context_length,
        end_tokens,
        seal,
        template: template.to_owned(),
    })
}

/// The types of the file's tokens, as GGUF numbers them.
fn token_kinds(header: &Header) -> Vec<u64> {
    let kinds = header.metadata.get("tokenizer.ggml.token_type").and_then(Value::as_array);
    kinds.unwrap_or_default().iter().map(|kind| kind.as_u64().unwrap_or_default()).collect()
}

/// The device of this build: an accelerator if one was compiled in, else the CPU.
fn device() -> Result<Device, LoadError> {
    let device = if cfg!(feature = "cuda") {
        Device::new_cuda(0)
    } else if cfg!(feature = "metal") {
        Device::new_metal(0)
    } else {
        Ok(Device::Cpu)
    };
    device.map_err(|error| LoadError(format!("the accelerator cannot be used: {error}")))
}

/// The file to load. Asked for by name, or the only one; never something that is not there, since the
/// engine would then turn to the network.
fn choose_file(directory: &Path, wanted: Option<&str>) -> Result<String, LoadError> {
    if let Some(name) = wanted {
        let plain = Path::new(name).file_name().is_some_and(|file| file == name);
        return if plain && directory.join(name).is_file() {
            Ok(name.to_owned())
        } else {
            Err(LoadError(format!("there is no file {name} in {}", directory.display())))
        };
    }
    let listing =
        std::fs::read_dir(directory).map_err(|error| LoadError(format!("{}: {error}", directory.display())))?;
    let mut found = listing
        .filter_map(Result::ok)
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.to_ascii_lowercase().ends_with(".gguf"));
    match (found.next(), found.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(LoadError(format!("there is no .gguf file in {}", directory.display()))),
        (Some(_), Some(_)) => {
            Err(LoadError(format!("{} has several .gguf files: name one with --file", directory.display())))
        }
    }
}

/// A token that ends a sequence inside the engine and appears in no conversation.
///
/// The prefix cache files a finished sequence under all its tokens, but the last one was never computed: a
/// conversation that goes on with that very token would reuse a hole. So every sequence is closed with a
/// token that never follows: a special one the template does not use, if the vocabulary has one, and no part
/// of any text (`hidden`).
fn seal_token(tokenizer: &Tokenizer, hidden: &HashSet<u32>, end_tokens: &[u32], template: &str) -> Option<u32> {
    let mut special = tokenizer
        .get_added_tokens_decoder()
        .into_iter()
        .filter(|(_, token)| token.special && !token.content.is_empty())
        .map(|(id, token)| (id, token.content))
        .collect::<Vec<_>>();
    special.sort_unstable();
    let begins_another = |text: &str| special.iter().any(|(_, other)| other != text && other.starts_with(text));
    special
        .iter()
        .filter(|(id, text)| hidden.contains(id) && !end_tokens.contains(id) && !begins_another(text))
        .min_by_key(|(_, text)| template.contains(text.as_str()))
        .map(|(id, _)| *id)
        .or_else(|| end_tokens.first().copied())
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message")
}

/// The engine's thread over a loaded model: its scheduler and its prefix cache.
pub struct Engine {
    /// Kept alive: dropping it ends the thread.
    _instance: Arc<MistralRs>,
    sender: Sender<Request>,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("closed", &self.sender.is_closed()).finish_non_exhaustive()
    }
}

impl Engine {
    /// Starts the engine. Never two at a time over one model: they would mix their KV caches.
    ///
    /// # Errors
    /// When the engine's thread did not come up.
    pub async fn start(model: &Loaded, slots: u32, prefix_cache: usize) -> Result<Self, LoadError> {
        let method = DefaultSchedulerMethod::Fixed(
            std::num::NonZeroUsize::new(slots as usize).unwrap_or(std::num::NonZeroUsize::MIN),
        );
        let scheduler = SchedulerConfig::DefaultScheduler { method };
        let instance = MistralRsBuilder::new(Arc::clone(&model.pipeline), scheduler, false, None)
            .with_no_prefix_cache(prefix_cache == 0)
            .with_prefix_cache_n(prefix_cache)
            .with_disable_eos_stop(true)
            .build()
            .await;
        let sender = instance.get_sender(None).map_err(|error| LoadError(format!("the engine is gone: {error}")))?;
        Ok(Self { _instance: instance, sender })
    }

    /// Where requests go.
    #[must_use]
    pub fn sender(&self) -> Sender<Request> {
        self.sender.clone()
    }
}
