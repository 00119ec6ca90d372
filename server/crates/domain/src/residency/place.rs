//! Where something stands, and what is wrong with a description of it.
//!
//! A [`Place`] itself is only words, because audit records written long ago must still be read; whoever takes one
//! in from outside asks [`Place::check`]. Left out on purpose: whether the words are true.

use serde::{Deserialize, Serialize};

use super::Classification;

/// The longest name of a site or region, in characters: it stands in every audit record.
pub const MAX_CHARS: usize = 64;

/// Where something stands: a node, a disk, a database.
///
/// Members stand in the order of their names: an audit record's bytes depend on it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The most sensitive content the place may hold.
    pub ceiling: Classification,
    /// Whose law applies: ISO 3166-1 alpha-2, for example `IT`.
    pub jurisdiction: String,
    /// The region it lies in, for example `eu-south-1` or `Lombardia`.
    pub region: String,
    /// The building or data hall; what policies name.
    pub site: String,
}

/// What is wrong with a name of a place. `field` is `site`, `region` or `jurisdiction`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// There is no name.
    #[error("{field} is empty")]
    Empty {
        /// Which name.
        field: &'static str,
    },
    /// Over [`MAX_CHARS`].
    #[error("{field} has more than {MAX_CHARS} characters")]
    TooLong {
        /// Which name.
        field: &'static str,
    },
    /// A control character (Unicode `Cc`), which would break a line of a log.
    #[error("{field} has a control character")]
    Control {
        /// Which name.
        field: &'static str,
    },
    /// Not of the shape of ISO 3166-1 alpha-2. Only the shape is checked: `ZZ` means unknown.
    #[error("a jurisdiction is two capital letters (ISO 3166-1 alpha-2), for example IT")]
    Jurisdiction,
}

impl Fault {
    /// What is wrong with `text` as the name of a site or region; emptiness is for the caller to judge.
    pub(super) fn of_name(field: &'static str, text: &str) -> impl Iterator<Item = Self> {
        let long = text.chars().nth(MAX_CHARS).is_some().then_some(Self::TooLong { field });
        let control = text.chars().any(char::is_control).then_some(Self::Control { field });
        long.into_iter().chain(control)
    }

    /// What is wrong with `text` as a jurisdiction.
    pub(super) fn of_jurisdiction(text: &str) -> Option<Self> {
        let shaped = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
        (!shaped).then_some(Self::Jurisdiction)
    }
}

impl Place {
    /// Refuses what no policy could sensibly name. A region may be empty: then only its site and jurisdiction count.
    ///
    /// # Errors
    /// Every fault there is, in the order site, region, jurisdiction.
    pub fn check(&self) -> Result<(), Vec<Fault>> {
        let nameless = self.site.is_empty().then_some(Fault::Empty { field: "site" });
        let faults: Vec<_> = nameless
            .into_iter()
            .chain(Fault::of_name("site", &self.site))
            .chain(Fault::of_name("region", &self.region))
            .chain(Fault::of_jurisdiction(&self.jurisdiction))
            .collect();
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(site: &str, region: &str, jurisdiction: &str) -> Place {
        let [site, region, jurisdiction] = [site, region, jurisdiction].map(str::to_owned);
        Place { ceiling: Classification::Internal, jurisdiction, region, site }
    }

    #[test]
    fn every_fault_is_named() {
        let (long, limit) = ("é".repeat(65), "é".repeat(64));
        assert_eq!(place("roma", "", "IT").check(), Ok(()));
        assert_eq!(place(&limit, &limit, "ZZ").check(), Ok(()));
        assert_eq!(place("", "r", "IT").check(), Err(vec![Fault::Empty { field: "site" }]));
        assert_eq!(
            place(&format!("{long}\n"), "a\u{85}", "it").check(),
            Err(vec![
                Fault::TooLong { field: "site" },
                Fault::Control { field: "site" },
                Fault::Control { field: "region" },
                Fault::Jurisdiction,
            ]),
        );
        for jurisdiction in ["", "I", "ITA", "I1", "ÀA", "É", "I\n"] {
            assert_eq!(place("s", "r", jurisdiction).check(), Err(vec![Fault::Jurisdiction]), "{jurisdiction}");
        }
    }

    #[test]
    fn members_are_written_in_the_order_of_their_names() {
        let text = r#"{"ceiling":"internal","jurisdiction":"IT","region":"Lazio","site":"roma-1"}"#;
        assert_eq!(serde_json::to_string(&place("roma-1", "Lazio", "IT")).unwrap(), text);
    }
}
