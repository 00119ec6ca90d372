//! A real syslog receiver: rsyslog with TLS that demands a client certificate of one name.
//!
//! It runs in the foreground as a child with its own configuration and ends when dropped. What it has taken lies in
//! [`Rsyslog::lines`], one message a line, as rsyslog's own parser took it apart.

use std::{
    fs, io,
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// The certificates of a receiver.
#[derive(Debug, Clone)]
pub struct Certificates {
    /// PEM file: the authority of the clients' certificates.
    pub ca: PathBuf,
    /// PEM file: its own certificate.
    pub certificate: PathBuf,
    /// PEM file: that one's key.
    pub key: PathBuf,
    /// The name a client's certificate must have.
    pub client: String,
}

/// A running receiver.
pub struct Rsyslog {
    dir: PathBuf,
    /// Where it listens, on 127.0.0.1.
    pub port: u16,
    child: Child,
}

impl Rsyslog {
    /// Starts a receiver on this port, with its files in `dir`; what was received before stays.
    ///
    /// # Errors
    /// If rsyslog is not installed or does not start.
    pub fn start(dir: &Path, port: u16, certificates: &Certificates) -> io::Result<Self> {
        fs::create_dir_all(dir)?;
        let configuration = configuration(dir, port, certificates);
        let file = dir.join("rsyslog.conf");
        fs::write(&file, configuration)?;
        let log = fs::File::options().create(true).append(true).open(dir.join("out"))?;
        let child = Command::new(program()?)
            .arg("-n")
            .arg("-f")
            .arg(&file)
            .arg("-i")
            .arg(dir.join("pid"))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let mut receiver = Self { dir: dir.to_owned(), port, child };
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if receiver.child.try_wait()?.is_some() || began.elapsed() > Duration::from_secs(30) {
                let said = fs::read_to_string(dir.join("out"))?;
                return Err(io::Error::other(format!("rsyslog did not start: {said}")));
            }
            sleep(Duration::from_millis(20));
        }
        Ok(receiver)
    }

    /// What it has received: for each message its application, message id, structured data and message, with tabs
    /// between them.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let text = fs::read_to_string(self.dir.join("messages")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// What it said itself.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.dir.join("out")).unwrap_or_default()
    }
}

impl Drop for Rsyslog {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn configuration(dir: &Path, port: u16, certificates: &Certificates) -> String {
    let Certificates { ca, certificate, key, client } = certificates;
    let (dir, ca, certificate, key) = (dir.display(), ca.display(), certificate.display(), key.display());
    format!(
        r#"global(workDirectory="{dir}" maxMessageSize="128k" parser.permitSlashInProgramName="on"
    DefaultNetstreamDriver="gtls" DefaultNetstreamDriverCAFile="{ca}"
    DefaultNetstreamDriverCertFile="{certificate}" DefaultNetstreamDriverKeyFile="{key}")
module(load="imtcp" StreamDriver.Name="gtls" StreamDriver.Mode="1" StreamDriver.AuthMode="x509/name"
    PermittedPeer=["{client}"])
template(name="parts" type="string" string="%app-name%\t%msgid%\t%structured-data%\t%msg%\n")
ruleset(name="audit") {{
    action(type="omfile" file="{dir}/messages" template="parts" asyncWriting="off" flushOnTXEnd="on")
}}
input(type="imtcp" port="{port}" address="127.0.0.1" ruleset="audit")
syslog.* action(type="omfile" file="{dir}/out")
"#
    )
}

/// The installed program: not on everybody's path.
fn program() -> io::Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    let program = places.find_map(|place| Some(place.join("rsyslogd")).filter(|program| program.is_file()));
    program.ok_or_else(|| io::Error::other("these tests need rsyslog with TLS; run: scripts/setup.sh tests"))
}
