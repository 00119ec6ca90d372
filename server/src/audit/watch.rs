//! Watching over what the log is written to: the disk's word, and the room left on it.
//!
//! A fault (see [`leeward_store::Store::fault`]) stops the service: what cannot be recorded is not done. Here it is
//! tried to take it down, which means reading what was acknowledged from the disk; then both ends of it go on record.
//! Little room left stops inference, and only that: administrators can still sign in and make room.

use std::{path::PathBuf, time::Duration};

use leeward_domain::Timestamp;
use leeward_ledger::EventCode;
use leeward_store::Store;
use tokio::{sync::watch, time::sleep};

use super::{AuditLog, Draft};
use crate::{
    error::{AppError, Code},
    tasks::Tasks,
};

/// How often.
const PERIOD: Duration = Duration::from_millis(500);

/// How the log is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LedgerState {
    /// Records are written and answers given.
    Open,
    /// There is little room left: no inference.
    Low {
        /// Bytes free.
        free: u64,
    },
    /// Nothing is written, so nothing is answered.
    Fenced {
        /// What happened.
        why: String,
        /// Since when.
        since: Timestamp,
    },
}

/// What the watch says; cheap to clone.
#[derive(Debug, Clone)]
pub struct LedgerWatch {
    state: watch::Receiver<LedgerState>,
    store: Store,
    limit: u64,
}

impl LedgerWatch {
    /// Starts watching. `room` is where to look for room, if the log is on a disk of ours, and `limit` the bytes that
    /// must be free there.
    #[must_use]
    pub fn start(
        store: Store,
        audit: AuditLog,
        draft: Draft,
        room: Option<PathBuf>,
        limit: u64,
        tasks: &Tasks,
    ) -> Self {
        let (sender, state) = watch::channel(LedgerState::Open);
        let watcher = Watcher { store: store.clone(), audit, draft, room, limit, state: sender };
        tasks.spawn(watcher.run());
        Self { state, store, limit }
    }

    /// How the log is now.
    #[must_use]
    pub fn state(&self) -> LedgerState {
        self.state.borrow().clone()
    }

    /// Whether anything may be answered.
    ///
    /// # Errors
    /// `audit_unavailable` while the disk cannot be trusted.
    pub fn answers(&self) -> Result<(), AppError> {
        match self.store.fault() {
            None => Ok(()),
            Some(why) => Err(AppError::new(
                Code::AuditUnavailable,
                format!("the audit log cannot be written, so nothing is answered: {why}"),
            )),
        }
    }

    /// Whether inference may begin.
    ///
    /// # Errors
    /// `audit_unavailable` when there is too little room left for its records.
    pub fn has_room(&self) -> Result<(), AppError> {
        self.answers()?;
        match self.state() {
            LedgerState::Low { free } => Err(AppError::new(
                Code::AuditUnavailable,
                format!(
                    "the audit log's disk has {} MiB left, and inference stops below {} MiB (audit.min_free_mib): an \
                     administrator must make room",
                    free >> 20,
                    self.limit >> 20
                ),
            )),
            LedgerState::Open | LedgerState::Fenced { .. } => Ok(()),
        }
    }
}

struct Watcher {
    store: Store,
    audit: AuditLog,
    draft: Draft,
    room: Option<PathBuf>,
    limit: u64,
    state: watch::Sender<LedgerState>,
}

impl Watcher {
    async fn run(self) {
        loop {
            sleep(PERIOD).await;
            if let Err(error) = self.store.shorten_journal().await {
                tracing::warn!(%error, "the database's journal could not be shortened; tried again");
            }
            self.fence();
            let before = self.state.borrow().clone();
            let now = self.look(&before).await;
            if now != before {
                // First the state, so that a record that hangs hides nothing.
                self.state.send_replace(now.clone());
                self.tell(&before, &now).await;
            }
        }
    }

    /// A fault is a state of its own, however soon it is over: both ends of it go on record.
    fn fence(&self) {
        if matches!(*self.state.borrow(), LedgerState::Fenced { .. }) {
            return;
        }
        if let Some(why) = self.store.fault() {
            tracing::error!(why, "the audit log is fenced: nothing is answered until it was verified from disk");
            self.state.send_replace(LedgerState::Fenced { why, since: self.draft.now() });
        }
    }

    async fn look(&self, before: &LedgerState) -> LedgerState {
        // Without a fault records are being written, and what was acknowledged must not be looked for meanwhile.
        let (LedgerState::Fenced { since, .. }, Some(why)) = (before, self.store.fault()) else { return self.space() };
        match self.store.recover().await {
            Ok(()) => self.space(),
            Err(error) => {
                tracing::warn!(%error, "the audit log stays fenced");
                LedgerState::Fenced { why: self.store.fault().unwrap_or(why), since: *since }
            }
        }
    }

    fn space(&self) -> LedgerState {
        let Some(place) = &self.room else { return LedgerState::Open };
        match rustix::fs::statvfs(place) {
            Ok(disk) if disk.f_bavail.saturating_mul(disk.f_frsize) < self.limit => {
                LedgerState::Low { free: disk.f_bavail.saturating_mul(disk.f_frsize) }
            }
            // A disk that cannot be asked is noticed where it is written to.
            Ok(_) | Err(_) => LedgerState::Open,
        }
    }

    /// Puts a change of state on record.
    async fn tell(&self, before: &LedgerState, now: &LedgerState) {
        let mut records = Vec::new();
        let mut record = |event, reason: String| {
            let mut record = self.draft.event(event);
            record.reason = Some(reason);
            records.push(record);
        };
        if let (LedgerState::Fenced { why, since }, LedgerState::Open | LedgerState::Low { .. }) = (before, now) {
            record(EventCode::LedgerFenced, format!("since {since}: {why}"));
            record(EventCode::LedgerResumed, "what was acknowledged was found on the disk".into());
        }
        match (before, now) {
            (LedgerState::Low { .. }, LedgerState::Open) => {
                record(EventCode::SpaceRestored, "there is room again".into());
            }
            (LedgerState::Open | LedgerState::Fenced { .. }, LedgerState::Low { free }) => {
                tracing::error!(free, limit = self.limit, "the audit log's disk is nearly full: inference stops");
                record(EventCode::SpaceLow, format!("{free} bytes free, {} needed", self.limit));
            }
            _ => {}
        }
        if !records.is_empty() && self.audit.append(None, records).await.is_err() {
            tracing::error!(?now, "a change of the audit log's state could not be recorded");
        }
    }
}
