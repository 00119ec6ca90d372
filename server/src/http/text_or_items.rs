//! A field that is a text or a list: what several doors have for the content of messages.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{SeqAccess, Visitor, value::SeqAccessDeserializer},
};
use serde_json::value::RawValue;

/// A text, or items as they were written; each is looked at when it is known where it stands.
#[derive(Debug)]
pub enum TextOrItems {
    /// Plain text.
    Text(String),
    /// Items.
    Items(Vec<Box<RawValue>>),
}

// Not untagged: that would say "no variant matched" of every mistake, and forget how items were written.
impl<'de> Deserialize<'de> for TextOrItems {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = TextOrItems;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a list")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<TextOrItems, E> {
                Ok(TextOrItems::Text(text.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<TextOrItems, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(items)).map(TextOrItems::Items)
            }
        }
        deserializer.deserialize_any(Either)
    }
}
