//! When an alert fires.

use leeward_domain::{
    ids::{PrefixedId, UserId},
    principal::AuthMethod,
};
use leeward_ledger::{
    Actor, EventCode, Record,
    alert::{Evaluator, Firing, Group, GroupBy, MAX_GROUPS, Who},
};
use proptest::prelude::*;
use uuid::Uuid;

use crate::{alert, record};

/// The seconds at which an alert over sign-in failures fired.
fn fired(evaluator: &mut Evaluator, seconds: &[i64]) -> Vec<i64> {
    let mut at = Vec::new();
    for second in seconds {
        if let Some(firing) = evaluator.feed(&record(EventCode::LoginFailed, *second, 1)) {
            at.push(firing.at.unix_seconds());
        }
    }
    at
}

#[test]
fn it_fires_at_the_threshold_and_then_keeps_quiet_for_a_window() {
    let of = |threshold, seconds: &[i64]| {
        fired(&mut Evaluator::new(alert(&["auth.login.failed"], threshold, 60, GroupBy::None)), seconds)
    };
    assert!(of(3, &[0, 10]).is_empty());
    assert_eq!(of(3, &[0, 10, 20, 30, 40]), [20]);
    // 0 is no longer within 60 seconds of 60.
    assert!(of(3, &[0, 30, 60]).is_empty());
    assert_eq!(of(3, &[0, 30, 59]), [59]);
    // An attack that goes on is told of again, a window later.
    assert_eq!(of(3, &[0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]), [20, 80]);
    assert_eq!(of(1, &[0, 1, 59, 60, 61, 200]), [0, 60, 200]);
    // The clock was an hour ahead and is put right: what was counted then neither counts nor silences.
    assert_eq!(of(2, &[3600, 3601, 5, 6, 7]), [3601, 6]);
    // It stumbles: still the same window.
    assert_eq!(of(3, &[10, 9, 8]), [8]);
}

#[test]
fn a_firing_says_whose_and_since_when() {
    let mut evaluator = Evaluator::new(alert(&["auth.*"], 2, 60, GroupBy::Source));
    let (one, other) = (record(EventCode::LoginFailed, 5, 1), record(EventCode::LoginFailed, 7, 1));
    assert_eq!(evaluator.feed(&one), None);
    assert_eq!(evaluator.feed(&record(EventCode::UserCreated, 6, 1)), None);
    assert_eq!(evaluator.feed(&record(EventCode::LoginFailed, 6, 2)), None);
    assert_eq!(
        evaluator.feed(&other),
        Some(Firing { group: Group::Source(other.source), first: one.at, at: other.at, record: other.id })
    );
}

#[test]
fn actors_are_counted_apart_whatever_key_they_use() {
    let user = |id: u128, key: Option<u128>| Actor::User {
        id: UserId::from_uuid(Uuid::from_u128(id)),
        method: AuthMethod::ApiKey,
        api_key: key.map(|key| PrefixedId::from_uuid(Uuid::from_u128(key))),
        project: None,
        session: None,
    };
    let mut evaluator = Evaluator::new(alert(&["inference.refused"], 2, 60, GroupBy::Actor));
    let mut feed = |actor: Actor| {
        evaluator.feed(&Record { actor, ..record(EventCode::InferenceRefused, 0, 1) }).map(|firing| firing.group)
    };
    let actors = [user(1, Some(7)), user(2, None), Actor::Anonymous, Actor::System, Actor::LocalConsole];
    assert!(actors.iter().all(|actor| feed(actor.clone()).is_none()));
    assert_eq!(feed(user(1, Some(8))), Some(Group::Actor(Who::User(UserId::from_uuid(Uuid::from_u128(1))))));
    assert_eq!(feed(Actor::Anonymous), Some(Group::Actor(Who::Anonymous)));
}

