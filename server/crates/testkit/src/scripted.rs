//! The scripted engine: a real worker process whose answers a test can predict.
//!
//! What it can do is described in its source, `src/bin/leeward-scripted-engine/script.rs` and `serve.rs`.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
    time::SystemTime,
};

use crate::server_dir;

const NAME: &str = "leeward-scripted-engine";
/// The crates the binary is built from.
const SOURCES: [&str; 3] = ["crates/testkit/src", "crates/wire/src", "crates/domain/src"];

/// The path of the `leeward-scripted-engine` binary, built if it is missing or older than its sources.
///
/// It lies in the target directory of the running test, so `CARGO_TARGET_DIR` and profiles are honoured.
///
/// # Panics
/// When it cannot be built, with cargo's own output on standard error.
#[must_use]
pub fn binary() -> PathBuf {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| locate().unwrap_or_else(|error| panic!("{NAME} cannot be built: {error}"))).clone()
}

fn locate() -> io::Result<PathBuf> {
    // A test lies in TARGET/PROFILE/deps, an example in TARGET/PROFILE/examples, a binary in TARGET/PROFILE.
    let running = env::current_exe()?;
    let mut profile = running.parent().unwrap_or(Path::new("."));
    if profile.ends_with("deps") || profile.ends_with("examples") {
        profile = profile.parent().unwrap_or(profile);
    }
    let binary = profile.join(NAME);
    if !is_fresh(&binary) {
        build(profile)?;
    }
    Ok(binary)
}

fn is_fresh(binary: &Path) -> bool {
    let Ok(built) = fs::metadata(binary).and_then(|metadata| metadata.modified()) else {
        return false;
    };
    let home = server_dir();
    SOURCES.iter().all(|folder| newest(&home.join(folder)).is_ok_and(|changed| changed <= built))
}

/// When the latest change below `folder` happened.
fn newest(folder: &Path) -> io::Result<SystemTime> {
    let mut latest = SystemTime::UNIX_EPOCH;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        latest = latest.max(if metadata.is_dir() { newest(&entry.path())? } else { metadata.modified()? });
    }
    Ok(latest)
}

fn build(profile: &Path) -> io::Result<()> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    // The features of the whole gateway, as everything else there is built: others would compile every dependency anew.
    command.args(["build", "--quiet", "--workspace", "--exclude", "leeward-engine", "--bin", NAME]);
    command.current_dir(server_dir());
    if let Some(target) = profile.parent() {
        command.arg("--target-dir").arg(target);
    }
    if let Some(name) = profile.file_name().filter(|name| *name != "debug") {
        command.arg("--profile").arg(name);
    }
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("cargo build: {status}"))) }
}
