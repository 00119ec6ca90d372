//! Proof at every start that nothing undeclared is dialled: it is tried, and must fail.
//!
//! Tried are an address nobody declared, in every spelling; a declared answer that redirects there; an address that is
//! never dialled; and, past this guard, what the operator says the network itself refuses
//! (`outbound.refused_by_network`). The service is not ready while any of them succeeds, and tries again. To add a
//! try: a line in [`tries`]. Left out: other processes of the machine, which only the network can hold in.

use std::{
    fmt, io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use leeward_domain::Timestamp;
use leeward_ledger::EventCode;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};
use url::Url;

use super::{Guard, Outbound, OutboundError};
use crate::{
    audit::{AuditLog, Draft},
    tasks::Tasks,
};

/// How long one try may take. A network that drops packets takes all of it.
const PATIENCE: Duration = Duration::from_secs(3);
/// How soon a test that failed is made again.
const AGAIN: Duration = Duration::from_secs(30);
/// An address that must never be dialled: where clouds hand out credentials.
const METADATA: &str = "http://169.254.169.254/";

/// What a test found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// When it was made.
    pub at: Timestamp,
    /// How many tries there were.
    pub tries: usize,
    /// Those that succeeded though they must not, in words.
    pub leaks: Vec<String>,
}

impl Finding {
    /// Whether everything was refused.
    #[must_use]
    pub fn held(&self) -> bool {
        self.leaks.is_empty()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.held() {
            write!(f, "{} forbidden connections were tried and refused", self.tries)
        } else {
            write!(f, "of {} forbidden connections these were made: {}", self.tries, self.leaks.join("; "))
        }
    }
}

/// The newest finding.
#[derive(Debug, Clone)]
pub struct SelfTest(Arc<RwLock<Finding>>);

impl SelfTest {
    /// Makes the test, puts the outcome on record, and makes it again as long as it fails.
    ///
    /// # Errors
    /// When it cannot be made (no port on the loopback) or not be recorded.
    pub async fn start(
        outbound: Outbound,
        refused_by_network: Vec<String>,
        audit: AuditLog,
        draft: Draft,
        tasks: &Tasks,
    ) -> anyhow::Result<Self> {
        let first = test(&outbound, &refused_by_network, draft.now()).await?;
        record(&audit, &draft, &first).await?;
        let newest = Self(Arc::new(RwLock::new(first.clone())));
        if !first.held() {
            let newest = newest.clone();
            tasks.spawn(async move {
                while !newest.finding().held() {
                    sleep(AGAIN).await;
                    let again = match test(&outbound, &refused_by_network, draft.now()).await {
                        Ok(again) => again,
                        Err(error) => {
                            tracing::warn!(%error, "the egress self-test could not be made; tried again");
                            continue;
                        }
                    };
                    if again.held()
                        && let Err(error) = record(&audit, &draft, &again).await
                    {
                        tracing::warn!(%error, "the egress self-test could not be recorded; tried again");
                        continue;
                    }
                    *newest.0.write().unwrap_or_else(PoisonError::into_inner) = again;
                }
            });
        }
        Ok(newest)
    }

