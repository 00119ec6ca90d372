//! Whether a filter (RFC 7644, section 3.4.2.2) fits a resource.
//!
//! An attribute that the schema does not have is one without a value. Text is compared as the schema says:
//! `caseExact` or not. Comparing values of different kinds is false, not an error.

use std::{cmp::Ordering, fmt};

use leeward_domain::Timestamp;
use scim_v2::filter::{AttrExp, AttrPath, CompValue, CompareOp, Filter as Parsed, ValFilter};
use serde_json::Value;

use super::{
    Mistake, Refusal, Schema,
    schema::{Attribute, Kind},
};

/// The longest filter that is read.
const MAX_BYTES: usize = 8 * 1024;

/// A filter that could be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter(Parsed);

impl std::str::FromStr for Filter {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        if text.len() > MAX_BYTES {
            let detail = format!("the filter is longer than {MAX_BYTES} bytes; ask for less at once");
            return Err(Refusal::new(Mistake::InvalidFilter, detail));
        }
        text.parse().map(Self).map_err(|error| {
            Refusal::new(Mistake::InvalidFilter, format!("the filter cannot be read ({error}); RFC 7644, 3.4.2.2"))
        })
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Filter {
    /// Whether the resource fits.
    #[must_use]
    pub fn fits(&self, schema: &Schema, resource: &Value) -> bool {
        fits(&self.0, schema, resource)
    }

    /// The text that `attribute` (or `attribute.part`) must equal in every resource that fits, if the filter says so
    /// outright: what an index can be asked for.
    #[must_use]
    pub fn pinned(&self, attribute: &str, part: Option<&str>) -> Option<&str> {
        pinned(&self.0, attribute, part)
    }

    /// Whether the filter names the attribute anywhere.
    #[must_use]
    pub fn mentions(&self, attribute: &str) -> bool {
        mentions(&self.0, attribute)
    }
}

fn fits(filter: &Parsed, schema: &Schema, resource: &Value) -> bool {
    match filter {
        Parsed::Attr(expression) => {
            let path = path(expression);
            let Some(attribute) = known(schema, path) else { return holds(expression, None, None) };
            let value = get(resource, attribute.name);
            match &path.sub_attr {
                Some(part) => {
                    let part = attribute.part(part);
                    holds_in(expression, part, value.and_then(|value| part.map(|part| (value, part.name))))
                }
                // A complex attribute stands for its `value` (RFC 7644, 3.4.2.2).
                None => match attribute.part("value") {
                    Some(part) if matches!(expression, AttrExp::Comparison(..)) => {
                        holds_in(expression, Some(part), value.map(|value| (value, part.name)))
                    }
                    _ => holds(expression, Some(attribute), value),
                },
            }
        }
        Parsed::ValuePath(inner) => {
            let Some(attribute) = known(schema, &inner.attr) else { return false };
            elements(get(resource, attribute.name)).any(|element| element_fits(&inner.filter, attribute, element))
        }
        Parsed::Not(inner) => !fits(inner, schema, resource),
        Parsed::And(all) => all.iter().all(|one| fits(one, schema, resource)),
        Parsed::Or(any) => any.iter().any(|one| fits(one, schema, resource)),
    }
}

/// Whether one value of a complex attribute fits the filter in brackets.
pub(super) fn element_fits(filter: &ValFilter, attribute: &Attribute, element: &Value) -> bool {
    match filter {
        ValFilter::Attr(expression) => {
            let part = attribute.part(&path(expression).name);
            holds(expression, part, part.and_then(|part| get(element, part.name)))
        }
        ValFilter::Not(inner) => !element_fits(inner, attribute, element),
        ValFilter::And(all) => all.iter().all(|one| element_fits(one, attribute, element)),
        ValFilter::Or(any) => any.iter().any(|one| element_fits(one, attribute, element)),
    }
}

const fn path(expression: &AttrExp) -> &AttrPath {
    match expression {
        AttrExp::Present(path) | AttrExp::Comparison(path, ..) => path,
    }
}

/// The attribute a path names, unless it is another schema's.
pub(super) fn known(schema: &Schema, path: &AttrPath) -> Option<&'static Attribute> {
    let ours = path.uri.as_deref().is_none_or(|uri| uri.eq_ignore_ascii_case(schema.urn));
    ours.then(|| schema.attribute(&path.name)).flatten()
}

fn get<'a>(resource: &'a Value, name: &str) -> Option<&'a Value> {
    resource.get(name).filter(|value| !value.is_null())
}

/// The values of an attribute, one or many.
fn elements(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    let (many, one) = match value {
        Some(Value::Array(many)) => (many.as_slice(), None),
        other => (&[][..], other),
    };
    many.iter().chain(one)
}

