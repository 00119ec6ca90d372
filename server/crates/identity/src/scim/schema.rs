//! The attributes of every resource: one table for checking requests and for `/Schemas`.

use serde_json::{Value, json};

/// Whether clients may write an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writing {
    /// Any time.
    ReadWrite,
    /// Only as part of the whole value it belongs to.
    Immutable,
    /// Never; a PATCH of it is refused.
    ReadOnly,
    /// Never, but clients send it habitually: what they send is passed over.
    Mirror,
}

/// Whether responses carry an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Returned {
    /// Whatever was asked for.
    Always,
    /// Unless it was excluded or others were asked for.
    Default,
    /// Only when it was asked for.
    Request,
}

/// What values an attribute has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text.
    Text,
    /// Yes or no.
    Boolean,
    /// A whole number.
    Integer,
    /// An instant (RFC 3339).
    Instant,
    /// An address of these kinds of things.
    Reference(&'static [&'static str]),
    /// Named parts.
    Complex(&'static [Attribute]),
}

/// One attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute {
    pub(crate) name: &'static str,
    description: &'static str,
    pub(crate) kind: Kind,
    pub(crate) multi: bool,
    pub(crate) required: bool,
    pub(crate) exact: bool,
    pub(crate) writing: Writing,
    pub(crate) returned: Returned,
    unique: bool,
    values: &'static [&'static str],
}

impl Attribute {
    const fn new(name: &'static str, kind: Kind, description: &'static str) -> Self {
        Self {
            name,
            description,
            kind,
            multi: false,
            required: false,
            exact: false,
            writing: Writing::ReadWrite,
            returned: Returned::Default,
            unique: false,
            values: &[],
        }
    }
    const fn text(name: &'static str, description: &'static str) -> Self {
        Self::new(name, Kind::Text, description)
    }
    const fn many(mut self) -> Self {
        self.multi = true;
        self
    }
    const fn required(mut self) -> Self {
        self.required = true;
        self
    }
    const fn exact(mut self) -> Self {
        self.exact = true;
        self
    }
    const fn unique(mut self) -> Self {
        self.unique = true;
        self
    }
    const fn written(mut self, writing: Writing) -> Self {
        self.writing = writing;
        self
    }
    const fn returned(mut self, returned: Returned) -> Self {
        self.returned = returned;
        self
    }
    const fn one_of(mut self, values: &'static [&'static str]) -> Self {
        self.values = values;
        self
    }

    /// The parts of a complex attribute.
    pub(crate) const fn parts(&self) -> &'static [Self] {
        match self.kind {
            Kind::Complex(parts) => parts,
            _ => &[],
        }
    }

    /// One part of a complex attribute.
    pub(crate) fn part(&self, name: &str) -> Option<&'static Self> {
        self.parts().iter().find(|part| part.name.eq_ignore_ascii_case(name))
    }

    fn document(&self) -> Value {
        let kind = match self.kind {
            Kind::Text => "string",
            Kind::Boolean => "boolean",
            Kind::Integer => "integer",
            Kind::Instant => "dateTime",
            Kind::Reference(_) => "reference",
            Kind::Complex(_) => "complex",
        };
        let mutability = match self.writing {
            Writing::ReadWrite => "readWrite",
            Writing::Immutable => "immutable",
            Writing::ReadOnly | Writing::Mirror => "readOnly",
        };
        let returned = match self.returned {
            Returned::Always => "always",
            Returned::Default => "default",
            Returned::Request => "request",
        };
        let mut document = json!({
            "name": self.name,
            "type": kind,
            "multiValued": self.multi,
            "description": self.description,
            "required": self.required,
            "caseExact": self.exact,
            "mutability": mutability,
            "returned": returned,
            "uniqueness": if self.unique { "server" } else { "none" },
        });
        match self.kind {
            Kind::Complex(parts) => {
                document["subAttributes"] = parts.iter().map(Self::document).collect();
            }
            Kind::Reference(targets) => document["referenceTypes"] = json!(targets),
            _ => {}
        }
        if !self.values.is_empty() {
            document["canonicalValues"] = json!(self.values);
        }
        document
    }
}

/// A kind of resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schema {
    /// Its name in `schemas`.
    pub urn: &'static str,
    /// Its name for people.
    pub name: &'static str,
    description: &'static str,
    attributes: &'static [Attribute],
    /// Accepted from clients, never kept under that name, never shown.
    accepted: &'static [Attribute],
}

impl Schema {
    /// The attribute of this name; names are not case-sensitive.
    pub(crate) fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        let mut all = self.attributes.iter().chain(self.accepted).chain(COMMON);
        all.find(|attribute| attribute.name.eq_ignore_ascii_case(name))
    }

    /// Every attribute a resource may show.
    pub(crate) fn shown(&self) -> impl Iterator<Item = &'static Attribute> {
        self.attributes.iter().chain(COMMON)
    }

    /// The schema's own document for `/Schemas`.
    #[must_use]
    pub fn document(&self) -> Value {
        json!({
            "schemas": [SCHEMA.urn],
            "id": self.urn,
            "name": self.name,
            "description": self.description,
            "attributes": self.attributes.iter().map(Attribute::document).collect::<Vec<_>>(),
        })
    }
}