    /// What the newest test found.
    #[must_use]
    pub fn finding(&self) -> Finding {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn record(audit: &AuditLog, draft: &Draft, finding: &Finding) -> anyhow::Result<()> {
    let code = if finding.held() { EventCode::EgressHeld } else { EventCode::EgressLeaked };
    if !finding.held() {
        tracing::error!(%finding, "the egress self-test failed: the service is not ready");
    }
    let mut record = draft.event(code);
    record.reason = Some(finding.to_string());
    Ok(audit.append(None, vec![record]).await?)
}

/// Somewhere that must not be reached, and notices if it is.
struct Forbidden(TcpListener);

impl Forbidden {
    async fn open() -> io::Result<(Self, SocketAddr)> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        Ok((Self(listener), address))
    }

    /// Whether somebody connected. Connections to the loopback are there at once.
    async fn was_reached(&self) -> bool {
        timeout(Duration::from_millis(1), self.0.accept()).await.is_ok()
    }
}

async fn test(outbound: &Outbound, refused_by_network: &[String], at: Timestamp) -> io::Result<Finding> {
    let (forbidden, address) = Forbidden::open().await?;
    let mut finding = Finding { at, tries: 0, leaks: Vec::new() };
    let mut tried = |what: &str, refused: bool| {
        finding.tries += 1;
        if !refused {
            finding.leaks.push(what.to_owned());
        }
    };
    for url in spellings(address) {
        let http = outbound.get(&url, None).await;
        let stream = outbound.connect(&url, None, PATIENCE).await.map(drop);
        let refused = is_refusal(http.as_ref().err()) && is_refusal(stream.as_ref().err());
        tried(url.as_str(), refused && !forbidden.was_reached().await);
    }
    if let Ok(metadata) = METADATA.parse::<Url>() {
        let declared = Outbound::new(std::slice::from_ref(&metadata), outbound.guard().clone());
        tried(METADATA, is_refusal(declared.get(&metadata, None).await.as_ref().err()));
    }
    let followed = redirected(address).await?;
    tried("a redirect to an undeclared address", !followed && !forbidden.was_reached().await);
    let dials = refused_by_network.iter().map(async |target| {
        let connected = matches!(timeout(PATIENCE, TcpStream::connect(target.as_str())).await, Ok(Ok(_)));
        (target, connected)
    });
    for (target, connected) in futures::future::join_all(dials).await {
        tried(&format!("{target}, which the network should refuse"), !connected);
    }
    Ok(finding)
}

/// One address in every way that a URL can name it. Nobody declared any: it has only just been opened.
fn spellings(address: SocketAddr) -> Vec<Url> {
    let port = address.port();
    [
        "localhost",
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "017700000001",
        "[::ffff:127.0.0.1]",
        "declared.example@127.0.0.1",
    ]
    .iter()
    .filter_map(|host| format!("http://{host}:{port}/").parse().ok())
    .collect()
}

/// Refused by us, not by the other side or by the way there.
const fn is_refusal(error: Option<&OutboundError>) -> bool {
    matches!(error, Some(OutboundError::NotAllowed(_) | OutboundError::Forbidden(_)))
}

/// Whether a declared answer that points to `address` is followed there.
async fn redirected(address: SocketAddr) -> io::Result<bool> {
    let (declared, at) = Forbidden::open().await?;
    let answer =
        format!("HTTP/1.1 302 Found\r\nlocation: http://{address}/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    let serve = async {
        if let Ok((mut stream, _)) = declared.0.accept().await {
            // An answer before the question is none. Whoever asks may be gone already; then there is nothing to follow.
            drop(stream.read(&mut [0; 1024]).await);
            drop(stream.write_all(answer.as_bytes()).await);
            drop(stream.shutdown().await);
            sleep(PATIENCE).await;
        }
    };
    let Ok(url) = format!("http://{at}/").parse::<Url>() else { return Ok(true) };
    let outbound = Outbound::new(std::slice::from_ref(&url), Guard::default());
    let answered = tokio::select! {
        answered = outbound.get(&url, None) => answered,
        () = serve => return Ok(true),
    };
    Ok(!matches!(answered, Err(OutboundError::Status(_, 302))))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Timestamp = Timestamp::from_unix_micros(0);

    #[tokio::test]
    async fn nothing_undeclared_is_reached_whatever_is_declared() {
        for allowed in [vec![], vec!["https://login.example.org".parse().unwrap()]] {
            let finding = test(&Outbound::new(&allowed, Guard::default()), &[], AT).await.unwrap();
            assert!(finding.held() && finding.tries == 9, "{finding}");
        }
    }

    #[tokio::test]
    async fn a_network_that_lets_through_what_it_should_refuse_is_told() {
        let (open, address) = Forbidden::open().await.unwrap();
        let closed = Forbidden::open().await.unwrap().1;
        let targets = [address.to_string(), closed.to_string()];
        let finding = test(&Outbound::new(&[], Guard::default()), &targets, AT).await.unwrap();
        assert_eq!(finding.leaks, [format!("{address}, which the network should refuse")]);
        assert!(finding.to_string().contains("these were made: 127.0.0.1:"), "{finding}");
        assert!(open.was_reached().await);
    }
}
