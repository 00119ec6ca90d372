//! Why a directory gave no answer, each with what to do about it.

use ldap3::{LdapError, LdapResult};
use leeward_domain::provider::InvalidProvider;

/// The most characters of a directory's own words that are passed on.
const MAX_SAID: usize = 200;

/// Why there is no person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DirectoryError {
    /// The settings cannot be used.
    #[error("the directory's settings are wrong: {0}")]
    Misconfigured(#[from] InvalidProvider),
    /// It does not answer, or not in time.
    #[error("the directory cannot be reached: {0}; check its address, and that this machine may connect to it")]
    Unreachable(String),
    /// No protected connection came about.
    #[error(
        "the directory's connection cannot be protected: {0}; check that the port speaks TLS, that the certificate is \
         for the host in url, and that ca_pem holds the authority that issued it"
    )]
    Tls(String),
    /// The service account may not bind.
    #[error("the directory refuses the service account; check bind_dn and its password")]
    BindRefused,
    /// Nobody of that login, or a wrong password: the caller cannot tell which.
    #[error("the directory knows no such login with this password; check both")]
    WrongCredentials,
    /// The user filter fits several entries, at least this many.
    #[error("{0} or more entries fit user_filter for this login; narrow it so that it finds one")]
    Ambiguous(usize),
    /// The person, or a group of theirs, lacks an attribute that is needed.
    #[error(
        "an entry has no {0}; fill it in, name another attribute in the settings, or let the service account read it"
    )]
    MissingAttribute(String),
    /// It answered something that cannot be used.
    #[error("the directory's answer cannot be used: {0}; check the bases and filters, or ask who runs it")]
    Protocol(String),
}

impl DirectoryError {
    /// An answer that is no success, with the directory's own words in a readable length.
    pub(super) fn answered(what: &str, result: &LdapResult) -> Self {
        match result.rc {
            51 | 52 => Self::Unreachable(format!("it says it is {}", if result.rc == 51 { "busy" } else { "down" })),
            _ => Self::Protocol(format!("{what}: {}", readable(&result.to_string()))),
        }
    }
}

impl From<LdapError> for DirectoryError {
    fn from(error: LdapError) -> Self {
        match error {
            LdapError::Io { .. }
            | LdapError::OpSend { .. }
            | LdapError::ResultRecv { .. }
            | LdapError::IdScrubSend { .. }
            | LdapError::EndOfStream => Self::Unreachable("the connection ended before its answer".to_owned()),
            LdapError::FilterParsing => Self::Protocol("user_filter or group_filter is no LDAP filter".to_owned()),
            other => Self::Protocol(readable(&other.to_string())),
        }
    }
}

/// Words from outside, without control characters and not too many.
fn readable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_SAID).collect()
}
