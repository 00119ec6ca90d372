//! The directory client against a real `slapd`, and against servers that misbehave.
#![expect(clippy::unwrap_used, reason = "tests")]
#![expect(clippy::disallowed_methods, reason = "tests own their tasks")]

mod hostile;
mod people;

use leeward::directory::{DirectoryError, Person, authenticate};
use leeward::outbound::Guard;
use leeward_domain::provider::LdapConfig;
use leeward_testkit::slapd::{SERVICE_DN, SERVICE_PASSWORD, SUFFIX, Slapd};

const PEOPLE: &str = include_str!("people.ldif");

/// Settings for the people of `people.ldif`.
fn config(slapd: &Slapd) -> LdapConfig {
    let settings = serde_json::json!({
        "url": slapd.ldaps_url(),
        "ca_pem": slapd.ca_pem(),
        "bind_dn": SERVICE_DN,
        "user_base": format!("ou=people,{SUFFIX}"),
        "user_filter": "(&(objectClass=person)(|(mail={login})(uid={login})))",
        "group_base": format!("ou=groups,{SUFFIX}"),
    });
    serde_json::from_value(settings).unwrap()
}

async fn sign_in(config: &LdapConfig, login: &str, password: &str) -> Result<Person, DirectoryError> {
    authenticate(&Guard::default(), config, Some(SERVICE_PASSWORD), login, password).await
}
