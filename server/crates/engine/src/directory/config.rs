//! `config.json`: the architecture, its sizes, and what of it the engine gets wrong.

use serde::Deserialize;

use super::{Architecture, DirectoryError};

/// What is needed of `config.json`; the engine reads the rest itself.
#[derive(Debug, Clone, Deserialize)]
pub struct Config {
    #[serde(default)]
    architectures: Vec<String>,
    /// The trained context length in tokens.
    pub max_position_embeddings: u32,
    /// Rows of the embedding; the tokenizer may have fewer tokens.
    pub vocab_size: u32,
    /// Width of the layers' inputs.
    pub hidden_size: u32,
    num_hidden_layers: u64,
    num_attention_heads: u64,
    num_key_value_heads: Option<u64>,
    head_dim: Option<u64>,
    /// The tokens that end an answer.
    #[serde(default)]
    pub eos_token_id: Option<Ids>,
    quantization_config: Option<serde_json::Value>,
    qk_nope_head_dim: Option<u64>,
    qk_rope_head_dim: Option<u64>,
    v_head_dim: Option<u64>,
    n_routed_experts: Option<u64>,
    num_experts_per_tok: Option<u64>,
    topk_method: Option<String>,
    norm_topk_prob: Option<bool>,
}

/// One token or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Ids {
    /// One.
    One(u32),
    /// Several.
    Several(Vec<u32>),
}

impl Ids {
    /// All of them.
    #[must_use]
    pub fn as_slice(&self) -> &[u32] {
        match self {
            Self::One(id) => std::slice::from_ref(id),
            Self::Several(ids) => ids,
        }
    }
}

/// The sizes of heads where keys and values are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LatentHeads {
    /// How many there are.
    pub heads: u64,
    /// Width of a key's part without a position.
    pub key_plain: u64,
    /// Width of a key.
    pub key: u64,
    /// Width of a value.
    pub value: u64,
}

impl Config {
    /// Refuses what the engine would not load or would get wrong.
    pub(super) fn check(&self, embeds: bool) -> Result<(), DirectoryError> {
        let architecture = self.architecture(embeds)?;
        let wrong = |why: String| Err(DirectoryError::NotAModel(why));
        let sizes = [self.max_position_embeddings, self.vocab_size, self.hidden_size];
        if sizes.contains(&0) || self.num_hidden_layers == 0 || self.num_attention_heads == 0 {
            return wrong("one of its sizes is 0".into());
        }
        if self.quantization_config.is_some() {
            let detail =
                "its weights are quantised in the files (quantization_config); take the model in BF16, or as GGUF";
            return Err(DirectoryError::Unsupported(detail.into()));
        }
        if architecture.is_latent() {
            let Some(heads) = self.latent_heads() else {
                return wrong("qk_nope_head_dim, qk_rope_head_dim or v_head_dim is missing".into());
            };
            if heads.value > heads.key || heads.value == 0 {
                let detail =
                    format!("heads with values of {} and keys of {} are not supported", heads.value, heads.key);
                return Err(DirectoryError::Unsupported(detail));
            }
            self.check_experts(architecture)?;
        }
        Ok(())
    }

    /// The engine's two mistakes in choosing experts (mistral.rs 0.8.1, `models/deepseek2.rs`): `group_limited_greedy`
    /// chooses by the mask of groups instead of the scores, and weights that are normalised are divided without
    /// broadcasting, which fails.
    fn check_experts(&self, architecture: Architecture) -> Result<(), DirectoryError> {
        let chosen = self.num_experts_per_tok.unwrap_or(0);
        if self.n_routed_experts.is_none() {
            return Ok(());
        }
        let method = self.topk_method.as_deref().unwrap_or("greedy");
        let known = match architecture {
            Architecture::DeepSeekV3 => ["greedy", "noaux_tc"].contains(&method),
            _ => method == "greedy",
        };
        if !known {
            let detail = format!("the engine chooses experts wrongly with topk_method {method}");
            return Err(DirectoryError::Unsupported(detail));
        }
        if architecture == Architecture::DeepSeekV2 && self.norm_topk_prob == Some(true) && chosen > 1 {
            let detail = "the engine fails with norm_topk_prob in this architecture";
            return Err(DirectoryError::Unsupported(detail.into()));
        }
        Ok(())
    }

    /// Its architecture.
    ///
    /// # Errors
    /// [`DirectoryError::Unsupported`] if it is none of ours.
    pub fn architecture(&self, embeds: bool) -> Result<Architecture, DirectoryError> {
        let [name] = self.architectures.as_slice() else {
            let detail = format!("it names {} architectures, not one", self.architectures.len());
            return Err(DirectoryError::NotAModel(detail));
        };
        Architecture::of(name, embeds).ok_or_else(|| {
            let what = if embeds { "a model that embeds" } else { "a model that writes text" };
            DirectoryError::Unsupported(format!("{name} as {what}; docs/models.md lists what loads"))
        })
    }

    /// The heads of an architecture with compressed keys and values.
    #[must_use]
    pub fn latent_heads(&self) -> Option<LatentHeads> {
        let key_plain = self.qk_nope_head_dim?;
        Some(LatentHeads {
            heads: self.num_attention_heads,
            key_plain,
            key: key_plain.checked_add(self.qk_rope_head_dim?)?,
            value: self.v_head_dim?,
        })
    }

    /// Keys and values of one token in every layer, at 16 bits each, as the engine keeps them: not compressed. Values
    /// are kept as wide as keys (see `model::reshape`).
    #[must_use]
    pub fn kv_bytes_per_token(&self) -> Option<u64> {
        let (heads, width) = match self.latent_heads() {
            Some(latent) => (latent.heads, latent.key),
            None => {
                let heads = self.num_key_value_heads.unwrap_or(self.num_attention_heads);
                let usual = u64::from(self.hidden_size).checked_div(self.num_attention_heads)?;
                (heads, self.head_dim.unwrap_or(usual))
            }
        };
        self.num_hidden_layers.checked_mul(heads)?.checked_mul(width)?.checked_mul(4)
    }
}
