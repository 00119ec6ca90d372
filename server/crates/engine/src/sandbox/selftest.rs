//! Trying to get out: the attempts behind the report and behind `leeward-engine probe`.

use std::{
    fs::{File, OpenOptions},
    io,
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use rustix::net::{AddressFamily, SocketType, socket};

/// Something every machine lets any process read; Landlock must refuse it.
const OUTSIDE: &[&str] = &["/etc/passwd", "/etc/hostname", "/"];

/// How long a probe waits for a connection that was not refused.
const CONNECT_WAIT: Duration = Duration::from_secs(3);

/// Whether the error is a refusal by the sandbox, and not a missing file or an unreachable host.
#[must_use]
pub fn is_refusal(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::PermissionDenied
}

/// Opening a network socket fails for lack of permission.
#[must_use]
pub fn socket_is_refused() -> bool {
    [AddressFamily::INET, AddressFamily::INET6, AddressFamily::UNIX]
        .into_iter()
        .all(|family| socket(family, SocketType::STREAM, None).is_err_and(|error| is_refusal(&error.into())))
}

/// Reading a file outside fails for lack of permission.
#[must_use]
pub fn outside_files_are_refused() -> bool {
    let mut refused = 0;
    for path in OUTSIDE {
        match File::open(path) {
            Ok(_) => return false,
            Err(error) if is_refusal(&error) => refused += 1,
            Err(_) => {}
        }
    }
    refused > 0
}

/// Connects over TCP, to an address with a port.
///
/// # Errors
/// The connection's own.
pub fn connect(address: &str) -> io::Result<()> {
    let address: SocketAddr = address.parse().map_err(|_| {
        io::Error::new(io::ErrorKind::InvalidInput, "an address and a port are needed, for example 127.0.0.1:80")
    })?;
    TcpStream::connect_timeout(&address, CONNECT_WAIT).map(|_| ())
}

/// Opens a file for reading.
///
/// # Errors
/// The open's own.
pub fn read(path: &Path) -> io::Result<()> {
    File::open(path).map(|_| ())
}

/// Opens a file for writing, making it if it is not there.
///
/// # Errors
/// The open's own.
pub fn write(path: &Path) -> io::Result<()> {
    OpenOptions::new().append(true).create(true).open(path).map(|_| ())
}

/// Starts a program and waits for it.
///
/// # Errors
/// The start's own.
pub fn execute(program: &Path) -> io::Result<()> {
    Command::new(program).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().map(|_| ())
}
