//! The transport of the tests: HTTP/1.1 over a plain socket, one request a connection.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use leeward_keyring::{Answer, Transport};
use serde_json::Value;
use zeroize::Zeroizing;

pub(super) struct Http(pub(super) SocketAddr);

impl Transport for Http {
    fn post(&self, path: &str, token: &str, body: &[u8]) -> Result<Answer, String> {
        self.send(path, token, body).map_err(|error| error.to_string())
    }
}

impl Http {
    fn send(&self, path: &str, token: &str, body: &[u8]) -> std::io::Result<Answer> {
        let mut stream = TcpStream::connect(self.0)?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        let length = body.len();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: vault\r\nX-Vault-Token: {token}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(body)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let text = String::from_utf8_lossy(&answer);
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let body = text.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default();
        Ok(Answer { status, body: Zeroizing::new(body.as_bytes().to_vec()) })
    }

    /// An administrator's request, which must succeed.
    pub(super) fn admin(&self, path: &str, token: &str, body: &Value) {
        let answer = self.post(path, token, body.to_string().as_bytes()).unwrap();
        assert!(
            matches!(answer.status, 200 | 204),
            "{path}: {} {:?}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        );
    }
}