/// Whether any of the values' parts holds; `ne` is the opposite of `eq`.
fn holds_in(expression: &AttrExp, part: Option<&Attribute>, values: Option<(&Value, &str)>) -> bool {
    if let AttrExp::Comparison(path, CompareOp::Ne, value) = expression {
        return !holds_in(&AttrExp::Comparison(path.clone(), CompareOp::Eq, value.clone()), part, values);
    }
    let Some((value, name)) = values else { return holds(expression, part, None) };
    let mut parts = elements(Some(value)).filter_map(|element| get(element, name)).peekable();
    if parts.peek().is_none() {
        return holds(expression, part, None);
    }
    parts.any(|value| holds(expression, part, Some(value)))
}

fn holds(expression: &AttrExp, attribute: Option<&Attribute>, value: Option<&Value>) -> bool {
    match expression {
        AttrExp::Present(_) => match value {
            Some(Value::Array(values)) => !values.is_empty(),
            Some(Value::String(text)) => !text.is_empty(),
            Some(Value::Object(parts)) => !parts.is_empty(),
            Some(value) => !value.is_null(),
            None => false,
        },
        AttrExp::Comparison(_, CompareOp::Ne, wanted) => !compare(&CompareOp::Eq, attribute, value, wanted),
        AttrExp::Comparison(_, operator, wanted) => compare(operator, attribute, value, wanted),
    }
}

fn compare(operator: &CompareOp, attribute: Option<&Attribute>, value: Option<&Value>, wanted: &CompValue) -> bool {
    match (value, wanted) {
        (None, wanted) => matches!((operator, wanted), (CompareOp::Eq, CompValue::Null)),
        (Some(Value::Array(values)), wanted) => {
            values.iter().any(|value| compare(operator, attribute, Some(value), wanted))
        }
        (Some(Value::Bool(is)), CompValue::True) => matches!(operator, CompareOp::Eq) && *is,
        (Some(Value::Bool(is)), CompValue::False) => matches!(operator, CompareOp::Eq) && !*is,
        // Entra writes booleans as text.
        (Some(Value::Bool(is)), CompValue::Str(text)) => {
            matches!(operator, CompareOp::Eq) && text.eq_ignore_ascii_case(if *is { "true" } else { "false" })
        }
        (Some(Value::Number(is)), CompValue::Number(wanted)) => {
            let order = is.as_f64().zip(wanted.as_f64()).and_then(|(is, wanted)| is.partial_cmp(&wanted));
            order.is_some_and(|order| ordered(operator, order))
        }
        (Some(Value::String(is)), CompValue::Str(wanted)) => {
            if attribute.is_some_and(|attribute| attribute.kind == Kind::Instant) {
                let instants = is.parse::<Timestamp>().ok().zip(wanted.parse::<Timestamp>().ok());
                return instants.is_some_and(|(is, wanted)| ordered(operator, is.cmp(&wanted)));
            }
            if attribute.is_some_and(|attribute| attribute.exact) {
                text(operator, is, wanted)
            } else {
                text(operator, &is.to_lowercase(), &wanted.to_lowercase())
            }
        }
        _ => false,
    }
}

fn text(operator: &CompareOp, is: &str, wanted: &str) -> bool {
    match operator {
        CompareOp::Co => is.contains(wanted),
        CompareOp::Sw => is.starts_with(wanted),
        CompareOp::Ew => is.ends_with(wanted),
        other => ordered(other, is.cmp(wanted)),
    }
}

const fn ordered(operator: &CompareOp, order: Ordering) -> bool {
    match operator {
        CompareOp::Eq => order.is_eq(),
        CompareOp::Ne => order.is_ne(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Ge => order.is_ge(),
        CompareOp::Lt => order.is_lt(),
        CompareOp::Le => order.is_le(),
        CompareOp::Co | CompareOp::Sw | CompareOp::Ew => false,
    }
}

fn pinned<'a>(filter: &'a Parsed, attribute: &str, part: Option<&str>) -> Option<&'a str> {
    let same = |path: &AttrPath, name: &str| path.name.eq_ignore_ascii_case(name);
    match filter {
        Parsed::Attr(AttrExp::Comparison(path, CompareOp::Eq, CompValue::Str(text))) => {
            let fits = match (path.sub_attr.as_deref(), part) {
                (Some(is), Some(part)) => is.eq_ignore_ascii_case(part),
                // `members eq "…"` means `members.value eq "…"`.
                (None, part) => part.is_none_or(|part| part == "value"),
                (Some(_), None) => false,
            };
            (fits && same(path, attribute)).then_some(text.as_str())
        }
        Parsed::ValuePath(inner) => match (&*inner.filter, part) {
            (ValFilter::Attr(AttrExp::Comparison(path, CompareOp::Eq, CompValue::Str(text))), Some(part)) => {
                (same(&inner.attr, attribute) && same(path, part)).then_some(text.as_str())
            }
            _ => None,
        },
        Parsed::And(all) => all.iter().find_map(|one| pinned(one, attribute, part)),
        _ => None,
    }
}

