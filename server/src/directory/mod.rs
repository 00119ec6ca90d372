//! Asking a directory (LDAP, Active Directory) who somebody is: a network client and nothing else.
//!
//! [`authenticate`] finds the one entry a login fits, shows the directory the password, and comes back with a
//! [`Person`]. [`probe`] tries the settings without anybody's password. Both connect, ask and hang up: nothing is
//! pooled and no task outlives the call, which is why the whole of it is one future with a deadline.
//!
//! A directory is set up by a tenant and trusted for that tenant only, so nothing it sends may hurt the others:
//! `connection` speaks TLS and looks at each message's size and shape before `ldap3` sees it, and a panic over a
//! malformed answer ends the call as [`DirectoryError::Protocol`]. Referrals are not followed: a password goes to
//! the address that was set and nowhere else. The caller asks first whether that may be connected to; the [`Guard`] it
//! gives checks where the name leads. Left out: sessions, the database, audit. To ask for more about a person: an attribute in
//! `LdapConfig`, a field of [`Person`], its line in `session.rs`.

mod connection;
mod error;
mod session;

use leeward_domain::provider::LdapConfig;
use serde::Serialize;

pub use self::error::DirectoryError;
use self::session::Session;
use crate::outbound::Guard;

/// The longest login looked for, in bytes.
const MAX_LOGIN_BYTES: usize = 320;
/// The longest password shown to a directory, in bytes.
const MAX_PASSWORD_BYTES: usize = 1024;

/// Somebody the directory knows and whose password was right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// What `id_attribute` holds.
    pub id: String,
    /// The entry's name.
    pub dn: String,
    /// The e-mail address.
    pub email: String,
    /// The name to show, if the entry has any.
    pub display_name: Option<String>,
    /// The names of their groups, in order, each once.
    pub groups: Vec<String>,
}

/// What the settings find.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProbeReport {
    /// How many people there are that somebody could sign in as; counting stops at 50.
    pub people: usize,
    /// How many of those lack the identifier or the e-mail address, and could therefore not sign in.
    pub incomplete: usize,
    /// How many groups the first of them has; `None` where no groups are looked for or nobody was found.
    pub groups_of_first: Option<usize>,
}

/// Whose login and password this is.
///
/// # Errors
/// [`DirectoryError::WrongCredentials`] whether there is nobody of that login or the password is wrong; the others
/// are about the directory or its settings and say what to do.
pub async fn authenticate(
    guard: &Guard,
    config: &LdapConfig,
    bind_password: Option<&str>,
    login: &str,
    password: &str,
) -> Result<Person, DirectoryError> {
    config.check()?;
    // An empty password would be an unauthenticated bind, which succeeds (RFC 4513, section 5.1.2); one that holds a
    // NUL may be an empty one to a directory written in C.
    let (login, taken) = (login.trim(), !password.is_empty() && !password.contains('\0'));
    if !taken || password.len() > MAX_PASSWORD_BYTES || login.is_empty() || login.len() > MAX_LOGIN_BYTES {
        return Err(DirectoryError::WrongCredentials);
    }
    let account = account(config, bind_password)?;
    connection::run(guard, config, |ldap| async move {
        let mut session = Session::new(ldap, config, account);
        session.bind_service().await?;
        let entry = session.find(login).await?;
        session.bind_person(&entry, password).await?;
        // Only now: what an entry lacks is nobody's business who does not know its password.
        let mut person = session.person(&entry, login)?;
        if config.group_base.is_some() {
            session.bind_service().await?;
            person.groups = session.groups(&person.dn, login).await?;
        }
        Ok(person)
    })
    .await
}

/// Tries the settings: binds as the service account and searches the bases.
///
/// # Errors
/// What is wrong with the directory or the settings, and what to do.
pub async fn probe(
    guard: &Guard,
    config: &LdapConfig,
    bind_password: Option<&str>,
) -> Result<ProbeReport, DirectoryError> {
    config.check()?;
    let account = account(config, bind_password)?;
    connection::run(guard, config, |ldap| async move {
        let mut session = Session::new(ldap, config, account);
        session.bind_service().await?;
        session.probe().await
    })
    .await
}

/// The name and password searches are made with; both empty is an anonymous bind.
fn account<'a>(config: &'a LdapConfig, password: Option<&'a str>) -> Result<(&'a str, &'a str), DirectoryError> {
    match (config.bind_dn.as_deref(), password.unwrap_or_default()) {
        (None, _) => Ok(("", "")),
        (Some(_), password) if password.is_empty() || password.contains('\0') => Err(DirectoryError::BindRefused),
        (Some(dn), password) => Ok((dn, password)),
    }
}
