//! One protected connection to a directory, watched, for as long as a call takes.
//!
//! The way of a byte: TCP, TLS (rustls with aws-lc-rs, always verified: there is no setting that turns it off),
//! [`relay`], a socket pair, `ldap3`. The relay passes on whole messages of a bounded size and nesting only, since
//! `ldap3` would buffer whatever length it is told and reads recursively; a session has a budget of bytes as well.

use std::{future::Future, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures::FutureExt as _;
use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, StdStream};
use leeward_domain::provider::LdapConfig;
use leeward_identity::ldap::{check_message, message_length};
use rustls::pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, copy, split},
    net::{TcpStream, UnixStream},
    time::timeout,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::DirectoryError;
use crate::outbound::{
    Guard,
    tls::{Trust, client_config},
};

/// How long connecting may take, TLS included.
const CONNECT: Duration = Duration::from_secs(5);
/// How long everything may take.
const WHOLE: Duration = Duration::from_secs(10);
/// How much a directory may send in one session.
const MAX_SESSION_BYTES: usize = 8 * 1024 * 1024;
/// The request to switch to TLS: message 1, extended request 1.3.6.1.4.1.1466.20037.
const START_TLS: &[u8] = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037";
/// The longest answer to it.
const MAX_START_TLS_BYTES: usize = 4096;

/// Connects, does `work`, hangs up; no longer than the deadline, and without letting a panic out.
pub(super) async fn run<T, W, F>(guard: &Guard, config: &LdapConfig, work: W) -> Result<T, DirectoryError>
where
    W: FnOnce(Ldap) -> F,
    F: Future<Output = Result<T, DirectoryError>>,
{
    match timeout(WHOLE, AssertUnwindSafe(session(guard, config, work)).catch_unwind()).await {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(DirectoryError::Protocol("it is malformed".to_owned())),
        Err(_) => Err(unreachable("it did not answer within 10 s")),
    }
}

async fn session<T, W, F>(guard: &Guard, config: &LdapConfig, work: W) -> Result<T, DirectoryError>
where
    W: FnOnce(Ldap) -> F,
    F: Future<Output = Result<T, DirectoryError>>,
{
    let connecting = timeout(CONNECT, connect(guard, config)).await;
    let directory = connecting.map_err(|_| unreachable("no protected connection within 5 s"))??;
    let (near, far) = UnixStream::pair().map_err(unreachable)?;
    let settings = LdapConnSettings::new().set_std_stream(StdStream::Unix(near.into_std().map_err(unreachable)?));
    // The address is never looked at: the stream is there already.
    let (connection, ldap) = LdapConnAsync::with_settings(settings, "ldapi:///").await?;
    let transport = async {
        let (relayed, driven) = tokio::join!(relay(directory, far), connection.drive());
        match (relayed, driven) {
            (Err(fault), _) => fault,
            (Ok(()), Err(error)) => DirectoryError::Protocol(error.to_string()),
            (Ok(()), Ok(())) => unreachable("it hung up"),
        }
    };
    tokio::pin!(transport);
    let work = work(ldap);
    tokio::pin!(work);
    tokio::select! {
        biased;
        done = &mut work => done,
        fault = &mut transport => {
            // Its last answer may have come just before the end; if not, the reason for the end is the better one.
            work.await.map_err(|error| if matches!(error, DirectoryError::Unreachable(_)) { fault } else { error })
        }
    }
}

async fn connect(guard: &Guard, config: &LdapConfig) -> Result<TlsStream<TcpStream>, DirectoryError> {
    let (host, port) = config.address()?;
    let trust = Trust { ca_pem: config.ca_pem.clone(), identity_pem: None };
    let tls = TlsConnector::from(Arc::new(client_config(&trust).map_err(DirectoryError::Tls)?));
    let name = ServerName::try_from(host.clone()).map_err(|error| DirectoryError::Tls(error.to_string()))?;
    let mut stream = guard.dial(&host, port).await.map_err(unreachable)?;
    if config.start_tls {
        start_tls(&mut stream).await?;
    }
    tls.connect(name, stream).await.map_err(|error| match error.get_ref() {
        Some(inner) if inner.is::<rustls::Error>() => DirectoryError::Tls(error.to_string()),
        _ => unreachable(format!("it hung up while TLS was agreed ({error})")),
    })
}

