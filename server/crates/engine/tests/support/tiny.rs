//! A GGUF writer, and a two-layer llama with pseudo-random weights and a byte-level vocabulary: it loads in
//! milliseconds, computes nonsense, and does so deterministically.

use std::{fs, path::Path};

const WIDTH: u64 = 64;
const HEADS: u32 = 4;
const KV_HEADS: u32 = 2;
const HIDDEN: u64 = 128;
const LAYERS: u64 = 2;
pub(crate) const CONTEXT: u32 = 2048;

pub(crate) const SPECIAL: [&str; 4] = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|unused|>"];
pub(crate) const TEMPLATE: &str = "{% for message in messages %}{% if message['role'] == 'system' and not loop.first %}\
    {{ raise_exception('a system message must come first') }}{% endif %}\
    {{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}\
    {% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

/// A GGUF file being put together.
#[derive(Default, Clone)]
pub(crate) struct Gguf {
    entries: Vec<Vec<u8>>,
    tensors: Vec<(String, Vec<u64>, u32, Vec<u8>)>,
}

fn text(value: &str) -> Vec<u8> {
    [&(value.len() as u64).to_le_bytes(), value.as_bytes()].concat()
}

impl Gguf {
    fn entry(mut self, key: &str, kind: u32, value: &[u8]) -> Self {
        self.entries.push([text(key), kind.to_le_bytes().to_vec(), value.to_vec()].concat());
        self
    }

    pub(crate) fn text(self, key: &str, value: &str) -> Self {
        self.entry(key, 8, &text(value))
    }

    pub(crate) fn number(self, key: &str, value: u32) -> Self {
        self.entry(key, 4, &value.to_le_bytes())
    }

    pub(crate) fn float(self, key: &str, value: f32) -> Self {
        self.entry(key, 6, &value.to_le_bytes())
    }

    pub(crate) fn texts(self, key: &str, values: &[String]) -> Self {
        let items = values.iter().flat_map(|value| text(value)).collect::<Vec<_>>();
        self.entry(key, 9, &[&8_u32.to_le_bytes()[..], &(values.len() as u64).to_le_bytes(), &items].concat())
    }

    pub(crate) fn numbers(self, key: &str, values: &[i32]) -> Self {
        let items = values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>();
        self.entry(key, 9, &[&5_u32.to_le_bytes()[..], &(values.len() as u64).to_le_bytes(), &items].concat())
    }

    /// A tensor of 32-bit floats.
    pub(crate) fn tensor(mut self, name: &str, dimensions: &[u64], values: impl Iterator<Item = f32>) -> Self {
        let data = values.flat_map(f32::to_le_bytes).collect::<Vec<_>>();
        assert_eq!(data.len() as u64, dimensions.iter().product::<u64>() * 4);
        self.tensors.push((name.to_owned(), dimensions.to_vec(), 0, data));
        self
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut file = b"GGUF".to_vec();
        file.extend(3_u32.to_le_bytes());
        file.extend((self.tensors.len() as u64).to_le_bytes());
        file.extend((self.entries.len() as u64).to_le_bytes());
        file.extend(self.entries.concat());
        let mut offset = 0_u64;
        for (name, dimensions, kind, data) in &self.tensors {
            file.extend(text(name));
            file.extend(u32::try_from(dimensions.len()).unwrap().to_le_bytes());
            file.extend(dimensions.iter().flat_map(|size| size.to_le_bytes()));
            file.extend(kind.to_le_bytes());
            file.extend(offset.to_le_bytes());
            offset = (offset + data.len() as u64).next_multiple_of(32);
        }
        for (.., data) in &self.tensors {
            file.resize(file.len().next_multiple_of(32), 0);
            file.extend(data);
        }
        file
    }
}

/// The smallest file that is a language model as far as facts go.
pub(crate) fn smallest() -> Gguf {
    Gguf::default()
        .text("general.architecture", "llama")
        .text("general.license", "apache-2.0")
        .number("llama.context_length", 77)
        .tensor("norm", &[4], (0..4).map(|n| n as f32))
        .tensor("matrix", &[32, 2], (0..64).map(|n| n as f32 / 64.0))
}

