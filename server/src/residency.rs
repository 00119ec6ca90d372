//! Bringing residency policies into force: at once when the second person approves, or when their date comes.
//!
//! Every gateway looks for proposals whose date has come; of several that find the same one, one succeeds. Whoever has
//! the tenant's policy in memory forgets it with the security epoch, within a second. Left out: proposing and
//! approving, which is `http::residency`'s, and the rules, which are the domain's.

use std::{sync::Arc, time::Duration};

use leeward_domain::{
    ids::{PolicyProposalId, TenantId},
    residency::{Enacted, NotEnacted, ProposalState, ResidencyPolicy},
};
use leeward_ledger::{Change, EventCode, Record};
use leeward_store::{PolicyProposal, StoreError, TenantWrite};
use tokio::time::sleep;

use crate::{
    app::App,
    audit::Draft,
    error::{AppError, Code},
    tasks::Tasks,
};

/// How often it is looked for what is due: with the epoch's period, everybody knows within a second.
const PERIOD: Duration = Duration::from_millis(500);
/// Proposals brought into force in one round.
const ROUND: u32 = 20;

/// What kind of object proposals are in records.
pub const PROPOSAL: &str = "policy_proposal";

/// Starts bringing into force what is due, on a task nobody waits for: it ends with the process.
pub fn start(app: Arc<App>, tasks: &Tasks) {
    tasks.spawn(async move {
        let mut failing = false;
        loop {
            match round(&app).await {
                Ok(()) => failing = false,
                Err(error) if !failing => {
                    failing = true;
                    tracing::warn!(%error, "residency policies could not be brought into force; tried again");
                }
                Err(_) => {}
            }
            sleep(PERIOD).await;
        }
    });
}

async fn round(app: &App) -> Result<(), AppError> {
    let due = app.store.platform_read().await?.due_policy_proposals(app.ambient.now(), ROUND).await?;
    let mut failed = None;
    for (tenant, id) in due {
        // One that fails does not keep the others waiting.
        failed = failed.or(bring_into_force(app, tenant, id).await.err());
    }
    failed.map_or(Ok(()), Err)
}

async fn bring_into_force(app: &App, tenant: TenantId, id: PolicyProposalId) -> Result<(), AppError> {
    let draft = Draft::system(&app.ambient).in_tenant(tenant);
    let mut tx = app.store.tenant_write(tenant).await?;
    let Some(mut kept) = tx.policy_proposal(id).await? else { return Ok(()) };
    if kept.state != ProposalState::Approved {
        return Ok(());
    }
    let current = tx.tenant().await?.policy;
    let records = match kept.proposal.enact(&current, draft.now()) {
        Ok(enacted) => enact(&mut tx, &draft, &mut kept, &current, &enacted).await?,
        Err(NotEnacted::Stale { .. }) => {
            kept.state = ProposalState::Superseded;
            tx.move_policy_proposal(ProposalState::Approved, &kept).await?;
            vec![left_behind(&draft, id)]
        }
        // Its date was moved by a clock: it is looked at again.
        Err(NotEnacted::Early(_) | NotEnacted::Unapproved) => return Ok(()),
    };
    tx.append_audit(&records).await?;
    tx.commit().await?;
    Ok(())
}

/// Puts an approved proposal into force within the caller's transaction, and gives the records that tell of it.
///
/// # Errors
/// 409 when another policy came into force meanwhile.
pub async fn enact(
    tx: &mut TenantWrite,
    draft: &Draft,
    kept: &mut PolicyProposal,
    current: &ResidencyPolicy,
    enacted: &Enacted,
) -> Result<Vec<Record>, AppError> {
    let overtaken = |error| match error {
        StoreError::NotFound | StoreError::Conflict { .. } => {
            AppError::new(Code::Conflict, "another policy came into force at the same time; look at it first")
        }
        other => other.into(),
    };
    let from = kept.state;
    kept.state = ProposalState::Enacted;
    tx.move_policy_proposal(from, kept).await.map_err(overtaken)?;
    let left = tx.enact_policy(current, enacted).await.map_err(overtaken)?;
    let mut record = draft.on(EventCode::PolicyEnacted, PROPOSAL, kept.id);
    record.changes = enacted.policy.changes_from(current);
    let told = |field: &str, from, to| Change { field: field.to_owned(), from, to };
    let (was, is) = (enacted.replaces.to_string(), enacted.policy.hash().to_string());
    record.changes.push(told("hash", Some(was), Some(is)));
    record.changes.push(told("proposed_by", None, Some(enacted.proposed_by.to_string())));
    record.changes.extend(enacted.approvals.iter().map(|by| told("approved_by", None, Some(by.to_string()))));
    record.reason = Some(enacted.reason.clone());
    let others = left.into_iter().map(|id| left_behind(draft, id));
    Ok(std::iter::once(record).chain(others).collect())
}

fn left_behind(draft: &Draft, id: PolicyProposalId) -> Record {
    let mut record = draft.on(EventCode::PolicyEnactFailed, PROPOSAL, id);
    record.reason = Some("superseded: another policy came into force first".to_owned());
    record
}
