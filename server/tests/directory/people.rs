//! Signing in with a directory that behaves.

use std::net::TcpListener;

use leeward::directory::{DirectoryError, authenticate, probe};
use leeward::outbound::Guard;
use leeward_domain::provider::LdapConfig;
use leeward_testkit::slapd::{SERVICE_PASSWORD, Slapd};

use crate::{PEOPLE, config, sign_in};

#[tokio::test(flavor = "multi_thread")]
async fn the_right_password_is_somebody() {
    let slapd = Slapd::start(PEOPLE).unwrap();
    let config = config(&slapd);
    let ada = sign_in(&config, "ada@example.org", "ada's own password").await.unwrap();
    assert_eq!((ada.dn.as_str(), ada.email.as_str()), ("uid=ada,ou=people,dc=example,dc=org", "ada@example.org"));
    assert_eq!(ada.display_name.as_deref(), Some("Ada Lovelace"));
    assert_eq!(ada.groups, ["analysts", "engineers"]);
    assert_eq!(ada.id.len(), 36, "an entryUUID: {}", ada.id);
    let other_address = sign_in(&config, "Countess@example.org", "ada's own password").await.unwrap();
    assert_eq!((other_address.id, other_address.email.as_str()), (ada.id, "countess@example.org"));
    // An entry whose name holds everything that is special in names and in filters.
    let ana = sign_in(&config, "ana", "ana's own password").await.unwrap();
    assert_eq!(ana.display_name.as_deref(), Some("Żółć, Ana (QA) *"), "without displayName it is cn");
    assert_eq!(ana.groups, ["engineers"]);
    let ungrouped = LdapConfig { group_base: None, ..config };
    assert!(sign_in(&ungrouped, "ana", "ana's own password").await.unwrap().groups.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_there_and_whoever_errs_look_the_same() {
    let slapd = Slapd::start(PEOPLE).unwrap();
    let config = config(&slapd);
    for (login, password) in [
        ("ada", "not ada's password"),
        ("nobody", "ada's own password"),
        ("guest", "has no password"),
        ("*", "ada's own password"),
        ("*)(uid=*", "ada's own password"),
        ("ada)(objectClass=*", "ada's own password"),
        ("{login}", "ada's own password"),
        ("nomail", "a wrong password"),
        ("", "ada's own password"),
    ] {
        let refused = sign_in(&config, login, password).await.unwrap_err();
        assert_eq!(refused, DirectoryError::WrongCredentials, "{login}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_would_bind_as_nobody_reaches_no_directory() {
    let slapd = Slapd::start(PEOPLE).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("ldaps://{}", listener.local_addr().unwrap());
    let elsewhere = LdapConfig { url, ..config(&slapd) };
    let long = "x".repeat(1025);
    for password in ["", "\0", "ada's own password\0", &long] {
        let refused = sign_in(&elsewhere, "ada", password).await.unwrap_err();
        assert_eq!(refused, DirectoryError::WrongCredentials);
        assert!(sign_in(&config(&slapd), "ada", password).await.is_err());
    }
    // The same of the service account.
    for password in [None, Some(""), Some("\0")] {
        let refused =
            authenticate(&Guard::default(), &elsewhere, password, "ada", "ada's own password").await.unwrap_err();
        assert_eq!(refused, DirectoryError::BindRefused);
    }
    assert_eq!(listener.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock, "nobody connected");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_the_directory_is_named() {
    let slapd = Slapd::start(PEOPLE).unwrap();
    let config = config(&slapd);
    let ambiguous = sign_in(&config, "twins@example.org", "the twins share it").await.unwrap_err();
    assert_eq!(ambiguous, DirectoryError::Ambiguous(2));
    let missing = sign_in(&config, "nomail", "a password without mail").await.unwrap_err();
    assert_eq!(missing, DirectoryError::MissingAttribute("mail".into()));
    let nameless = LdapConfig { group_name_attribute: "businessCategory".into(), ..config.clone() };
    let missing = sign_in(&nameless, "ana", "ana's own password").await.unwrap_err().to_string();
    assert!(missing.contains("businessCategory (of cn=engineers"), "{missing}");
    let refused =
        authenticate(&Guard::default(), &config, Some("wrong"), "ada", "ada's own password").await.unwrap_err();
    assert_eq!(refused, DirectoryError::BindRefused);
    let nowhere = LdapConfig { user_base: "ou=nowhere,dc=example,dc=org".into(), ..config };
    let refused = sign_in(&nowhere, "ada", "ada's own password").await.unwrap_err().to_string();
    assert!(refused.contains("ou=nowhere") && refused.contains("noSuchObject"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_probe_says_what_the_settings_find() {
    let slapd = Slapd::start(PEOPLE).unwrap();
    let config = config(&slapd);
    let report = probe(&Guard::default(), &config, Some(SERVICE_PASSWORD)).await.unwrap();
    assert_eq!((report.people, report.incomplete), (6, 1), "{report:?}");
    assert!(report.groups_of_first.is_some());
    assert_eq!(probe(&Guard::default(), &config, Some("wrong")).await.unwrap_err(), DirectoryError::BindRefused);
    let groups = LdapConfig { group_base: Some("ou=nowhere,dc=example,dc=org".into()), ..config.clone() };
    let refused = probe(&Guard::default(), &groups, Some(SERVICE_PASSWORD)).await.unwrap_err().to_string();
    assert!(refused.contains("ou=nowhere"), "{refused}");
    // This directory shows nobody anonymous anything, and says so as if nothing were there.
    let anonymous = LdapConfig { bind_dn: None, ..config };
    assert!(matches!(probe(&Guard::default(), &anonymous, None).await.unwrap_err(), DirectoryError::Protocol(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_connection_is_protected_or_there_is_none() {
    let slapd = Slapd::start(PEOPLE).unwrap();
    let config = config(&slapd);
    let start_tls = LdapConfig { url: slapd.ldap_url(), start_tls: true, ..config.clone() };
    let ada = sign_in(&start_tls, "ada", "ada's own password").await.unwrap();
    assert_eq!(ada.groups, ["analysts", "engineers"]);
    let plain = LdapConfig { start_tls: false, ..start_tls.clone() };
    let refused = sign_in(&plain, "ada", "ada's own password").await.unwrap_err().to_string();
    assert!(refused.contains("unprotected"), "{refused}");
    let stranger = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap().cert.pem();
    for config in [&config, &start_tls] {
        for ca_pem in [Some(stranger.clone()), None] {
            let untrusting = LdapConfig { ca_pem, ..config.clone() };
            let refused = sign_in(&untrusting, "ada", "ada's own password").await.unwrap_err();
            assert!(matches!(refused, DirectoryError::Tls(_)), "{refused}");
        }
    }
    let other_name = LdapConfig { url: slapd.ldaps_url().replace("127.0.0.1", "[::ffff:127.0.0.1]"), ..config.clone() };
    let refused = sign_in(&other_name, "ada", "ada's own password").await.unwrap_err();
    assert!(matches!(refused, DirectoryError::Tls(_)), "the certificate is for 127.0.0.1: {refused}");
    // TLS where the clear is expected, and the other way round.
    let crossed = LdapConfig { url: slapd.ldap_url().replace("ldap:", "ldaps:"), ..config.clone() };
    let refused = sign_in(&crossed, "ada", "ada's own password").await.unwrap_err();
    assert!(matches!(refused, DirectoryError::Tls(_) | DirectoryError::Unreachable(_)), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_directory_is_unreachable() {
    let mut slapd = Slapd::start(PEOPLE).unwrap();
    let config = config(&slapd);
    slapd.stop();
    let refused = sign_in(&config, "ada", "ada's own password").await.unwrap_err();
    assert!(matches!(refused, DirectoryError::Unreachable(_)), "{refused}");
}
