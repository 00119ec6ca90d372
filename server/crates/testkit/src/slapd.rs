//! A throwaway directory: OpenLDAP's `slapd` on free loopback ports, with a certificate authority of its own.
//!
//! It belongs to a shell that waits for the end of a pipe this process holds open, so it ends however this process
//! ends. It runs from a copy of the program, since some distributions confine the installed one to its own folders.

use std::{
    fmt, fs,
    io::{self, BufRead as _, BufReader, Read as _},
    net::{TcpListener, TcpStream},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose};
use tempfile::TempDir;

/// Where everything in the directory hangs.
pub const SUFFIX: &str = "dc=example,dc=org";
/// Who may search; everybody may only bind.
pub const SERVICE_DN: &str = "cn=leeward,dc=example,dc=org";
/// The password of [`SERVICE_DN`].
pub const SERVICE_PASSWORD: &str = "the service account's password";

/// The two entries that are always there.
const BASE: &str = "dn: dc=example,dc=org
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: cn=leeward,dc=example,dc=org
objectClass: applicationProcess
objectClass: simpleSecurityObject
cn: leeward
userPassword: the service account's password
";

/// `$1`: the program; `$2`: its configuration; `$3`: the addresses to listen on; `$4`: the folder to remove.
const KEEPER: &str = r#"
set -u
trap '' INT TERM HUP
"$1" -d 0 -f "$2" -h "$3" </dev/null &
echo started
read -r _
kill -9 $!
wait $! 2>/dev/null
rm -rf "$4"
"#;

/// A running directory.
#[derive(Debug)]
pub struct Slapd {
    dir: TempDir,
    keeper: Option<Child>,
    plain: u16,
    tls: u16,
    ca_pem: String,
}

/// Why there is no directory; says what to do.
#[derive(Debug)]
pub struct SlapdError(String);

impl fmt::Display for SlapdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SlapdError {}

impl From<io::Error> for SlapdError {
    fn from(error: io::Error) -> Self {
        Self(format!("slapd: {error}"))
    }
}

impl From<rcgen::Error> for SlapdError {
    fn from(error: rcgen::Error) -> Self {
        Self(format!("slapd's certificate: {error}"))
    }
}

