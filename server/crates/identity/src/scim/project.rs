//! Which attributes a response carries (RFC 7644, section 3.9).

use serde_json::{Map, Value};

use super::{
    Mistake, Refusal, Schema,
    schema::{Attribute, Returned},
};

/// What a request asked to see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Projection {
    wanted: Option<Vec<String>>,
    unwanted: Vec<String>,
}

impl Projection {
    /// From `attributes` and `excludedAttributes`, each a list separated by commas.
    ///
    /// # Errors
    /// `invalidValue` when both are given: they exclude each other.
    pub fn new(attributes: Option<&str>, excluded: Option<&str>) -> Result<Self, Refusal> {
        let list = |text: Option<&str>| -> Vec<String> {
            let names = text.unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty());
            names.map(str::to_ascii_lowercase).collect()
        };
        let (wanted, unwanted) = (list(attributes), list(excluded));
        if !wanted.is_empty() && !unwanted.is_empty() {
            let detail = "attributes and excludedAttributes exclude each other; send one of them";
            return Err(Refusal::new(Mistake::InvalidValue, detail));
        }
        Ok(Self { wanted: (!wanted.is_empty()).then_some(wanted), unwanted })
    }

    /// Whether the attribute will be shown; what will not need not be looked up.
    #[must_use]
    pub fn shows(&self, schema: &Schema, name: &str) -> bool {
        schema.attribute(name).is_some_and(|attribute| self.keeps(schema, attribute))
    }

    /// The resource as the request wants it.
    #[must_use]
    pub fn of(&self, schema: &Schema, resource: Value) -> Value {
        let Value::Object(mut resource) = resource else { return resource };
        let mut shown = Map::new();
        for attribute in schema.shown().filter(|attribute| self.keeps(schema, attribute)) {
            let Some(mut value) = resource.remove(attribute.name) else { continue };
            for part in attribute.parts().iter().filter(|part| !self.keeps_part(schema, attribute, part)) {
                match &mut value {
                    Value::Array(elements) => elements.iter_mut().for_each(|element| drop_part(element, part.name)),
                    single => drop_part(single, part.name),
                }
            }
            shown.insert(attribute.name.to_owned(), value);
        }
        Value::Object(shown)
    }

    fn keeps(&self, schema: &Schema, attribute: &Attribute) -> bool {
        if attribute.returned == Returned::Always {
            return true;
        }
        let named = |name: &String| {
            let name = bare(schema, name);
            name.split_once('.').map_or(name, |(attribute, _)| attribute).eq_ignore_ascii_case(attribute.name)
        };
        match &self.wanted {
            Some(wanted) => wanted.iter().any(named),
            None => !self.unwanted.iter().any(|name| bare(schema, name).eq_ignore_ascii_case(attribute.name)),
        }
    }

    fn keeps_part(&self, schema: &Schema, attribute: &Attribute, part: &Attribute) -> bool {
        let is = |name: &String| {
            bare(schema, name).split_once('.').is_some_and(|(attribute_name, part_name)| {
                attribute_name.eq_ignore_ascii_case(attribute.name) && part_name.eq_ignore_ascii_case(part.name)
            })
        };
        let whole = |name: &String| bare(schema, name).eq_ignore_ascii_case(attribute.name);
        match (&self.wanted, part.returned) {
            (Some(wanted), Returned::Request) => wanted.iter().any(is),
            (Some(wanted), _) => wanted.iter().any(|name| is(name) || whole(name)),
            (None, Returned::Request) => false,
            (None, _) => !self.unwanted.iter().any(is),
        }
    }
}

/// The name without the schema's own prefix.
fn bare<'a>(schema: &Schema, name: &'a str) -> &'a str {
    let prefix = name.get(..schema.urn.len()).filter(|prefix| prefix.eq_ignore_ascii_case(schema.urn));
    prefix.and_then(|prefix| name.get(prefix.len()..)?.strip_prefix(':')).unwrap_or(name)
}

fn drop_part(value: &mut Value, name: &str) {
    if let Value::Object(parts) = value {
        parts.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::scim::GROUP;

    fn shown(attributes: Option<&str>, excluded: Option<&str>) -> Value {
        let group = json!({
            "schemas": [GROUP.urn], "id": "grp_1", "displayName": "Engines", "externalId": "e",
            "members": [{"value": "usr_1", "type": "User", "display": "Ada"}], "secret": 1,
        });
        Projection::new(attributes, excluded).unwrap_or_else(|refusal| panic!("{refusal}")).of(&GROUP, group)
    }

    #[test]
    fn what_is_asked_for_is_shown() {
        let all = shown(None, None);
        assert_eq!(all["members"], json!([{"value": "usr_1", "type": "User"}]));
        assert_eq!(all.get("secret"), None, "only what the schema has");
        assert_eq!(
            shown(Some("displayname"), None),
            json!({"schemas": [GROUP.urn], "id": "grp_1", "displayName": "Engines"})
        );
        assert_eq!(shown(Some("members.display"), None)["members"], json!([{"display": "Ada"}]));
        let urn = format!("{}:externalId", GROUP.urn);
        assert_eq!(shown(Some(&urn), None), json!({"schemas": [GROUP.urn], "id": "grp_1", "externalId": "e"}));
        assert_eq!(shown(None, Some("members")).get("members"), None);
        assert_eq!(shown(None, Some("members.type"))["members"], json!([{"value": "usr_1"}]));
        assert_eq!(shown(None, Some("id,é"))["id"], "grp_1", "what is always there stays");
        assert!(Projection::new(Some("id"), Some("members")).is_err());
    }
}
