//! One rule of a policy: the places it allows, by site, region or jurisdiction.
//!
//! Written as text: `roma-1` or `site:roma-1` is a site, `region:Lazio` a region, `jurisdiction:IT` a jurisdiction.
//! Names are compared byte for byte; there are no wildcards, no lists within a rule and no rules that forbid, so
//! that a rule more never allows less and a rule less never allows more.
//!
//! Two ways in: [`Allowed::from_str`] is for what people type and refuses faulty names; serde also reads sites that
//! people would be refused, because policies stored before there were checks must still be read.
//!
//! [`Allowed::from_str`]: std::str::FromStr::from_str

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Fault, Place};

const SITE: &str = "site:";
const REGION: &str = "region:";
const JURISDICTION: &str = "jurisdiction:";

/// The places that one rule allows.
///
/// Ordered from the narrowest kind to the widest; among sites as their names are, which is how policies that name
/// sites only have always been written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Allowed {
    /// The site of that name, whatever region and jurisdiction it says it is in.
    Site(String),
    /// Every site in the region of that name.
    Region(String),
    /// Every site under that law (ISO 3166-1 alpha-2).
    Jurisdiction(String),
}

impl Allowed {
    /// Whether the rule allows `place`.
    #[must_use]
    pub fn covers(&self, place: &Place) -> bool {
        match self {
            Self::Site(name) => *name == place.site,
            Self::Region(name) => *name == place.region,
            Self::Jurisdiction(name) => *name == place.jurisdiction,
        }
    }

    /// `site`, `region` or `jurisdiction`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Site(_) => "site",
            Self::Region(_) => "region",
            Self::Jurisdiction(_) => "jurisdiction",
        }
    }

    /// The name, without the prefix.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Site(name) | Self::Region(name) | Self::Jurisdiction(name) => name,
        }
    }

    /// Refuses names that no well-described place has.
    ///
    /// # Errors
    /// The first fault.
    pub fn check(&self) -> Result<(), Fault> {
        let fault = match self {
            Self::Jurisdiction(name) => Fault::of_jurisdiction(name),
            Self::Site(name) | Self::Region(name) if name.is_empty() => Some(Fault::Empty { field: self.kind() }),
            Self::Site(name) | Self::Region(name) => Fault::of_name(self.kind(), name).next(),
        };
        fault.map_or(Ok(()), Err)
    }

    /// Reads the text without judging the name.
    fn read(text: &str) -> Self {
        if let Some(name) = text.strip_prefix(REGION) {
            Self::Region(name.to_owned())
        } else if let Some(name) = text.strip_prefix(JURISDICTION) {
            Self::Jurisdiction(name.to_owned())
        } else {
            Self::Site(text.strip_prefix(SITE).unwrap_or(text).to_owned())
        }
    }
}

impl FromStr for Allowed {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = Self::read(text);
        read.check().map(|()| read)
    }
}

impl fmt::Display for Allowed {
    /// A site is written plainly, as it always was, unless its name would be taken for one of the other forms.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = match self {
            Self::Site(name) if [SITE, REGION, JURISDICTION].iter().any(|prefix| name.starts_with(prefix)) => SITE,
            Self::Site(_) => "",
            Self::Region(_) => REGION,
            Self::Jurisdiction(_) => JURISDICTION,
        };
        write!(f, "{prefix}{}", self.name())
    }
}

impl Serialize for Allowed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Allowed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = Self::read(&Cow::<'de, str>::deserialize(deserializer)?);
        match read {
            Self::Site(_) => Ok(read),
            Self::Region(_) | Self::Jurisdiction(_) => read.check().map(|()| read).map_err(de::Error::custom),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_read_and_written() {
        let site = |name: &str| Allowed::Site(name.into());
        for (text, allowed, written) in [
            ("roma-1", site("roma-1"), "roma-1"),
            ("site:roma-1", site("roma-1"), "roma-1"),
            ("region:Lazio", Allowed::Region("Lazio".into()), "region:Lazio"),
            ("jurisdiction:IT", Allowed::Jurisdiction("IT".into()), "jurisdiction:IT"),
            ("site:region:Lazio", site("region:Lazio"), "site:region:Lazio"),
            ("site:site:x", site("site:x"), "site:site:x"),
            ("country:IT", site("country:IT"), "country:IT"),
            ("Region:Lazio", site("Region:Lazio"), "Region:Lazio"),
        ] {
            assert_eq!(text.parse(), Ok(allowed.clone()), "{text}");
            assert_eq!(allowed.to_string(), written);
            assert_eq!(serde_json::from_value::<Allowed>(text.into()).unwrap(), allowed);
        }
    }

    #[test]
    fn people_are_refused_faulty_names_and_the_store_is_read() {
        for (text, fault) in [
            ("", Fault::Empty { field: "site" }),
            ("site:", Fault::Empty { field: "site" }),
            ("region:", Fault::Empty { field: "region" }),
            ("region:a\tb", Fault::Control { field: "region" }),
            ("jurisdiction:", Fault::Jurisdiction),
            ("jurisdiction:Italy", Fault::Jurisdiction),
            (&"x".repeat(65), Fault::TooLong { field: "site" }),
        ] {
            assert_eq!(text.parse::<Allowed>(), Err(fault), "{text}");
            let stored = serde_json::from_value::<Allowed>(text.into());
            assert_eq!(stored.is_ok(), !text.contains("region:") && !text.contains("jurisdiction:"), "{text}");
        }
    }
}
