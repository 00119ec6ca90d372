//! What can be said about LDAP without a connection: filters, names, and the shape of a message.
//!
//! Filters: RFC 4515. Distinguished names: RFC 4514. Messages: RFC 4511, section 5.1. The connection lives in the
//! gateway (`server/src/directory`); it asks here before it believes a byte.

use std::fmt::Write as _;

/// The longest message taken from a directory.
pub const MAX_MESSAGE_BYTES: usize = 1024 * 1024;
/// How deep a message nests: the deepest that LDAP has is a value in an entry, at six.
const MAX_DEPTH: u32 = 10;

/// What the directory sent is no LDAP message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(&'static str);

/// A text that is no distinguished name, and what is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a distinguished name: {0}")]
pub struct InvalidDn(&'static str);

/// A value as it stands in a filter: it can end neither the value nor the filter, and is no wildcard.
#[must_use]
pub fn escape(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'*' | b'(' | b')' | b'\\' | ..=0x1f | 0x7f.. => push_hex(&mut escaped, byte),
            _ => escaped.push(char::from(byte)),
        }
    }
    escaped
}

/// Fills values, escaped, into `{name}`s of a filter. One pass: what was filled in is not looked at again, so a login
/// of `{dn}` is just a strange login.
#[must_use]
pub fn fill(template: &str, values: &[(&str, &str)]) -> String {
    fill_with(template, |name| values.iter().find(|(known, _)| *known == name).map(|(_, value)| escape(value)))
}

/// The filter that any value satisfies: `(mail={login})` becomes `(mail=*)`.
#[must_use]
pub fn presence(template: &str) -> String {
    fill_with(template, |_| Some("*".to_owned()))
}

fn fill_with(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let found = after.split_once('}').and_then(|(name, after)| Some((value(name)?, after)));
        rest = match found {
            Some((value, after)) => {
                filled.push_str(&value);
                after
            }
            None => {
                filled.push('{');
                after
            }
        };
    }
    filled.push_str(rest);
    filled
}

/// The one spelling of a distinguished name, for comparing: lower case, single spaces, the parts of a multi-valued
/// RDN in order, everything special in hex. Case and spaces are ignored as nearly every naming attribute does
/// (`caseIgnoreMatch`); it is not for sending back to the directory.
///
/// # Errors
/// When it is no distinguished name.
pub fn normalise_dn(dn: &str) -> Result<String, InvalidDn> {
    if dn.trim().is_empty() {
        return Ok(String::new());
    }
    let mut names: Vec<Vec<String>> = vec![Vec::new()];
    let mut rest = dn;
    loop {
        let (kind, value) = rest.split_once('=').ok_or(InvalidDn("a part has no '='"))?;
        let kind = kind.trim().to_ascii_lowercase();
        let kind = kind.strip_prefix("oid.").unwrap_or(&kind);
        if kind.is_empty() || !kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.')) {
            return Err(InvalidDn("a part has no attribute name before '='"));
        }
        let (value, end, after) = dn_value(value)?;
        if let Some(parts) = names.last_mut() {
            parts.push(format!("{kind}={value}"));
        }
        match end {
            None => break,
            Some('+') => {}
            Some(_) => names.push(Vec::new()),
        }
        rest = after;
    }
    let joined = names.into_iter().map(|mut parts| {
        parts.sort_unstable();
        parts.join("+")
    });
    Ok(joined.collect::<Vec<_>>().join(","))
}

/// Whether two texts name the same entry. What is no distinguished name is the same as nothing.
#[must_use]
pub fn same_dn(one: &str, other: &str) -> bool {
    matches!((normalise_dn(one), normalise_dn(other)), (Ok(one), Ok(other)) if one == other)
}

/// One value up to its separator, folded; the separator; what follows it.
fn dn_value(text: &str) -> Result<(String, Option<char>, &str), InvalidDn> {
    let mut bytes = Vec::new();
    let mut characters = text.char_indices();
    let mut end = (None, "");
    let hex_form = text.trim_start().starts_with('#');
    while let Some((at, character)) = characters.next() {
        match character {
            ',' | ';' | '+' => {
                end = (Some(character), &text[at + character.len_utf8()..]);
                break;
            }
            '\\' => bytes.extend(escaped(&text[at + 1..], &mut characters)?.bytes()),
            '"' | '<' | '>' | '\0' => return Err(InvalidDn("a special character stands without a backslash")),
            other => bytes.extend(other.encode_utf8(&mut [0; 4]).bytes()),
        }
    }
    let value = String::from_utf8(bytes).map_err(|_| InvalidDn("a value is not UTF-8"))?;
    let folded = value.split_whitespace().collect::<Vec<_>>().join(" ");
    let folded: String = folded.chars().flat_map(char::to_lowercase).collect();
    let mut written = String::with_capacity(folded.len());
    for (at, character) in folded.char_indices() {
        match character {
            '#' if at == 0 && hex_form => written.push('#'),
            ',' | '+' | '"' | '\\' | '<' | '>' | ';' | '=' | '#' | '\0' => push_hex(&mut written, character as u8),
            other => written.push(other),
        }
    }
    Ok((written, end.0, end.1))
}

