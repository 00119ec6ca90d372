//! Directories of tiny models with pseudo-random weights and a byte-level vocabulary, one for each architecture that
//! loads: they load in milliseconds, compute nonsense, and do so deterministically.

use std::{fs, path::Path};

use serde_json::{Map, Value, json};

use super::tiny::{SPECIAL, TEMPLATE, byte_tokens, pseudo_random};

/// Tokens: four special ones, then the bytes.
pub(crate) const TOKENS: u64 = 260;
/// The token that ends a turn, and the one that a model which embeds puts at a text's end.
pub(crate) const TURN_END: u32 = 2;
const TEXT_END: u32 = 0;
pub(crate) const CONTEXT: u32 = 2048;

const LAYERS: u64 = 2;
const HEADS: u64 = 4;

/// A model being put together: its tensors and its small files.
pub(crate) struct Model {
    pub(crate) config: Value,
    pub(crate) tensors: Vec<(String, Vec<u64>, Vec<f32>)>,
    /// The weights are written as 16-bit floats (`BF16`, as published models are), which they then are exactly.
    pub(crate) half: bool,
    files: Vec<(String, Vec<u8>)>,
    width: u64,
    seed: u64,
}

impl Model {
    /// An architecture and its sizes; `width` is a multiple of 64.
    fn new(architecture: &str, width: u64, rest: Value) -> Self {
        let mut config = json!({
            "architectures": [architecture], "vocab_size": TOKENS, "hidden_size": width, "intermediate_size": width * 2,
            "num_hidden_layers": LAYERS, "num_attention_heads": HEADS, "num_key_value_heads": 2,
            "max_position_embeddings": CONTEXT, "rms_norm_eps": 1e-6, "rope_theta": 10000.0, "hidden_act": "silu",
            "tie_word_embeddings": false, "eos_token_id": TURN_END, "torch_dtype": "float32"
        });
        config.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        Self { config, tensors: Vec::new(), half: false, files: Vec::new(), width, seed: 1 }
    }

    fn matrix(&mut self, name: &str, rows: u64, columns: u64) {
        self.seed += 1;
        let scale = 1.0 / (columns as f32).sqrt() * 1.7;
        let values = pseudo_random(self.seed, rows * columns).map(|value| value * scale).collect();
        self.tensors.push((format!("{name}.weight"), vec![rows, columns], values));
    }

    fn vector(&mut self, name: &str, length: u64, value: impl Fn(f32) -> f32) {
        self.seed += 1;
        let values = pseudo_random(self.seed, length).map(value).collect();
        self.tensors.push((name.to_owned(), vec![length], values));
    }

    fn norm(&mut self, name: &str, length: u64) {
        self.vector(&format!("{name}.weight"), length, |value| 1.0 + value * 0.1);
    }

    fn embedding(&mut self, name: &str) {
        self.matrix(name, TOKENS, self.width);
        for value in &mut self.tensors.last_mut().unwrap().2 {
            *value *= (self.width as f32).sqrt() / 1.7;
        }
    }

    fn mlp(&mut self, name: &str, hidden: u64) {
        self.matrix(&format!("{name}.gate_proj"), hidden, self.width);
        self.matrix(&format!("{name}.up_proj"), hidden, self.width);
        self.matrix(&format!("{name}.down_proj"), self.width, hidden);
    }

    /// Grouped attention, two heads of queries to one of keys.
    fn attention(&mut self, name: &str, head: u64, biased: bool, normed: bool) {
        for (part, heads) in [("q_proj", HEADS), ("k_proj", 2), ("v_proj", 2)] {
            let name = format!("{name}.{part}");
            self.matrix(&name, heads * head, self.width);
            if biased {
                self.vector(&format!("{name}.bias"), heads * head, |value| value * 0.1);
            }
        }
        if normed {
            self.norm(&format!("{name}.q_norm"), head);
            self.norm(&format!("{name}.k_norm"), head);
        }
        self.matrix(&format!("{name}.o_proj"), self.width, HEADS * head);
    }

    fn file(mut self, name: &str, value: &Value) -> Self {
        self.files.push((name.to_owned(), value.to_string().into_bytes()));
        self
    }

