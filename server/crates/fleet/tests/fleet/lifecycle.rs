//! What the process is given, and that none is left behind.

use std::{fs, os::fd::AsFd as _, process::Stdio, time::Duration};

use leeward_fleet::{FleetConfig, JobError, SubmitError};
use leeward_testkit::scripted;
use rustix::io::{FdFlags, fcntl_setfd};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::Command,
};

use crate::harness::{House, Watched, config, is_in_process_table, read, spec, under_way, within, worker_pid};

#[tokio::test]
async fn shutdown_ends_every_job_and_every_process() {
    let mut house = House::ready(config(), spec()).await;
    let mut running = [house.ask("!stall 1"), house.ask("!stall 1")];
    let pid = under_way(&mut running[0]).await;
    under_way(&mut running[1]).await;
    let queued = house.ask("never");
    within("shutdown", house.fleet.shutdown()).await;
    assert!(!is_in_process_table(pid));
    for job in running.into_iter().chain([queued]) {
        assert_eq!(read(job).await.end, Err(JobError::Shutdown));
    }
    assert_eq!(house.exited().await.0, "exit status: 0");
    assert_eq!(house.try_ask("late").map(drop), Err(SubmitError::ShuttingDown));
    within("a second shutdown", house.fleet.shutdown()).await;
}

#[tokio::test]
async fn shutdown_kills_what_does_not_listen() {
    let config = FleetConfig { shutdown_grace: Duration::from_millis(200), ..config() };
    let mut house = House::ready(config, spec()).await;
    let mut hung = house.ask("!hang 1");
    let pid = under_way(&mut hung).await;
    within("shutdown", house.fleet.shutdown()).await;
    assert!(!is_in_process_table(pid));
    assert!(house.exited().await.0.contains("signal: 9"));
}

#[tokio::test]
async fn dropping_the_last_handle_ends_the_workers() {
    let house = House::ready(config(), spec()).await;
    let worker = Watched::new(worker_pid(&house.answer("hi").await.worker.unwrap()));
    drop(house);
    worker.ended().await;
}

#[tokio::test]
async fn a_worker_gets_its_socket_and_nothing_else() {
    // What a careless parent or library leaves open for every child.
    let leaked = tempfile::NamedTempFile::new().unwrap();
    fcntl_setfd(leaked.as_file().as_fd(), FdFlags::empty()).unwrap();
    let mut spec = spec();
    spec.env.push(("LEEWARD_SCRIPTED_LOAD_MS".into(), "0".into()));
    let house = House::ready(config(), spec).await;
    let pid = worker_pid(&house.answer("hi").await.worker.unwrap());

    let process = format!("/proc/{}", pid.as_raw_nonzero());
    for fd in fs::read_dir(format!("{process}/fd")).unwrap() {
        let target = fs::read_link(fd.unwrap().path()).unwrap();
        assert_ne!(target, leaked.path());
    }
    let environment = fs::read(format!("{process}/environ")).unwrap();
    for variable in environment.split(|&byte| byte == 0).filter(|variable| !variable.is_empty()) {
        let name = String::from_utf8_lossy(variable.split(|&byte| byte == b'=').next().unwrap());
        assert!(["PATH", "LANG", "RUST_LOG", "LEEWARD_SCRIPTED_LOAD_MS"].contains(&&*name), "{name}");
    }
}

/// The worker hangs, so it cannot notice by itself that its parent is gone.
#[tokio::test]
async fn killing_the_parent_leaves_no_orphan() {
    let mut example = std::env::current_exe().unwrap();
    example.pop();
    example.pop();
    example.push("examples/parent");
    let mut parent = Command::new(example)
        .arg(scripted::binary())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the example `parent` is built with the tests");
    let mut lines = BufReader::new(parent.stdout.take().unwrap()).lines();
    let worker =
        within("the parent's worker", lines.next_line()).await.unwrap().expect("a line with the worker's name");
    let worker = Watched::new(worker_pid(&worker));
    parent.start_kill().unwrap();
    worker.ended().await;
    within("the parent", parent.wait()).await.unwrap();
}
