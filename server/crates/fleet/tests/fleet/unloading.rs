//! Models that are let go of and loaded again while the fleet runs.

use std::time::Duration;

use leeward_fleet::{CountError, FleetConfig, FleetEvent, JobError, SubmitError};
use leeward_wire::FinishReason;

use crate::harness::{House, config, is_in_process_table, model, read, spec, under_way, user, within, worker_pid};

#[tokio::test]
async fn what_a_model_has_it_answers_first() {
    let mut house = House::ready(config(), spec()).await;
    let mut slow = [house.ask("!slow 20 !count 20"), house.ask("!slow 20 !count 20")];
    let pid = under_way(&mut slow[0]).await;
    under_way(&mut slow[1]).await;
    let queued = house.ask("in the queue");
    assert!(house.fleet.unload(&model()));
    assert!(!house.fleet.unload(&model()), "once is enough");
    assert_eq!(house.try_ask("late").map(drop), Err(SubmitError::UnknownModel));
    assert_eq!(house.fleet.count(&model(), user("late")).await, Err(CountError::UnknownModel));
    assert!(house.fleet.models().is_empty());
    for job in slow {
        let answer = read(job).await;
        assert_eq!(answer.end.map(|(reason, usage)| (reason, usage.completion_tokens)), Ok((FinishReason::Stop, 20)));
    }
    assert_eq!(read(queued).await.text, "You said: in the queue");
    assert_eq!(house.unloaded().await, "exit status: 0");
    assert!(!is_in_process_table(pid));

    assert!(house.fleet.load(spec()));
    assert!(!house.fleet.load(spec()), "it is held already");
    house.loaded().await;
    assert_eq!(house.answer("again").await.text, "You said: again");
}

#[tokio::test]
async fn it_does_not_wait_for_ever() {
    let config = FleetConfig { drain_timeout: Duration::from_millis(100), ..config() };
    let mut house = House::ready(config, spec()).await;
    let mut stuck = house.ask("!stall 1");
    under_way(&mut stuck).await;
    assert!(house.fleet.unload(&model()));
    assert_eq!(read(stuck).await.end, Err(JobError::Shutdown));
    assert_eq!(house.exited().await.1, 1, "a job was lost");
}

#[tokio::test]
async fn one_that_never_loaded_goes_too() {
    let mut spec = spec();
    spec.env.push(("LEEWARD_SCRIPTED_CRASH_ON_START".into(), "1".into()));
    let mut house = House::start(config(), spec);
    house.load_failed().await;
    assert!(house.fleet.unload(&model()));
    within("shutdown", house.fleet.shutdown()).await;
    while let Ok(event) = house.events.try_recv() {
        assert!(matches!(event, FleetEvent::LoadFailed { .. }), "{event:?}");
    }
    assert!(!house.fleet.load(crate::harness::spec()), "nothing is loaded into a fleet that ends");
}

/// `LEEWARD_CYCLES` says how often; `make soak` says 500.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn loaded_and_let_go_of_again_and_again_nothing_is_left() {
    let cycles: u32 = std::env::var("LEEWARD_CYCLES").ok().and_then(|text| text.parse().ok()).unwrap_or(25);
    let mut house = House::ready(config(), spec()).await;
    let mut after_warming_up = 0;
    for cycle in 0..cycles {
        let pid = worker_pid(&house.answer("hi").await.worker.unwrap());
        assert!(house.fleet.unload(&model()));
        house.unloaded().await;
        assert!(!is_in_process_table(pid), "worker {pid} of cycle {cycle} is still there");
        assert!(house.fleet.load(spec()));
        house.loaded().await;
        if cycle == cycles / 5 {
            after_warming_up = resident();
        }
    }
    let now = resident();
    println!("{cycles} cycles; resident {after_warming_up} kB after a fifth of them, {now} kB at the end");
    assert!(now <= after_warming_up + after_warming_up / 20, "{after_warming_up} kB grew to {now} kB");
}

/// This process's resident memory in kB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse().unwrap()
}
