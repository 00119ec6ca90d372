//! Client certificates (X.509): does a tenant believe this chain, and whose is it.
//!
//! Path building, signatures, validity, key usage and revocation are webpki's, through rustls' verifier for client
//! certificates with aws-lc-rs; this module says what is trusted and gives each refusal a name. As in webpki, a
//! certificate that lists extended key usages must list client authentication; one that lists none is taken. That
//! the client holds the key is proven in the TLS handshake, before. Left out: fetching revocation lists, OCSP.
//! To name people by something else: a variant of `CertificateName`, its arm in [`names`].

use std::{fmt, sync::Arc, time::Duration};

use leeward_domain::{
    Sha256Digest, Timestamp,
    provider::{CertificateConfig, CertificateName, InvalidProvider},
};
use rustls::{
    CertificateError, Error, RootCertStore,
    pki_types::{CertificateDer, CertificateRevocationListDer, UnixTime, pem::PemObject},
    server::{VerifierBuilderError, WebPkiClientVerifier, danger::ClientCertVerifier},
};
use x509_parser::{
    asn1_rs::{Any, Class, FromDer as _, Oid, Tag, Utf8String, oid},
    certificate::X509Certificate,
    extensions::GeneralName,
    x509::AttributeTypeAndValue,
};

/// The most authorities, and the most revocation lists, of one configuration.
const MAX_LISTED: usize = 64;
/// The longest chain looked at, the leaf included.
const MAX_CHAIN: usize = 8;
/// The longest name taken from a certificate, in bytes.
const MAX_NAME_BYTES: usize = 320;
/// The most characters of a subject that are passed on.
const MAX_SUBJECT: usize = 512;
/// Microsoft's user principal name, as an `otherName`.
const UPN: Oid<'static> = oid!(1.3.6.1.4.1.311.20.2.3);

/// Authorities or revocation lists that cannot be used, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTrust {
    /// The settings say so already.
    #[error(transparent)]
    Config(#[from] InvalidProvider),
    /// The text is not the PEM it should be.
    #[error("{field}: number {number} cannot be read ({reason}); copy it again, with its BEGIN and END lines")]
    Unreadable {
        /// `ca_pem` or `crl_pem`.
        field: &'static str,
        /// Which one, from 1.
        number: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// More than anybody needs.
    #[error("{0}: holds more than 64; leave out those whose certificates nobody shows")]
    TooMany(&'static str),
    /// There is none.
    #[error("{0}: holds none; paste at least one, with its BEGIN and END lines")]
    Empty(&'static str),
    /// A certificate that may not issue others.
    #[error("ca_pem: number {0} is not an authority's certificate; give the one that issued it")]
    NoAuthority(usize),
}

/// Why a chain is nobody's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateRefusal {
    /// None was shown.
    #[error("the browser showed no certificate; insert the card, close every window of the browser and try again")]
    NoCertificate,
    /// No trusted authority issued it.
    #[error("no authority that is trusted here issued this certificate; choose another, or have its authority added")]
    UnknownAuthority,
    /// It, or one between it and the authority, was revoked.
    #[error("this certificate was revoked; ask for a new one")]
    Revoked,
    /// It, or one between it and the authority, ran out.
    #[error("this certificate has expired; ask for a new one")]
    Expired,
    /// Its time has not come.
    #[error("this certificate is not valid yet; check this machine's clock, or wait")]
    NotYetValid,
    /// No list covers it, and one must.
    #[error("no revocation list covers this certificate; whoever administers sign-in must add its authority's list")]
    NoRevocationList,
    /// The list that covers it is out of date.
    #[error("the revocation list for this certificate is out of date; whoever administers sign-in must renew it")]
    StaleRevocationList,
    /// It is for something else.
    #[error("this certificate is not for signing in; choose one for client authentication")]
    WrongUse,
    /// It does not say whose it is.
    #[error("this certificate has no {}; ask for one that has, or have people named by something else", .0.as_str())]
    MissingName(CertificateName),
    /// It says it is several people's.
    #[error("this certificate has several {}; ask for one with a single one", .0.as_str())]
    SeveralNames(CertificateName),
    /// It cannot be used.
    #[error("this certificate cannot be used: {0}; ask whoever issued it for another")]
    Malformed(String),
}

/// Whose a certificate is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertifiedName {
    /// What the configured place holds.
    pub email_or_name: String,
    /// The whole subject, for records.
    pub subject: String,
    /// The serial number in hex.
    pub serial: String,
    /// The digest of the certificate.
    pub fingerprint: Sha256Digest,
}

/// Which chains are believed.
#[derive(Clone)]
pub struct CertificateTrust {
    verifier: Arc<dyn ClientCertVerifier>,
    user_from: CertificateName,
}

impl fmt::Debug for CertificateTrust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CertificateTrust").field("user_from", &self.user_from).finish_non_exhaustive()
    }
}

