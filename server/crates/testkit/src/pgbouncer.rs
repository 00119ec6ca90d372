//! PgBouncer in transaction mode before the throwaway cluster: every transaction may get another connection.
//!
//! One per test process, owned by a shell that waits for the end of a pipe this process holds open, like the cluster.
//! It refuses what such a pooler refuses: start-up parameters it does not know, named statements of another
//! connection. Fewer connections to the server than the store opens to it, so that they are really shared.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    net::TcpStream,
    os::unix::process::CommandExt as _,
    path::PathBuf,
    process::{ChildStdin, Stdio},
    sync::OnceLock,
    time::{Duration, Instant},
};

use crate::postgres::{Cluster, ClusterError, OWNER, free_port, keeper};

/// `$1`: the program; `$2`: its port; `$3`: the cluster's port; `$4`: the role of everybody.
const KEEPER: &str = r#"
set -u
umask 077
trap '' INT TERM HUP
cd /
dir=$(mktemp -d "${TMPDIR:-/tmp}/leeward-pgb.XXXXXX") || exit 1
echo "\"$4\" \"\"" >"$dir/users"
cat >"$dir/ini" <<END
[databases]
* = host=127.0.0.1 port=$3
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $2
unix_socket_dir =
auth_type = trust
auth_file = $dir/users
pool_mode = transaction
default_pool_size = 3
max_client_conn = 400
logfile = $dir/log
END
"$1" -q "$dir/ini" </dev/null >"$dir/out" 2>&1 &
echo "$dir"
read -r _
kill -9 $!
wait $! 2>/dev/null
rm -rf "$dir"
"#;

/// A running pooler.
pub struct PgBouncer {
    cluster: &'static Cluster,
    port: u16,
    /// Never written to: its end is the signal to stop.
    _lifeline: ChildStdin,
}

impl PgBouncer {
    /// The pooler of this process, before the cluster of this process; the first call starts both.
    ///
    /// # Errors
    /// If PostgreSQL or PgBouncer is not installed or does not start.
    pub fn shared() -> Result<&'static Self, ClusterError> {
        static SHARED: OnceLock<Result<PgBouncer, ClusterError>> = OnceLock::new();
        SHARED.get_or_init(Self::start).as_ref().map_err(Clone::clone)
    }

    fn start() -> Result<Self, ClusterError> {
        let cluster = Cluster::shared()?;
        let wrong = |error: std::io::Error| ClusterError(format!("PgBouncer: {error}"));
        let port = free_port().map_err(wrong)?;
        let mut child = keeper()?
            .args(["sh", "-c", KEEPER, "leeward-pgbouncer"])
            .arg(program()?)
            .args([port.to_string(), cluster.port().to_string(), OWNER.to_owned()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // A Ctrl-C at the terminal is for the tests; the keeper hears of it through the pipe.
            .process_group(0)
            .spawn()
            .map_err(wrong)?;
        let (Some(lifeline), Some(stdout), Some(mut stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(ClusterError("the pooler's keeper has no pipes".into()));
        };
        let mut dir = String::new();
        BufReader::new(stdout).read_line(&mut dir).map_err(wrong)?;
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if dir.is_empty() || began.elapsed() > Duration::from_secs(30) {
                let said = std::fs::read_to_string(format!("{}/out", dir.trim_end())).unwrap_or_default();
                drop(lifeline);
                let mut keeper_said = String::new();
                stderr.read_to_string(&mut keeper_said).map_err(wrong)?;
                return Err(ClusterError(format!("PgBouncer did not start: {said}{keeper_said}")));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(Self { cluster, port, _lifeline: lifeline })
    }

    /// Makes an empty database and gives the URL of its owner through the pooler.
    ///
    /// # Errors
    /// If the server refuses.
    pub async fn fresh_database(&self) -> Result<String, ClusterError> {
        let direct = self.cluster.fresh_database().await?;
        let (from, to) = self.ports();
        Ok(direct.replacen(&from, &to, 1))
    }

    /// The same database without the pooler, for statements whose `set` would stay on a shared connection.
    #[must_use]
    pub fn direct(&self, url: &str) -> String {
        let (to, from) = self.ports();
        url.replacen(&from, &to, 1)
    }

    fn ports(&self) -> (String, String) {
        (format!(":{}/", self.cluster.port()), format!(":{}/", self.port))
    }
}

/// The installed program: not on everybody's path.
fn program() -> Result<PathBuf, ClusterError> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .chain(["/usr/sbin".into(), "/usr/local/sbin".into()])
        .map(|place| place.join("pgbouncer"))
        .find(|program| program.is_file());
    found.ok_or_else(|| ClusterError("these tests need PgBouncer; run: scripts/setup.sh tests".into()))
}
