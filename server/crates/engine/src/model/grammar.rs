//! Grammars: which tokens may come next.
//!
//! The work is llguidance's, the version the engine links. Here are its limits, its errors in words, and the
//! choice of what JSON may look like. To add a kind of constraint: a variant in the protocol and an arm in
//! `grammar_of`. Left out: forcing several tokens at once, which the engine's interface has no way to take.

use std::sync::{Arc, OnceLock};

use leeward_wire::{Constraint, MAX_GRAMMAR_BYTES};
use mistralrs::core::llguidance::{Matcher, ParserFactory, api::TopLevelGrammar};
use serde_json::{Value, json};

use super::vocabulary::Vocabulary;

/// The stack that compiling a grammar of [`MAX_GRAMMAR_BYTES`] is sure to fit in, in bytes. Address space:
/// only what is used becomes memory.
pub const COMPILE_STACK: usize = 64 * 1024 * 1024;
/// How deep brackets may nest in a grammar: parts of its compiler recurse without a bound of their own. Schemas
/// are bounded by their parser (128).
const MAX_NESTING: usize = 250;
/// States of a grammar's lexer, 1 to 2 kB each: the memory one job's grammar can take.
const MAX_LEXER_STATES: usize = 50_000;
/// Symbols of a compiled grammar; the largest public schemas have 200,000.
const MAX_SYMBOLS: usize = 500_000;
/// An error of the compiler is cut after this many characters: it goes to the caller.
const MESSAGE_CHARS: usize = 500;
/// White space between the parts of JSON: none, one space, or a line break and its indentation. The models
/// choose, but they cannot go on with white space for ever, as small ones do.
const WHITE_SPACE: &str = r" |\n[ ]{0,20}";

/// Compiles grammars for one model.
pub struct Grammars {
    vocabulary: Arc<Vocabulary>,
    factory: OnceLock<Result<ParserFactory, String>>,
}

impl std::fmt::Debug for Grammars {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Grammars").field("vocabulary", &self.vocabulary).finish_non_exhaustive()
    }
}

impl Grammars {
    /// Costs nothing until the first grammar is compiled.
    #[must_use]
    pub const fn new(vocabulary: Arc<Vocabulary>) -> Self {
        Self { vocabulary, factory: OnceLock::new() }
    }

    /// Compiles a grammar. It may take seconds and several megabytes of stack.
    ///
    /// # Errors
    /// What is wrong with it, in words for the caller.
    pub fn compile(&self, constraint: &Constraint) -> Result<Grammar, String> {
        let grammar = grammar_of(constraint)?;
        let factory = self.factory.get_or_init(|| self.factory()).as_ref().map_err(Clone::clone)?;
        let parser = factory.create_parser(grammar).map_err(|error| in_words(&error.to_string()))?;
        Ok(Grammar { matcher: Matcher::new(Ok(parser)), taken: 0 })
    }

    fn factory(&self) -> Result<ParserFactory, String> {
        let mut factory = ParserFactory::new_simple(&self.vocabulary.for_grammars())
            .map_err(|error| format!("this model's vocabulary cannot be used with grammars: {error}"))?;
        factory.quiet();
        let limits = factory.limits_mut();
        limits.max_lexer_states = MAX_LEXER_STATES;
        limits.max_grammar_size = MAX_SYMBOLS;
        // They quote the answer.
        limits.verbose_errors = false;
        Ok(factory)
    }
}

fn grammar_of(constraint: &Constraint) -> Result<TopLevelGrammar, String> {
    let bounded = |text: &str| {
        let bytes = text.len();
        if bytes > MAX_GRAMMAR_BYTES {
            return Err(format!("it has {bytes} bytes, and at most {MAX_GRAMMAR_BYTES} are taken; make it shorter"));
        }
        Ok(())
    };
    let shallow = |text: &str| {
        let depth = nesting(text);
        if depth > MAX_NESTING {
            return Err(format!("its brackets nest {depth} deep, and at most {MAX_NESTING} levels are taken"));
        }
        Ok(())
    };
    match constraint {
        Constraint::Json => Ok(TopLevelGrammar::from_json_schema(spaced(json!({ "type": "object" }))?)),
        Constraint::JsonSchema { schema } => {
            bounded(schema.as_str())?;
            let schema = schema.value().map_err(|error| format!("the schema is no JSON: {error}"))?;
            Ok(TopLevelGrammar::from_json_schema(spaced(schema)?))
        }
        Constraint::Regex { pattern } => {
            bounded(pattern)?;
            shallow(pattern)?;
            Ok(TopLevelGrammar::from_regex(pattern))
        }
        Constraint::Lark { grammar } => {
            bounded(grammar)?;
            shallow(grammar)?;
            Ok(TopLevelGrammar::from_lark(grammar.clone()))
        }
    }
}

/// A schema with our own options of the compiler, whatever the caller's were.
fn spaced(mut schema: Value) -> Result<Value, String> {
    let members = schema.as_object_mut().ok_or("a schema is a JSON object")?;
    members.insert("x-guidance".into(), json!({ "whitespace_pattern": WHITE_SPACE }));
    Ok(schema)
}

/// How deep brackets nest, those in quotes counted too.
fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// The library's message without what it adds for its own makers.
fn in_words(message: &str) -> String {
    let message = message.split("\n<").next().unwrap_or_default();
    if message.starts_with("panic: ") {
        return "the grammar compiler broke on it; simplify it".into();
    }
    message.chars().take(MESSAGE_CHARS).collect()
}

/// Where one answer is in its grammar.
pub struct Grammar {
    matcher: Matcher,
    taken: usize,
}

impl std::fmt::Debug for Grammar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Grammar").field("taken", &self.taken).finish_non_exhaustive()
    }
}

impl Grammar {
    /// Makes every token impossible that cannot come next. End tokens can where the grammar is satisfied.
    ///
    /// # Errors
    /// When none can, or the grammar has become too complex; in words for the caller.
    pub fn mask(&mut self, logits: &mut [f32]) -> Result<(), String> {
        let allowed = self.matcher.compute_mask().map_err(|error| self.stuck(&error.to_string()))?;
        for (token, logit) in logits.iter_mut().enumerate() {
            if token >= allowed.len() || !allowed.get(token) {
                *logit = f32::NEG_INFINITY;
            }
        }
        Ok(())
    }

    /// Takes the token that was chosen; says whether nothing can follow it.
    ///
    /// # Errors
    /// When it is not one that [`Grammar::mask`] left possible.
    pub fn take(&mut self, token: u32) -> Result<bool, String> {
        self.matcher.consume_token(token).map_err(|error| self.stuck(&error.to_string()))?;
        self.taken += 1;
        Ok(self.matcher.is_stopped())
    }

    fn stuck(&self, message: &str) -> String {
        let why = in_words(message);
        let why = if why.contains("NoExtension") { "no token of the model can come next" } else { &why };
        format!("after {} tokens of the answer: {why}", self.taken)
    }
}

#[cfg(test)]
#[path = "grammar_tests.rs"]
mod tests;
