//! Messages and tools as chat templates expect them: Hugging Face's shape, members in their order.

use std::{collections::HashMap, sync::Arc};

use leeward_wire::{ChatMessage, ChatRole, ToolCall};
use minijinja::{
    Value,
    value::{Enumerator, Object, ObjectExt as _},
};

/// What a template is given for a JSON value.
pub(super) fn value(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::from(()),
        serde_json::Value::Bool(truth) => Value::from(*truth),
        serde_json::Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(signed), _) => Value::from(signed),
            (None, Some(unsigned)) => Value::from(unsigned),
            (None, None) => Value::from(number.as_f64()),
        },
        serde_json::Value::String(text) => Value::from(text.as_str()),
        serde_json::Value::Array(items) => items.iter().map(value).collect(),
        serde_json::Value::Object(members) => {
            Members(members.iter().map(|(name, member)| (name.as_str().into(), value(member))).collect()).into()
        }
    }
}

/// A JSON object that keeps the order of its members; the engine's maps sort them.
#[derive(Debug)]
struct Members(Vec<(Arc<str>, Value)>);

impl From<Members> for Value {
    fn from(members: Members) -> Self {
        Self::from_object(members)
    }
}

impl Object for Members {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.0.iter().find(|(name, _)| &**name == key).map(|(_, value)| value.clone())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        self.mapped_enumerator(|members| Box::new(members.0.iter().map(|(name, _)| Value::from(Arc::clone(name)))))
    }
}

/// How a template wants its messages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// It knows tool calls; then a message of nothing else has no content, as OpenAI has it.
    pub(super) calls: bool,
    /// It refuses a call's id that is not nine letters or digits, as Mistral's do.
    pub(super) short_ids: bool,
}

impl Shape {
    /// Looks at a template's text.
    pub(super) fn of(template: &str) -> Self {
        let wanted = |text: &str| template.contains(text);
        Self { calls: wanted("tool_calls"), short_ids: wanted("length != 9") || wanted("length == 9") }
    }

    /// The conversation for the template.
    pub(super) fn messages(self, messages: &[ChatMessage]) -> Value {
        let mut called = HashMap::new();
        let mut shaped = Vec::with_capacity(messages.len());
        for message in messages {
            called.extend(message.tool_calls.iter().map(|call| (call.id.as_str(), call.name.as_str())));
            shaped.push(self.message(message, &called));
        }
        Value::from(shaped)
    }

    fn message(self, message: &ChatMessage, called: &HashMap<&str, &str>) -> Value {
        let only_calls = message.content.is_empty() && !message.tool_calls.is_empty();
        let content = if only_calls && self.calls { Value::from(()) } else { Value::from(message.content.as_str()) };
        let mut members = vec![("role".into(), Value::from(message.role.as_str())), ("content".into(), content)];
        let answered = message.tool_call_id.as_deref();
        let name = message.name.as_deref().or_else(|| match message.role {
            ChatRole::Tool => answered.and_then(|id| called.get(id).copied()),
            _ => None,
        });
        let texts = [("name", name), ("reasoning_content", message.reasoning_content.as_deref())];
        members.extend(texts.into_iter().filter_map(|(key, text)| Some((key.into(), Value::from(text?)))));
        if !message.tool_calls.is_empty() {
            let calls = message.tool_calls.iter().map(|call| self.call(call)).collect();
            members.push(("tool_calls".into(), calls));
        }
        if let Some(id) = answered {
            members.push(("tool_call_id".into(), Value::from(self.id(id))));
        }
        Members(members).into()
    }

    fn call(self, call: &ToolCall) -> Value {
        let arguments = match serde_json::from_str(&call.arguments) {
            Ok(object @ serde_json::Value::Object(_)) => value(&object),
            _ => Value::from(call.arguments.as_str()),
        };
        let function = Members(vec![("name".into(), Value::from(call.name.as_str())), ("arguments".into(), arguments)]);
        let members = vec![
            ("id".into(), Value::from(self.id(&call.id))),
            ("type".into(), Value::from("function")),
            ("function".into(), function.into()),
        ];
        Members(members).into()
    }

    /// A call's id as the template takes it; equal ids stay equal.
    fn id(self, id: &str) -> String {
        const DIGITS: [u8; 62] = *b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        let fits = id.len() == 9 && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if fits || !self.short_ids {
            return id.to_owned();
        }
        // FNV-1a, 64 bits: nine digits of base 62 hold 53 of them.
        let mut hash = id
            .bytes()
            .fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3));
        let mut short = String::with_capacity(9);
        for _ in 0..9 {
            short.push(char::from(DIGITS[usize::try_from(hash % 62).unwrap_or(0)]));
            hash /= 62;
        }
        short
    }
}
