//! Where a tenant's people come from when they are not kept here: the settings of each kind of provider.
//!
//! One struct a kind, each with a `check` that names the field and the reason. Stored as JSON; an absent field takes
//! its default. Nothing here is secret: a service account's password is sealed and kept apart, and `check` refuses
//! one inside an address. Left out on purpose: parsing certificates and talking to anybody.

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// The most bytes of certificates in PEM.
pub const MAX_CA_BYTES: usize = 256 * 1024;
/// The most bytes of revocation lists in PEM.
pub const MAX_CRL_BYTES: usize = 2 * 1024 * 1024;
/// The longest text of any other field.
const MAX_TEXT_BYTES: usize = 2048;

/// A setting that cannot be taken, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct InvalidProvider {
    /// The field.
    pub field: &'static str,
    /// What it must be.
    pub reason: &'static str,
}

type Checked = Result<(), InvalidProvider>;

const fn wrong<T>(field: &'static str, reason: &'static str) -> Result<T, InvalidProvider> {
    Err(InvalidProvider { field, reason })
}

/// A directory that speaks LDAP (RFC 4511), Active Directory included.
///
/// Filters are RFC 4515 text; what is filled in is escaped. Active Directory wants `id_attribute` = `objectGUID`
/// and, for groups within groups, its matching rule in `group_filter`:
/// `(&(objectClass=group)(member:1.2.840.113556.1.4.1941:={dn}))`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LdapConfig {
    /// `ldaps://host[:port]`, or `ldap://host[:port]` together with `start_tls`.
    pub url: String,
    /// Switch an `ldap://` connection to TLS before anything is said (RFC 4511, section 4.14).
    #[serde(default)]
    pub start_tls: bool,
    /// Trust only these certificate authorities (PEM); without it, the operating system's.
    #[serde(default)]
    pub ca_pem: Option<String>,
    /// The service account that searches; without it, searches are anonymous.
    #[serde(default)]
    pub bind_dn: Option<String>,
    /// Where people are looked for, with everything below it.
    pub user_base: String,
    /// Finds one person; `{login}` is what they typed.
    #[serde(default = "defaults::user_filter")]
    pub user_filter: String,
    /// Holds the e-mail address.
    #[serde(default = "defaults::mail_attribute")]
    pub mail_attribute: String,
    /// Holds the name shown; `cn` where it is absent.
    #[serde(default = "defaults::name_attribute")]
    pub name_attribute: String,
    /// Holds an identifier that survives renaming and is never given again. `objectGUID` is written in hex.
    #[serde(default = "defaults::id_attribute")]
    pub id_attribute: String,
    /// Where groups are looked for; without it, nobody has any.
    #[serde(default)]
    pub group_base: Option<String>,
    /// Finds the groups of a person: `{dn}` is their entry, `{login}` what they typed.
    #[serde(default = "defaults::group_filter")]
    pub group_filter: String,
    /// Holds a group's name.
    #[serde(default = "defaults::group_name_attribute")]
    pub group_name_attribute: String,
}

mod defaults {
    pub(super) fn user_filter() -> String {
        "(&(objectClass=person)(mail={login}))".to_owned()
    }
    pub(super) fn mail_attribute() -> String {
        "mail".to_owned()
    }
    pub(super) fn name_attribute() -> String {
        "displayName".to_owned()
    }
    pub(super) fn id_attribute() -> String {
        "entryUUID".to_owned()
    }
    pub(super) fn group_filter() -> String {
        "(&(objectClass=groupOfNames)(member={dn}))".to_owned()
    }
    pub(super) fn group_name_attribute() -> String {
        "cn".to_owned()
    }
}

impl LdapConfig {
    /// The host (an IPv6 address without brackets) and the port to connect to.
    ///
    /// # Errors
    /// When the address is none, asks for an unprotected connection, or says more than host and port.
    pub fn address(&self) -> Result<(String, u16), InvalidProvider> {
        const FIELD: &str = "url";
        bounded(FIELD, &self.url, MAX_TEXT_BYTES)?;
        let Ok(url) = Url::parse(&self.url) else {
            return wrong(FIELD, "must be an address such as ldaps://directory.example.org");
        };
        let port = match (url.scheme(), self.start_tls) {
            ("ldaps", false) => 636,
            ("ldap", true) => 389,
            ("ldap", false) => {
                return wrong(FIELD, "an unprotected connection would show passwords: use ldaps://, or set start_tls");
            }
            ("ldaps", true) => return wrong("start_tls", "is for ldap://; ldaps:// is TLS from the start"),
            _ => return wrong(FIELD, "must begin with ldaps:// or ldap://"),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return wrong(FIELD, "must not hold a name or password: give the service account on its own");
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return wrong(FIELD, "must end after host and port: bases and filters have fields of their own");
        }
        let port = url.port().unwrap_or(port);
        match url.host() {
            _ if port == 0 => wrong(FIELD, "must name a port from 1 to 65535"),
            Some(Host::Domain(host)) if !host.is_empty() => Ok((host.to_owned(), port)),
            Some(Host::Ipv4(host)) => Ok((host.to_string(), port)),
            Some(Host::Ipv6(host)) => Ok((host.to_string(), port)),
            _ => wrong(FIELD, "must name a host"),
        }
    }

