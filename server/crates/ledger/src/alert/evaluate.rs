//! Counting records and saying when an alert fires.

use std::{
    collections::{BTreeMap, VecDeque},
    net::IpAddr,
    time::Duration,
};

use leeward_domain::{
    Timestamp,
    ids::{AuditId, UserId},
};
use serde::{Deserialize, Serialize};

use super::{Alert, GroupBy};
use crate::record::{Actor, Record};

/// The most groups one evaluator keeps. With [`super::MAX_THRESHOLD`] times of 8 bytes each that is 8 MB, and
/// usually a few kilobytes.
pub const MAX_GROUPS: usize = 1_000;

/// Whom records are of, for counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// A user.
    User(UserId),
    /// Somebody who could not be identified.
    Anonymous,
    /// The service itself.
    System,
    /// The operator at the machine's command line.
    LocalConsole,
}

/// The group a record is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// The only one.
    All,
    /// One actor's.
    Actor(Who),
    /// One address's, or that of the records without one.
    Source(Option<IpAddr>),
}

impl Group {
    /// The group of `record`.
    #[must_use]
    pub fn of(record: &Record, by: GroupBy) -> Self {
        match by {
            GroupBy::None => Self::All,
            GroupBy::Source => Self::Source(record.source),
            GroupBy::Actor => Self::Actor(match record.actor {
                Actor::User { id, .. } => Who::User(id),
                Actor::Anonymous => Who::Anonymous,
                Actor::System => Who::System,
                Actor::LocalConsole => Who::LocalConsole,
            }),
        }
    }
}

/// An alert fired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Firing {
    /// Whose records they are.
    pub group: Group,
    /// The time of the first of the records that made it fire, as many as the threshold.
    pub first: Timestamp,
    /// The time of the last one.
    pub at: Timestamp,
    /// The last one.
    pub record: AuditId,
}

/// Counts the records of one log for one alert.
///
/// The time is the records' own, so the same records give the same firings, whenever they are fed. Holds at most
/// [`MAX_GROUPS`] groups with as many times each as the threshold.
#[derive(Debug)]
pub struct Evaluator {
    alert: Alert,
    // Ordered, so that which group is given up does not depend on chance.
    groups: BTreeMap<Group, Counted>,
    fed: u64,
    given_up: u64,
}

/// What is kept of one group.
#[derive(Debug, Default)]
struct Counted {
    /// The times of the last records that counted, at most as many as the threshold, all within the window of
    /// the last one.
    times: VecDeque<Timestamp>,
    /// When it last fired.
    fired: Option<Timestamp>,
    /// Which record, by number fed, it last heard of.
    touched: u64,
}

impl Evaluator {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(alert: Alert) -> Self {
        Self { alert, groups: BTreeMap::new(), fed: 0, given_up: 0 }
    }

    /// The alert it counts for.
    #[must_use]
    pub const fn alert(&self) -> &Alert {
        &self.alert
    }

    /// How often a group was given up for another while its count still mattered: more actors or addresses at
    /// once than [`MAX_GROUPS`], so that an alert may have been missed.
    #[must_use]
    pub const fn given_up(&self) -> u64 {
        self.given_up
    }

    /// Takes the next record of the log, and says whether the alert fires.
    ///
    /// It fires when the record counts, as many as the threshold counted in its group within the window before
    /// it, and the group did not fire within that window: at most once a window. Times may stumble: a record
    /// is within the window of another if less than the window lies between them, whichever is older, so a clock
    /// that was put back ends what was counted under the wrong time.
    pub fn feed(&mut self, record: &Record) -> Option<Firing> {
        if !self.alert.counts(record) {
            return None;
        }
        let group = Group::of(record, self.alert.group_by);
        let (at, window) = (record.at, self.alert.window);
        // At most MAX_THRESHOLD, so it fits.
        let threshold = usize::try_from(self.alert.threshold).unwrap_or(usize::MAX);
        let counted = self.touch(group, at);
        counted.times.retain(|time| within(*time, at, window));
        if counted.times.len() >= threshold {
            counted.times.pop_front();
        }
        counted.times.push_back(at);
        let quiet = counted.fired.is_some_and(|fired| within(fired, at, window));
        if counted.times.len() < threshold || quiet {
            return None;
        }
        counted.fired = Some(at);
        let first = counted.times.iter().copied().min().unwrap_or(at);
        Some(Firing { group, first, at, record: record.id })
    }

    /// Takes up where an evaluator stopped: `firing` was its last one of that group.
    ///
    /// Then feed it the records of the last window again. It fires for them where that one had not.
    pub fn resume(&mut self, firing: &Firing) {
        self.touch(firing.group, firing.at).fired = Some(firing.at);
    }

    /// The counts of `group`, made room for if need be: the group that was not heard of for longest goes.
    fn touch(&mut self, group: Group, at: Timestamp) -> &mut Counted {
        if self.groups.len() >= MAX_GROUPS && !self.groups.contains_key(&group) {
            let oldest = self.groups.iter().min_by_key(|(_, counted)| counted.touched).map(|(group, _)| *group);
            if let Some(counted) = oldest.and_then(|oldest| self.groups.remove(&oldest)) {
                let mut kept = counted.times.iter().chain(&counted.fired);
                if kept.any(|time| within(*time, at, self.alert.window)) {
                    self.given_up = self.given_up.saturating_add(1);
                }
            }
        }
        self.fed = self.fed.saturating_add(1);
        let counted = self.groups.entry(group).or_default();
        counted.touched = self.fed;
        counted
    }
}

/// Whether less than `window` lies between the two.
fn within(one: Timestamp, other: Timestamp, window: Duration) -> bool {
    one.since(other).max(other.since(one)) < window
}