impl Slapd {
    /// Starts a directory that holds `ldif` below [`SUFFIX`] and takes connections.
    ///
    /// # Errors
    /// If slapd is not installed, refuses the entries or does not start.
    pub fn start(ldif: &str) -> Result<Self, SlapdError> {
        let dir = tempfile::Builder::new().prefix("leeward-slapd.").tempdir()?;
        let program = dir.path().join("slapd");
        fs::copy(installed()?, &program)?;
        let ca_pem = certificates(dir.path())?;
        let config = dir.path().join("slapd.conf");
        fs::create_dir(dir.path().join("db"))?;
        fs::write(&config, configuration(dir.path())?)?;
        let entries = dir.path().join("entries.ldif");
        fs::write(&entries, format!("{BASE}\n{ldif}"))?;
        let mut add = Command::new(&program);
        let added = add.arg("-Tadd").arg("-q").arg("-f").arg(&config).arg("-l").arg(&entries).output()?;
        if !added.status.success() {
            return Err(SlapdError(format!("slapadd refuses: {}", String::from_utf8_lossy(&added.stderr))));
        }
        // Both at once, so that they differ.
        let (one, other) = (TcpListener::bind(("127.0.0.1", 0))?, TcpListener::bind(("127.0.0.1", 0))?);
        let (plain, tls) = (one.local_addr()?.port(), other.local_addr()?.port());
        drop((one, other));
        let mut keeper = Command::new("sh")
            .args(["-c", KEEPER, "leeward-slapd"])
            .arg(&program)
            .arg(&config)
            .arg(format!("ldap://127.0.0.1:{plain} ldaps://127.0.0.1:{tls}"))
            .arg(dir.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // A Ctrl-C at the terminal is for the tests; the keeper hears of it through the pipe.
            .process_group(0)
            .spawn()?;
        let mut line = String::new();
        if let Some(stdout) = keeper.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let mut slapd = Self { dir, keeper: Some(keeper), plain, tls, ca_pem };
        slapd.wait()?;
        Ok(slapd)
    }

    /// Waits until both ports take connections.
    fn wait(&mut self) -> Result<(), SlapdError> {
        let began = Instant::now();
        for port in [self.plain, self.tls] {
            while TcpStream::connect(("127.0.0.1", port)).is_err() {
                if began.elapsed() > Duration::from_secs(30) {
                    let mut said = String::new();
                    if let Some(mut stderr) = self.end().and_then(|mut keeper| keeper.stderr.take()) {
                        stderr.read_to_string(&mut said)?;
                    }
                    return Err(SlapdError(format!("slapd does not start: {said}")));
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        Ok(())
    }

    /// Its address for TLS from the start.
    #[must_use]
    pub fn ldaps_url(&self) -> String {
        format!("ldaps://127.0.0.1:{}", self.tls)
    }

    /// Its address in the clear, for StartTLS.
    #[must_use]
    pub fn ldap_url(&self) -> String {
        format!("ldap://127.0.0.1:{}", self.plain)
    }

    /// The certificate authority that vouches for it.
    #[must_use]
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// The folder with its certificate (`cert.pem`, `key.pem`), for others that are to look like it.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.dir.path()
    }

    /// Stops it; nobody listens any more when this returns.
    pub fn stop(&mut self) {
        drop(self.end());
    }

    fn end(&mut self) -> Option<Child> {
        let mut keeper = self.keeper.take()?;
        drop(keeper.stdin.take());
        keeper.wait().ok()?;
        Some(keeper)
    }
}

impl Drop for Slapd {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The installed program: not on everybody's path.
fn installed() -> Result<PathBuf, SlapdError> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places =
        std::env::split_paths(&path).chain(["/usr/sbin", "/usr/libexec", "/usr/lib/openldap"].map(PathBuf::from));
    places
        .map(|place| place.join("slapd"))
        .find(|program| program.is_file())
        .ok_or_else(|| SlapdError("these tests need OpenLDAP's server; run: scripts/setup.sh tests".into()))
}

/// An authority, and from it a certificate for this machine. Gives the authority's PEM.
fn certificates(dir: &Path) -> Result<String, SlapdError> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name.push(DnType::CommonName, "Throwaway directory authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
    let key = KeyPair::generate()?;
    let server = CertificateParams::new(vec!["127.0.0.1".to_owned(), "localhost".to_owned()])?;
    fs::write(dir.join("cert.pem"), server.signed_by(&key, &authority)?.pem())?;
    fs::write(dir.join("key.pem"), key.serialize_pem())?;
    let ca_pem = authority.pem();
    fs::write(dir.join("ca.pem"), &ca_pem)?;
    Ok(ca_pem)
}

fn configuration(dir: &Path) -> Result<String, SlapdError> {
    let schemas = ["/etc/ldap/schema", "/etc/openldap/schema"].into_iter().find(|dir| Path::new(dir).is_dir());
    let schemas = schemas.ok_or_else(|| SlapdError("slapd has no schemas in /etc/ldap/schema".into()))?;
    let modules = ["/usr/lib/ldap", "/usr/lib64/openldap", "/usr/lib/openldap"];
    let module = modules.into_iter().find(|dir| Path::new(dir).join("back_mdb.so").is_file());
    let module = module.map(|dir| format!("modulepath {dir}\nmoduleload back_mdb.so\n")).unwrap_or_default();
    let dir = dir.display();
    Ok(format!(
        "{module}include {schemas}/core.schema
include {schemas}/cosine.schema
include {schemas}/inetorgperson.schema
pidfile {dir}/pid
TLSCACertificateFile {dir}/ca.pem
TLSCertificateFile {dir}/cert.pem
TLSCertificateKeyFile {dir}/key.pem
TLSVerifyClient never
database mdb
suffix \"{SUFFIX}\"
directory {dir}/db
maxsize 16777216
dbnosync
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact=\"{SERVICE_DN}\" read by * none
"
    ))
}