    /// Refuses what could not work, would show passwords, or would find the wrong person.
    ///
    /// # Errors
    /// Names the field and what it must be.
    pub fn check(&self) -> Result<(), InvalidProvider> {
        self.address()?;
        if let Some(pem) = &self.ca_pem {
            pem_of("ca_pem", pem, MAX_CA_BYTES, "-----BEGIN CERTIFICATE-----")?;
        }
        if let Some(dn) = &self.bind_dn {
            entry("bind_dn", dn)?;
        }
        entry("user_base", &self.user_base)?;
        if let Some(base) = &self.group_base {
            entry("group_base", base)?;
        }
        filter("user_filter", &self.user_filter, &["login"])?;
        if !self.user_filter.contains("{login}") {
            return wrong("user_filter", "must contain {login}: without it, it finds the same entry for everybody");
        }
        filter("group_filter", &self.group_filter, &["dn", "login"])?;
        if !self.group_filter.contains("{dn}") && !self.group_filter.contains("{login}") {
            return wrong("group_filter", "must contain {dn} or {login}: without, everybody has every group");
        }
        attribute("mail_attribute", &self.mail_attribute)?;
        attribute("name_attribute", &self.name_attribute)?;
        attribute("id_attribute", &self.id_attribute)?;
        attribute("group_name_attribute", &self.group_name_attribute)
    }
}

/// Certificates that people show when they connect: smart cards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateConfig {
    /// The authorities whose certificates are taken (PEM, one or several).
    pub ca_pem: String,
    /// Revocation lists of these authorities and of those between (PEM, one or several). A list whose time has run
    /// out is refused, and with it whoever it covers.
    #[serde(default)]
    pub crl_pem: Option<String>,
    /// Refuse whoever no list covers.
    #[serde(default)]
    pub require_crl: bool,
    /// What in a certificate says whose it is.
    pub user_from: CertificateName,
}

/// A place in a certificate that names a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CertificateName {
    /// The e-mail address among the alternative names.
    SanEmail,
    /// Microsoft's user principal name among the alternative names (1.3.6.1.4.1.311.20.2.3).
    SanUpn,
    /// The e-mail address in the subject.
    SubjectEmail,
    /// The common name in the subject.
    SubjectCn,
}

impl CertificateName {
    /// The JSON spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SanEmail => "san_email",
            Self::SanUpn => "san_upn",
            Self::SubjectEmail => "subject_email",
            Self::SubjectCn => "subject_cn",
        }
    }
}

impl CertificateConfig {
    /// Refuses what cannot be certificates or lists, or would shut everybody out. The certificates themselves are
    /// read where they are used.
    ///
    /// # Errors
    /// Names the field and what it must be.
    pub fn check(&self) -> Result<(), InvalidProvider> {
        pem_of("ca_pem", &self.ca_pem, MAX_CA_BYTES, "-----BEGIN CERTIFICATE-----")?;
        match &self.crl_pem {
            Some(pem) => pem_of("crl_pem", pem, MAX_CRL_BYTES, "-----BEGIN X509 CRL-----"),
            None if self.require_crl => wrong("require_crl", "needs crl_pem: without a list, everybody is refused"),
            None => Ok(()),
        }
    }
}

fn bounded(field: &'static str, text: &str, most: usize) -> Checked {
    if text.len() > most {
        return wrong(field, "is too long");
    }
    if text.contains('\0') {
        return wrong(field, "must not contain a NUL character");
    }
    Ok(())
}

fn pem_of(field: &'static str, pem: &str, most: usize, begin: &str) -> Checked {
    bounded(field, pem, most)?;
    if pem.contains("PRIVATE KEY-----") {
        return wrong(field, "holds a private key: take it out, and consider it known");
    }
    if pem.contains(begin) { Ok(()) } else { wrong(field, "must be PEM text, with its BEGIN and END lines") }
}

/// The name of an entry: an empty one would be the directory's root, or somebody anonymous.
fn entry(field: &'static str, dn: &str) -> Checked {
    bounded(field, dn, MAX_TEXT_BYTES)?;
    if dn.contains('=') { Ok(()) } else { wrong(field, "must be a distinguished name such as dc=example,dc=org") }
}

fn attribute(field: &'static str, name: &str) -> Checked {
    let well = name.len() <= 64
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
    if well { Ok(()) } else { wrong(field, "must be an attribute's name such as mail, or its number") }
}