    /// What makes it a model of conversations.
    fn chats(self) -> Self {
        let tokens = json!({
            "bos_token": "<|endoftext|>", "eos_token": { "content": "<|im_end|>" }, "chat_template": TEMPLATE
        });
        self.file("tokenizer.json", &tokenizer(false))
            .file("tokenizer_config.json", &tokens)
            .file("generation_config.json", &json!({ "eos_token_id": [TURN_END] }))
    }

    /// What makes it a model that embeds: mean or last token, and matrices from one width to the next.
    fn embeds(self, mean: bool, widths: &[u64]) -> Self {
        let mut modules = vec![("", "Transformer"), ("1_Pooling", "Pooling")];
        let pooling = json!({
            "word_embedding_dimension": widths[0], "pooling_mode_cls_token": false, "pooling_mode_mean_tokens": mean,
            "pooling_mode_max_tokens": false, "pooling_mode_mean_sqrt_len_tokens": false,
            "pooling_mode_weightedmean_tokens": false, "pooling_mode_lasttoken": !mean, "include_prompt": true
        });
        let mut model = self.file("tokenizer.json", &tokenizer(true)).file("1_Pooling/config.json", &pooling);
        for (pair, name) in widths.windows(2).zip(["2_Dense", "3_Dense"]) {
            let config = json!({
                "in_features": pair[0], "out_features": pair[1], "bias": false,
                "activation_function": "torch.nn.modules.linear.Identity"
            });
            let values = pseudo_random(pair[1], pair[0] * pair[1]).collect::<Vec<_>>();
            let weights = safetensors(&[("linear.weight".into(), vec![pair[1], pair[0]], values)]);
            model = model.file(&format!("{name}/config.json"), &config);
            model.files.push((format!("{name}/model.safetensors"), weights));
            modules.push((name, "Dense"));
        }
        modules.push(("9_Normalize", "Normalize"));
        let modules = modules.iter().enumerate().map(|(place, (path, kind))| {
            json!({ "idx": place, "name": place.to_string(), "path": path, "type": format!("sentence_transformers.models.{kind}") })
        });
        let modules = modules.collect();
        model.file("modules.json", &modules)
    }

    /// The same with weights that 16-bit floats can hold.
    pub(crate) fn rounded(mut self) -> Self {
        for value in self.tensors.iter_mut().flat_map(|(_, _, values)| values) {
            *value = f32::from_bits(value.to_bits() & 0xFFFF_0000);
        }
        self
    }

