//! What is said once the connection stands: binds, searches, and reading entries.

use ldap3::{Ldap, LdapResult, Scope, SearchEntry, SearchOptions};
use leeward_domain::provider::LdapConfig;
use leeward_identity::ldap::{fill, presence};

use super::{DirectoryError, Person, ProbeReport};

/// The most groups of one person: Active Directory itself signs nobody in who has more.
const MAX_GROUPS: usize = 1000;
/// How many people a probe looks at.
const PROBED: usize = 50;
/// Seconds that a search may take the directory.
const SEARCH_S: i32 = 8;
/// The attributes that are binary whatever their bytes look like.
const BINARY: [&str; 2] = ["objectGUID", "objectSid"];

/// Result codes (RFC 4511, appendix A) that are told apart.
const SUCCESS: u32 = 0;
const SIZE_LIMIT_EXCEEDED: u32 = 4;
/// What a bind is answered when the name or the password is wrong, or the account may not be used: constraint
/// violation, no such object, inappropriate authentication, invalid credentials, insufficient rights, unwilling.
const REFUSED: [u32; 6] = [19, 32, 48, 49, 50, 53];

pub(super) struct Session<'a> {
    ldap: Ldap,
    config: &'a LdapConfig,
    account: (&'a str, &'a str),
}

/// The entries of a search, and whether there are more.
struct Found {
    entries: Vec<SearchEntry>,
    more: bool,
}

impl<'a> Session<'a> {
    pub(super) const fn new(ldap: Ldap, config: &'a LdapConfig, account: (&'a str, &'a str)) -> Self {
        Self { ldap, config, account }
    }

    pub(super) async fn bind_service(&mut self) -> Result<(), DirectoryError> {
        let (dn, password) = self.account;
        let result = self.ldap.simple_bind(dn, password).await?;
        bound("the service account's bind", &result, DirectoryError::BindRefused)
    }

    /// The one entry that the login fits.
    pub(super) async fn find(&mut self, login: &str) -> Result<SearchEntry, DirectoryError> {
        let config = self.config;
        let filter = fill(&config.user_filter, &[("login", login)]);
        let mut found = self.search(&config.user_base, Scope::Subtree, &filter, &attributes(config), 2).await?;
        match (found.entries.pop(), found.entries.len(), found.more) {
            // To bind under no name would be to bind as nobody, which succeeds.
            (Some(entry), 0, false) if entry.dn.trim().is_empty() => {
                Err(DirectoryError::Protocol("the entry has no name".to_owned()))
            }
            (Some(entry), 0, false) => Ok(entry),
            (None, _, false) => Err(DirectoryError::WrongCredentials),
            _ => Err(DirectoryError::Ambiguous(2)),
        }
    }

    pub(super) async fn bind_person(&mut self, entry: &SearchEntry, password: &str) -> Result<(), DirectoryError> {
        let result = self.ldap.simple_bind(&entry.dn, password).await?;
        bound("the person's bind", &result, DirectoryError::WrongCredentials)
    }

    /// What an entry says, without groups.
    pub(super) fn person(&self, entry: &SearchEntry, login: &str) -> Result<Person, DirectoryError> {
        let config = self.config;
        let addresses = texts(entry, &config.mail_attribute);
        // Of several addresses the one that was typed: which comes first is up to the directory.
        let typed = addresses.iter().find(|address| address.eq_ignore_ascii_case(login));
        let email = typed.or_else(|| addresses.first());
        let name = [&*config.name_attribute, "cn"].into_iter().find_map(|name| texts(entry, name).into_iter().next());
        Ok(Person {
            id: id(entry, &config.id_attribute)?,
            dn: entry.dn.clone(),
            email: email.ok_or_else(|| DirectoryError::MissingAttribute(config.mail_attribute.clone()))?.clone(),
            display_name: name,
            groups: Vec::new(),
        })
    }

    /// The names of a person's groups, in order, each once.
    pub(super) async fn groups(&mut self, dn: &str, login: &str) -> Result<Vec<String>, DirectoryError> {
        let config = self.config;
        let Some(base) = &config.group_base else { return Ok(Vec::new()) };
        let filter = fill(&config.group_filter, &[("dn", dn), ("login", login)]);
        let name = &*config.group_name_attribute;
        let found = self.search(base, Scope::Subtree, &filter, &[name], MAX_GROUPS).await?;
        if found.more {
            // Some of them would be a choice nobody made.
            return Err(DirectoryError::Protocol(format!("group_filter finds more than {MAX_GROUPS} groups")));
        }
        let mut names = Vec::with_capacity(found.entries.len());
        for group in &found.entries {
            let first = texts(group, name).into_iter().next();
            names.push(first.ok_or_else(|| DirectoryError::MissingAttribute(format!("{name} (of {})", group.dn)))?);
        }
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }

    pub(super) async fn probe(&mut self) -> Result<ProbeReport, DirectoryError> {
        let config = self.config;
        let filter = presence(&config.user_filter);
        let found = self.search(&config.user_base, Scope::Subtree, &filter, &attributes(config), PROBED).await?;
        let incomplete = found.entries.iter().filter(|entry| self.person(entry, "").is_err()).count();
        if let Some(base) = &config.group_base {
            self.search(base, Scope::Base, "(objectClass=*)", &["1.1"], 1).await?;
        }
        let groups_of_first = match found.entries.first() {
            Some(first) if config.group_base.is_some() => {
                let login = self.person(first, "").map(|person| person.email).unwrap_or_default();
                Some(self.groups(&first.dn, &login).await?.len())
            }
            _ => None,
        };
        Ok(ProbeReport { people: found.entries.len(), incomplete, groups_of_first })
    }

