//! After a crash: every intent without an outcome gets one, `inference.aborted`.
//!
//! Of this gateway's last run at its start, of other gateways when they have not been heard of for a while
//! ([`crate::instance`]).

use leeward_domain::Ambient;
use leeward_ledger::{EventCode, Phase};
use leeward_store::{Orphans, Store, StoreError};

use super::Draft;

/// How many open intents are closed per transaction.
const BATCH: u32 = 500;

/// Closes the open intents of gateways that are gone, or this one's own. Its own only
/// before the first request is accepted: an intent of a running request would be closed as well.
///
/// # Errors
/// When the database fails; nothing is half-done, the next call goes on. `Conflict` when another gateway was faster.
pub async fn close_open_intents(store: &Store, ambient: &Ambient, whose: Orphans) -> Result<(), StoreError> {
    let draft = Draft::system(ambient);
    let mut closed = 0;
    loop {
        let open = store.platform_read().await?.open_intents(store.instance(), whose, ambient.now(), BATCH).await?;
        if open.is_empty() {
            break;
        }
        let mut tx = store.platform_write().await?;
        for (log, intent) in &open {
            let mut outcome = draft.record(EventCode::InferenceAborted, Phase::Outcome);
            outcome.tenant = *log;
            outcome.request = intent.request;
            outcome.trace.clone_from(&intent.trace);
            outcome.object.clone_from(&intent.object);
            outcome.decision.clone_from(&intent.decision);
            outcome.classification = intent.classification;
            outcome.prompt_hmac = intent.prompt_hmac;
            outcome.model.clone_from(&intent.model);
            outcome.place.clone_from(&intent.place);
            outcome.isolation.clone_from(&intent.isolation);
            outcome.reason = Some("the service stopped before the answer was complete; tokens are not known".into());
            tx.append_audit_to(*log, std::slice::from_ref(&outcome)).await?;
        }
        tx.commit().await?;
        closed += open.len() as u64;
    }
    if closed > 0 {
        tracing::warn!(closed, ?whose, "ended what a gateway that is gone had left open");
        let mut record = draft.event(EventCode::LogRecovered);
        record.reason = Some(format!("{closed} open intents closed as aborted"));
        let mut tx = store.platform_write().await?;
        tx.append_audit_to(None, std::slice::from_ref(&record)).await?;
        tx.commit().await?;
    }
    Ok(())
}