    /// Writes it, with its weights in as many files; more than one get an index.
    pub(crate) fn write(&self, directory: &Path, files: usize) {
        fs::write(directory.join("config.json"), self.config.to_string()).unwrap();
        for (name, bytes) in &self.files {
            let path = directory.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        if files == 1 {
            return fs::write(directory.join("model.safetensors"), packed(&self.tensors, self.half)).unwrap();
        }
        let mut index = Map::new();
        for (place, tensors) in self.tensors.chunks(self.tensors.len().div_ceil(files)).enumerate() {
            let name = format!("model-{:05}-of-{files:05}.safetensors", place + 1);
            fs::write(directory.join(&name), packed(tensors, self.half)).unwrap();
            index.extend(tensors.iter().map(|(tensor, ..)| (tensor.clone(), name.clone().into())));
        }
        let index = json!({ "metadata": {}, "weight_map": index });
        fs::write(directory.join("model.safetensors.index.json"), index.to_string()).unwrap();
    }
}

/// Qwen 2, Qwen 3, Llama or Mistral, by the name in `config.json`.
pub(crate) fn dense(architecture: &str, width: u64) -> Model {
    let (biased, normed) = (architecture == "Qwen2ForCausalLM", architecture == "Qwen3ForCausalLM");
    let head = width / HEADS;
    let rest = json!({
        "head_dim": head, "sliding_window": null, "use_sliding_window": false, "max_window_layers": LAYERS,
        "attention_bias": false
    });
    let mut model = Model::new(architecture, width, rest);
    model.embedding("model.embed_tokens");
    for layer in 0..LAYERS {
        let name = format!("model.layers.{layer}");
        model.attention(&format!("{name}.self_attn"), head, biased, normed);
        model.mlp(&format!("{name}.mlp"), width * 2);
        model.norm(&format!("{name}.input_layernorm"), width);
        model.norm(&format!("{name}.post_attention_layernorm"), width);
    }
    model.norm("model.norm", width);
    model.matrix("lm_head", TOKENS, width);
    model.chats()
}

/// DeepSeek V2 or V3, with values of `value` numbers in each head (keys have 48): a dense layer, then one of experts.
pub(crate) fn deepseek(version: u32, width: u64, value: u64) -> Model {
    const PLAIN: u64 = 32;
    const ROPE: u64 = 16;
    const EXPERTS: u64 = 8;
    let (query_rank, rank) = (64, 32);
    let mut rest = json!({
        "num_key_value_heads": HEADS, "moe_intermediate_size": width / 2, "n_shared_experts": 1,
        "n_routed_experts": EXPERTS, "num_experts_per_tok": 2, "first_k_dense_replace": 1, "moe_layer_freq": 1,
        "routed_scaling_factor": 1.5, "attention_bias": false, "q_lora_rank": query_rank, "qk_rope_head_dim": ROPE,
        "kv_lora_rank": rank, "v_head_dim": value, "qk_nope_head_dim": PLAIN
    });
    let experts = match version {
        2 => {
            json!({ "topk_method": "greedy", "scoring_func": "softmax", "norm_topk_prob": false, "n_group": 1, "topk_group": 1 })
        }
        _ => {
            json!({ "topk_method": "noaux_tc", "scoring_func": "sigmoid", "norm_topk_prob": true, "n_group": 4, "topk_group": 2 })
        }
    };
    rest.as_object_mut().unwrap().extend(experts.as_object().unwrap().clone());
    let mut model = Model::new(&format!("DeepseekV{version}ForCausalLM"), width, rest);
    model.embedding("model.embed_tokens");
    for layer in 0..LAYERS {
        let name = format!("model.layers.{layer}");
        let attention = format!("{name}.self_attn");
        model.matrix(&format!("{attention}.q_a_proj"), query_rank, width);
        model.norm(&format!("{attention}.q_a_layernorm"), query_rank);
        model.matrix(&format!("{attention}.q_b_proj"), HEADS * (PLAIN + ROPE), query_rank);
        model.matrix(&format!("{attention}.kv_a_proj_with_mqa"), rank + ROPE, width);
        model.norm(&format!("{attention}.kv_a_layernorm"), rank);
        model.matrix(&format!("{attention}.kv_b_proj"), HEADS * (PLAIN + value), rank);
        model.matrix(&format!("{attention}.o_proj"), width, HEADS * value);
        let mlp = format!("{name}.mlp");
        if layer == 0 {
            model.mlp(&mlp, width * 2);
        } else {
            model.matrix(&format!("{mlp}.gate"), EXPERTS, width);
            if version == 3 {
                model.vector(&format!("{mlp}.gate.e_score_correction_bias"), EXPERTS, |value| value * 0.1);
            }
            for expert in 0..EXPERTS {
                model.mlp(&format!("{mlp}.experts.{expert}"), width / 2);
            }
            model.mlp(&format!("{mlp}.shared_experts"), width / 2);
        }
        model.norm(&format!("{name}.input_layernorm"), width);
        model.norm(&format!("{name}.post_attention_layernorm"), width);
    }
    model.norm("model.norm", width);
    model.matrix("lm_head", TOKENS, width);
    model.chats()
}

/// Qwen 3 Embedding: vectors of `width` numbers.
pub(crate) fn qwen3_embedding(width: u64) -> Model {
    let head = width / HEADS;
    let rest = json!({
        "head_dim": head, "sliding_window": null, "use_sliding_window": false, "max_window_layers": LAYERS
    });
    let mut model = Model::new("Qwen3ForCausalLM", width, rest);
    model.embedding("embed_tokens");
    for layer in 0..LAYERS {
        let name = format!("layers.{layer}");
        model.attention(&format!("{name}.self_attn"), head, false, true);
        model.mlp(&format!("{name}.mlp"), width * 2);
        model.norm(&format!("{name}.input_layernorm"), width);
        model.norm(&format!("{name}.post_attention_layernorm"), width);
    }
    model.norm("norm", width);
    model.embeds(false, &[width])
}

/// EmbeddingGemma: vectors of `out` numbers, after two matrices.
pub(crate) fn gemma_embedding(width: u64, out: u64) -> Model {
    let head = width / HEADS;
    let rest = json!({
        "head_dim": head, "hidden_activation": "gelu_pytorch_tanh", "query_pre_attn_scalar": head, "sliding_window": 8,
        "attention_bias": false, "rope_local_base_freq": 10000.0, "sliding_window_pattern": 2,
        "use_bidirectional_attention": true, "attn_logit_softcapping": null, "final_logit_softcapping": null
    });
    let mut model = Model::new("Gemma3TextModel", width, rest);
    model.embedding("embed_tokens");
    for layer in 0..LAYERS {
        let name = format!("layers.{layer}");
        model.attention(&format!("{name}.self_attn"), head, false, true);
        model.mlp(&format!("{name}.mlp"), width * 2);
        for norm in ["input", "post_attention", "pre_feedforward", "post_feedforward"] {
            model.vector(&format!("{name}.{norm}_layernorm.weight"), width, |value| value * 0.1);
        }
    }
    model.vector("norm.weight", width, |value| value * 0.1);
    model.embeds(true, &[width, width * 2, out])
}

/// A `tokenizer.json`; `ends` puts a token at the end of every text.
fn tokenizer(ends: bool) -> Value {
    let tokens = SPECIAL.iter().map(|token| (*token).to_owned()).chain(byte_tokens());
    let vocabulary = tokens.enumerate().map(|(id, token)| (token, id.into())).collect::<Map<_, _>>();
    let added = SPECIAL.iter().enumerate().map(|(id, token)| {
        json!({
            "id": id, "content": token, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false,
            "special": true
        })
    });
    let level = json!({ "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false });
    let end = json!({ "SpecialToken": { "id": SPECIAL[0], "type_id": 0 } });
    let text = json!({ "Sequence": { "id": "A", "type_id": 0 } });
    let second = json!({ "Sequence": { "id": "B", "type_id": 0 } });
    let around = json!({
        "type": "TemplateProcessing", "single": [text, end], "pair": [text, end, second, end],
        "special_tokens": { SPECIAL[0]: { "id": SPECIAL[0], "ids": [TEXT_END], "tokens": [SPECIAL[0]] } }
    });
    json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": added.collect::<Vec<_>>(),
        "normalizer": null, "pre_tokenizer": level, "post_processor": if ends { around } else { Value::Null },
        "decoder": level,
        "model": {
            "type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
            "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false, "vocab": vocabulary, "merges": []
        }
    })
}

/// A safetensors file of 32-bit floats.
fn safetensors(tensors: &[(String, Vec<u64>, Vec<f32>)]) -> Vec<u8> {
    packed(tensors, false)
}

/// A safetensors file of 16- or 32-bit floats.
fn packed(tensors: &[(String, Vec<u64>, Vec<f32>)], half: bool) -> Vec<u8> {
    let (mut header, mut data) = (Map::new(), Vec::new());
    for (name, shape, values) in tensors {
        assert_eq!(shape.iter().product::<u64>(), values.len() as u64, "{name}");
        let start = data.len();
        // The upper half of a 32-bit float is the 16-bit one.
        let skipped = if half { 2 } else { 0 };
        data.extend(values.iter().flat_map(|value| value.to_le_bytes().into_iter().skip(skipped)));
        header.insert(
            name.clone(),
            json!({ "dtype": if half { "BF16" } else { "F32" }, "shape": shape, "data_offsets": [start, data.len()] }),
        );
    }
    let mut header = Value::Object(header).to_string().into_bytes();
    header.resize(header.len().next_multiple_of(8), b' ');
    [&(header.len() as u64).to_le_bytes()[..], &header, &data].concat()
}
