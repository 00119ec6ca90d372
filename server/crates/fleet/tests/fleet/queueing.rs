//! The queue: its bound, and leaving it.

use std::time::Duration;

use futures::StreamExt as _;
use leeward_fleet::{JobEvent, SubmitError};

use crate::harness::{House, config, read, spec, under_way, within};

async fn one_slot(queue_capacity: usize) -> House {
    let mut spec = spec();
    spec.slots = 1;
    let mut config = config();
    config.queue_capacity = queue_capacity;
    House::ready(config, spec).await
}

#[tokio::test]
async fn a_full_queue_refuses_with_numbers() {
    let house = one_slot(2).await;
    let mut running = house.ask("!stall 1");
    under_way(&mut running).await;
    let second = house.ask("second");
    let third = house.ask("third");
    let Err(SubmitError::QueueFull { limit, retry_after }) = house.try_ask("fourth").map(drop) else {
        panic!("a full queue must refuse");
    };
    assert_eq!(limit, 2);
    assert!((Duration::from_secs(1)..=Duration::from_secs(60)).contains(&retry_after));
    assert_eq!((house.status().queued, house.status().running), (2, 1));

    drop(second);
    assert_eq!(house.status().queued, 1, "a dropped job leaves the queue");
    let fourth = house.ask("fourth");
    drop(running);
    assert_eq!(read(third).await.text, "You said: third");
    assert_eq!(read(fourth).await.text, "You said: fourth");
}

#[tokio::test]
async fn a_queue_without_places_still_fills_the_free_slots() {
    let house = one_slot(0).await;
    let mut running = house.ask("!stall 1");
    under_way(&mut running).await;
    assert!(matches!(house.try_ask("hi"), Err(SubmitError::QueueFull { limit: 0, .. })));
}

#[tokio::test]
async fn dropping_a_running_job_cancels_it() {
    let house = one_slot(2).await;
    let mut endless = house.ask("!slow 1000 !count 4000");
    let started = within("the start", endless.next()).await;
    assert!(matches!(started, Some(JobEvent::Started { .. })), "{started:?}");
    drop(endless);
    // The only slot is free long before the endless job could have ended.
    assert_eq!(house.answer("hi").await.text, "You said: hi");
    assert_eq!(house.status().restarts, 0);
}

#[tokio::test]
async fn jobs_are_served_in_order() {
    let house = one_slot(8).await;
    let mut first = house.ask("!stall 1");
    under_way(&mut first).await;
    let jobs: Vec<_> = (0..8).map(|n| house.ask(&format!("job {n}"))).collect();
    drop(first);
    // Reading the last one to its end finds all others ended before it, so they are joined to one delta.
    let mut answers = Vec::new();
    for job in jobs.into_iter().rev() {
        answers.push(read(job).await);
    }
    assert!(answers.iter().skip(1).all(|answer| answer.deltas == 1), "{answers:?}");
    assert_eq!(answers[7].text, "You said: job 0");
}