/// Asks for TLS in the clear. Nothing else is ever said before it, and nothing that came with the answer is kept.
async fn start_tls(stream: &mut TcpStream) -> Result<(), DirectoryError> {
    stream.write_all(START_TLS).await.map_err(unreachable)?;
    let mut bytes = Vec::new();
    let length = loop {
        let mut chunk = [0; 512];
        let read = stream.read(&mut chunk).await.map_err(unreachable)?;
        if read == 0 {
            return Err(unreachable("it hung up when asked for TLS"));
        }
        bytes.extend_from_slice(&chunk[..read]);
        match message_length(&bytes).map_err(malformed)? {
            Some(length) if length <= bytes.len() => break length,
            _ if bytes.len() > MAX_START_TLS_BYTES => return Err(malformed("its answer to StartTLS is too long")),
            _ => {}
        }
    };
    check_message(&bytes).map_err(malformed)?;
    // Id 1, extended response, result 0 first of all; whatever form the length of the sequences has.
    let body = bytes.get(length.saturating_sub(inner_length(&bytes))..).unwrap_or_default();
    let extended = body.strip_prefix(&[0x02, 0x01, 0x01]).filter(|operation| operation.first() == Some(&0x78));
    let result = extended.and_then(|operation| operation.get(operation.len() - inner_length(operation)..));
    match result {
        Some([0x0a, 0x01, 0x00, ..]) => Ok(()),
        Some(_) => Err(DirectoryError::Tls("it refuses StartTLS".to_owned())),
        None => Err(malformed("its answer to StartTLS is none")),
    }
}

/// How long the content of the one element is that these bytes, already checked, hold.
fn inner_length(element: &[u8]) -> usize {
    let head = match element.get(1) {
        Some(&length) if length >= 0x80 => 2 + usize::from(length & 0x7f),
        _ => 2,
    };
    element.len().saturating_sub(head)
}

/// Carries bytes both ways until one side ends; from the directory, only whole messages that are fit to be read.
async fn relay<D>(directory: D, client: UnixStream) -> Result<(), DirectoryError>
where
    D: AsyncRead + AsyncWrite,
{
    let (mut from_directory, mut to_directory) = split(directory);
    let (mut from_client, mut to_client) = client.into_split();
    let outgoing = async {
        copy(&mut from_client, &mut to_directory).await.map_err(unreachable)?;
        to_directory.shutdown().await.map_err(unreachable)
    };
    let incoming = async {
        let (mut waiting, mut budget) = (Vec::new(), MAX_SESSION_BYTES);
        let mut chunk = vec![0; 16 * 1024];
        loop {
            let read = from_directory.read(&mut chunk).await.map_err(unreachable)?;
            if read == 0 {
                return Ok(());
            }
            budget = budget.checked_sub(read).ok_or_else(|| malformed("it is longer than 8 MiB"))?;
            waiting.extend_from_slice(&chunk[..read]);
            while let Some(length) = message_length(&waiting).map_err(malformed)?.filter(|it| *it <= waiting.len()) {
                check_message(&waiting[..length]).map_err(malformed)?;
                to_client.write_all(&waiting[..length]).await.map_err(unreachable)?;
                waiting.drain(..length);
            }
        }
    };
    tokio::select! {
        ended = outgoing => ended,
        ended = incoming => ended,
    }
}

fn unreachable(error: impl ToString) -> DirectoryError {
    DirectoryError::Unreachable(error.to_string())
}

fn malformed(error: impl ToString) -> DirectoryError {
    DirectoryError::Protocol(error.to_string())
}
