//! A throwaway PostgreSQL cluster, one per test process, and a fresh database per test.
//!
//! The cluster belongs to a shell that waits for the end of a pipe this process holds open. However this
//! process ends, killed included, the pipe ends with it; the shell then stops the server and removes its
//! files. An empty cluster stays behind in the temporary directory, for the next process to copy. Nothing is kept safe from a crash (`fsync` is off): never point this at data.

use std::{
    fmt, fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpListener,
    os::unix::{fs::MetadataExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{ChildStdin, ChildStdout, Command, Stdio},
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

/// Starts the server, says where it is, stops and starts it when told, and cleans up when its standard input ends.
/// `$1`: the directory of `initdb` and `pg_ctl`; `$2`: the port.
const KEEPER: &str = r#"
set -u
umask 077
trap '' INT TERM HUP
cd /
dir=$(mktemp -d "${TMPDIR:-/tmp}/leeward-pg.XXXXXX") || exit 1
fail() { cat "$dir/log" >&2; rm -rf "$dir"; exit 1; }
# Making a cluster takes ten times as long as copying one: the first leaves a copy for the others. Whoever is later
# than another finds theirs in place and drops its own.
made="${TMPDIR:-/tmp}/leeward-pg-made-$(id -u)-$("$1/postgres" --version | tr -c 'A-Za-z0-9.\n' '-')"
if [ -O "$made" ]; then
    cp -R "$made" "$dir/data" 2>"$dir/log" || fail
else
    "$1/initdb" -D "$dir/data" -U postgres --auth=trust --no-sync --encoding=UTF8 --locale=C >"$dir/log" 2>&1 || fail
    cp -R "$dir/data" "$dir/made" && mv -T "$dir/made" "$made" 2>/dev/null || rm -rf "$dir/made"
fi
options="-k $dir -p $2 -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off \
 -c full_page_writes=off -c max_connections=400 -c shared_buffers=32MB"
start() { "$1/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 60 -o "$options" start </dev/null >/dev/null 2>&1; }
start "$1" || fail
echo "$dir"
while read -r word; do
    case "$word" in
    stop) "$1/pg_ctl" -D "$dir/data" -m fast -w stop </dev/null >/dev/null 2>&1 ;;
    start) start "$1" ;;
    esac
    echo "$word"
done
"$1/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1
rm -rf "$dir"
"#;

/// The role that owns every fresh database: no superuser, subject to row-level security.
pub(crate) const OWNER: &str = "leeward";

/// A running cluster.
pub struct Cluster {
    bin: PathBuf,
    port: u16,
    databases: AtomicU32,
    /// Its end is the signal to stop for good.
    keeper: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
}

/// Why there is no cluster, or no database; says what to do.
#[derive(Debug, Clone)]
pub struct ClusterError(pub(crate) String);

impl fmt::Display for ClusterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ClusterError {}

impl Cluster {
    /// The cluster of this process; the first call starts it and takes a second or two.
    ///
    /// # Errors
    /// If PostgreSQL is not installed or does not start.
    pub fn shared() -> Result<&'static Self, ClusterError> {
        static SHARED: OnceLock<Result<Cluster, ClusterError>> = OnceLock::new();
        SHARED.get_or_init(Self::start).as_ref().map_err(Clone::clone)
    }

    /// Between finding a free port and listening there, another test may have taken it: so more than once.
    fn start() -> Result<Self, ClusterError> {
        Self::start_once().or_else(|_| Self::start_once()).or_else(|_| Self::start_once())
    }

    fn start_once() -> Result<Self, ClusterError> {
        let bin = programs()?;
        let port = free_port().map_err(|error| ClusterError(format!("no free port on 127.0.0.1: {error}")))?;
        let mut command = keeper()?;
        let mut child = command
            .args(["sh", "-c", KEEPER, "leeward-pg"])
            .arg(&bin)
            .arg(port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // A Ctrl-C at the terminal is for the tests; the keeper hears of it through the pipe.
            .process_group(0)
            .spawn()
            .map_err(|error| ClusterError(format!("cannot run {:?}: {error}", command.get_program())))?;
        let (Some(lifeline), Some(stdout), Some(mut stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(ClusterError("the cluster's keeper has no pipes".into()));
        };
        let mut ready = String::new();
        let mut stdout = BufReader::new(stdout);
        stdout.read_line(&mut ready).map_err(|error| ClusterError(error.to_string()))?;
        if ready.is_empty() {
            let mut log = String::new();
            stderr.read_to_string(&mut log).map_err(|error| ClusterError(error.to_string()))?;
            return Err(ClusterError(format!("PostgreSQL did not start:\n{log}")));
        }
        let cluster = Self { bin, port, databases: AtomicU32::new(0), keeper: Mutex::new((lifeline, stdout)) };
        cluster.psql("postgres", &format!("create role {OWNER} login nosuperuser nobypassrls createdb"))?;
        Ok(cluster)
    }

    /// Makes an empty database and gives the URL of its owner, who is no superuser.
    ///
    /// # Errors
    /// If the server refuses.
    pub async fn fresh_database(&self) -> Result<String, ClusterError> {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.psql("postgres", &format!("create database {name} owner {OWNER}"))?;
        Ok(self.url(OWNER, &name))
    }

    /// The URL of one of the cluster's databases for a role of the caller's choosing (`postgres` is the
    /// superuser).
    #[must_use]
    pub fn url(&self, role: &str, database: &str) -> String {
        format!("postgres://{role}@127.0.0.1:{}/{database}?sslmode=disable", self.port)
    }

    /// Stops the server, as an operator would; every connection ends.
    ///
    /// # Errors
    /// If the keeper is gone.
    pub fn stop(&self) -> Result<(), ClusterError> {
        self.tell("stop")
    }

    /// Starts it again, with the same data.
    ///
    /// # Errors
    /// If the keeper is gone.
    pub fn start_again(&self) -> Result<(), ClusterError> {
        self.tell("start")
    }

    fn tell(&self, word: &str) -> Result<(), ClusterError> {
        let gone = |error: std::io::Error| ClusterError(format!("the cluster's keeper is gone: {error}"));
        let mut keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(keeper.0, "{word}").map_err(gone)?;
        let mut answer = String::new();
        keeper.1.read_line(&mut answer).map_err(gone)?;
        if answer.trim() == word { Ok(()) } else { Err(ClusterError(format!("{word}: {answer}"))) }
    }

    /// Where it listens, on 127.0.0.1.
    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    /// Runs SQL as the superuser.
    ///
    /// # Errors
    /// What the server said, if it refused.
    pub fn psql(&self, database: &str, sql: &str) -> Result<(), ClusterError> {
        let output = Command::new(self.bin.join("psql"))
            .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", &self.port.to_string()])
            .args(["-U", "postgres", "-d", database, "-c", sql])
            .stdin(Stdio::null())
            .env("PGCONNECT_TIMEOUT", "30")
            .output()
            .map_err(|error| ClusterError(format!("cannot run psql: {error}")))?;
        if output.status.success() {
            Ok(())
        } else {
            Err(ClusterError(format!("{sql}: {}", String::from_utf8_lossy(&output.stderr))))
        }
    }
}

/// The start of a command line that runs as somebody PostgreSQL and PgBouncer accept: they refuse root.
pub(crate) fn keeper() -> Result<Command, ClusterError> {
    let root = fs::metadata("/proc/self").map(|me| me.uid() == 0).unwrap_or(false);
    if !root {
        return Ok(Command::new("env"));
    }
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    if !users.lines().any(|line| line.starts_with("postgres:")) {
        return Err(ClusterError(
            "PostgreSQL refuses to run as root, and there is no user postgres; run: apt-get install postgresql".into(),
        ));
    }
    let mut command = Command::new("runuser");
    // A root-only TMPDIR would be of no use to that user.
    command.env_remove("TMPDIR").args(["-u", "postgres", "--"]);
    Ok(command)
}

/// The directory that holds `initdb`: Debian keeps one per version, the others put it on the path.
fn programs() -> Result<PathBuf, ClusterError> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path());
    let newest = versions
        .filter_map(|path| Some((path.file_name()?.to_str()?.parse::<u32>().ok()?, path.join("bin"))))
        .filter(|(_, bin)| has_programs(bin))
        .max();
    let path = std::env::var_os("PATH").unwrap_or_default();
    newest.map(|(_, bin)| bin).or_else(|| std::env::split_paths(&path).find(|bin| has_programs(bin))).ok_or_else(|| {
        ClusterError("these tests need PostgreSQL (initdb, pg_ctl, psql); run: apt-get install postgresql".into())
    })
}

fn has_programs(bin: &Path) -> bool {
    ["initdb", "pg_ctl", "psql"].iter().all(|program| bin.join(program).is_file())
}

pub(crate) fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
