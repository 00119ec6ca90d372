//! Servers that a directory's address may lead to, and that answer nothing or nonsense.

use std::sync::Arc;

use leeward::directory::DirectoryError;
use leeward_domain::provider::LdapConfig;
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use crate::sign_in;

/// The right answer to the anonymous bind, which is message 1.
const BOUND: [u8; 14] = [0x30, 0x0c, 0x02, 0x01, 0x01, 0x61, 0x07, 0x0a, 0x01, 0x00, 0x04, 0x00, 0x04, 0x00];

/// What the server does once somebody connected.
enum Act {
    /// Nothing, before TLS or after it.
    Silent { tls: bool },
    /// Says this, before TLS or after it and after the first request.
    Says { tls: bool, bytes: Vec<u8> },
}

/// A server that acts so, and settings that lead to it.
async fn server(act: Act) -> LdapConfig {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let ca_pem = made.cert.pem();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from_pem_slice(ca_pem.as_bytes()).unwrap()],
            PrivateKeyDer::from_pem_slice(made.signing_key.serialize_pem().as_bytes()).unwrap(),
        )
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 1024];
        match act {
            Act::Silent { tls: false } => std::future::pending::<()>().await,
            Act::Silent { tls: true } => {
                let _stream = TlsAcceptor::from(Arc::new(tls)).accept(stream).await.unwrap();
                std::future::pending::<()>().await;
            }
            Act::Says { tls: false, bytes } => {
                let _ = stream.read(&mut request).await.unwrap();
                stream.write_all(&bytes).await.unwrap();
                std::future::pending::<()>().await;
            }
            Act::Says { tls: true, bytes } => {
                let mut stream = TlsAcceptor::from(Arc::new(tls)).accept(stream).await.unwrap();
                // Each answer after the request before it. The client hangs up as soon as it has seen enough.
                for answer in answers(bytes) {
                    let _ = stream.read(&mut request).await;
                    let _ = stream.write_all(&answer).await;
                    let _ = stream.flush().await;
                }
                std::future::pending::<()>().await;
            }
        }
    });
    let settings = serde_json::json!({"url": format!("ldaps://{address}"), "ca_pem": ca_pem, "user_base": "dc=x"});
    serde_json::from_value(settings).unwrap()
}

/// What follows a right answer to the bind is for the next request.
fn answers(bytes: Vec<u8>) -> Vec<Vec<u8>> {
    match bytes.strip_prefix(&BOUND) {
        Some(next) => vec![BOUND.to_vec(), next.to_vec()],
        None => vec![bytes],
    }
}

async fn outcome(act: Act) -> DirectoryError {
    sign_in(&server(act).await, "ada", "a password").await.unwrap_err()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_says_nothing_is_not_waited_for() {
    let (before, after) = tokio::join!(outcome(Act::Silent { tls: false }), outcome(Act::Silent { tls: true }));
    assert_eq!(before, DirectoryError::Unreachable("no protected connection within 5 s".into()));
    assert_eq!(after, DirectoryError::Unreachable("it did not answer within 10 s".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_after_tls_is_no_answer_and_panics_nowhere() {
    // 200 kB of sequences within one another.
    let mut nested = vec![0x30, 0x84, 0x00, 0x03, 0x00, 0x00, 0x02, 0x01, 0x01];
    nested.extend([0x30, 0x83, 0x02, 0xff, 0x00].repeat(40_000));
    for bytes in [
        b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(),
        vec![0xff; 64],
        // A gigabyte is announced.
        vec![0x30, 0x84, 0x40, 0x00, 0x00, 0x00],
        // No end is announced.
        vec![0x30, 0x80],
        // An empty message; one without an operation.
        vec![0x30, 0x00],
        vec![0x30, 0x03, 0x02, 0x01, 0x01],
        // An answer to the bind without a result; with a result that is text; with text that is not UTF-8.
        vec![0x30, 0x05, 0x02, 0x01, 0x01, 0x61, 0x00],
        vec![0x30, 0x0c, 0x02, 0x01, 0x01, 0x61, 0x07, 0x04, 0x01, 0x00, 0x04, 0x00, 0x04, 0x00],
        vec![0x30, 0x0d, 0x02, 0x01, 0x01, 0x61, 0x08, 0x0a, 0x01, 0x00, 0x04, 0x01, 0xff, 0x04, 0x00],
        // Controls that are none.
        vec![
            0x30, 0x10, 0x02, 0x01, 0x01, 0x61, 0x07, 0x0a, 0x01, 0x00, 0x04, 0x00, 0x04, 0x00, 0xa0, 0x02, 0x04, 0x00,
        ],
        // Right at first, then an entry without a name as the answer to the search.
        [&BOUND[..], &[0x30, 0x05, 0x02, 0x01, 0x02, 0x64, 0x00], &[0x30, 0x05, 0x02, 0x01, 0x02, 0x65, 0x00]].concat(),
        nested,
    ] {
        let shown = bytes[..bytes.len().min(20)].to_vec();
        let refused = outcome(Act::Says { tls: true, bytes }).await;
        assert!(matches!(refused, DirectoryError::Protocol(_)), "{shown:02x?}: {refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_instead_of_tls_is_no_connection() {
    let refused = outcome(Act::Says { tls: false, bytes: b"220 mail.example.org ESMTP\r\n".to_vec() }).await;
    assert!(matches!(refused, DirectoryError::Tls(_)), "{refused}");
    let refusal = [0x30, 0x0c, 0x02, 0x01, 0x01, 0x78, 0x07, 0x0a, 0x01, 0x02, 0x04, 0x00, 0x04, 0x00];
    let other_message = [0x30, 0x0c, 0x02, 0x01, 0x07, 0x78, 0x07, 0x0a, 0x01, 0x00, 0x04, 0x00, 0x04, 0x00];
    // A yes, and something slipped in behind it before the connection is protected.
    let smuggled = [0x30, 0x0c, 0x02, 0x01, 0x01, 0x78, 0x07, 0x0a, 0x01, 0x00, 0x04, 0x00, 0x04, 0x00, 0x30, 0x00];
    for (bytes, protocol) in [
        (b"220 mail.example.org ESMTP\r\n".to_vec(), true),
        (refusal.to_vec(), false),
        (other_message.to_vec(), true),
        (smuggled.to_vec(), true),
    ] {
        let config = server(Act::Says { tls: false, bytes }).await;
        let config = LdapConfig { url: config.url.replace("ldaps:", "ldap:"), start_tls: true, ..config };
        let refused = sign_in(&config, "ada", "a password").await.unwrap_err();
        let right = if protocol {
            matches!(refused, DirectoryError::Protocol(_))
        } else {
            matches!(refused, DirectoryError::Tls(_))
        };
        assert!(right, "{refused}");
    }
}
