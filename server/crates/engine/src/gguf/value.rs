//! Metadata values, and the bounded byte source they are read from.

use std::io::Read;

use super::GgufError;

/// How deep arrays may nest; real files use one level.
pub const MAX_NESTING: u32 = 4;

/// One metadata value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Any unsigned integer type.
    Unsigned(u64),
    /// Any signed integer type.
    Signed(i64),
    /// 32- or 64-bit float.
    Float(f64),
    /// True or false.
    Bool(bool),
    /// UTF-8 text; invalid bytes are replaced, since nothing is decided by them.
    Text(String),
    /// Values of one type.
    Array(Vec<Value>),
}

impl Value {
    /// The value as a number, if it is a non-negative integer.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Unsigned(number) => Some(*number),
            Self::Signed(number) => u64::try_from(*number).ok(),
            _ => None,
        }
    }

    /// The value as text, if it is text.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value as an array, if it is one.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(values) => Some(values),
            _ => None,
        }
    }
}

/// Reads from a file whose length is known, so that no count in it can ask for more than there is.
pub(super) struct Source<R> {
    reader: R,
    position: u64,
    length: u64,
}

impl<R: Read> Source<R> {
    pub(super) fn new(reader: R, length: u64) -> Self {
        Self { reader, position: 0, length }
    }

    pub(super) const fn position(&self) -> u64 {
        self.position
    }

    pub(super) const fn length(&self) -> u64 {
        self.length
    }

    /// Fails unless `count` things of at least `each` bytes can still follow.
    pub(super) fn expect_left(&self, count: u64, each: u64, what: &str) -> Result<(), GgufError> {
        let left = self.length.saturating_sub(self.position);
        if count.checked_mul(each).is_none_or(|bytes| bytes > left) {
            return Err(GgufError::Truncated(format!(
                "{what} needs {count} entries of at least {each} bytes, the file has {left} bytes left"
            )));
        }
        Ok(())
    }

    fn bytes<const N: usize>(&mut self, what: &str) -> Result<[u8; N], GgufError> {
        self.expect_left(1, N as u64, what)?;
        let mut buffer = [0; N];
        self.reader.read_exact(&mut buffer).map_err(|error| GgufError::io(&format!("reading {what}"), &error))?;
        self.position += N as u64;
        Ok(buffer)
    }

    pub(super) fn u32(&mut self, what: &str) -> Result<u32, GgufError> {
        Ok(u32::from_le_bytes(self.bytes(what)?))
    }

    pub(super) fn u64(&mut self, what: &str) -> Result<u64, GgufError> {
        Ok(u64::from_le_bytes(self.bytes(what)?))
    }

    /// A length-prefixed text of at most `limit` bytes.
    pub(super) fn text(&mut self, limit: u64, what: &str) -> Result<String, GgufError> {
        let length = self.u64(what)?;
        if length > limit {
            return Err(GgufError::NotGguf(format!("{what} claims {length} bytes, at most {limit} are allowed")));
        }
        self.expect_left(length, 1, what)?;
        let mut bytes = Vec::new();
        let read = (&mut self.reader).take(length).read_to_end(&mut bytes);
        read.map_err(|error| GgufError::io(&format!("reading {what}"), &error))?;
        if bytes.len() as u64 != length {
            return Err(GgufError::Truncated(format!("{what} ends early")));
        }
        self.position += length;
        Ok(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }

    /// A value of the type numbered `kind` (GGUF specification, `gguf_metadata_value_type`).
    pub(super) fn value(&mut self, kind: u32, depth: u32, what: &str) -> Result<Value, GgufError> {
        Ok(match kind {
            0 => Value::Unsigned(u64::from(self.bytes::<1>(what)?[0])),
            1 => Value::Signed(i64::from(i8::from_le_bytes(self.bytes(what)?))),
            2 => Value::Unsigned(u64::from(u16::from_le_bytes(self.bytes(what)?))),
            3 => Value::Signed(i64::from(i16::from_le_bytes(self.bytes(what)?))),
            4 => Value::Unsigned(u64::from(self.u32(what)?)),
            5 => Value::Signed(i64::from(i32::from_le_bytes(self.bytes(what)?))),
            6 => Value::Float(f64::from(f32::from_le_bytes(self.bytes(what)?))),
            7 => Value::Bool(self.bytes::<1>(what)?[0] != 0),
            8 => Value::Text(self.text(MAX_TEXT_BYTES, what)?),
            9 if depth >= MAX_NESTING => {
                return Err(GgufError::NotGguf(format!("{what} nests arrays deeper than {MAX_NESTING}")));
            }
            9 => {
                let element = self.u32(what)?;
                let count = self.u64(what)?;
                self.expect_left(count, smallest(element), what)?;
                let mut values = Vec::new();
                for _ in 0..count {
                    values.push(self.value(element, depth + 1, what)?);
                }
                Value::Array(values)
            }
            10 => Value::Unsigned(self.u64(what)?),
            11 => Value::Signed(i64::from_le_bytes(self.bytes(what)?)),
            12 => Value::Float(f64::from_le_bytes(self.bytes(what)?)),
            _ => return Err(GgufError::NotGguf(format!("{what} has the unknown value type {kind}"))),
        })
    }
}

/// The longest text: chat templates reach tens of kilobytes, licence texts hundreds.
const MAX_TEXT_BYTES: u64 = 16 * 1024 * 1024;

/// The fewest bytes a value of this type can take.
const fn smallest(kind: u32) -> u64 {
    match kind {
        2 | 3 => 2,
        4..=6 => 4,
        8 | 10..=12 => 8,
        9 => 12,
        _ => 1,
    }
}
