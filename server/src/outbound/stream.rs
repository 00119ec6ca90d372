//! A stream of bytes to somewhere outside, for protocols that are not HTTP.

use std::{io, sync::Arc, time::Duration};

use rustls::pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
    time::{Instant, sleep, timeout, timeout_at},
};
use tokio_rustls::{TlsConnector, client::TlsStream};
use url::Url;

use super::{Guard, Outbound, OutboundError, bare_host, origin, tls};

/// How often it is asked whether the other side has got everything.
const POLL: Duration = Duration::from_millis(5);

/// Plain, or protected by TLS.
enum Way {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// An open stream.
pub struct Stream {
    way: Way,
    name: String,
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What a stream is made of.
trait Bytes: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Bytes for T {}

impl Outbound {
    /// Opens a stream to the host and port of `url`; over TLS if `trust` is given.
    ///
    /// # Errors
    /// `NotAllowed` or `Forbidden` for an address nobody declared, `Unreachable` or `Slow` when there is no connection.
    pub async fn connect(
        &self,
        url: &Url,
        trust: Option<&tls::Trust>,
        within: Duration,
    ) -> Result<Stream, OutboundError> {
        self.check(url)?;
        let name = origin(url);
        match timeout(within, open(&self.guard, url, trust)).await {
            Ok(Ok(way)) => Ok(Stream { way, name }),
            Ok(Err(why)) => Err(OutboundError::Unreachable(name, why)),
            Err(_) => Err(OutboundError::Slow(name, within.as_secs())),
        }
    }
}

async fn open(guard: &Guard, url: &Url, trust: Option<&tls::Trust>) -> Result<Way, String> {
    let host = bare_host(url).to_owned();
    let port = url.port_or_known_default().ok_or("its address names no port")?;
    let tls = trust.map(tls::client_config).transpose()?;
    let stream = guard.dial(&host, port).await.map_err(|error| error.to_string())?;
    let Some(tls) = tls else { return Ok(Way::Plain(stream)) };
    let name = ServerName::try_from(host).map_err(|error| error.to_string())?;
    let stream = TlsConnector::from(Arc::new(tls)).connect(name, stream).await;
    let stream = stream.map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => "it hung up while TLS was agreed: it may not know our certificate".to_owned(),
        _ => error.to_string(),
    });
    Ok(Way::Tls(Box::new(stream?)))
}

impl Stream {
    /// Sends all of it and waits until the other side's kernel has taken the last byte.
    ///
    /// That is as much as a protocol without acknowledgements can tell: the program there may still lose it.
    ///
    /// # Errors
    /// `Unreachable` when the stream broke, `Slow` when it was not taken in time. Either way the stream is spoilt.
    pub async fn hand_over(&mut self, bytes: &[u8], within: Duration) -> Result<(), OutboundError> {
        let until = Instant::now() + within;
        let broke = |name: &str, error: io::Error| OutboundError::Unreachable(name.to_owned(), error.to_string());
        self.settle(Duration::ZERO).await?;
        let name = self.name.clone();
        let slow = || OutboundError::Slow(name.clone(), within.as_secs());
        let sent = async {
            let stream = self.bytes();
            stream.write_all(bytes).await?;
            stream.flush().await
        };
        timeout_at(until, sent).await.map_err(|_| slow())?.map_err(|error| broke(&name, error))?;
        while self.waiting().map_err(|error| broke(&name, error))? {
            if Instant::now() >= until {
                return Err(slow());
            }
            sleep(POLL).await;
        }
        self.settle(Duration::ZERO).await
    }

    /// Listens for that long whether the other side hangs up or says that something is wrong. What else it says is not
    /// listened to. The first write after a hang-up succeeds, so this is asked before.
    ///
    /// # Errors
    /// `Unreachable` when it does.
    pub async fn settle(&mut self, length: Duration) -> Result<(), OutboundError> {
        let name = self.name.clone();
        let broke = |why: String| Err(OutboundError::Unreachable(name.clone(), why));
        let until = Instant::now() + length;
        let mut heard = [0; 1024];
        loop {
            match timeout_at(until, self.bytes().read(&mut heard)).await {
                Err(_) => return Ok(()),
                Ok(Ok(0)) => return broke("it hung up".to_owned()),
                Ok(Ok(_)) => {}
                Ok(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    return broke("it hung up".to_owned());
                }
                Ok(Err(error)) => return broke(error.to_string()),
            }
        }
    }

    fn bytes(&mut self) -> &mut dyn Bytes {
        match &mut self.way {
            Way::Plain(stream) => stream,
            Way::Tls(stream) => stream.as_mut(),
        }
    }

    /// Whether bytes are under way that the other side's kernel has not taken.
    fn waiting(&self) -> io::Result<bool> {
        let socket = match &self.way {
            Way::Plain(stream) => stream,
            Way::Tls(stream) => stream.get_ref().0,
        };
        Ok(unacknowledged(socket)? > 0)
    }
}

/// Bytes in the socket's send queue (`SIOCOUTQ`, tcp(7)).
#[cfg(target_os = "linux")]
fn unacknowledged(socket: &TcpStream) -> io::Result<i32> {
    const SIOCOUTQ: rustix::ioctl::Opcode = 0x5411;
    // SAFETY: on a TCP socket this request writes one `int` and does nothing else.
    #[expect(unsafe_code, reason = "there is no safe wrapper of this request")]
    let waiting = unsafe { rustix::ioctl::ioctl(socket, rustix::ioctl::Getter::<SIOCOUTQ, i32>::new()) };
    Ok(waiting?)
}

/// Elsewhere nobody tells: what was written counts as taken.
#[cfg(not(target_os = "linux"))]
fn unacknowledged(_socket: &TcpStream) -> io::Result<i32> {
    Ok(0)
}