/// What a backslash stands before: a pair of hex digits or one special character. Pairs that follow one another are
/// read together, since they spell one character.
fn escaped(after: &str, characters: &mut std::str::CharIndices<'_>) -> Result<String, InvalidDn> {
    let mut pairs = Vec::new();
    let mut rest = after;
    while let Some(pair) = rest.get(..2).and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
        pairs.push(pair);
        rest = &rest[2..];
        match rest.strip_prefix('\\') {
            Some(next) if next.get(..2).is_some_and(|pair| u8::from_str_radix(pair, 16).is_ok()) => rest = next,
            _ => break,
        }
    }
    if pairs.is_empty() {
        let special = characters.next().map(|(_, character)| character);
        return match special {
            Some(special @ (' ' | '"' | '#' | '+' | ',' | ';' | '<' | '=' | '>' | '\\')) => Ok(special.to_string()),
            _ => Err(InvalidDn("a backslash stands before neither a special character nor two hex digits")),
        };
    }
    // Two digits a pair, and a backslash between each two.
    for _ in 0..pairs.len() * 3 - 1 {
        characters.next();
    }
    String::from_utf8(pairs).map_err(|_| InvalidDn("a value is not UTF-8"))
}

fn push_hex(text: &mut String, byte: u8) {
    // Writing to a String cannot fail.
    let _ = write!(text, "\\{byte:02x}");
}

/// How long the message is that these bytes begin; `None` while its head is incomplete.
///
/// # Errors
/// When no message begins so, or one that is too long.
pub fn message_length(bytes: &[u8]) -> Result<Option<usize>, Malformed> {
    match bytes.first() {
        None => Ok(None),
        Some(0x30) => match head(bytes)? {
            Some((_, begin, length)) if begin + length <= MAX_MESSAGE_BYTES => Ok(Some(begin + length)),
            Some(_) => Err(Malformed("a message is longer than 1 MiB")),
            None => Ok(None),
        },
        Some(_) => Err(Malformed("these bytes are not LDAP")),
    }
}

/// Whether a whole message has the shape of one, and nests no deeper than messages do: a recursive reader can
/// then read it without running out of stack.
///
/// # Errors
/// What is wrong with it.
pub fn check_message(message: &[u8]) -> Result<(), Malformed> {
    let (_, begin, length) = head(message)?.ok_or(Malformed("a message breaks off"))?;
    if message.first() != Some(&0x30) || begin + length != message.len() {
        return Err(Malformed("a message is not one sequence"));
    }
    let mut kinds = Vec::new();
    walk(&message[begin..], 1, &mut |depth, tag, content| {
        if depth == 1 {
            kinds.push((tag, content));
        }
    })?;
    match kinds.as_slice() {
        [(0x02, 1..=4), (0x40..=0x7f, _)] | [(0x02, 1..=4), (0x40..=0x7f, _), (0x80..=0xbf, _)] => Ok(()),
        _ => Err(Malformed("a message is not an id, an operation and controls")),
    }
}

fn walk(mut bytes: &[u8], depth: u32, found: &mut impl FnMut(u32, u8, usize)) -> Result<(), Malformed> {
    if depth > MAX_DEPTH {
        return Err(Malformed("a message nests too deep"));
    }
    while let Some(&tag) = bytes.first() {
        let (_, begin, length) = head(bytes)?.ok_or(Malformed("an element breaks off"))?;
        let content = bytes.get(begin..begin + length).ok_or(Malformed("an element is longer than what holds it"))?;
        found(depth, tag, length);
        if tag & 0x20 != 0 {
            walk(content, depth + 1, found)?;
        }
        bytes = &bytes[begin + length..];
    }
    Ok(())
}

