//! Witnesses of our logs (`[[audit.witnesses]]`): each is sent every log's newest checkpoint with the proof that it
//! continues the one it cosigned before, and what it signs is kept with the checkpoint.
//!
//! So a log that is cut, rewritten or shown in two versions is noticed by somebody who has no part in running it. A
//! witness learns how many records a log has and a hash; it is asked about a tenant's log only where the tenant's policy
//! allows `telemetry` at its place. One that does not answer holds up nothing but itself.
//!
//! The protocol is C2SP tlog-witness (<https://c2sp.org/tlog-witness>). What we say as a witness is
//! [`crate::http::witness`].

use std::time::Duration;

use leeward_domain::{
    ids::TenantId,
    residency::{Classification, Purpose},
};
use leeward_ledger::{
    EventCode, LogId, Object,
    note::{WitnessKey, with_line},
    tree::proof::{consistency, hashes},
    witness::AddCheckpoint,
};
use leeward_store::{SignedHead, StoreError, Unwitnessed};
use tokio::time::sleep;

use super::sinks::Feed;
use crate::{config::WitnessSection, tasks::Tasks, telemetry::metrics::WitnessLabels};

/// Logs looked at in one round.
const LOGS: u32 = 256;
/// How long one gateway asks a witness before it must say so again, beyond the time between two rounds.
const LEASE: Duration = Duration::from_secs(30);
/// What a witness learns is a number and a hash.
pub const CLASS: Classification = Classification::Public;

/// Asks every witness from now on.
///
/// # Errors
/// When a witness's key or certificate file cannot be read.
pub fn start(sections: &[WitnessSection], every: Duration, feed: &Feed, tasks: &Tasks) -> anyhow::Result<()> {
    for section in sections {
        let key = section.key().map_err(anyhow::Error::msg)?;
        section.trust().map_err(|error| anyhow::anyhow!("audit.witnesses {}: {error}", section.url))?;
        let labels = WitnessLabels { witness: key.name().to_owned() };
        let mut asking =
            Asking { section: section.clone(), key, every, feed: feed.clone(), labels, after: None, broken: false };
        tasks.spawn(async move {
            loop {
                if let Err(error) = asking.round().await {
                    tracing::warn!(witness = asking.key.name(), %error, "a witness was not asked; tried again");
                }
                sleep(asking.every).await;
            }
        });
    }
    Ok(())
}

struct Asking {
    section: WitnessSection,
    key: WitnessKey,
    every: Duration,
    feed: Feed,
    labels: WitnessLabels,
    /// The log of the last page of logs; none at its beginning.
    after: Option<Option<TenantId>>,
    /// Whether the last log was not cosigned.
    broken: bool,
}

