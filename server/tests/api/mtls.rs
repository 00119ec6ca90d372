//! Client certificates at the door: asked for, never demanded, and kept for whoever signs people in.

use std::{net::TcpListener, path::PathBuf, sync::Arc};

use actix_web::{HttpRequest, HttpServer, web};
use leeward::{
    config::Tls,
    tls::{self, PeerCertificates},
};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams, SanType, SerialNumber,
    date_time_ymd,
};
use rustls::{
    ClientConfig, RootCertStore,
    client::ResolvesClientCert,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    sign::CertifiedKey,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{Backend, TestApp};

/// An authority that issues smart cards.
pub struct Cards(CertifiedIssuer<'static, KeyPair>);

/// A smart card: its certificate and key.
pub struct Card {
    pub certificate_pem: String,
    pub key_pem: String,
}

impl Cards {
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub fn ca_pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate of this key, in PEM.
    pub fn sign(&self, params: &CertificateParams, key: &KeyPair) -> String {
        params.signed_by(key, &self.0).unwrap().pem()
    }

    /// A card of this address for client authentication.
    pub fn card(&self, email: &str, serial: u64) -> Card {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, email);
        params.serial_number = Some(SerialNumber::from(serial));
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.subject_alt_names = vec![SanType::Rfc822Name(email.try_into().unwrap())];
        let key = KeyPair::generate().unwrap();
        Card { certificate_pem: params.signed_by(&key, &self.0).unwrap().pem(), key_pem: key.serialize_pem() }
    }

    /// The list that revokes these cards.
    pub fn crl_pem(&self, revoked: &[u64]) -> String {
        let revoked = revoked.iter().map(|serial| RevokedCertParams {
            serial_number: SerialNumber::from(*serial),
            revocation_time: date_time_ymd(2025, 1, 1),
            reason_code: None,
            invalidity_date: None,
        });
        let params = CertificateRevocationListParams {
            this_update: date_time_ymd(2025, 1, 1),
            next_update: date_time_ymd(2099, 1, 1),
            crl_number: SerialNumber::from(1_u64),
            issuing_distribution_point: None,
            revoked_certs: revoked.collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        params.signed_by(&self.0).unwrap().pem().unwrap()
    }
}

/// The certificate files of a service on this machine.
pub struct Door {
    _dir: TempDir,
    pub certificate: PathBuf,
    pub key: PathBuf,
    pub pem: String,
}

impl Door {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
        let (certificate, key) = (dir.path().join("cert.pem"), dir.path().join("key.pem"));
        std::fs::write(&certificate, made.cert.pem()).unwrap();
        std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        Self { _dir: dir, certificate, key, pem: made.cert.pem() }
    }

    /// A service that speaks TLS and asks for client certificates; its `http` shows none.
    pub async fn spawn(&self) -> TestApp {
        let env = [
            ("LEEWARD__TLS__CERTIFICATE", self.certificate.to_str().unwrap()),
            ("LEEWARD__TLS__KEY", self.key.to_str().unwrap()),
            ("LEEWARD__TLS__CLIENT_CERTIFICATES", "true"),
        ];
        let mut app = TestApp::spawn_with(Backend::Sqlite, &env).await;
        app.http = self.client(None);
        app
    }

    /// A browser that trusts the service and shows a card, or none.
    pub fn client(&self, card: Option<&Card>) -> reqwest::Client {
        let root = reqwest::Certificate::from_pem(self.pem.as_bytes()).unwrap();
        let mut builder = reqwest::Client::builder().cookie_store(true).tls_certs_only([root]);
        if let Some(card) = card {
            let both = format!("{}\n{}", card.certificate_pem, card.key_pem);
            builder = builder.identity(reqwest::Identity::from_pem(both.as_bytes()).unwrap());
        }
        // Each request on a connection of its own.
        builder.pool_max_idle_per_host(0).build().unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_shows_none_is_served_and_a_card_alone_opens_nothing() {
    let door = Door::new();
    let mut app = door.spawn().await;
    assert_eq!(app.ask("hi").await.0, 200);
    let cards = Cards::new("Cards");
    app.http = door.client(Some(&cards.card("ada@example.org", 7)));
    assert_eq!(app.ask("hi").await.0, 200);
    let unsigned = app.http.get(format!("{}/api/users", app.url)).send().await.unwrap();
    assert_eq!(unsigned.status(), 401, "a certificate is not a sign-in");
}

/// A server behind the service's own TLS that says what certificates a handler sees.
fn mirror(door: &Door, client_certificates: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let settings = Tls {
        certificate: Some(door.certificate.clone()),
        key: Some(door.key.clone()),
        client_certificates,
        ..Tls::default()
    };
    let config = tls::server_config(&settings).unwrap().unwrap();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let shown = |request: HttpRequest| async move {
                let digest = |shown: &PeerCertificates| leeward_domain::Sha256Digest::of(&shown.0[0]).to_string();
                request.conn_data::<PeerCertificates>().map_or_else(|| "none".to_owned(), digest)
            };
            let app = move || actix_web::App::new().route("/", web::get().to(shown));
            let server = HttpServer::new(app).workers(1).disable_signals().on_connect(tls::keep_peer_certificates);
            server.listen_rustls_0_23(listener, config).unwrap().run().await.unwrap();
        });
    });
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn handlers_see_what_was_shown() {
    let door = Door::new();
    let card = Cards::new("Cards").card("ada@example.org", 7);
    let der = CertificateDer::from_pem_slice(card.certificate_pem.as_bytes()).unwrap();
    let digest = leeward_domain::Sha256Digest::of(&der).to_string();
    let see = async |url: &str, client: &reqwest::Client| client.get(url).send().await.unwrap().text().await.unwrap();
    let asking = mirror(&door, true);
    assert_eq!(see(&asking, &door.client(None)).await, "none");
    let client = door.client(Some(&card));
    assert_eq!(see(&asking, &client).await, digest);
    assert_eq!(see(&asking, &client).await, digest, "on a resumed session too");
    assert_eq!(see(&mirror(&door, false), &client).await, "none", "nobody asked");
}