/// Tag, where the content begins, how long it is; `None` if the bytes end before that is said.
fn head(bytes: &[u8]) -> Result<Option<(u8, usize, usize)>, Malformed> {
    let (Some(&tag), Some(&first)) = (bytes.first(), bytes.get(1)) else { return Ok(None) };
    if tag & 0x1f == 0x1f {
        return Err(Malformed("an element has a long tag, which LDAP has not"));
    }
    if first < 0x80 {
        return Ok(Some((tag, 2, usize::from(first))));
    }
    let octets = usize::from(first & 0x7f);
    if !(1..=4).contains(&octets) {
        return Err(Malformed("an element has no length that LDAP allows"));
    }
    let length =
        bytes.get(2..2 + octets).map(|octets| octets.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)));
    Ok(length.map(|length| (tag, 2 + octets, length)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A bind's answer: id 1, success, no name, no text.
    const ANSWER: &[u8] = &[0x30, 0x0c, 0x02, 0x01, 0x01, 0x61, 0x07, 0x0a, 0x01, 0x00, 0x04, 0x00, 0x04, 0x00];

    #[test]
    fn a_value_cannot_leave_its_place() {
        assert_eq!(escape("*)(uid=*"), "\\2a\\29\\28uid=\\2a");
        assert_eq!(escape("a\\b\0ż"), "a\\5cb\\00\\c5\\bc");
        assert_eq!(fill("(&(a={login})(m={dn}))", &[("login", "{dn}"), ("dn", "(x)")]), "(&(a={dn})(m=\\28x\\29))");
        assert_eq!(fill("(a={other}{login)", &[("login", "x")]), "(a={other}{login)");
        assert_eq!(presence("(|(uid={login})(mail={login}))"), "(|(uid=*)(mail=*))");
    }

    #[test]
    fn one_entry_has_one_spelling() {
        for (one, other) in [
            ("CN=Ada Lovelace,DC=Example,DC=org", "cn=ada  lovelace , dc=example, dc=org"),
            ("cn=Ana\\, QA (x),dc=org", "CN=ana\\2C qa (x),DC=org"),
            ("cn=a+uid=b,dc=org", "uid=b+cn=a,dc=org"),
            ("cn=\\c5\\bb\\C3\\b3\\c5\\82w,dc=org", "cn=Żółw,dc=org"),
            ("OID.2.5.4.3=#0403616263,dc=org", "2.5.4.3=#0403616263;dc=org"),
            ("", "  "),
        ] {
            assert!(same_dn(one, other), "{one} and {other}: {:?} {:?}", normalise_dn(one), normalise_dn(other));
        }
        for (one, other) in [
            ("cn=a,cn=b", "cn=a\\,cn=b"),
            ("cn=a+cn=b", "cn=a\\+cn\\=b"),
            ("cn=#04", "cn=\\#04"),
            ("cn=a,dc=org", "cn=a,dc=org,dc=x"),
            ("cn=a", "nothing"),
            ("nothing", "nothing"),
        ] {
            assert!(!same_dn(one, other), "{one} and {other}");
        }
        for wrong in ["a", "=a", "cn=a,", "cn=a\\", "cn=a\\zz", "cn=\"a\"", "cn=\\ff,dc=x", "c n=a"] {
            assert!(normalise_dn(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_message_is_what_the_standard_says() {
        assert_eq!(message_length(ANSWER), Ok(Some(ANSWER.len())));
        assert_eq!(check_message(ANSWER), Ok(()));
        assert_eq!(message_length(&ANSWER[..1]), Ok(None));
        assert!(message_length(b"HTTP/1.1 400 Bad Request").is_err());
        assert!(message_length(&[0x30, 0x80]).is_err(), "no end is given");
        assert!(message_length(&[0x30, 0x84, 0x7f, 0xff, 0xff, 0xff]).is_err(), "two gigabytes");
        for wrong in [&[0x30, 0x00][..], &[0x30, 0x03, 0x02, 0x01, 0x01], &[0x30, 0x05, 0x04, 0x01, 0x01, 0x61, 0x00]] {
            assert!(check_message(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_message_that_would_exhaust_a_recursive_reader_is_refused() {
        let mut nested = vec![0x00, 0x04];
        for _ in 0..100_000 {
            let length = u32::try_from(nested.len()).unwrap().to_be_bytes();
            let mut outer = vec![0x30, 0x84];
            outer.extend(length);
            // Built from the inside; put together in reverse to stay linear.
            nested.extend(outer.into_iter().rev());
        }
        nested.reverse();
        let message = [&[0x30, 0x84][..], &u32::try_from(nested.len() + 3).unwrap().to_be_bytes(), &[2, 1, 1], &nested];
        assert_eq!(check_message(&message.concat()), Err(Malformed("a message nests too deep")));
    }

    proptest! {
        #[test]
        fn whatever_is_typed_stays_one_value(login in any::<String>()) {
            let filter = fill("(&(objectClass=person)(mail={login}))", &[("login", &login)]);
            prop_assert_eq!(filter.matches('(').count(), 3);
            prop_assert_eq!(filter.matches(')').count(), 3);
            prop_assert!(!filter.contains('*') && filter.is_ascii());
            let mut back = Vec::new();
            let value = escape(&login);
            let mut bytes = value.bytes();
            while let Some(byte) = bytes.next() {
                if byte == b'\\' {
                    let pair = [bytes.next().unwrap(), bytes.next().unwrap()];
                    back.push(u8::from_str_radix(std::str::from_utf8(&pair).unwrap(), 16).unwrap());
                } else {
                    back.push(byte);
                }
            }
            prop_assert_eq!(back, login.into_bytes());
        }

        #[test]
        fn a_spelling_is_its_own(dn in "([a-z]{1,3}=[ -~ż]{0,8}[,+;]){0,3}cn=[ -~ż]{0,12}") {
            if let Ok(spelt) = normalise_dn(&dn) {
                prop_assert_eq!(normalise_dn(&spelt), Ok(spelt.clone()));
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = message_length(&bytes);
            let _ = check_message(&bytes);
            let framed = [&[0x30, 0x82, 0x01, 0x00][..], &bytes].concat();
            let _ = check_message(&framed);
        }
    }
}
