//! A model that writes text, in memory.

use std::{collections::HashSet, fmt, sync::Arc};

use mistralrs::core::Pipeline;
use tokenizers::Tokenizer;
use tokio::sync::Mutex;

use super::{grammar::Grammars, load::LoadError, prompt::Prompter, template::Template, vocabulary::Vocabulary};

/// The KV cache grows by this many tokens and the engine fails a whole batch when the last step would pass
/// the context, so only whole steps of a longer context are used (`NormalCache::CACHE_GROW_SIZE`).
const CACHE_STEP: u32 = 512;

/// A model that writes text.
pub struct TextModel {
    pub(super) pipeline: Arc<Mutex<dyn Pipeline>>,
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
    /// The chat template, as the model's files have it.
    pub template: String,
    /// Ends a sequence inside the engine; see [`seal_token`].
    pub seal: u32,
    /// The engine notices only when it computes that something is missing, so it should once before anybody asks.
    pub(super) try_out: bool,
}

impl fmt::Debug for TextModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextModel")
            .field("context_length", &self.context_length)
            .field("end_tokens", &self.end_tokens)
            .field("seal", &self.seal)
            .finish_non_exhaustive()
    }
}

/// What a file or a directory says about text, whatever its format.
pub(super) struct Said {
    /// The chat template's text and the same, parsed.
    pub(super) template: (String, Template),
    /// The template writes what begins a text, so that the tokenizer must not do it again.
    pub(super) template_begins: bool,
    /// See [`TextModel::try_out`].
    pub(super) try_out: bool,
    /// Tokens that end an answer.
    pub(super) end_tokens: Vec<u32>,
    /// The types of the tokens, as GGUF numbers them; empty if they are not told.
    pub(super) kinds: Vec<u64>,
}

impl TextModel {
    /// Puts the engine's pipeline and what its files say together; `context` is a shorter one than the model was
    /// trained for.
    pub(super) fn new(pipeline: Arc<Mutex<dyn Pipeline>>, said: Said, context: Option<u32>) -> Result<Self, LoadError> {
        let (tokenizer, metadata) = {
            let pipeline = pipeline.blocking_lock();
            (pipeline.tokenizer(), pipeline.get_metadata())
        };
        let tokenizer = tokenizer.ok_or_else(|| LoadError("the model has no tokenizer".into()))?;
        let (template, parsed) = said.template;
        let trained = u32::try_from(metadata.max_seq_len).unwrap_or(u32::MAX);
        let context = context.map_or(trained, |wanted| wanted.min(trained));
        let context_length = if context > CACHE_STEP { context - context % CACHE_STEP } else { context };

        let mut end_tokens = said.end_tokens;
        end_tokens.extend(&metadata.eos_tok);
        end_tokens.sort_unstable();
        end_tokens.dedup();
        let view = metadata.tok_env();
        let view = view.ok_or_else(|| LoadError("the engine made no list of the model's tokens".into()))?;
        let vocabulary = Arc::new(Vocabulary::new(view, &tokenizer, &said.kinds, &end_tokens));
        let seal = seal_token(&tokenizer, &vocabulary.hidden(), &end_tokens, &template)
            .ok_or_else(|| LoadError("the tokenizer has no end-of-turn token".into()))?;
        let grammars = Grammars::new(Arc::clone(&vocabulary));
        let prompter = Prompter::new(Some(parsed), said.template_begins, Arc::clone(&tokenizer));
        let try_out = said.try_out;
        Ok(Self {
            pipeline,
            prompter,
            tokenizer,
            vocabulary,
            grammars,
            context_length,
            end_tokens,
            template,
            seal,
            try_out,
        })
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
