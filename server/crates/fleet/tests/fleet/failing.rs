//! Workers that die, hang or lie while they have jobs.

use std::time::Duration;

use leeward_fleet::{CountError, FleetConfig, JobError};
use rustix::process::{Signal, kill_process};

use crate::harness::{Answer, House, config, model, read, request, spec, tenant, under_way, user, worker_pid};

/// What a lost job looks like: its text so far, then the error.
fn assert_lost(answer: &Answer, text: &str) {
    assert_eq!((answer.text.as_str(), &answer.end), (text, &Err(JobError::WorkerLost)));
}

#[tokio::test]
async fn a_crash_ends_its_job_at_once_and_the_next_one_is_answered() {
    let mut house = House::ready(config(), spec()).await;
    assert_lost(&house.answer("!crash 3").await, "w1 w2 w3");
    let (status, jobs_lost) = house.exited().await;
    assert!(status.contains("exit status: 70"), "{status}");
    assert_eq!(jobs_lost, 1);
    assert_eq!(house.answer("hi").await.text, "You said: hi");
    house.loaded().await;
    assert_eq!(house.status().restarts, 1);
}

#[tokio::test]
async fn a_killed_worker_takes_all_its_jobs_and_no_queued_one() {
    let mut house = House::ready(config(), spec()).await;
    let mut jobs = [house.ask("!stall 1"), house.ask("!stall 1")];
    let pid = under_way(&mut jobs[0]).await;
    under_way(&mut jobs[1]).await;
    let queued = house.ask("patience");
    kill_process(pid, Signal::KILL).unwrap();
    for job in jobs {
        assert_lost(&read(job).await, "");
    }
    let (status, jobs_lost) = house.exited().await;
    assert!(status.contains("signal: 9"), "{status}");
    assert_eq!(jobs_lost, 2);
    let answer = read(queued).await;
    assert_eq!(answer.text, "You said: patience");
    assert_ne!(worker_pid(&answer.worker.unwrap()), pid);
}

#[tokio::test]
async fn a_hung_worker_is_found_by_pings() {
    let config = FleetConfig { ping_timeout: Duration::from_secs(1), ..config() };
    let mut house = House::ready(config, spec()).await;
    assert_lost(&house.answer("!hang 2").await, "w1 w2");
    let (status, jobs_lost) = house.exited().await;
    assert!(status.contains("ping") && status.contains("signal: 9"), "{status}");
    assert_eq!(jobs_lost, 1);
    assert_eq!(house.answer("hi").await.text, "You said: hi");
}

#[tokio::test]
async fn a_job_that_stalls_costs_its_worker() {
    let config = FleetConfig { stall_timeout: Duration::from_secs(1), ..config() };
    let mut house = House::ready(config, spec()).await;
    assert_lost(&house.answer("!stall 1").await, "w1");
    let (status, _) = house.exited().await;
    assert!(status.contains("no progress"), "{status}");
    assert_eq!(house.answer("hi").await.text, "You said: hi");
}

#[tokio::test]
async fn a_worker_that_breaks_the_protocol_is_replaced() {
    let mut house = House::ready(config(), spec()).await;
    assert_lost(&house.answer("!count 2 !rogue 1").await, "w1");
    let (status, _) = house.exited().await;
    assert!(status.contains("protocol"), "{status}");
    assert_eq!(house.answer("hi").await.text, "You said: hi");
}

#[tokio::test]
async fn a_count_is_answered_or_refused_when_the_worker_is_lost() {
    let config = FleetConfig { ping_timeout: Duration::from_secs(1), ..config() };
    let house = House::ready(config, spec()).await;
    let mut hung = house.fleet.submit(&model(), tenant(1), request("!hang 1")).unwrap();
    under_way(&mut hung).await;
    let counted = house.fleet.count(&model(), user("one")).await;
    assert!(matches!(counted, Err(CountError::WorkerLost | CountError::Timeout)), "{counted:?}");
}
