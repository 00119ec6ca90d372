//! Loading a directory of safetensors into the engine.
//!
//! The engine is handed every file by name, so that it looks for none and asks no hub. Chat templates it does not
//! get: prompts are rendered here.

use std::{path::PathBuf, sync::Arc};

use mistralrs::core::{
    AdapterPaths, DeviceMapSetting, EmbeddingLoaderBuilder, EmbeddingLoaderType, EmbeddingModelPaths,
    EmbeddingSpecificConfig, Loader, LocalModelPaths, ModelPaths, NormalLoaderBuilder, NormalLoaderType,
    NormalSpecificConfig, Pipeline, Topology,
};
use serde_json::{Value, json};
use tokenizers::Tokenizer;
use tokio::sync::Mutex;

use super::{
    embedding::{EmbeddingModel, Sizes},
    load::{ACTIVATIONS, LoadError, LoadOptions, Loaded, Quantisation, device},
    reshape::Reshaped,
    template::{Special, Template},
    text::{Said, TextModel},
};
use crate::directory::{Architecture, Directory, Module, Modules, name};

/// Tokens that end a turn where a chat template names them, whatever the other files say.
const TURN_ENDS: [&str; 6] =
    ["<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end|>", "<|end_of_text|>", "<｜end▁of▁sentence｜>"];

pub(super) fn load(options: &LoadOptions) -> Result<Loaded, LoadError> {
    let directory = Directory::open(&options.directory).map_err(|error| LoadError(error.to_string()))?;
    let embeds = directory.modules.is_some();
    let architecture = directory.config.architecture(embeds).map_err(|error| LoadError(error.to_string()))?;
    let place = directory.path.display().to_string();
    let about = |error: String| LoadError(format!("{place} ({}): {error}", architecture.as_str()));
    match architecture {
        Architecture::Llama => text(options, &directory, NormalLoaderType::Llama),
        Architecture::Mistral => text(options, &directory, NormalLoaderType::Mistral),
        Architecture::Qwen2 => text(options, &directory, NormalLoaderType::Qwen2),
        Architecture::Qwen3 => text(options, &directory, NormalLoaderType::Qwen3),
        Architecture::DeepSeekV2 => text(options, &directory, NormalLoaderType::DeepSeekV2),
        Architecture::DeepSeekV3 => text(options, &directory, NormalLoaderType::DeepSeekV3),
        Architecture::Qwen3Embedding => embedding(options, &directory, EmbeddingLoaderType::Qwen3Embedding, 2),
        Architecture::GemmaEmbedding => embedding(options, &directory, EmbeddingLoaderType::EmbeddingGemma, 1),
    }
    .map_err(about)
}

fn text(options: &LoadOptions, directory: &Directory, kind: NormalLoaderType) -> Result<Loaded, String> {
    let said = said(directory)?;
    let (mut config, mut weights) = (directory.file(name::CONFIG), directory.weights.clone());
    let latent = matches!(kind, NormalLoaderType::DeepSeekV2 | NormalLoaderType::DeepSeekV3);
    let reshaped = if latent { Reshaped::of(directory).map_err(|error| error.0)? } else { None };
    if let Some(reshaped) = &reshaped {
        config = reshaped.config();
        // The last file that has a tensor counts.
        weights.push(reshaped.weights());
    }
    let paths = LocalModelPaths {
        tokenizer_filename: directory.file(name::TOKENIZER),
        config_filename: config,
        template_filename: None,
        filenames: weights,
        adapter_paths: AdapterPaths::None,
        gen_conf: None,
        preprocessor_config: None,
        processor_config: None,
        chat_template_json_filename: None,
    };
    let id = Some(directory.path.display().to_string());
    let config = NormalSpecificConfig { topology: experts(options)?, ..NormalSpecificConfig::default() };
    let loader = NormalLoaderBuilder::new(config, None, None, id, false, None).build(Some(kind));
    let pipeline =
        pipeline(loader.map_err(|error| format!("{error:#}"))?.as_ref(), Box::new(paths), (directory, options))?;
    drop(reshaped);
    let model = TextModel::new(pipeline, said, options.context_length).map_err(|error| error.0)?;
    Ok(Loaded::Text(Arc::new(model)))
}

/// The experts of `reshape`, which the engine's own list of what it quantises does not name.
fn experts(options: &LoadOptions) -> Result<Option<Topology>, String> {
    let Some(quantisation) = options.quantisation else { return Ok(None) };
    let pattern = r"\.mlp\.experts\.(gate_up_proj|down_proj)\.weight$";
    let topology = format!("'/{pattern}/':\n  isq: {}\n", quantisation.as_str());
    Topology::from_str(&topology).map(Some).map_err(|error| format!("{error:#}"))
}

