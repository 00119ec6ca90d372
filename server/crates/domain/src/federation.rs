//! Identity providers and trusted issuers as a tenant sets them up: how they are reached, whom they let in.
//!
//! A provider is a [`Connection`] (how it is asked) and an [`Admission`] (what its answer means here). A trusted
//! issuer ([`IssuerSettings`]) lets workloads exchange their platform's tokens for ours. Stored as JSON; a field
//! that is added gets a default that keeps what was before.

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::{
    ids::UserId,
    permission::{PermissionSet, Role, RoleRef},
    provider::{CertificateConfig, InvalidProvider, LdapConfig},
};

/// Rules that turn groups into roles; directories are seen with a few dozen that matter.
const MAX_RULES: usize = 200;
const MAX_TEXT_BYTES: usize = 2048;

const fn wrong<T>(field: &'static str, reason: &'static str) -> Result<T, InvalidProvider> {
    Err(InvalidProvider { field, reason })
}

/// How a provider is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Connection {
    /// OpenID Connect, by the browser.
    Oidc(OidcConfig),
    /// A directory, with the name and password typed here.
    Ldap(LdapConfig),
    /// A client certificate, by the connection itself.
    Certificate(CertificateConfig),
}

impl Connection {
    /// The database and JSON spelling of the kind.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Oidc(_) => "oidc",
            Self::Ldap(_) => "ldap",
            Self::Certificate(_) => "certificate",
        }
    }
}

/// An OpenID provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcConfig {
    /// The issuer, exactly as its discovery document names it.
    pub issuer: String,
    /// What the provider calls us.
    pub client_id: String,
    /// What is asked for besides `openid`.
    #[serde(default = "defaults::scopes")]
    pub scopes: Vec<String>,
    /// The claim with the e-mail address.
    #[serde(default = "defaults::email_claim")]
    pub email_claim: String,
    /// The claim with the name shown.
    #[serde(default = "defaults::name_claim")]
    pub name_claim: String,
    /// The claim with the groups.
    #[serde(default = "defaults::groups_claim")]
    pub groups_claim: String,
    /// Trust only these certificate authorities (PEM); without it, the operating system's.
    #[serde(default)]
    pub ca_pem: Option<String>,
}

mod defaults {
    pub(super) fn scopes() -> Vec<String> {
        vec!["profile".to_owned(), "email".to_owned()]
    }
    pub(super) fn email_claim() -> String {
        "email".to_owned()
    }
    pub(super) fn name_claim() -> String {
        "name".to_owned()
    }
    pub(super) fn groups_claim() -> String {
        "groups".to_owned()
    }
    pub(super) const fn yes() -> bool {
        true
    }
}

impl OidcConfig {
    /// Refuses what could not work or would show secrets.
    ///
    /// # Errors
    /// Names the field and what it must be.
    pub fn check(&self) -> Result<(), InvalidProvider> {
        check_issuer(&self.issuer)?;
        if self.client_id.is_empty() || self.client_id.len() > MAX_TEXT_BYTES {
            return wrong("client_id", "must be what the provider calls this service");
        }
        let word = |text: &String| !text.is_empty() && text.len() <= 100 && text.bytes().all(|b| b.is_ascii_graphic());
        if self.scopes.len() > 20 || !self.scopes.iter().all(word) {
            return wrong("scopes", "must be at most 20 words such as profile");
        }
        for (field, claim) in
            [("email_claim", &self.email_claim), ("name_claim", &self.name_claim), ("groups_claim", &self.groups_claim)]
        {
            if !word(claim) {
                return wrong(field, "must be the name of a claim");
            }
        }
        Ok(())
    }
}

/// An issuer's address: HTTPS, or plain HTTP to this very machine; no query, no fragment, no credentials.
fn check_issuer(issuer: &str) -> Result<(), InvalidProvider> {
    let Some(url) = Url::parse(issuer).ok().filter(|_| issuer.len() <= MAX_TEXT_BYTES) else {
        return wrong("issuer", "must be an address such as https://login.example.org");
    };
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return wrong("issuer", "must hold no credentials, query or fragment");
    }
    if url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url)) {
        Ok(())
    } else {
        wrong("issuer", "must begin with https:// (plain http:// is for this machine's loopback only)")
    }
}

/// Whether an address is this very machine's, by number or as `localhost`.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// What a provider's answer means here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Admission {
    /// Make a user at the first sign-in of somebody unknown.
    #[serde(default = "defaults::yes")]
    pub create_users: bool,
    /// Take a user who is here already for the one with the same (verified) e-mail address.
    #[serde(default)]
    pub match_email: bool,
    /// Take the provider's sign-in for both factors: it asked for them.
    #[serde(default)]
    pub second_factor: bool,
    /// Which groups bring which roles.
    #[serde(default)]
    pub group_roles: Vec<GroupRoles>,
    /// What everybody gets whom the provider lets in.
    #[serde(default)]
    pub default_roles: Vec<RoleRef>,
}

/// The roles that a group at the provider brings here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupRoles {
    /// The group, as the provider names it.
    pub group: String,
    /// What its members get.
    pub roles: Vec<RoleRef>,
}

