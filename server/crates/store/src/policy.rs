//! How a tenant's residency policy changes: proposals, and the policies there have been.
//!
//! The policy in force stands in the tenant's own row, which every request reads anyway; here is how it came there.

use leeward_domain::{
    Timestamp,
    ids::{PolicyProposalId, TenantId},
    residency::{Enacted, Proposal, ProposalState, ResidencyPolicy},
};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{
    Page, PlatformRead, Result, TenantRead, TenantWrite,
    page::bounded,
    tx::{Row, Time, execute, fetch_all, fetch_optional, one_row},
};

/// A proposal as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyProposal {
    /// Names it for ever.
    pub id: PolicyProposalId,
    /// How far it has come.
    pub state: ProposalState,
    /// What is proposed, by whom, and who stands behind it.
    pub proposal: Proposal,
    /// The policy in force when it was made.
    pub base: ResidencyPolicy,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A policy the tenant has had, or has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyVersion {
    /// The policy.
    pub policy: ResidencyPolicy,
    /// How it came into force; none of the first, which nobody proposed.
    pub enacted: Option<Enacted>,
}

fn proposal(row: &Row) -> Result<PolicyProposal> {
    Ok(PolicyProposal {
        id: row.id("id")?,
        state: row.parsed("state")?,
        proposal: row.json("proposal")?,
        base: row.json("base")?,
        created_at: row.time("created_at")?,
    })
}

impl TenantRead {
    /// Proposals, the newest first; the cursor is the last one's id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn policy_proposals(&mut self, page: Page<PolicyProposalId>) -> Result<Vec<PolicyProposal>> {
        let rows = fetch_all!(
            self.tx,
            "select id, state, proposal, base, created_at from policy_proposals \
             where tenant_id = $1 and id < $2 order by id desc limit $3",
            self.tenant.uuid(),
            page.after.map_or(Uuid::max(), PolicyProposalId::uuid),
            page.rows(),
        )?;
        rows.iter().map(proposal).collect()
    }

    /// One proposal.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn policy_proposal(&mut self, id: PolicyProposalId) -> Result<Option<PolicyProposal>> {
        let row = fetch_optional!(
            self.tx,
            "select id, state, proposal, base, created_at from policy_proposals where tenant_id = $1 and id = $2",
            self.tenant.uuid(),
            id.uuid(),
        )?;
        row.as_ref().map(proposal).transpose()
    }

    /// How many proposals may still come into force.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pending_policy_proposals(&mut self) -> Result<u64> {
        let row = fetch_optional!(
            self.tx,
            "select count(*) as n from policy_proposals where tenant_id = $1 and state in ('open', 'approved')",
            self.tenant.uuid(),
        )?;
        row.map_or(Ok(0), |row| row.unsigned("n"))
    }

    /// The policies there have been, the newest first; the cursor is the last one's version. Empty as long as the
    /// first one is in force.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn policy_versions(&mut self, page: Page<u32>) -> Result<Vec<PolicyVersion>> {
        let rows = fetch_all!(
            self.tx,
            "select policy, enacted from policies where tenant_id = $1 and version < $2 order by version desc limit $3",
            self.tenant.uuid(),
            page.after.map_or(i64::MAX, i64::from),
            page.rows(),
        )?;
        rows.iter()
            .map(|row| Ok(PolicyVersion { policy: row.json("policy")?, enacted: row.json_opt("enacted")? }))
            .collect()
    }
}

impl TenantWrite {
    /// Adds a proposal.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_policy_proposal(&mut self, new: &PolicyProposal) -> Result<()> {
        let tenant = self.tenant.uuid();
        execute!(
            self.tx,
            "insert into policy_proposals (tenant_id, id, state, proposal, base, effective_at, created_at) \
             values ($1, $2, $3, $4, $5, $6, $7)",
            tenant,
            new.id.uuid(),
            new.state.as_str(),
            Json(&new.proposal),
            Json(&new.base),
            Time(new.proposal.effective_at()),
            Time(new.created_at),
        )?;
        Ok(())
    }

    /// Takes a proposal from the state `from` to where `now` stands. Of two that try at the same time one succeeds.
    ///
    /// # Errors
    /// `NotFound` if it is in another state, or there is none.
    pub async fn move_policy_proposal(&mut self, from: ProposalState, now: &PolicyProposal) -> Result<()> {
        let tenant = self.tenant.uuid();
        one_row(execute!(
            self.tx,
            "update policy_proposals set state = $4, proposal = $5 where tenant_id = $1 and id = $2 and state = $3",
            tenant,
            now.id.uuid(),
            from.as_str(),
            now.state.as_str(),
            Json(&now.proposal),
        )?)
    }

    /// Puts a policy into force in the place of `before`, and gives the proposals that this leaves behind.
    ///
    /// # Errors
    /// `Conflict` if there has been a policy of this version, `NotFound` if there is no such tenant.
    pub async fn enact_policy(&mut self, before: &ResidencyPolicy, enacted: &Enacted) -> Result<Vec<PolicyProposalId>> {
        self.security = true;
        let tenant = self.tenant.uuid();
        execute!(
            self.tx,
            "insert into policies (tenant_id, version, policy) values ($1, $2, $3) on conflict do nothing",
            tenant,
            i64::from(before.version),
            Json(before),
        )?;
        execute!(
            self.tx,
            "insert into policies (tenant_id, version, policy, enacted) values ($1, $2, $3, $4)",
            tenant,
            i64::from(enacted.policy.version),
            Json(&enacted.policy),
            Json(enacted),
        )?;
        one_row(execute!(self.tx, "update tenants set policy = $2 where id = $1", tenant, Json(&enacted.policy))?)?;
        let left = fetch_all!(
            self.tx,
            "update policy_proposals set state = 'superseded' where tenant_id = $1 and state in ('open', 'approved') \
             returning id",
            tenant,
        )?;
        left.iter().map(|row| row.id("id")).collect()
    }
}

impl PlatformRead {
    /// Approved proposals whose date has come, of all tenants, the longest due first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn due_policy_proposals(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<(TenantId, PolicyProposalId)>> {
        let rows = fetch_all!(
            self.tx,
            "select tenant_id, id from policy_proposals where state = 'approved' and effective_at <= $1 \
             order by effective_at limit $2",
            Time(now),
            bounded(limit),
        )?;
        rows.iter().map(|row| Ok((row.id("tenant_id")?, row.id("id")?))).collect()
    }
}