fn embedding(
    options: &LoadOptions,
    directory: &Directory,
    kind: EmbeddingLoaderType,
    shortest: usize,
) -> Result<Loaded, String> {
    if options.quantisation.is_some() && kind == EmbeddingLoaderType::EmbeddingGemma {
        return Err("the engine quantises no weights of this architecture; leave the quantisation out".into());
    }
    let modules = directory.modules.as_ref().ok_or("there is no modules.json")?;
    let sizes = Sizes {
        tokens: directory.config.vocab_size,
        context_length: options.context_length,
        width: modules.width,
        shortest,
    };
    let paths = EmbeddingModelPaths::new(
        directory.file(name::TOKENIZER),
        directory.file(name::CONFIG),
        directory.weights.clone(),
        AdapterPaths::None,
        serde_json::from_value(steps(modules)).map_err(|error| error.to_string())?,
    );
    let id = Some(directory.path.display().to_string());
    let loader = EmbeddingLoaderBuilder::new(EmbeddingSpecificConfig::default(), None, id).build(Some(kind));
    let pipeline = pipeline(loader.as_ref(), Box::new(paths), (directory, options))?;
    let model = EmbeddingModel::new(pipeline, &sizes).map_err(|error| error.0)?;
    Ok(Loaded::Embedding(Arc::new(model)))
}

/// The steps after the layers as the engine's own list of modules has them, whose type it does not export.
fn steps(modules: &Modules) -> Value {
    let step = |module: &Module| match module {
        Module::Pooling(config) => json!({ "Pooling": { "path": "", "config": config } }),
        Module::Dense(config, model) => json!({ "Dense": { "path": "", "config": config, "model": model } }),
        Module::Normalize => json!({ "Normalize": { "path": "" } }),
    };
    let transformer = json!({ "Transformer": { "path": "" } });
    std::iter::once(transformer).chain(modules.steps.iter().map(step)).collect()
}

/// Refuses weights that cannot become what is asked: the engine would silently take another type, a slow one.
fn check_rows(directory: &Directory, quantisation: Quantisation) -> Result<(), String> {
    let block = u64::from(quantisation.block());
    let heads = directory.config.latent_heads();
    let quantised = |name: &str| {
        let name = name.strip_suffix(".weight").unwrap_or_default();
        name.ends_with("_proj") || name.ends_with("_proj_with_mqa") || name == "lm_head"
    };
    for (name, (_, tensor)) in directory.tensors.iter().filter(|(name, _)| quantised(name)) {
        let Some(row) = tensor.shape.last() else { continue };
        // As wide as `reshape` makes it.
        let widened = heads.filter(|_| name.ends_with(".self_attn.o_proj.weight"));
        let row = widened.map_or(*row, |heads| heads.heads * heads.key);
        if !row.is_multiple_of(block) {
            let kind = quantisation.as_str();
            return Err(format!(
                "{name} has rows of {row} weights, and {kind} takes multiples of {block}: choose another"
            ));
        }
    }
    Ok(())
}

fn pipeline(
    loader: &dyn Loader,
    paths: Box<dyn ModelPaths>,
    (directory, options): (&Directory, &LoadOptions),
) -> Result<Arc<Mutex<dyn Pipeline>>, String> {
    if let Some(quantisation) = options.quantisation {
        check_rows(directory, quantisation)?;
    }
    let quantisation = options.quantisation.map(Quantisation::engine);
    let device = device().map_err(|error| error.0)?;
    let map = DeviceMapSetting::dummy();
    let loaded = loader.load_model_from_path(&paths, &ACTIVATIONS, &device, true, map, quantisation, None);
    Ok(loaded.map_err(|error| format!("{error:#}"))?)
}

fn said(directory: &Directory) -> Result<Said, String> {
    let texts = &directory.texts;
    let template = texts.template.clone();
    let template = template.ok_or("it has no chat template; an instruction-tuned model is needed")?;
    let special = Special { bos: texts.bos.clone(), eos: texts.eos.clone(), unk: texts.unk.clone() };
    let tokenizer = tokenizer(directory.file(name::TOKENIZER))?;
    let named = TURN_ENDS.iter().filter(|end| template.contains(**end)).copied().chain(texts.eos.as_deref());
    let mut end_tokens = named.filter_map(|token| tokenizer.token_to_id(token)).collect::<Vec<_>>();
    end_tokens.extend(&texts.end_tokens);
    end_tokens.extend(directory.config.eos_token_id.iter().flat_map(|ids| ids.as_slice()));
    if end_tokens.is_empty() {
        return Err("neither tokenizer_config.json nor generation_config.json says which token ends an answer".into());
    }
    Ok(Said {
        template: (template.clone(), Template::new(&template, special)?),
        template_begins: true,
        try_out: true,
        end_tokens,
        kinds: Vec::new(),
    })
}

fn tokenizer(path: PathBuf) -> Result<Tokenizer, String> {
    Tokenizer::from_file(&path).map_err(|error| format!("{}: {error}", path.display()))
}
