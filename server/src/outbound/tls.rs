//! Whom a connection of ours trusts, and who it says it is.

use std::{fs, path::Path, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};

/// Certificate authorities and our own certificate, as PEM.
#[derive(Clone, Default)]
pub struct Trust {
    /// The authorities; none means those the operating system trusts.
    pub ca_pem: Option<String>,
    /// Our certificate chain, leaf first, and its private key; none means that we show none.
    pub identity_pem: Option<(String, String)>,
}

impl std::fmt::Debug for Trust {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trust").field("ca_pem", &self.ca_pem).finish_non_exhaustive()
    }
}

impl Trust {
    /// From files, read anew each time so that a renewed certificate counts at the next connection.
    ///
    /// # Errors
    /// Which file cannot be read.
    pub fn read(ca: Option<&Path>, certificate: Option<&Path>, key: Option<&Path>) -> Result<Self, String> {
        let text = |path: &Path| fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()));
        let identity_pem = match (certificate, key) {
            (Some(certificate), Some(key)) => Some((text(certificate)?, text(key)?)),
            _ => None,
        };
        Ok(Self { ca_pem: ca.map(text).transpose()?, identity_pem })
    }
}

/// How a connection of ours speaks TLS: verified always, there is no setting that turns it off.
///
/// # Errors
/// What is wrong with the certificates given.
pub fn client_config(trust: &Trust) -> Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    match &trust.ca_pem {
        Some(pem) => {
            for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
                let certificate = certificate.map_err(|error| format!("ca_pem: {error}"))?;
                roots.add(certificate).map_err(|error| format!("ca_pem: {error}"))?;
            }
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    if roots.is_empty() {
        return Err("there is no certificate authority to trust".to_owned());
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| error.to_string())?.with_root_certificates(roots);
    let Some((chain, key)) = &trust.identity_pem else { return Ok(builder.with_no_client_auth()) };
    let chain = CertificateDer::pem_slice_iter(chain.as_bytes()).collect::<Result<Vec<_>, _>>();
    let chain = chain.map_err(|error| format!("certificate: {error}"))?;
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|error| format!("key: {error}"))?;
    builder.with_client_auth_cert(chain, key).map_err(|error| format!("certificate and key: {error}"))
}