impl CertificateTrust {
    /// Reads the authorities and lists.
    ///
    /// # Errors
    /// Names the one that cannot be used.
    pub fn new(config: &CertificateConfig) -> Result<Self, InvalidTrust> {
        config.check()?;
        let mut roots = RootCertStore::empty();
        for (at, authority) in listed::<CertificateDer<'static>>("ca_pem", &config.ca_pem)?.into_iter().enumerate() {
            let unreadable = |reason| InvalidTrust::Unreadable { field: "ca_pem", number: at + 1, reason };
            let parsed = parse(&authority).map_err(unreadable)?;
            if !parsed.is_ca() {
                return Err(InvalidTrust::NoAuthority(at + 1));
            }
            roots.add(authority).map_err(|error| unreadable(error.to_string()))?;
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut builder = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
        if let Some(pem) = &config.crl_pem {
            let lists = listed::<CertificateRevocationListDer<'static>>("crl_pem", pem)?;
            builder = builder.with_crls(lists).enforce_revocation_expiration();
            if !config.require_crl {
                builder = builder.allow_unknown_revocation_status();
            }
        }
        let verifier = builder.build().map_err(|error| match error {
            VerifierBuilderError::NoRootAnchors => InvalidTrust::Empty("ca_pem"),
            VerifierBuilderError::InvalidCrl(error) => {
                InvalidTrust::Unreadable { field: "crl_pem", number: 1, reason: format!("{error:?}") }
            }
            other => InvalidTrust::Unreadable { field: "ca_pem", number: 1, reason: other.to_string() },
        })?;
        Ok(Self { verifier, user_from: config.user_from })
    }

    /// Whose chain this is, the leaf first, if it is to be believed now.
    ///
    /// # Errors
    /// Why not.
    pub fn verify(&self, chain: &[CertificateDer<'_>], now: Timestamp) -> Result<CertifiedName, CertificateRefusal> {
        let (leaf, between) = chain.split_first().ok_or(CertificateRefusal::NoCertificate)?;
        if chain.len() > MAX_CHAIN {
            return Err(CertificateRefusal::Malformed(format!("its chain is longer than {MAX_CHAIN} certificates")));
        }
        let seconds = u64::try_from(now.unix_seconds()).unwrap_or_default();
        let now = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        self.verifier.verify_client_cert(leaf, between, now).map_err(refusal)?;
        let parsed = parse(leaf).map_err(CertificateRefusal::Malformed)?;
        let mut names = names(&parsed, self.user_from)?;
        let name = names.pop().ok_or(CertificateRefusal::MissingName(self.user_from))?;
        // Which one is meant would be up to chance, or to whoever asked for the certificate.
        if names.iter().any(|other| !other.eq_ignore_ascii_case(&name)) {
            return Err(CertificateRefusal::SeveralNames(self.user_from));
        }
        let subject = parsed.subject().to_string();
        Ok(CertifiedName {
            email_or_name: name,
            subject: subject.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_SUBJECT).collect(),
            serial: hex::encode(parsed.raw_serial()),
            fingerprint: Sha256Digest::of(leaf),
        })
    }
}

