//! JSON carried as text.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A JSON value as the text it was written in.
///
/// Text and not a tree because the order of members means something here: a model was trained on tools
/// written in one order, and an answer to a schema comes in the order of its properties. A tree in the
/// gateway would forget it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JsonText(String);

impl JsonText {
    /// Takes a text that is one JSON value.
    ///
    /// # Errors
    /// When it is not, or nests more than 128 levels deep.
    pub fn new(text: impl Into<String>) -> Result<Self, serde_json::Error> {
        let text = text.into();
        // As a tree, whose parser bounds the nesting.
        serde_json::from_str::<Value>(&text)?;
        Ok(Self(text))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The tree.
    ///
    /// # Errors
    /// When a peer sent something that is no JSON, or nests more than 128 levels deep.
    pub fn value(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_str(&self.0)
    }
}

impl From<&Value> for JsonText {
    fn from(value: &Value) -> Self {
        Self(value.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_members_survives_and_rubbish_is_refused() {
        let text = r#"{"type": "function", "function": {"b": 1, "a": "é"}}"#;
        let json = JsonText::new(text).expect("JSON");
        let crossed: JsonText = serde_json::from_str(&serde_json::to_string(&json).expect("text")).expect("text");
        assert_eq!(crossed.as_str(), text);
        assert_eq!(crossed.value().expect("JSON")["function"]["a"], "é");
        let deep = "[".repeat(200) + &"]".repeat(200);
        for wrong in ["", "{", "{} {}", "nan", &deep] {
            assert!(JsonText::new(wrong).is_err(), "{wrong:?}");
        }
    }
}