#[test]
fn more_groups_than_it_keeps_are_told_of() {
    let mut evaluator = Evaluator::new(alert(&["auth.*"], 2, 60, GroupBy::Source));
    let mut feed = |second: i64, host: usize| {
        let source = u128::try_from(host).unwrap().to_be_bytes().into();
        let fired = evaluator.feed(&Record { source: Some(source), ..record(EventCode::LoginFailed, second, 1) });
        (fired.is_some(), evaluator.given_up())
    };
    for host in 0..MAX_GROUPS {
        assert_eq!(feed(0, host), (false, 0));
    }
    // Heard of again, so the next to go is 1 and not 0.
    assert_eq!(feed(1, 0), (true, 0));
    assert_eq!(feed(2, MAX_GROUPS), (false, 1));
    assert_eq!(feed(3, 1), (false, 2));
    assert_eq!(feed(3, MAX_GROUPS), (true, 2));
    // Giving up what no longer matters is no loss.
    assert_eq!(feed(1_000, MAX_GROUPS + 1), (false, 2));
}

/// The rule as docs/audit-alerts.md has it, over a whole history: slow, and without anything that is given up.
fn by_the_book(seconds: &[(i64, u8)], threshold: usize, window: i64) -> Vec<usize> {
    let mut fired: Vec<usize> = Vec::new();
    for (index, (now, host)) in seconds.iter().enumerate() {
        let recent = |at: i64| now - at < window;
        let counted = seconds[..=index].iter().filter(|(at, other)| other == host && recent(*at)).count();
        let quiet = fired.iter().any(|earlier| seconds[*earlier].1 == *host && recent(seconds[*earlier].0));
        if counted >= threshold && !quiet {
            fired.push(index);
        }
    }
    fired
}

proptest! {
    #[test]
    fn it_fires_by_the_book(
        steps in prop::collection::vec((0_i64..20, 0_u8..3), 0..150), threshold in 1_u32..8, window in 1_u32..90
    ) {
        let mut now = 0;
        let seconds: Vec<_> = steps.into_iter().map(|(step, host)| { now += step; (now, host) }).collect();
        let mut evaluator = Evaluator::new(alert(&["auth.*"], threshold, window, GroupBy::Source));
        let fires = |evaluator: &mut Evaluator, (at, host): (i64, u8)| {
            evaluator.feed(&record(EventCode::LoginFailed, at, host))
        };
        let fired: Vec<_> = (0..seconds.len()).filter(|index| fires(&mut evaluator, seconds[*index]).is_some()).collect();
        prop_assert_eq!(fired, by_the_book(&seconds, usize::try_from(threshold).unwrap(), window.into()));
        prop_assert_eq!(evaluator.given_up(), 0);
    }

    /// Stopped anywhere and taken up with the last firings and the records of the last window, it goes on alike.
    #[test]
    fn it_resumes_as_if_it_had_not_stopped(
        steps in prop::collection::vec((0_i64..20, 0_u8..3), 1..100), threshold in 1_u32..6, window in 1_u32..90,
        stop in any::<prop::sample::Index>()
    ) {
        let mut now = 0;
        let records: Vec<_> = steps
            .into_iter()
            .map(|(step, host)| { now += step; record(EventCode::LoginFailed, now, host) })
            .collect();
        let stop = stop.index(records.len());
        let alert = alert(&["auth.*"], threshold, window, GroupBy::Source);
        let mut whole = Evaluator::new(alert.clone());
        let before: Vec<_> = records[..stop].iter().filter_map(|record| whole.feed(record)).collect();

        let mut resumed = Evaluator::new(alert.clone());
        // Later firings of a group replace earlier ones.
        before.iter().for_each(|firing| resumed.resume(firing));
        let last = records[..stop].last().map(|record| record.at);
        for record in records[..stop].iter().filter(|record| last.is_some_and(|last| last.since(record.at) < alert.window())) {
            prop_assert_eq!(resumed.feed(record), None);
        }
        for record in &records[stop..] {
            prop_assert_eq!(resumed.feed(record), whole.feed(record));
        }
    }

    /// However the clock jumps, two firings of a group are a window apart, and nothing is out of bounds.
    #[test]
    fn a_wild_clock_fires_at_most_once_a_window(
        seconds in prop::collection::vec(-300_i64..300, 0..200), threshold in 1_u32..6, window in 1_u32..90
    ) {
        let mut evaluator = Evaluator::new(alert(&["auth.login.failed"], threshold, window, GroupBy::None));
        let at = fired(&mut evaluator, &seconds);
        for pair in at.windows(2) {
            prop_assert!((pair[0] - pair[1]).abs() >= window.into(), "{:?}", at);
        }
    }
}