use Writing::{Immutable, Mirror, ReadOnly};

const URI: Kind = Kind::Reference(&["uri"]);

/// What every resource has; not part of the schemas' own documents (RFC 7643, section 3.1).
const COMMON: &[Attribute] = &[
    Attribute::text("schemas", "The schemas the resource follows.")
        .many()
        .exact()
        .written(ReadOnly)
        .returned(Returned::Always),
    Attribute::text("id", "Names the resource for ever.").exact().written(ReadOnly).returned(Returned::Always),
    Attribute::text("externalId", "What the provisioning system calls it.").exact(),
    Attribute::new(
        "meta",
        Kind::Complex(&[
            Attribute::text("resourceType", "User or Group.").exact().written(ReadOnly),
            Attribute::new("created", Kind::Instant, "When it was made.").written(ReadOnly),
            Attribute::new("lastModified", Kind::Instant, "When it last changed.").written(ReadOnly),
            Attribute::new("location", URI, "Its address.").exact().written(ReadOnly),
        ]),
        "About the resource itself.",
    )
    .written(ReadOnly),
];

/// People.
pub const USER: Schema = Schema {
    urn: "urn:ietf:params:scim:schemas:core:2.0:User",
    name: "User",
    description: "A person of the tenant.",
    attributes: &[
        Attribute::text("userName", "The e-mail address the person signs in with, in lower case.")
            .required()
            .unique()
            .returned(Returned::Always),
        Attribute::text(
            "displayName",
            "What others see. Always there: without one, the name's parts or the address's first part are taken.",
        )
        .required(),
        Attribute::new(
            "active",
            Kind::Boolean,
            "Whether the person may act; false ends sessions, keys and running answers at once. True if not given.",
        )
        .required(),
        Attribute::new(
            "emails",
            Kind::Complex(&[
                Attribute::text("value", "The address.").written(ReadOnly),
                Attribute::text("type", "Always work.").written(ReadOnly).one_of(&["work"]),
                Attribute::new("primary", Kind::Boolean, "Always true.").written(ReadOnly),
            ]),
            "The address of userName once more. What clients send here is passed over.",
        )
        .many()
        .written(Mirror),
        Attribute::new(
            "groups",
            Kind::Complex(&[
                Attribute::text("value", "The group's id.").exact().written(ReadOnly),
                Attribute::new("$ref", Kind::Reference(&["Group"]), "The group's address.").exact().written(ReadOnly),
                Attribute::text("display", "The group's name.").exact().written(ReadOnly),
            ]),
            "The groups the person is in; changed at the groups.",
        )
        .many()
        .written(ReadOnly),
    ],
    accepted: &[Attribute::new(
        "name",
        Kind::Complex(&[
            Attribute::text("formatted", "The whole name."),
            Attribute::text("givenName", "The given name."),
            Attribute::text("familyName", "The family name."),
        ]),
        "Taken for displayName where that is not given.",
    )],
};

/// Groups of people.
pub const GROUP: Schema = Schema {
    urn: "urn:ietf:params:scim:schemas:core:2.0:Group",
    name: "Group",
    description: "A group of people; an administrator of the tenant decides which roles its members hold.",
    attributes: &[
        Attribute::text("displayName", "What people call the group.").required().exact().unique(),
        Attribute::new(
            "members",
            Kind::Complex(&[
                Attribute::text("value", "The user's id.").exact().written(Immutable),
                Attribute::new("$ref", Kind::Reference(&["User"]), "The user's address.").exact().written(Immutable),
                Attribute::text("type", "Always User.").written(Immutable).one_of(&["User"]),
                Attribute::text("display", "The user's name; told when asked for.")
                    .written(ReadOnly)
                    .returned(Returned::Request),
            ]),
            "The people in the group that the provisioning system keeps.",
        )
        .many(),
    ],
    accepted: &[],
};