/// Why a checkpoint was not cosigned, for people.
#[derive(Debug, thiserror::Error)]
enum Uncosigned {
    /// Of this log; others may fare better.
    #[error("{0}")]
    Witness(String),
    /// The witness is not there: no log fares better.
    #[error("{0}")]
    Unreachable(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Asking {
    async fn round(&mut self) -> Result<(), StoreError> {
        if !self.is_ours().await? {
            return Ok(());
        }
        let logs = self.feed.store.platform_read().await?.unwitnessed(self.key.name(), self.after, LOGS).await?;
        // So that the many cannot starve the last.
        self.after = logs.last().filter(|_| logs.len() as u64 == u64::from(LOGS)).map(|due| due.log);
        let (mut cosigned, mut failed) = (false, None);
        for due in logs.iter().filter(|due| self.may_know(due)) {
            let log = due.log;
            let error = match self.ask(due).await {
                Ok(()) => {
                    cosigned = true;
                    continue;
                }
                Err(Uncosigned::Store(error)) => return Err(error),
                Err(error) => error,
            };
            let mut write = self.feed.store.platform_write().await?;
            write.not_witnessed(self.key.name(), log, &error.to_string(), self.feed.draft.now()).await?;
            write.commit().await?;
            failed.get_or_insert_with(|| format!("{}: {error}", LogId::from(log)));
            if matches!(error, Uncosigned::Unreachable(_)) {
                break;
            }
        }
        match failed {
            Some(why) => self.tell(false, &why).await,
            None if cosigned => self.tell(true, "it cosigns again").await,
            None => {}
        }
        Ok(())
    }

    /// Whether the policy of the tenant whose log it is allows it. The platform's own log is the operator's to show.
    fn may_know(&self, due: &Unwitnessed) -> bool {
        let place = &self.section.place;
        due.policy.as_ref().is_none_or(|policy| policy.decide(Purpose::Telemetry, place, CLASS).allowed)
    }

    /// Has the newest checkpoint of a log cosigned.
    async fn ask(&self, due: &Unwitnessed) -> Result<(), Uncosigned> {
        let (log, old) = (due.log, due.size);
        let Some(signed) = self.feed.store.platform_read().await?.audit_checkpoint(log).await? else { return Ok(()) };
        let line = match self.send(log, &signed, old).await? {
            Ok(line) => line,
            // It knows better than we what it has cosigned.
            Err(size) if size <= signed.head.size && size != old => {
                let again = self.send(log, &signed, size).await?;
                again.map_err(|size| Uncosigned::Witness(format!("it has cosigned {size} records already")))?
            }
            Err(size) => {
                let ours = signed.head.size;
                let why = format!("it has cosigned {size} records and ours has {ours}: one of the two was put back");
                return Err(Uncosigned::Witness(why));
            }
        };
        let is_its = with_line(&signed.note, &line).is_ok_and(|note| self.key.cosigned(&note).is_ok());
        if !is_its {
            return Err(Uncosigned::Witness("what it answered is not its cosignature".into()));
        }
        let mut write = self.feed.store.platform_write().await?;
        write.witnessed(self.key.name(), log, &signed, &line, self.feed.draft.now()).await?;
        Ok(write.commit().await?)
    }

    /// The cosignature's line; or the size the witness has cosigned, if it is not `old`.
    async fn send(
        &self,
        log: Option<TenantId>,
        signed: &SignedHead,
        old: u64,
    ) -> Result<Result<String, u64>, Uncosigned> {
        let ranges = consistency(old, signed.head.size);
        let tiles = self.feed.store.platform_read().await?.audit_tiles(log, &ranges).await?;
        let proof = hashes(&ranges, &tiles)
            .ok_or_else(|| Uncosigned::Witness("our own tree lacks tiles: the stored log was altered".into()))?;
        let body = AddCheckpoint { old, proof, checkpoint: signed.note.clone() }.to_string();
        let trust = self.section.trust().map_err(Uncosigned::Witness)?;
        let sent = self.feed.outbound.post_text(&self.section.endpoint(), &trust, body).await;
        let (status, answer) = sent.map_err(|error| Uncosigned::Unreachable(error.to_string()))?;
        let answer = String::from_utf8_lossy(&answer);
        match status {
            200 => {
                let ours = answer.lines().find(|line| line.contains(&format!(" {} ", self.key.name())));
                let missing = || Uncosigned::Witness("its answer holds no line of its name".into());
                Ok(Ok(ours.map(str::to_owned).ok_or_else(missing)?))
            }
            409 => {
                let unclear = || Uncosigned::Witness("it answered 409 without a size".into());
                Ok(Err(answer.trim().parse().map_err(|_| unclear())?))
            }
            status => {
                let said: String = answer.chars().take(200).collect();
                Err(Uncosigned::Witness(format!("it answered with status {status}: {said}")))
            }
        }
    }

    /// Puts on record that the witness began or ceased to fail.
    async fn tell(&mut self, cosigns: bool, why: &str) {
        self.feed.metrics.witness_up.get_or_create(&self.labels).set(i64::from(cosigns));
        if cosigns != self.broken {
            return;
        }
        let event = if cosigns { EventCode::WitnessResumed } else { EventCode::WitnessFailed };
        let mut record = self.feed.draft.event(event);
        record.object = Some(Object { kind: "audit_witness".into(), id: self.key.name().to_owned() });
        record.reason = Some(why.chars().take(500).collect());
        match self.feed.audit.append(None, vec![record]).await {
            Ok(()) => self.broken = !cosigns,
            Err(error) => tracing::error!(witness = self.key.name(), %error, "how a witness is could not be recorded"),
        }
    }

    async fn is_ours(&self) -> Result<bool, StoreError> {
        if self.feed.store.backend() == "sqlite" {
            return Ok(true);
        }
        let mut write = self.feed.store.platform_write().await?;
        let name = format!("witness:{}", self.key.name());
        let mine = write.lease(&name, self.feed.draft.now(), self.every + LEASE).await?;
        write.commit().await?;
        Ok(mine)
    }
}
