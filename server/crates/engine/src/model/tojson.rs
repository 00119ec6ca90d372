//! The filter `tojson` as chat templates know it: Python's `json.dumps`, not HTML's.
//!
//! Hugging Face replaces Jinja's filter by one that escapes nothing for HTML and separates with `, ` and `: `;
//! models were trained on tools written that way. Left out: Python's spelling of very large and very small
//! floating-point numbers.

use std::io::{self, Write};

use minijinja::{Error, ErrorKind, Value, value::Kwargs};
use serde::Serialize as _;
use serde_json::ser::{Formatter, Serializer};

/// `value | tojson(indent=…, ensure_ascii=…, sort_keys=…, separators=…)`.
///
/// # Errors
/// When the value is undefined or no JSON, or an argument is unknown.
pub(super) fn tojson(value: &Value, arguments: Kwargs) -> Result<String, Error> {
    let failed = |what: String| Error::new(ErrorKind::InvalidOperation, what);
    let indent: Option<usize> = arguments.get("indent")?;
    let separators: Option<Vec<String>> = arguments.get("separators")?;
    let ascii: Option<bool> = arguments.get("ensure_ascii")?;
    let sorted: Option<bool> = arguments.get("sort_keys")?;
    arguments.assert_all_used()?;
    if value.is_undefined() {
        return Err(failed("an undefined value cannot be written as JSON".into()));
    }
    let mut tree = serde_json::to_value(value).map_err(|error| failed(error.to_string()))?;
    if sorted == Some(true) {
        tree.sort_all_objects();
    }
    let (item, key) = match separators.as_deref() {
        Some([item, key]) => (item.clone(), key.clone()),
        Some(_) => return Err(failed("separators are two texts".into())),
        None if indent.is_some() => (",".to_owned(), ": ".to_owned()),
        None => (", ".to_owned(), ": ".to_owned()),
    };
    let style = Python { indent, item, key, ascii: ascii == Some(true), depth: 0, empty: true };
    let mut text = Vec::new();
    tree.serialize(&mut Serializer::with_formatter(&mut text, style)).map_err(|error| failed(error.to_string()))?;
    String::from_utf8(text).map_err(|error| failed(error.to_string()))
}

/// The style of `json.dumps`.
struct Python {
    indent: Option<usize>,
    item: String,
    key: String,
    ascii: bool,
    depth: usize,
    /// Nothing was written since the last bracket opened.
    empty: bool,
}

impl Python {
    fn line(&self, out: &mut (impl Write + ?Sized)) -> io::Result<()> {
        match self.indent {
            Some(width) => write!(out, "\n{:1$}", "", width * self.depth),
            None => Ok(()),
        }
    }

    fn open(&mut self, out: &mut (impl Write + ?Sized), bracket: &str) -> io::Result<()> {
        self.depth += 1;
        self.empty = true;
        out.write_all(bracket.as_bytes())
    }

    fn close(&mut self, out: &mut (impl Write + ?Sized), bracket: &str) -> io::Result<()> {
        self.depth = self.depth.saturating_sub(1);
        if !std::mem::replace(&mut self.empty, false) {
            self.line(out)?;
        }
        out.write_all(bracket.as_bytes())
    }

    fn begin(&mut self, out: &mut (impl Write + ?Sized), first: bool) -> io::Result<()> {
        if !first {
            out.write_all(self.item.as_bytes())?;
        }
        self.empty = false;
        self.line(out)
    }
}

impl Formatter for Python {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, "[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, "]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.begin(out, first)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, "{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, "}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.begin(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(self.key.as_bytes())
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        if !self.ascii {
            return out.write_all(fragment.as_bytes());
        }
        for character in fragment.chars() {
            if character.is_ascii() {
                write!(out, "{character}")?;
            } else {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use minijinja::{Environment, context};
    use serde_json::json;

    use super::*;
    use crate::model::messages::value;

    fn render(expression: &str) -> Result<String, Error> {
        let mut environment = Environment::new();
        environment.add_filter("tojson", tojson);
        let data = json!({ "z": 1, "a": ["<b> & 'c'", 1.5, true, null], "é": {}, "n": [], "q": "\"\n😀" });
        environment.render_str(&format!("{{{{ {expression} }}}}"), context! { data => value(&data) })
    }

    #[test]
    fn it_writes_what_python_writes() -> Result<(), Error> {
        assert_eq!(
            render("data | tojson")?,
            r#"{"z": 1, "a": ["<b> & 'c'", 1.5, true, null], "é": {}, "n": [], "q": "\"\n😀"}"#
        );
        assert_eq!(render("data.a | tojson(indent=2)")?, "[\n  \"<b> & 'c'\",\n  1.5,\n  true,\n  null\n]");
        assert_eq!(render("{'a': {'b': []}} | tojson(indent=4)")?, "{\n    \"a\": {\n        \"b\": []\n    }\n}");
        assert_eq!(render("data.q | tojson(ensure_ascii=true)")?, r#""\"\n\ud83d\ude00""#);
        assert_eq!(render("{'b': 1, 'a': 2} | tojson(sort_keys=true, separators=[',', ':'])")?, r#"{"a":2,"b":1}"#);
        assert_eq!(render("'text' | tojson")?, r#""text""#);
        assert!(render("data.missing | tojson").is_err());
        assert!(render("data | tojson(colour=1)").is_err());
        Ok(())
    }
}