/// How `/ServiceProviderConfig` looks.
pub const SERVICE_PROVIDER_CONFIG: Schema = Schema {
    urn: "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig",
    name: "ServiceProviderConfig",
    description: "What of the protocol the service offers.",
    attributes: &[
        Attribute::new("documentationUri", Kind::Reference(&["external"]), "Where to read more.").written(ReadOnly),
        Attribute::new("patch", Kind::Complex(SUPPORTED), "PATCH.").required().written(ReadOnly),
        Attribute::new(
            "bulk",
            Kind::Complex(&[
                OFFERED,
                Attribute::new("maxOperations", Kind::Integer, "The most acts.").required().written(ReadOnly),
                Attribute::new("maxPayloadSize", Kind::Integer, "The most bytes.").required().written(ReadOnly),
            ]),
            "Several acts in one request.",
        )
        .required()
        .written(ReadOnly),
        Attribute::new(
            "filter",
            Kind::Complex(&[
                OFFERED,
                Attribute::new("maxResults", Kind::Integer, "The most resources a page holds.")
                    .required()
                    .written(ReadOnly),
            ]),
            "Filters.",
        )
        .required()
        .written(ReadOnly),
        Attribute::new("changePassword", Kind::Complex(SUPPORTED), "Setting passwords.").required().written(ReadOnly),
        Attribute::new("sort", Kind::Complex(SUPPORTED), "Sorting.").required().written(ReadOnly),
        Attribute::new("etag", Kind::Complex(SUPPORTED), "Versions of resources.").required().written(ReadOnly),
        Attribute::new(
            "authenticationSchemes",
            Kind::Complex(&[
                Attribute::text("type", "The kind.").required().written(ReadOnly),
                Attribute::text("name", "Its name.").required().written(ReadOnly),
                Attribute::text("description", "What it is.").required().written(ReadOnly),
                Attribute::new("primary", Kind::Boolean, "Whether it is the usual one.").written(ReadOnly),
            ]),
            "How clients prove who they are.",
        )
        .many()
        .required()
        .written(ReadOnly),
    ],
    accepted: &[],
};

const OFFERED: Attribute =
    Attribute::new("supported", Kind::Boolean, "Whether it is offered.").required().written(ReadOnly);
const SUPPORTED: &[Attribute] = &[OFFERED];

/// How an entry of `/ResourceTypes` looks.
pub const RESOURCE_TYPE: Schema = Schema {
    urn: "urn:ietf:params:scim:schemas:core:2.0:ResourceType",
    name: "ResourceType",
    description: "A kind of resource and where it lies.",
    attributes: &[
        Attribute::text("name", "Its name.").required().exact().written(ReadOnly),
        Attribute::text("description", "What it is.").written(ReadOnly),
        Attribute::new("endpoint", URI, "Where it lies.").required().exact().written(ReadOnly),
        Attribute::new("schema", URI, "Its schema.").required().exact().written(ReadOnly),
    ],
    accepted: &[],
};

/// How an entry of `/Schemas` looks.
pub const SCHEMA: Schema = Schema {
    urn: "urn:ietf:params:scim:schemas:core:2.0:Schema",
    name: "Schema",
    description: "The attributes of a kind of resource.",
    attributes: &[
        Attribute::text("name", "Its name.").required().exact().written(ReadOnly),
        Attribute::text("description", "What it is.").written(ReadOnly),
        Attribute::new("attributes", Kind::Complex(DESCRIBED), "Its attributes.").many().required().written(ReadOnly),
    ],
    accepted: &[],
};

macro_rules! described {
    ($($more:expr)?) => {
        &[
            Attribute::text("name", "Its name.").required().exact().written(ReadOnly),
            Attribute::text("type", "What values it has.").required().written(ReadOnly),
            Attribute::new("multiValued", Kind::Boolean, "Whether it has several values.").required().written(ReadOnly),
            Attribute::text("description", "What it is.").written(ReadOnly),
            Attribute::new("required", Kind::Boolean, "Whether it is always there.").written(ReadOnly),
            Attribute::text("canonicalValues", "Its usual values.").many().exact().written(ReadOnly),
            Attribute::new("caseExact", Kind::Boolean, "Whether upper and lower case differ.").written(ReadOnly),
            Attribute::text("mutability", "Whether it may be written.").exact().written(ReadOnly),
            Attribute::text("returned", "When it is shown.").exact().written(ReadOnly),
            Attribute::text("uniqueness", "Whether two resources may have the same.").exact().written(ReadOnly),
            Attribute::text("referenceTypes", "What it points at.").many().exact().written(ReadOnly),
            $($more,)?
        ]
    };
}

const DESCRIBED: &[Attribute] =
    described!(Attribute::new("subAttributes", Kind::Complex(described!()), "Its parts.").many().written(ReadOnly));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_whatever_their_case_and_hidden_ones_are_not_shown() {
        assert_eq!(USER.attribute("USERNAME").map(|found| found.name), Some("userName"));
        assert!(USER.attribute("name").is_some() && USER.attribute("externalid").is_some());
        assert!(USER.attribute("title").is_none());
        let document = USER.document();
        let names: Vec<_> = document["attributes"].as_array().into_iter().flatten().map(|one| &one["name"]).collect();
        assert_eq!(names, ["userName", "displayName", "active", "emails", "groups"]);
        assert_eq!(SCHEMA.document()["attributes"][2]["subAttributes"][11]["name"], "subAttributes");
    }
}