fn filter(field: &'static str, text: &str, names: &[&str]) -> Checked {
    bounded(field, text, MAX_TEXT_BYTES)?;
    let mut depth = 0_u32;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth > 0 => depth -= 1,
            b')' => return wrong(field, "has a closing parenthesis too many"),
            _ if depth == 0 => return wrong(field, "must be one filter in parentheses, such as (uid={login})"),
            _ => {}
        }
        if depth > 16 || (depth == 0 && at + 1 < text.len()) {
            return wrong(field, "must be one filter in parentheses, such as (uid={login})");
        }
    }
    if depth != 0 || text.is_empty() {
        return wrong(field, "must be one filter in parentheses, such as (uid={login})");
    }
    let known = |inside: &str| names.iter().any(|name| inside.split_once('}').is_some_and(|(is, _)| is == *name));
    if text.split('{').skip(1).all(known) {
        Ok(())
    } else {
        wrong(field, "holds braces that nothing is filled into; write \\7b for a brace that is meant")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ldap() -> LdapConfig {
        serde_json::from_str(r#"{"url":"ldaps://directory.example.org","user_base":"dc=example,dc=org"}"#)
            .expect("ldap")
    }

    fn refused(change: impl FnOnce(&mut LdapConfig)) -> &'static str {
        let mut config = ldap();
        change(&mut config);
        config.check().expect_err("must be refused").field
    }

    #[test]
    fn two_fields_are_enough_and_unknown_ones_are_refused() {
        let config = ldap();
        assert_eq!(config.check(), Ok(()));
        assert_eq!(config.address(), Ok(("directory.example.org".to_owned(), 636)));
        assert_eq!((config.mail_attribute.as_str(), config.id_attribute.as_str()), ("mail", "entryUUID"));
        let again: LdapConfig = serde_json::from_value(serde_json::to_value(&config).expect("json")).expect("back");
        assert_eq!(again, config);
        let unknown = r#"{"url":"ldaps://a","user_base":"dc=b","verify":false}"#;
        assert!(serde_json::from_str::<LdapConfig>(unknown).is_err());
    }

    #[test]
    fn nothing_goes_over_an_unprotected_connection() {
        assert_eq!(refused(|c| c.url = "ldap://directory.example.org".into()), "url");
        assert_eq!(refused(|c| c.start_tls = true), "start_tls");
        let start_tls = LdapConfig { url: "ldap://[::1]:3890".into(), start_tls: true, ..ldap() };
        assert_eq!(start_tls.address(), Ok(("::1".to_owned(), 3890)));
        for url in ["http://a", "ldapi://%2fsocket", "ldaps://", "ldaps:///", "directory", "ldaps://a:0", ""] {
            assert_eq!(refused(|c| c.url = url.into()), "url", "{url}");
        }
        for url in ["ldaps://cn=a:secret@b", "ldaps://a/dc=b", "ldaps://a?x", "ldaps://a#x"] {
            assert_eq!(refused(|c| c.url = url.into()), "url", "{url}");
        }
    }

    #[test]
    fn filters_find_one_person_and_are_whole() {
        assert_eq!(refused(|c| c.user_filter = "(objectClass=person)".into()), "user_filter");
        for filter in ["", "uid={login}", "(uid={login}", "(uid={login}))", "(a=b)(uid={login})", "(uid={login})x"] {
            assert_eq!(refused(|c| c.user_filter = filter.into()), "user_filter", "{filter}");
        }
        for filter in ["(&(uid={login})(x={y}))", "(uid={login}{)", "(&(uid={login})(member={dn}))"] {
            assert_eq!(refused(|c| c.user_filter = filter.into()), "user_filter", "{filter}");
        }
        assert_eq!(refused(|c| c.group_filter = "(objectClass=group)".into()), "group_filter");
        let nested = "(&(objectClass=group)(member:1.2.840.113556.1.4.1941:={dn}))";
        assert_eq!(LdapConfig { group_filter: nested.into(), ..ldap() }.check(), Ok(()));
    }

    #[test]
    fn names_are_names() {
        assert_eq!(refused(|c| c.user_base = String::new()), "user_base");
        assert_eq!(refused(|c| c.bind_dn = Some(String::new())), "bind_dn");
        assert_eq!(refused(|c| c.group_base = Some("groups".into())), "group_base");
        assert_eq!(refused(|c| c.ca_pem = Some("the certificate".into())), "ca_pem");
        for name in ["", "*", "+", "mail;binary", "a b", "e-mail)"] {
            assert_eq!(refused(|c| c.mail_attribute = name.into()), "mail_attribute", "{name}");
        }
    }
    #[test]
    fn certificates_have_the_shape_of_some() {
        let config = |json: &str| serde_json::from_str::<CertificateConfig>(json).expect("certificates");
        let good = config(r#"{"ca_pem":"-----BEGIN CERTIFICATE-----","user_from":"san_upn"}"#);
        assert_eq!((good.check(), good.require_crl, good.user_from.as_str()), (Ok(()), false, "san_upn"));
        let field = |config: CertificateConfig| config.check().expect_err("must be refused").field;
        assert_eq!(field(CertificateConfig { require_crl: true, ..good.clone() }), "require_crl");
        assert_eq!(field(CertificateConfig { crl_pem: Some("list".into()), ..good.clone() }), "crl_pem");
        let both = "-----BEGIN CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----";
        for wrong in ["", "x", both, &"-----BEGIN CERTIFICATE-----".repeat(10_000)] {
            assert_eq!(field(CertificateConfig { ca_pem: wrong.into(), ..good.clone() }), "ca_pem");
        }
    }
}