impl Admission {
    /// Every role named, each once.
    #[must_use]
    pub fn roles(&self) -> Vec<RoleRef> {
        let mut roles: Vec<_> =
            self.group_roles.iter().flat_map(|rule| &rule.roles).chain(&self.default_roles).copied().collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    }

    /// What somebody in `groups` gets.
    #[must_use]
    pub fn roles_of(&self, groups: &[String]) -> Vec<RoleRef> {
        let brought = self.group_roles.iter().filter(|rule| groups.contains(&rule.group)).flat_map(|rule| &rule.roles);
        let mut roles: Vec<_> = brought.chain(&self.default_roles).copied().collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    }

    fn check(&self) -> Result<(), InvalidProvider> {
        if self.group_roles.len() > MAX_RULES {
            return wrong("group_roles", "must be at most 200 rules");
        }
        if self.group_roles.iter().any(|rule| rule.group.is_empty() || rule.group.len() > MAX_TEXT_BYTES) {
            return wrong("group_roles", "must name a group in each rule");
        }
        if self.roles().contains(&Role::PlatformOperator.into()) {
            return wrong("group_roles", "platform_operator is no tenant's to give");
        }
        Ok(())
    }
}

/// A provider's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderSettings {
    /// How it is asked.
    pub connection: Connection,
    /// What its answer means.
    pub admission: Admission,
}

impl ProviderSettings {
    /// Refuses what could not work, would show secrets or would let in too much.
    ///
    /// # Errors
    /// Names the field and what it must be.
    pub fn check(&self) -> Result<(), InvalidProvider> {
        match &self.connection {
            Connection::Oidc(oidc) => oidc.check()?,
            Connection::Ldap(ldap) => ldap.check()?,
            Connection::Certificate(certificate) => certificate.check()?,
        }
        self.admission.check()
    }
}

/// A foreign issuer of workload tokens, for example a Kubernetes cluster: whose subjects act as whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerSettings {
    /// The issuer's public keys as a JSON Web Key Set; without it they are fetched from where its discovery
    /// document says.
    #[serde(default)]
    pub jwks: Option<String>,
    /// Trust only these certificate authorities (PEM) when fetching; without it, the operating system's.
    #[serde(default)]
    pub ca_pem: Option<String>,
    /// Which subjects act as which service account.
    pub subjects: Vec<SubjectRule>,
}

/// A subject of a trusted issuer, and the service account it acts as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubjectRule {
    /// The token's `sub`, exactly: for Kubernetes `system:serviceaccount:NAMESPACE:NAME`.
    pub subject: String,
    /// The service account.
    pub user: UserId,
    /// What the tokens may at most do; unset: what the service account may.
    #[serde(default)]
    pub scopes: Option<PermissionSet>,
}

impl IssuerSettings {
    /// Refuses what could not work.
    ///
    /// # Errors
    /// Names the field and what it must be.
    pub fn check(&self, issuer: &str, audience: &str) -> Result<(), InvalidProvider> {
        if self.jwks.is_none() {
            check_issuer(issuer)?;
        } else if issuer.is_empty() || issuer.len() > MAX_TEXT_BYTES {
            return wrong("issuer", "must be what the tokens name as iss");
        }
        if audience.is_empty() || audience.len() > MAX_TEXT_BYTES {
            return wrong("audience", "must be what the tokens name as aud");
        }
        if self.subjects.is_empty() || self.subjects.len() > MAX_RULES {
            return wrong("subjects", "must be 1 to 200 rules");
        }
        if self.subjects.iter().any(|rule| rule.subject.is_empty() || rule.subject.len() > MAX_TEXT_BYTES) {
            return wrong("subjects", "must name a subject in each rule");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(change: &str) -> ProviderSettings {
        let text = r#"{"connection":{"kind":"oidc","issuer":"https://login.example.org","client_id":"leeward"},
            "admission":{"group_roles":[{"group":"staff","roles":["member"]},{"group":"it","roles":["tenant_admin"]}]}}"#;
        serde_json::from_str(&text.replace("https://login.example.org", change)).expect("settings")
    }

    #[test]
    fn groups_bring_their_roles_and_nothing_more() {
        let settings = settings("https://login.example.org");
        assert_eq!(settings.check(), Ok(()));
        let of = |groups: &[&str]| {
            settings.admission.roles_of(&groups.iter().map(|group| (*group).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(of(&[]), []);
        assert_eq!(of(&["staff", "others"]), [Role::Member.into()]);
        assert_eq!(of(&["it", "staff", "staff"]).len(), 2);
        let mut operator = settings.clone();
        operator.admission.default_roles = vec![Role::PlatformOperator.into()];
        assert_eq!(operator.check().expect_err("refused").field, "group_roles");
    }

    #[test]
    fn issuers_are_https_or_this_machine() {
        for good in ["https://a.example/tenant/v2.0", "http://127.0.0.1:9000", "http://[::1]:9000", "http://localhost"]
        {
            assert_eq!(settings(good).check(), Ok(()), "{good}");
        }
        for bad in
            ["http://a.example", "ftp://a", "https://u:p@a", "https://a?x", "https://a#x", "http://127.0.0.1.a", "a"]
        {
            assert_eq!(settings(bad).check().expect_err(bad).field, "issuer");
        }
    }
}
