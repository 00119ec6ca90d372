//! Models that do not load, or must not.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use leeward_fleet::{CountError, FleetConfig, FleetEvent, JobError, ModelState, SubmitError, WorkerSpec};
use leeward_wire::{JobFailure, SandboxMode};

use crate::harness::{House, config, model, read, spec, user};

fn spec_with(name: &str, value: &str) -> WorkerSpec {
    let mut spec = spec();
    spec.env.push((name.into(), value.into()));
    spec
}

/// Tries again only long after the test.
fn once() -> FleetConfig {
    FleetConfig { backoff_initial: Duration::from_secs(3600), backoff_max: Duration::from_secs(3600), ..config() }
}

#[tokio::test]
async fn a_load_that_fails_is_reported_and_refuses_jobs() {
    let mut house = House::start(once(), spec_with("LEEWARD_SCRIPTED_LOAD_FAIL", "bad tensor"));
    let waiting = house.ask("hi");
    let message = house.load_failed().await;
    assert!(message.contains("bad tensor"), "{message}");
    let end = read(waiting).await.end;
    let Err(JobError::Worker(JobFailure::Engine { message: told })) = end else { panic!("{end:?}") };
    assert!(told.contains("bad tensor"), "{told}");
    assert_eq!(house.try_ask("hi").map(drop), Err(SubmitError::ModelFailed { message: message.clone() }));
    assert_eq!(house.fleet.count(&model(), user("hi")).await, Err(CountError::Unavailable));
    assert_eq!(house.status().state, ModelState::Failed { message });
}

#[tokio::test]
async fn a_load_that_fails_is_tried_again() {
    let mut house = House::start(config(), spec_with("LEEWARD_SCRIPTED_CRASH_ON_START", "1"));
    for _ in 0..3 {
        let message = house.load_failed().await;
        assert!(message.contains("exit status: 70"), "{message}");
    }
}

#[tokio::test]
async fn files_are_verified_before_every_start() {
    let calls = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&calls);
    let mut house = House::verified(config(), spec(), move |_| match seen.fetch_add(1, Ordering::SeqCst) {
        0 => Err("a byte was changed".into()),
        _ => Ok(()),
    });
    assert_eq!(house.load_failed().await, "a byte was changed");
    house.loaded().await;
    assert_eq!(calls.load(Ordering::SeqCst), 2);
    let _lost = house.answer("!crash 1").await;
    house.exited().await;
    house.loaded().await;
    assert_eq!(calls.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_gap_in_a_required_sandbox_is_refused() {
    let mut loose = spec_with("LEEWARD_SCRIPTED_LOOSE", "1");
    let mut house = House::start(once(), loose.clone());
    let message = house.load_failed().await;
    assert!(message.contains("not tight"), "{message}");

    loose.sandbox = SandboxMode::Prefer;
    let mut house = House::start(once(), loose);
    let FleetEvent::Loaded { sandbox, .. } = house.event().await else { panic!("a preferred sandbox may have gaps") };
    assert!(!sandbox.is_tight());
    assert_eq!(house.status().sandbox, Some(sandbox));
}

#[tokio::test]
async fn another_protocol_is_refused() {
    let other = (leeward_wire::PROTOCOL_VERSION + 1).to_string();
    let mut house = House::start(once(), spec_with("LEEWARD_SCRIPTED_PROTOCOL", &other));
    let message = house.load_failed().await;
    assert!(message.contains(&format!("protocol {other}")), "{message}");
}

#[tokio::test]
async fn loading_has_a_deadline() {
    let config = FleetConfig { load_timeout: Duration::from_millis(300), ..once() };
    let mut house = House::start(config, spec_with("LEEWARD_SCRIPTED_LOAD_MS", "3600000"));
    let message = house.load_failed().await;
    assert!(message.contains("not ready within 300ms") && message.contains("signal: 9"), "{message}");
}

#[tokio::test]
async fn a_missing_program_is_named() {
    let mut spec = spec();
    spec.program = "/nonexistent/leeward-engine".into();
    let mut house = House::start(once(), spec);
    let message = house.load_failed().await;
    assert!(message.contains("/nonexistent/leeward-engine"), "{message}");
}

#[tokio::test]
async fn jobs_wait_for_the_first_load() {
    let mut house = House::start(config(), spec_with("LEEWARD_SCRIPTED_LOAD_MS", "200"));
    assert_eq!(house.status().state, ModelState::Starting);
    assert_eq!(house.answer("early").await.text, "You said: early");
    house.loaded().await;
    let status = house.status();
    assert_eq!(status.engine.as_deref(), Some("scripted"));
    assert!(status.sandbox.is_some_and(|sandbox| sandbox.is_tight()));
}
