//! The door's TLS: this service's certificate, and the certificates that clients show.
//!
//! A client certificate is asked for (where `tls.client_certificates` is on) and never demanded. The handshake checks
//! one thing: that the client holds the certificate's key. It does not ask who issued it, since each tenant trusts
//! authorities of its own and at this point nobody has said which tenant they are of. So a [`PeerCertificates`] is
//! not yet anybody: the sign-in that uses it asks that tenant's `CertificateTrust`, and nothing else may take it as
//! proof. For the same reason clients get no hint of the authorities: it would name every tenant's.

use std::{any::Any, sync::Arc};

use actix_tls::accept::rustls_0_23::TlsStream;
use actix_web::{dev::Extensions, rt::net::TcpStream};
use anyhow::Context as _;
use rustls::{
    DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme,
    client::danger::HandshakeSignatureValid,
    crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, PrivateKeyDer, UnixTime, pem::PemObject as _},
    server::danger::{ClientCertVerified, ClientCertVerifier},
};

use crate::config::Tls;

/// The chain a connection's client showed, its own certificate first; it holds that one's key. Whether any of it is
/// to be believed is for a tenant's trust to say. Kept with the connection: `HttpRequest::conn_data` gives it.
#[derive(Debug, Clone)]
pub struct PeerCertificates(pub Arc<[CertificateDer<'static>]>);

/// What the certificate files make, or `None` without any.
///
/// # Errors
/// When a file cannot be read or the two do not belong together.
pub fn server_config(config: &Tls) -> anyhow::Result<Option<ServerConfig>> {
    let (Some(certificate), Some(key)) = (&config.certificate, &config.key) else { return Ok(None) };
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(|certificates| certificates.collect::<Result<Vec<_>, _>>())
        .with_context(|| format!("tls.certificate = {}", certificate.display()))?;
    let private = PrivateKeyDer::from_pem_file(key).with_context(|| format!("tls.key = {}", key.display()))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions()?;
    let builder = if config.client_certificates {
        builder.with_client_cert_verifier(Arc::new(KeyHolder(provider)))
    } else {
        builder.with_no_client_auth()
    };
    let tls = builder.with_single_cert(chain, private).context("tls.certificate and tls.key do not belong together")?;
    Ok(Some(tls))
}

/// Keeps what the client of a fresh connection showed; for `HttpServer::on_connect`.
pub fn keep_peer_certificates(connection: &dyn Any, extensions: &mut Extensions) {
    let Some(stream) = connection.downcast_ref::<TlsStream<TcpStream>>() else { return };
    if let Some(chain) = stream.get_ref().1.peer_certificates() {
        extensions.insert(PeerCertificates(chain.to_vec().into()));
    }
}

/// Believes that a client holds the key of the certificate it shows, if its signature proves it; nothing more.
#[derive(Debug)]
struct KeyHolder(Arc<CryptoProvider>);

impl ClientCertVerifier for KeyHolder {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        // Who issued it is asked at sign-in, of the tenant.
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
