//! The architectures that load from a directory.

/// What a model is built like; each is run by a test, as a tiny model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Architecture {
    /// Llama 2, 3 and what is built like them.
    Llama,
    /// Mistral 7B and what is built like it.
    Mistral,
    /// Qwen 2 and 2.5.
    Qwen2,
    /// Qwen 3, dense.
    Qwen3,
    /// DeepSeek V2: latent attention and experts chosen greedily, as in V2-Lite.
    DeepSeekV2,
    /// DeepSeek V3 and R1: latent attention and experts chosen by groups, without an auxiliary loss.
    DeepSeekV3,
    /// Qwen 3 Embedding.
    Qwen3Embedding,
    /// EmbeddingGemma.
    GemmaEmbedding,
}

impl Architecture {
    /// By the name in `config.json`, and by whether there are modules of sentence-transformers.
    #[must_use]
    pub fn of(name: &str, embeds: bool) -> Option<Self> {
        Some(match (name, embeds) {
            ("LlamaForCausalLM", false) => Self::Llama,
            ("MistralForCausalLM", false) => Self::Mistral,
            ("Qwen2ForCausalLM", false) => Self::Qwen2,
            ("Qwen3ForCausalLM", false) => Self::Qwen3,
            ("DeepseekV2ForCausalLM", false) => Self::DeepSeekV2,
            ("DeepseekV3ForCausalLM", false) => Self::DeepSeekV3,
            ("Qwen3ForCausalLM", true) => Self::Qwen3Embedding,
            ("Gemma3TextModel", true) => Self::GemmaEmbedding,
            _ => return None,
        })
    }

    /// Its name in facts, as GGUF files have it where they have one.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Llama => "llama",
            Self::Mistral => "mistral",
            Self::Qwen2 => "qwen2",
            Self::Qwen3 => "qwen3",
            Self::DeepSeekV2 => "deepseek2",
            Self::DeepSeekV3 => "deepseek3",
            Self::Qwen3Embedding => "qwen3-embedding",
            Self::GemmaEmbedding => "gemma-embedding",
        }
    }

    /// Whether its attention keeps keys and values compressed (and its heads' values narrower than its keys).
    #[must_use]
    pub const fn is_latent(self) -> bool {
        matches!(self, Self::DeepSeekV2 | Self::DeepSeekV3)
    }
}