/// Every item of one kind in a PEM text.
fn listed<T: PemObject>(field: &'static str, pem: &str) -> Result<Vec<T>, InvalidTrust> {
    let mut found = Vec::new();
    for item in T::pem_slice_iter(pem.as_bytes()) {
        if found.len() == MAX_LISTED {
            return Err(InvalidTrust::TooMany(field));
        }
        let number = found.len() + 1;
        found.push(item.map_err(|error| InvalidTrust::Unreadable { field, number, reason: error.to_string() })?);
    }
    if found.is_empty() { Err(InvalidTrust::Empty(field)) } else { Ok(found) }
}

fn parse(der: &[u8]) -> Result<X509Certificate<'_>, String> {
    match X509Certificate::from_der(der) {
        Ok(([], certificate)) => Ok(certificate),
        Ok(_) => Err("something follows the certificate".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// webpki's words in ours.
fn refusal(error: Error) -> CertificateRefusal {
    use CertificateRefusal as Refusal;
    match error {
        Error::InvalidCertificate(error) => match error {
            CertificateError::UnknownIssuer | CertificateError::BadSignature => Refusal::UnknownAuthority,
            CertificateError::Revoked => Refusal::Revoked,
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Refusal::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Refusal::NotYetValid,
            CertificateError::UnknownRevocationStatus => Refusal::NoRevocationList,
            CertificateError::ExpiredRevocationList | CertificateError::ExpiredRevocationListContext { .. } => {
                Refusal::StaleRevocationList
            }
            CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => Refusal::WrongUse,
            other => Refusal::Malformed(other.to_string()),
        },
        // A list of the authority's name that its key did not sign, or may not: it covers nobody.
        Error::InvalidCertRevocationList(_) => Refusal::NoRevocationList,
        other => Refusal::Malformed(other.to_string()),
    }
}

/// Everything that stands where the name is looked for.
fn names(certificate: &X509Certificate<'_>, from: CertificateName) -> Result<Vec<String>, CertificateRefusal> {
    let malformed = |what: &str| CertificateRefusal::Malformed(what.to_owned());
    let attributes = |values: Vec<&AttributeTypeAndValue<'_>>| {
        let texts = values.into_iter().map(|value| value.as_str().map(str::to_owned));
        texts.collect::<Result<Vec<_>, _>>().map_err(|_| malformed("its subject is not text"))
    };
    let found = match from {
        CertificateName::SubjectEmail => attributes(certificate.subject().iter_email().collect())?,
        CertificateName::SubjectCn => attributes(certificate.subject().iter_common_name().collect())?,
        CertificateName::SanEmail | CertificateName::SanUpn => {
            let extension = certificate.subject_alternative_name();
            let extension = extension.map_err(|_| malformed("its alternative names cannot be read"))?;
            let mut found = Vec::new();
            for name in extension.into_iter().flat_map(|extension| &extension.value.general_names) {
                match (from, name) {
                    (CertificateName::SanEmail, GeneralName::RFC822Name(email)) => found.push((*email).to_owned()),
                    (CertificateName::SanUpn, GeneralName::OtherName(kind, value)) if *kind == UPN => {
                        found.push(upn(value).ok_or_else(|| malformed("its user principal name is not text"))?);
                    }
                    _ => {}
                }
            }
            found
        }
    };
    let trimmed = found.iter().map(|name| name.trim()).filter(|name| !name.is_empty());
    trimmed
        .map(|name| {
            let fit = name.len() <= MAX_NAME_BYTES && !name.contains(char::is_control);
            if fit { Ok(name.to_owned()) } else { Err(malformed("its name is too long or holds control characters")) }
        })
        .collect()
}

/// `[0] EXPLICIT UTF8String`.
fn upn(value: &[u8]) -> Option<String> {
    let (rest, outer) = Any::from_der(value).ok()?;
    if !rest.is_empty() || outer.class() != Class::ContextSpecific || outer.tag() != Tag(0) {
        return None;
    }
    let (rest, text) = Utf8String::from_der(outer.data).ok()?;
    rest.is_empty().then(|| text.string())
}