    /// At most `most` entries; references to other directories are passed over.
    async fn search(
        &mut self,
        base: &str,
        scope: Scope,
        filter: &str,
        attributes: &[&str],
        most: usize,
    ) -> Result<Found, DirectoryError> {
        let limit = i32::try_from(most).unwrap_or(i32::MAX);
        self.ldap.with_search_options(SearchOptions::new().sizelimit(limit).timelimit(SEARCH_S));
        let mut stream = self.ldap.streaming_search(base, scope, filter, attributes).await?;
        let mut entries = Vec::new();
        while let Some(entry) = stream.next().await? {
            if entry.is_ref() || entry.is_intermediate() {
                continue;
            }
            if entries.len() == most {
                // It sends more than it was asked for.
                return Ok(Found { entries, more: true });
            }
            entries.push(SearchEntry::construct(entry));
        }
        let result = stream.finish().await;
        match result.rc {
            SUCCESS => Ok(Found { entries, more: false }),
            SIZE_LIMIT_EXCEEDED => Ok(Found { entries, more: true }),
            _ => Err(DirectoryError::answered(&format!("searching {base}"), &result)),
        }
    }
}

fn bound(what: &str, result: &LdapResult, refused: DirectoryError) -> Result<(), DirectoryError> {
    match result.rc {
        SUCCESS => Ok(()),
        code if REFUSED.contains(&code) => Err(refused),
        _ => Err(DirectoryError::answered(what, result)),
    }
}

/// What is asked for: by name, since an identifier is often operational and not sent otherwise.
fn attributes(config: &LdapConfig) -> [&str; 4] {
    [&config.id_attribute, &config.mail_attribute, &config.name_attribute, "cn"]
}

/// An attribute's values that are text and not blank. Directories answer in their own spelling of the name.
fn texts(entry: &SearchEntry, attribute: &str) -> Vec<String> {
    let found = entry.attrs.iter().find(|(name, _)| name.eq_ignore_ascii_case(attribute));
    let values = found.map(|(_, values)| values.as_slice()).unwrap_or_default();
    let trimmed = values.iter().map(|value| value.trim());
    trimmed.filter(|value| !value.is_empty() && !value.contains('\0')).map(str::to_owned).collect()
}

/// The one value that tells a person from every other.
fn id(entry: &SearchEntry, attribute: &str) -> Result<String, DirectoryError> {
    let missing = || DirectoryError::MissingAttribute(attribute.to_owned());
    let several = || DirectoryError::Protocol(format!("{attribute} has several values and identifies nobody"));
    let bytes = entry.bin_attrs.iter().find(|(name, _)| name.eq_ignore_ascii_case(attribute));
    if BINARY.iter().any(|binary| binary.eq_ignore_ascii_case(attribute)) {
        let text = entry.attrs.iter().find(|(name, _)| name.eq_ignore_ascii_case(attribute));
        let text = text.into_iter().flat_map(|(_, values)| values.iter().map(String::as_bytes));
        let mut values = bytes.into_iter().flat_map(|(_, values)| values.iter().map(Vec::as_slice)).chain(text);
        let value = values.next().filter(|value| !value.is_empty()).ok_or_else(missing)?;
        return if values.next().is_none() { Ok(hex::encode(value)) } else { Err(several()) };
    }
    if bytes.is_some() {
        return Err(DirectoryError::Protocol(format!("{attribute} is not text; use entryUUID or objectGUID")));
    }
    let mut values = texts(entry, attribute);
    let value = values.pop().ok_or_else(missing)?;
    if values.is_empty() { Ok(value) } else { Err(several()) }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn entry(text: &[(&str, &[&str])], binary: &[(&str, &[&[u8]])]) -> SearchEntry {
        let owned = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        SearchEntry {
            dn: "cn=a".into(),
            attrs: text.iter().map(|(name, values)| ((*name).to_owned(), owned(values))).collect(),
            bin_attrs: binary
                .iter()
                .map(|(name, values)| ((*name).to_owned(), values.iter().map(|value| value.to_vec()).collect()))
                .collect::<HashMap<_, _>>(),
        }
    }

    #[test]
    fn a_guid_is_hex_whether_its_bytes_happen_to_be_text_or_not() {
        let text = entry(&[("objectGUID", &["0123456789abcdef"])], &[]);
        assert_eq!(id(&text, "objectguid").unwrap(), hex::encode("0123456789abcdef"));
        let bytes = entry(&[], &[("objectGUID", &[&[0xff; 16]])]);
        assert_eq!(id(&bytes, "objectGUID").unwrap(), "ff".repeat(16));
    }

    #[test]
    fn an_identifier_is_one_text() {
        assert_eq!(id(&entry(&[("ENTRYUUID", &["x"])], &[]), "entryUUID").unwrap(), "x");
        for (values, wanted) in [(&[][..], "no entryUUID"), (&[" "], "no entryUUID"), (&["x", "y"], "several values")] {
            let refused = id(&entry(&[("entryUUID", values)], &[]), "entryUUID").unwrap_err().to_string();
            assert!(refused.contains(wanted), "{refused}");
        }
        assert!(id(&entry(&[], &[("uid", &[&[0xff]])]), "uid").unwrap_err().to_string().contains("not text"));
    }
}