/// The tiny model; `architecture` is `llama` unless a test wants one the engine does not know.
pub(crate) fn model(architecture: &str) -> Gguf {
    with_embeddings(architecture, 260)
}

/// The tiny model with embeddings for the first `rows` tokens only: the engine fails on the others.
pub(crate) fn with_embeddings(architecture: &str, rows: u64) -> Gguf {
    let key = |name: &str| format!("{architecture}.{name}");
    let tokens = SPECIAL.iter().map(|token| (*token).to_owned()).chain(byte_tokens()).collect::<Vec<_>>();
    let kinds = tokens.iter().enumerate().map(|(id, _)| if id < SPECIAL.len() { 3 } else { 1 }).collect::<Vec<_>>();
    let mut file = Gguf::default()
        .text("general.architecture", architecture)
        .text("general.name", "Tiny")
        .number("general.file_type", 0)
        .number(&key("context_length"), CONTEXT)
        .number(&key("embedding_length"), WIDTH as u32)
        .number(&key("block_count"), LAYERS as u32)
        .number(&key("feed_forward_length"), HIDDEN as u32)
        .number(&key("attention.head_count"), HEADS)
        .number(&key("attention.head_count_kv"), KV_HEADS)
        .number(&key("rope.dimension_count"), WIDTH as u32 / HEADS)
        .float(&key("attention.layer_norm_rms_epsilon"), 1e-5)
        .text("tokenizer.ggml.model", "gpt2")
        .texts("tokenizer.ggml.tokens", &tokens)
        .numbers("tokenizer.ggml.token_type", &kinds)
        .texts("tokenizer.ggml.merges", &[])
        .number("tokenizer.ggml.bos_token_id", 1)
        .number("tokenizer.ggml.eos_token_id", 2)
        .text("tokenizer.chat_template", TEMPLATE);
    let mut seed = 1_u64;
    let mut weights = |count: u64, scale: f32| {
        seed += 1;
        pseudo_random(seed, count).map(move |value| value * scale).collect::<Vec<_>>().into_iter()
    };
    let kv = WIDTH / u64::from(HEADS) * u64::from(KV_HEADS);
    file = file.tensor("token_embd.weight", &[WIDTH, rows], weights(WIDTH * rows, 1.0));
    for layer in 0..LAYERS {
        let matrices = [
            ("attn_q", WIDTH, WIDTH),
            ("attn_k", WIDTH, kv),
            ("attn_v", WIDTH, kv),
            ("attn_output", WIDTH, WIDTH),
            ("ffn_gate", WIDTH, HIDDEN),
            ("ffn_up", WIDTH, HIDDEN),
            ("ffn_down", HIDDEN, WIDTH),
        ];
        for (name, columns, rows) in matrices {
            let name = format!("blk.{layer}.{name}.weight");
            file = file.tensor(&name, &[columns, rows], weights(columns * rows, 0.3));
        }
        for name in ["attn_norm", "ffn_norm"] {
            file = file.tensor(&format!("blk.{layer}.{name}.weight"), &[WIDTH], (0..WIDTH).map(|_| 1.0));
        }
    }
    file.tensor("output_norm.weight", &[WIDTH], (0..WIDTH).map(|_| 1.0))
}

/// Writes the tiny model into a directory of its own.
pub(crate) fn write(directory: &Path) {
    fs::write(directory.join("tiny.gguf"), model("llama").bytes()).unwrap();
}

/// GPT-2's printable spelling of the 256 bytes.
pub(crate) fn byte_tokens() -> impl Iterator<Item = String> {
    let printable = |byte: u32| matches!(byte, 33..=126 | 161..=172 | 174..=255);
    let mut shifted = 256;
    (0..256).map(move |byte| {
        let code = if printable(byte) {
            byte
        } else {
            shifted += 1;
            shifted - 1
        };
        char::from_u32(code).unwrap().to_string()
    })
}

/// SplitMix64, mapped to -1..1.
pub(crate) fn pseudo_random(seed: u64, count: u64) -> impl Iterator<Item = f32> {
    (1..=count).map(move |n| {
        let mut x = seed.wrapping_mul(0xD134_2543_DE82_EF95).wrapping_add(n.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((x ^ (x >> 31)) >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
    })
}
