//! Client certificates of authorities made for the occasion.
#![expect(clippy::unwrap_used, reason = "tests")]

use leeward_domain::{
    Sha256Digest, Timestamp,
    provider::{CertificateConfig, CertificateName},
};
use leeward_identity::certificate::{CertificateRefusal as Refusal, CertificateTrust, CertifiedName, InvalidTrust};
use proptest::prelude::*;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyIdMethod, KeyPair, KeyUsagePurpose, OtherNameValue, RevokedCertParams, SanType,
    SerialNumber, date_time_ymd,
};
use rustls::pki_types::CertificateDer;

type Authority = CertifiedIssuer<'static, KeyPair>;

fn now() -> Timestamp {
    "2026-06-01T00:00:00Z".parse().unwrap()
}

fn authority_params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn authority(name: &str) -> Authority {
    CertifiedIssuer::self_signed(authority_params(name), KeyPair::generate().unwrap()).unwrap()
}

/// A card of Ada's: serial 7, valid through 2026, for client authentication.
fn card() -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, "Ada Lovelace");
    params.not_before = date_time_ymd(2026, 1, 1);
    params.not_after = date_time_ymd(2026, 12, 31);
    params.serial_number = Some(SerialNumber::from(7_u64));
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let upn = OtherNameValue::Utf8String("ada@corp.example".into());
    params.subject_alt_names = vec![
        SanType::Rfc822Name("ada@example.org".try_into().unwrap()),
        SanType::OtherName((vec![1, 3, 6, 1, 4, 1, 311, 20, 2, 3], upn)),
    ];
    params
}

fn issued(params: &CertificateParams, by: &Authority) -> CertificateDer<'static> {
    params.signed_by(&KeyPair::generate().unwrap(), by).unwrap().der().clone()
}