fn mentions(filter: &Parsed, attribute: &str) -> bool {
    match filter {
        Parsed::Attr(expression) => path(expression).name.eq_ignore_ascii_case(attribute),
        Parsed::ValuePath(inner) => inner.attr.name.eq_ignore_ascii_case(attribute),
        Parsed::Not(inner) => mentions(inner, attribute),
        Parsed::And(all) | Parsed::Or(all) => all.iter().any(|one| mentions(one, attribute)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::scim::{GROUP, USER};

    fn ada() -> Value {
        json!({
            "id": "usr_1", "externalId": "A-1", "userName": "ada@demo.example", "displayName": "Ada Lovelace",
            "active": true,
            "emails": [{"value": "ada@demo.example", "type": "work", "primary": true}],
            "groups": [{"value": "grp_1", "display": "Engines"}, {"value": "grp_2", "display": "Poets"}],
            "meta": {"resourceType": "User", "created": "2026-01-31T08:00:00.000000Z"},
        })
    }

    fn fits(filter: &str) -> bool {
        filter.parse::<Filter>().unwrap_or_else(|refusal| panic!("{filter}: {refusal}")).fits(&USER, &ada())
    }

    #[test]
    fn every_operator() {
        for yes in [
            r#"userName eq "ADA@demo.example""#,
            r#"USERNAME Eq "ada@demo.example""#,
            r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "ada""#,
            r#"displayName co "love""#,
            r#"displayName ew "LACE""#,
            r#"externalId eq "A-1""#,
            r#"externalId ne "a-1""#,
            "active eq true",
            r#"active eq "True""#,
            "active ne false",
            r#"emails eq "ada@demo.example""#,
            r#"emails.value co "demo""#,
            r#"emails[type eq "work" and value sw "ada"]"#,
            r#"not (emails[type eq "home"])"#,
            r#"groups.value eq "grp_2""#,
            r#"groups[display eq "Poets"]"#,
            "groups pr and displayName pr",
            "not (title pr)",
            "title eq null",
            r#"title ne "Dr""#,
            r#"meta.created gt "2026-01-31T08:59:59+01:00""#,
            r#"meta.created ge "2026-01-31T08:00:00Z" and meta.created le "2026-01-31T08:00:00Z""#,
            r#"meta.created lt "2027-01-01T00:00:00Z""#,
            r#"userName eq "x" or (active eq true and displayName gt "A")"#,
        ] {
            assert!(fits(yes), "{yes}");
        }
        for no in [
            r#"externalId eq "a-1""#,
            r#"userName ne "ada@demo.example""#,
            r#"groups.value ne "grp_2""#,
            r#"emails[type eq "work" and value sw "bob"]"#,
            "title pr",
            r#"title eq "Dr""#,
            "active eq 1",
            "active gt true",
            r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:userName eq "ada@demo.example""#,
            r#"meta.created gt "yesterday""#,
        ] {
            assert!(!fits(no), "{no}");
        }
    }

    #[test]
    fn what_an_index_can_be_asked_for() {
        let pinned = |text: &str, attribute: &str, part: Option<&str>| {
            let filter: Filter = text.parse().unwrap_or_else(|refusal| panic!("{text}: {refusal}"));
            filter.pinned(attribute, part).map(str::to_owned)
        };
        assert_eq!(pinned(r#"userName eq "a""#, "username", None).as_deref(), Some("a"));
        assert_eq!(pinned(r#"active eq true and userName eq "a""#, "userName", None).as_deref(), Some("a"));
        assert_eq!(pinned(r#"id eq "g" and members[value eq "u"]"#, "members", Some("value")).as_deref(), Some("u"));
        assert_eq!(pinned(r#"members eq "u""#, "members", Some("value")).as_deref(), Some("u"));
        assert_eq!(pinned(r#"userName eq "a" or active eq true"#, "userName", None), None);
        assert_eq!(pinned(r#"not (userName eq "a")"#, "userName", None), None);
        assert_eq!(pinned(r#"meta.created eq "a""#, "meta", None), None);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for wrong in ["", "userName", "userName eq", "userName eq ada", "(active eq true", "a.b.c pr"] {
            assert_eq!(
                wrong.parse::<Filter>().map_err(|refusal| refusal.mistake),
                Err(Mistake::InvalidFilter),
                "{wrong}"
            );
        }
        let deep = format!("{}active pr{}", "not (".repeat(500), ")".repeat(500));
        assert!(deep.parse::<Filter>().is_err());
        assert!("active pr or ".repeat(2000).parse::<Filter>().is_err());
    }

    proptest! {
        #[test]
        fn no_filter_panics(text in r#"[a-z\[\]()."\\ {}]{0,40}|(not )?\(?(userName|emails|members|meta\.created)(\.value)?\[? ?(eq|ne|co|gt|pr) ("[^"]{0,8}"|true|null|-?[0-9.e]{1,20})\]?\)?"#) {
            if let Ok(filter) = text.parse::<Filter>() {
                let _ = filter.fits(&USER, &ada());
                let _ = filter.fits(&GROUP, &json!([1, null]));
                let _ = filter.pinned("userName", None);
                prop_assert!(filter.to_string().parse::<Filter>().is_ok());
            }
        }
    }
}