/// Shows a certificate and signs with another's key.
#[derive(Debug)]
struct Thief(Arc<CertifiedKey>);

impl ResolvesClientCert for Thief {
    fn resolve(&self, _: &[&[u8]], _: &[rustls::SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_without_its_key_is_not_taken() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let door = Door::new();
    let cards = Cards::new("Cards");
    let (ada, own) = (cards.card("ada@example.org", 7), cards.card("eve@example.org", 8));
    let address = mirror(&door, true).replace("https://", "");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    for (key, served) in [(&ada.key_pem, true), (&own.key_pem, false)] {
        let chain = vec![CertificateDer::from_pem_slice(ada.certificate_pem.as_bytes()).unwrap()];
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
        let key = rustls::crypto::aws_lc_rs::sign::any_supported_type(&key).unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(door.pem.as_bytes()).unwrap()).unwrap();
        for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
            let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
                .with_protocol_versions(&[version])
                .unwrap()
                .with_root_certificates(roots.clone())
                .with_client_cert_resolver(Arc::new(Thief(Arc::new(CertifiedKey::new(
                    chain.clone(),
                    Arc::clone(&key),
                )))));
            let exchange = async {
                let stream = tokio::net::TcpStream::connect(&address).await?;
                let name = "127.0.0.1".try_into().unwrap();
                let mut stream = tokio_rustls::TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
                stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await?;
                let mut answer = [0; 12];
                stream.read_exact(&mut answer).await?;
                Ok::<_, std::io::Error>(answer)
            };
            let answer = exchange.await;
            assert_eq!(answer.is_ok_and(|answer| answer.starts_with(b"HTTP/1.1 200")), served, "{version:?}");
        }
    }
}

