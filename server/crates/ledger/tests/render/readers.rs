//! Readers written from the specifications, apart from the writers they check.

use std::collections::HashMap;

/// What a CEF line says.
pub(crate) struct Cef {
    pub(crate) header: Vec<String>,
    pub(crate) extension: HashMap<String, String>,
}

/// The header ends at the seventh bar that no backslash escapes; a key of the extension stands at its start or
/// after a space, and ends at an equals sign that no backslash escapes.
pub(crate) fn cef(line: &str) -> Cef {
    let mut header = vec![String::new()];
    let mut characters = line.chars();
    while header.len() < 8 {
        match characters.next().unwrap() {
            '\\' => header.last_mut().unwrap().push(characters.next().unwrap()),
            '|' => header.push(String::new()),
            character => header.last_mut().unwrap().push(character),
        }
    }
    header.pop();

    let rest = characters.as_str();
    let mut equals = Vec::new();
    let mut escaped = false;
    for (at, character) in rest.char_indices() {
        match character {
            '\\' => escaped = !escaped,
            '=' if !escaped => equals.push(at),
            _ => {}
        }
        escaped &= character == '\\';
    }
    let key_before = |equal: usize| rest[..equal].rfind(' ').map_or(0, |space| space + 1);
    let mut extension = HashMap::new();
    for (index, equal) in equals.iter().enumerate() {
        let end = equals.get(index + 1).map_or(rest.len(), |next| key_before(*next) - 1);
        let key = rest[key_before(*equal)..*equal].to_owned();
        assert!(key.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{key:?} is no key");
        assert_eq!(extension.insert(key, cef_value(&rest[equal + 1..end])), None);
    }
    Cef { header, extension }
}

fn cef_value(text: &str) -> String {
    let mut value = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        value.push(match character {
            '\\' => match characters.next().unwrap() {
                'n' => '\n',
                'r' => '\r',
                other => {
                    assert!(matches!(other, '\\' | '='), "there is no escape \\{other}");
                    other
                }
            },
            character => character,
        });
    }
    value
}

/// What an RFC 5424 message says.
pub(crate) struct Syslog {
    pub(crate) priority: u8,
    /// TIMESTAMP, HOSTNAME, APP-NAME, PROCID, MSGID.
    pub(crate) header: Vec<String>,
    pub(crate) data: HashMap<String, HashMap<String, String>>,
    pub(crate) message: String,
}

/// RFC 5424, section 6, with its length limits and character sets.
pub(crate) fn syslog(line: &str) -> Syslog {
    let (priority, rest) = line.strip_prefix('<').unwrap().split_once(">1 ").unwrap();
    let mut parts = rest.splitn(6, ' ');
    let header: Vec<String> = parts.by_ref().take(5).map(str::to_owned).collect();
    for (part, most) in header.iter().zip([32, 255, 48, 128, 32]) {
        assert!((1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_graphic()), "{part:?}");
    }

    let mut rest = parts.next().unwrap();
    let mut data = HashMap::new();
    while let Some(element) = rest.strip_prefix('[') {
        let end = element.find([' ', ']']).unwrap();
        let id = sd_name(&element[..end]);
        rest = &element[end..];
        let mut params = HashMap::new();
        while let Some(param) = rest.strip_prefix(' ') {
            let (name, quoted) = param.split_once("=\"").unwrap();
            let (value, after) = sd_value(quoted);
            assert_eq!(params.insert(sd_name(name), value), None);
            rest = after;
        }
        rest = rest.strip_prefix(']').unwrap();
        assert_eq!(data.insert(id, params), None);
    }
    let message = rest.strip_prefix(' ').unwrap().to_owned();
    Syslog { priority: priority.parse().unwrap(), header, data, message }
}

fn sd_name(text: &str) -> String {
    let allowed = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'=' | b']' | b'"');
    assert!((1..=32).contains(&text.len()) && text.bytes().all(allowed), "{text:?} is no SD-NAME");
    text.to_owned()
}

/// Up to the quote that ends it, and what follows.
fn sd_value(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut characters = text.chars();
    loop {
        match characters.next().unwrap() {
            '"' => return (value, characters.as_str()),
            ']' => panic!("a bracket that is not escaped"),
            '\\' => {
                let escaped = characters.next().unwrap();
                assert!(matches!(escaped, '"' | '\\' | ']'), "there is no escape \\{escaped}");
                value.push(escaped);
            }
            character => value.push(character),
        }
    }
}

/// RFC 4180: the cells of one row.
pub(crate) fn csv(row: &str) -> Vec<String> {
    let mut cells = Vec::new();
    let mut rest = row;
    loop {
        let mut cell = String::new();
        if let Some(quoted) = rest.strip_prefix('"') {
            rest = quoted;
            loop {
                let (text, after) = rest.split_once('"').unwrap();
                cell.push_str(text);
                rest = after;
                match rest.strip_prefix('"') {
                    Some(more) => {
                        cell.push('"');
                        rest = more;
                    }
                    None => break,
                }
            }
        } else {
            let end = rest.find(',').unwrap_or(rest.len());
            assert!(!rest[..end].contains(['"', '\r', '\n']), "{:?} should be quoted", &rest[..end]);
            cell.push_str(&rest[..end]);
            rest = &rest[end..];
        }
        cells.push(cell);
        match rest.strip_prefix(',') {
            Some(more) => rest = more,
            None => {
                assert_eq!(rest, "", "text after a quoted cell");
                return cells;
            }
        }
    }
}
