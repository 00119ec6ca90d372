//! Loading a GGUF file into the engine.

use std::{path::Path, sync::Arc};

use mistralrs::core::{DeviceMapSetting, GGUFLoaderBuilder, GGUFSpecificConfig, Pipeline, TokenSource};
use tokio::sync::Mutex;

use super::{
    load::{ACTIVATIONS, LoadError, LoadOptions, device},
    template::{Special, Template},
    text::{Said, TextModel},
};
use crate::gguf::{self, Header, Value};

pub(super) fn load(options: &LoadOptions) -> Result<TextModel, LoadError> {
    let file = choose_file(&options.directory, options.file.as_deref())?;
    let path = options.directory.join(&file);
    let header = Header::open(&path).map_err(|error| LoadError(format!("{}: {error}", path.display())))?;
    let facts = gguf::facts(&header).map_err(|error| LoadError(format!("{}: {error}", path.display())))?;
    let said = said(&header).map_err(LoadError)?;

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
    TextModel::new(pipeline, said, options.context_length)
}

fn said(header: &Header) -> Result<Said, String> {
    let template = header
        .text("tokenizer.chat_template")
        .ok_or("the file has no chat template (tokenizer.chat_template); an instruction-tuned model is needed")?;
    let token = |key: &str| header.token(&format!("tokenizer.ggml.{key}")).map(str::to_owned);
    let special = Special { bos: token("bos_token_id"), eos: token("eos_token_id"), unk: token("unknown_token_id") };
    let ends = ["eos_token_id", "eot_token_id", "eom_token_id"];
    let ends = ends.iter().filter_map(|key| header.number(&format!("tokenizer.ggml.{key}")));
    Ok(Said {
        template: (template.to_owned(), Template::new(template, special)?),
        template_begins: false,
        try_out: false,
        end_tokens: ends.filter_map(|id| u32::try_from(id).ok()).collect(),
        kinds: token_kinds(header),
    })
}

/// The types of the file's tokens, as GGUF numbers them.
fn token_kinds(header: &Header) -> Vec<u64> {
    let kinds = header.metadata.get("tokenizer.ggml.token_type").and_then(Value::as_array);
    kinds.unwrap_or_default().iter().map(|kind| kind.as_u64().unwrap_or_default()).collect()
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