/// The whole way from the handshake to a name, as a sign-in goes.
#[test]
fn a_tenant_s_trust_takes_what_this_authority_issues() {
    use leeward_domain::provider::{CertificateConfig, CertificateName};
    use leeward_identity::certificate::{CertificateRefusal, CertificateTrust};
    let cards = Cards::new("Cards");
    let card = cards.card("ada@example.org", 7);
    let chain = [CertificateDer::from_pem_slice(card.certificate_pem.as_bytes()).unwrap()];
    let verdict = |revoked: &[u64]| {
        let config = CertificateConfig {
            ca_pem: cards.ca_pem(),
            crl_pem: Some(cards.crl_pem(revoked)),
            require_crl: true,
            user_from: CertificateName::SanEmail,
        };
        CertificateTrust::new(&config).unwrap().verify(&chain, leeward::ambient::system().now())
    };
    assert_eq!(verdict(&[]).unwrap().email_or_name, "ada@example.org");
    assert_eq!(verdict(&[7]), Err(CertificateRefusal::Revoked));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_smart_card_signs_in_until_it_is_revoked() {
    let door = Door::new();
    let app = door.spawn().await;
    let (cards, others) = (Cards::new("City cards"), Cards::new("Somebody's cards"));
    let settings = |revoked: &[u64]| {
        json!({"name": "Cards", "admission": {"default_roles": ["member"], "second_factor": true},
            "connection": {"kind": "certificate", "ca_pem": cards.ca_pem(), "crl_pem": cards.crl_pem(revoked),
                "require_crl": true, "user_from": "san_email"}})
    };
    let officer = app.officer_by(door.client(None)).await;
    let (status, made) = officer.send(reqwest::Method::POST, "/api/identity-providers", Some(&settings(&[]))).await;
    assert_eq!(status, 201, "{made}");
    let id = made["id"].as_str().unwrap();
    let enter = async |card: Option<&Card>| {
        let url = format!("{}/auth/certificate/{id}", app.url);
        let response = door.client(card).post(url).json(&json!({})).send().await.unwrap();
        (response.status().as_u16(), response.json::<Value>().await.unwrap())
    };
    let ada = cards.card("ada@city.example", 7);
    let (status, info) = enter(Some(&ada)).await;
    assert_eq!((status, &info["method"], &info["stage"]), (200, &json!("certificate"), &json!("full")), "{info}");
    assert_eq!(info["user"]["email"], "ada@city.example");
    let (_, again) = enter(Some(&cards.card("ada@city.example", 8))).await;
    assert_eq!(again["user"]["id"], info["user"]["id"], "a new card, the same person");
    assert_eq!(enter(None).await.0, 401, "no card");
    let (status, refused) = enter(Some(&others.card("ada@city.example", 7))).await;
    assert_eq!((status, &refused["code"]), (401, &json!("invalid_credentials")), "another authority: {refused}");
    let seat = door.client(Some(&ada));
    let url = format!("{}/auth/certificate/{id}", app.url);
    assert_eq!(seat.post(url).json(&json!({})).send().await.unwrap().status(), 200);
    let sits = async || seat.get(format!("{}/auth/session", app.url)).send().await.unwrap().status().as_u16();
    assert_eq!(sits().await, 200);
    let path = format!("/api/identity-providers/{id}");
    let (status, revoked) = officer.send(reqwest::Method::PUT, &path, Some(&settings(&[7]))).await;
    assert_eq!(status, 200, "{revoked}");
    assert_eq!(sits().await, 401, "a new revocation list ends the sessions of before");
    let (status, refused) = enter(Some(&ada)).await;
    assert!(status == 401 && refused["detail"].as_str().unwrap().contains("revoked"), "{refused}");
    assert_eq!(enter(Some(&cards.card("ada@city.example", 8))).await.0, 200, "her other card");
    assert!(app.records("auth.login.failed").await.len() >= 3);
}
