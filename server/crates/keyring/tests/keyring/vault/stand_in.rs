//! A small transit engine on a local port: real encryption, real checks, the documented errors.
//!
//! Every sentence in it is one that OpenBao 2.7 was seen to answer; `real.rs` runs the same tests against that.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use leeward_domain::Sha256Digest;
use serde_json::{Value, json};

pub(super) struct State {
    pub(super) versions: u32,
    pub(super) min_decryption_version: u32,
    pub(super) sealed: bool,
    pub(super) token: String,
    /// As before Vault 1.9.
    pub(super) ignores_associated_data: bool,
    /// Sent in place of any answer, with status 200.
    pub(super) nonsense: Option<String>,
    calls: u64,
}

pub(super) struct StandIn {
    pub(super) address: SocketAddr,
    pub(super) state: Arc<Mutex<State>>,
}

type Reply = (u16, Value);

impl StandIn {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State {
            versions: 1,
            min_decryption_version: 1,
            sealed: false,
            token: "root".to_owned(),
            ignores_associated_data: false,
            nonsense: None,
            calls: 0,
        }));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _ = serve(stream, &shared);
            }
        });
        Self { address, state }
    }
}

fn serve(stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let (mut request, mut token, mut length) = (String::new(), String::new(), 0);
    reader.read_line(&mut request)?;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.trim_end().split_once(": ") {
            Some(("X-Vault-Token", value)) => token = value.to_owned(),
            Some(("Content-Length", value)) => length = value.parse().unwrap(),
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let (status, answer) = {
        let mut state = state.lock().unwrap();
        match &state.nonsense {
            Some(nonsense) => (200, nonsense.clone()),
            None => {
                let (status, answer) = state.answer(&request, &token, &serde_json::from_slice(&body).unwrap());
                (status, answer.to_string())
            }
        }
    };
    let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", answer.len());
    reader.get_mut().write_all((head + &answer).as_bytes())
}

fn error(status: u16, text: &str) -> Reply {
    (status, json!({ "errors": [text] }))
}

impl State {
    fn answer(&mut self, request: &str, token: &str, body: &Value) -> Reply {
        self.calls += 1;
        let path: Vec<_> = request.split(' ').nth(1).unwrap().split('/').collect();
        if self.sealed {
            return error(503, "Vault is sealed");
        }
        if token != self.token {
            return error(403, "permission denied");
        }
        let [_, "v1", "transit", rest @ ..] = path.as_slice() else { return error(404, "no handler for route") };
        let aad = STANDARD.decode(body["associated_data"].as_str().unwrap_or_default()).unwrap();
        let aad = if self.ignores_associated_data { Vec::new() } else { aad };
        match rest {
            ["encrypt", key] => self.encrypt(key, body["plaintext"].as_str().unwrap(), aad),
            ["decrypt", key] => self.decrypt(key, body["ciphertext"].as_str().unwrap(), aad),
            ["keys", _, "rotate"] => {
                self.versions += 1;
                (200, json!({}))
            }
            _ => error(404, "no handler for route"),
        }
    }

    fn encrypt(&self, key: &str, plaintext: &str, aad: Vec<u8>) -> Reply {
        let mut content = STANDARD.decode(plaintext).unwrap();
        let nonce: [u8; 12] = Sha256Digest::of(&self.calls.to_be_bytes()).as_bytes()[..12].try_into().unwrap();
        cipher(key, self.versions)
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut content)
            .unwrap();
        let text = format!("vault:v{}:{}", self.versions, STANDARD.encode([nonce.as_slice(), &content].concat()));
        (200, json!({ "data": { "ciphertext": text, "key_version": self.versions } }))
    }

    fn decrypt(&self, key: &str, ciphertext: &str, aad: Vec<u8>) -> Reply {
        let parts: Vec<_> = ciphertext.split(':').collect();
        let ["vault", version, encoded] = *parts else { return error(400, "invalid ciphertext: no prefix") };
        let Some(version) = version.strip_prefix('v').and_then(|version| version.parse::<u32>().ok()) else {
            return error(400, "invalid ciphertext: version number could not be decoded");
        };
        if version > self.versions || version == 0 {
            return error(400, "invalid ciphertext: version is too new");
        }
        if version < self.min_decryption_version {
            return error(400, "ciphertext or signature version is disallowed by policy (too old)");
        }
        let Ok(bytes) = STANDARD.decode(encoded) else {
            return error(400, "invalid ciphertext: could not decode base64");
        };
        let Some((nonce, content)) = bytes.split_first_chunk::<12>() else {
            return error(400, "invalid ciphertext length");
        };
        let mut content = content.to_vec();
        let opened = cipher(key, version)
            .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(aad), &mut content)
            .map(|plaintext| STANDARD.encode(plaintext));
        match opened {
            Ok(plaintext) => (200, json!({ "data": { "plaintext": plaintext } })),
            Err(_) => error(400, "cipher: message authentication failed"),
        }
    }
}

fn cipher(key: &str, version: u32) -> LessSafeKey {
    let secret = Sha256Digest::of(format!("{key} {version}").as_bytes());
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, secret.as_bytes()).unwrap())
}