/// A list that revokes these serial numbers, good until the end of `until`.
fn list(by: &Authority, revoked: &[u64], until: i32) -> String {
    let revoked = revoked.iter().map(|serial| RevokedCertParams {
        serial_number: SerialNumber::from(*serial),
        revocation_time: date_time_ymd(2026, 2, 1),
        reason_code: None,
        invalidity_date: None,
    });
    let params = CertificateRevocationListParams {
        this_update: date_time_ymd(2025, 1, 1),
        next_update: date_time_ymd(until, 12, 31),
        crl_number: SerialNumber::from(1_u64),
        issuing_distribution_point: None,
        revoked_certs: revoked.collect(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    params.signed_by(by).unwrap().pem().unwrap()
}

fn config(ca_pem: String) -> CertificateConfig {
    CertificateConfig { ca_pem, crl_pem: None, require_crl: false, user_from: CertificateName::SanEmail }
}

fn verify(config: &CertificateConfig, chain: &[CertificateDer<'static>]) -> Result<CertifiedName, Refusal> {
    CertificateTrust::new(config).unwrap().verify(chain, now())
}

#[test]
fn a_card_says_whose_it_is() {
    let ca = authority("Cards");
    let mut params = card();
    params.distinguished_name.push(DnType::CustomDnType(vec![1, 2, 840, 113_549, 1, 9, 1]), "ada@subject.example");
    let leaf = issued(&params, &ca);
    // A second authority beside the right one.
    let both = format!("{}\n{}", authority("Others").pem(), ca.pem());
    for (user_from, name) in [
        (CertificateName::SanEmail, "ada@example.org"),
        (CertificateName::SanUpn, "ada@corp.example"),
        (CertificateName::SubjectEmail, "ada@subject.example"),
        (CertificateName::SubjectCn, "Ada Lovelace"),
    ] {
        let ada =
            verify(&CertificateConfig { user_from, ..config(both.clone()) }, std::slice::from_ref(&leaf)).unwrap();
        assert_eq!(ada.email_or_name, name);
        assert_eq!((ada.serial.as_str(), ada.fingerprint), ("07", Sha256Digest::of(&leaf)));
        assert!(ada.subject.contains("CN=Ada Lovelace"), "{}", ada.subject);
    }
}

#[test]
fn a_name_is_there_once_or_it_is_none() {
    let ca = authority("Cards");
    let mut bare = card();
    bare.subject_alt_names.clear();
    for user_from in [CertificateName::SanEmail, CertificateName::SanUpn, CertificateName::SubjectEmail] {
        let config = CertificateConfig { user_from, ..config(ca.pem()) };
        let refused = verify(&config, &[issued(&bare, &ca)]).unwrap_err();
        assert_eq!(refused, Refusal::MissingName(user_from));
        assert!(refused.to_string().contains(user_from.as_str()), "{refused}");
    }
    let mut two = card();
    two.subject_alt_names.push(SanType::Rfc822Name("ADA@example.org".try_into().unwrap()));
    assert!(verify(&config(ca.pem()), &[issued(&two, &ca)]).is_ok(), "the same address twice");
    two.subject_alt_names.push(SanType::Rfc822Name("boss@example.org".try_into().unwrap()));
    let refused = verify(&config(ca.pem()), &[issued(&two, &ca)]).unwrap_err();
    assert_eq!(refused, Refusal::SeveralNames(CertificateName::SanEmail));
}

#[test]
fn a_card_of_somebody_else_s_authority_is_nobody_s() {
    let ca = authority("Cards");
    let leaf = issued(&card(), &ca);
    assert_eq!(verify(&config(authority("Others").pem()), std::slice::from_ref(&leaf)), Err(Refusal::UnknownAuthority));
    // The same name, another key.
    assert_eq!(verify(&config(authority("Cards").pem()), &[leaf]), Err(Refusal::UnknownAuthority));
    let own = card().self_signed(&KeyPair::generate().unwrap()).unwrap();
    assert_eq!(verify(&config(ca.pem()), &[own.der().clone()]), Err(Refusal::UnknownAuthority));
    assert_eq!(verify(&config(ca.pem()), &[]), Err(Refusal::NoCertificate));
}

#[test]
fn time_and_use_are_kept() {
    let ca = authority("Cards");
    let mut expired = card();
    expired.not_after = date_time_ymd(2026, 5, 31);
    assert_eq!(verify(&config(ca.pem()), &[issued(&expired, &ca)]), Err(Refusal::Expired));
    let mut early = card();
    early.not_before = date_time_ymd(2026, 6, 2);
    assert_eq!(verify(&config(ca.pem()), &[issued(&early, &ca)]), Err(Refusal::NotYetValid));
    let mut server = card();
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    assert_eq!(verify(&config(ca.pem()), &[issued(&server, &ca)]), Err(Refusal::WrongUse));
}

#[test]
fn authorities_between_are_followed_and_not_trusted_by_themselves() {
    let root = authority("Root");
    let between = CertifiedIssuer::signed_by(authority_params("Between"), KeyPair::generate().unwrap(), &root).unwrap();
    let leaf = issued(&card(), &between);
    assert!(verify(&config(root.pem()), &[leaf.clone(), between.der().clone()]).is_ok());
    assert_eq!(verify(&config(root.pem()), std::slice::from_ref(&leaf)), Err(Refusal::UnknownAuthority));
    let other = config(authority("Others").pem());
    assert_eq!(verify(&other, &[leaf.clone(), between.der().clone()]), Err(Refusal::UnknownAuthority));
    // A card may not issue cards.
    let mut params = card();
    params.is_ca = IsCa::NoCa;
    let card_authority = CertifiedIssuer::signed_by(params, KeyPair::generate().unwrap(), &root).unwrap();
    let forged = issued(&card(), &card_authority);
    let refused = verify(&config(root.pem()), &[forged, card_authority.der().clone()]).unwrap_err();
    assert!(matches!(refused, Refusal::Malformed(_) | Refusal::UnknownAuthority), "{refused}");
    let long = vec![leaf; 9];
    assert!(matches!(verify(&config(root.pem()), &long), Err(Refusal::Malformed(_))));
    // The whole path must be covered where a list is required: here nobody says that Between is still good.
    let lists = |pem: String| CertificateConfig { crl_pem: Some(pem), require_crl: true, ..config(root.pem()) };
    let chain = [issued(&card(), &between), between.der().clone()];
    assert_eq!(verify(&lists(list(&between, &[], 2026)), &chain), Err(Refusal::NoRevocationList));
    let whole = format!("{}{}", list(&between, &[], 2026), list(&root, &[], 2026));
    assert!(verify(&lists(whole), &chain).is_ok());
}

#[test]
fn revocation_lists_are_asked() {
    let ca = authority("Cards");
    let leaf = [issued(&card(), &ca)];
    let with =
        |crl_pem: String, require_crl| CertificateConfig { crl_pem: Some(crl_pem), require_crl, ..config(ca.pem()) };
    for require_crl in [false, true] {
        assert!(verify(&with(list(&ca, &[8], 2026), require_crl), &leaf).is_ok());
        assert_eq!(verify(&with(list(&ca, &[8, 7], 2026), require_crl), &leaf), Err(Refusal::Revoked));
        assert_eq!(verify(&with(list(&ca, &[8], 2025), require_crl), &leaf), Err(Refusal::StaleRevocationList));
    }
    let others = list(&authority("Others"), &[7], 2026);
    assert!(verify(&with(others.clone(), false), &leaf).is_ok());
    assert_eq!(verify(&with(others.clone(), true), &leaf), Err(Refusal::NoRevocationList));
    // Several lists in one text.
    let several = format!("{others}\n{}", list(&ca, &[7], 2026));
    assert_eq!(verify(&with(several, false), &leaf), Err(Refusal::Revoked));
    // A list in the authority's name that another key signed.
    let forged = list(&authority("Cards"), &[], 2026);
    assert_eq!(verify(&with(forged, false), &leaf), Err(Refusal::NoRevocationList));
}

#[test]
fn what_cannot_be_trusted_is_named() {
    let ca = authority("Cards");
    let refused = |config: &CertificateConfig| CertificateTrust::new(config).unwrap_err();
    let own = card().self_signed(&KeyPair::generate().unwrap()).unwrap().pem();
    assert_eq!(refused(&config(format!("{}{own}", ca.pem()))), InvalidTrust::NoAuthority(2));
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let said = refused(&config(format!("{}{broken}", ca.pem()))).to_string();
    assert!(said.contains("ca_pem: number 2"), "{said}");
    assert!(matches!(
        refused(&config("-----BEGIN CERTIFICATE-----".into())),
        InvalidTrust::Empty(_) | InvalidTrust::Unreadable { .. }
    ));
    assert_eq!(refused(&config(ca.pem().repeat(65))), InvalidTrust::TooMany("ca_pem"));
    let crl = broken.replace("CERTIFICATE", "X509 CRL");
    let said = refused(&CertificateConfig { crl_pem: Some(crl), ..config(ca.pem()) }).to_string();
    assert!(said.contains("crl_pem"), "{said}");
    assert!(matches!(refused(&config("nothing".into())), InvalidTrust::Config(_)));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), at in any::<prop::sample::Index>(), with in any::<u8>()) {
        let ca = authority("Cards");
        let trust = CertificateTrust::new(&config(ca.pem())).unwrap();
        prop_assert!(trust.verify(&[CertificateDer::from(bytes)], now()).is_err());
        // A good one with a byte changed is refused, or is the same one.
        let good = issued(&card(), &ca);
        let mut bent = good.to_vec();
        let at = at.index(bent.len());
        bent[at] = with;
        let verdict = trust.verify(&[CertificateDer::from(bent.clone())], now());
        prop_assert!(verdict.is_err() || bent == good.to_vec());
    }
}
