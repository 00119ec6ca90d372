//! `/api/residency-policy/proposals`: one person proposes, another approves.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use leeward_domain::{
    Timestamp,
    ids::PolicyProposalId,
    residency::{Proposal, ProposalError, ProposalState, ResidencyPolicy},
};
use leeward_ledger::EventCode;
use leeward_store::{Page, PolicyProposal, StoreError, TenantRead};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{trial, view};
use crate::{
    app::App,
    auth::permit::{Permit, PolicyManage, PolicyRead},
    error::{AppError, Code},
    http::{
        Body,
        admin::{changed, recorded},
        errors::Problem,
        paging::{self, PageQuery, Paged},
    },
    residency::{self, PROPOSAL},
};

/// What only people do: two people are two only if each is there.
const ACT: &str = "policies are proposed and approved";
/// Proposals that may wait at the same time.
const MAX_PENDING: u64 = 20;
/// How far ahead a date may lie.
const FAR: Duration = Duration::from_secs(366 * 86_400);

/// A policy to propose.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProposal {
    /// With the version that follows the one in force.
    #[schema(value_type = Object)]
    policy: ResidencyPolicy,
    /// Why, in 1 to 1000 characters: it goes on record.
    reason: String,
    /// From when (RFC 3339), at most 366 days ahead; as soon as it is approved if left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    effective_at: Option<Timestamp>,
}

/// Lists proposals, the newest first.
///
/// # Errors
/// 400 for a bad cursor.
#[utoipa::path(get, path = "/api/residency-policy/proposals", tag = "residency", params(PageQuery), responses(
    (status = 200, description = "A page of proposals", body = Paged<view::Proposal>),
    (status = 403, description = "Needs policy.read", body = Problem)))]
pub async fn list(
    app: web::Data<App>,
    permit: Permit<PolicyRead>,
    page: web::Query<PageQuery>,
) -> Result<HttpResponse, AppError> {
    let (limit, after) = (page.limit()?, page.cursor()?);
    let rows = app.store.tenant_read(permit.tenant.id).await?.policy_proposals(Page { after, limit }).await?;
    let next_cursor = paging::next_cursor(&rows, limit, |row| row.id);
    let items: Vec<_> = rows.into_iter().map(|row| view::Proposal::new(row, None)).collect();
    Ok(HttpResponse::Ok().json(Paged { items, next_cursor }))
}

/// Shows a proposal, with what it would have refused in the last 30 days.
///
/// # Errors
/// 404 for another tenant's.
#[utoipa::path(get, path = "/api/residency-policy/proposals/{id}", tag = "residency", params(("id" = String, Path)),
    responses(
    (status = 200, description = "The proposal", body = view::Proposal),
    (status = 404, description = "No such proposal", body = Problem)))]
pub async fn get(
    app: web::Data<App>,
    permit: Permit<PolicyRead>,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let mut tx = app.store.tenant_read(permit.tenant.id).await?;
    let kept = find(&mut tx, parse(&id)?).await?;
    let trial = trial::of(&app, &mut tx, kept.proposal.policy()).await?;
    Ok(HttpResponse::Ok().json(view::Proposal::new(kept, Some(trial))))
}

/// Proposes a policy. It changes nothing before somebody else approves.
///
/// # Errors
/// 400 for faulty rules or a date too far ahead, 409 for a version that does not come next or too many that wait.
#[utoipa::path(post, path = "/api/residency-policy/proposals", tag = "residency", request_body = NewProposal, responses(
    (status = 201, description = "Proposed", body = view::Proposal),
    (status = 400, description = "Malformed", body = Problem),
    (status = 403, description = "Needs policy.manage, and a browser's session", body = Problem),
    (status = 409, description = "Another version is in force, or too many wait", body = Problem)))]
pub async fn create(
    app: web::Data<App>,
    permit: Permit<PolicyManage>,
    Body(new): Body<NewProposal>,
) -> Result<HttpResponse, AppError> {
    let id: PolicyProposalId = app.ambient.mint();
    let draft = permit.draft(&app);
    let work = async {
        permit.in_person(ACT)?;
        let now = app.ambient.now();
        let effective_at = new.effective_at.unwrap_or(now);
        if effective_at > now.plus(FAR) {
            return Err(AppError::invalid(
                "effective_at",
                "the date lies more than 366 days ahead; choose a nearer one",
            ));
        }
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        let base = tx.tenant().await?.policy;
        check(&new.policy, &base)?;
        if tx.pending_policy_proposals().await? >= MAX_PENDING {
            let detail = format!("{MAX_PENDING} proposals wait already; withdraw one, or have it approved");
            return Err(AppError::new(Code::Conflict, detail));
        }
        let proposal = Proposal::new(new.policy, permit.user.id, new.reason, effective_at).map_err(unusable)?;
        let mut record = draft.on(EventCode::PolicyProposed, PROPOSAL, id);
        record.changes = proposal.policy().changes_from(&base);
        record.changes.push(changed("effective_at", None, Some(effective_at.to_string())));
        record.reason = Some(proposal.reason().to_owned());
        let kept = PolicyProposal { id, state: ProposalState::Open, proposal, base, created_at: now };
        tx.add_policy_proposal(&kept).await?;
        let trial = trial::of(&app, &mut tx, kept.proposal.policy()).await?;
        tx.append_audit(&[record]).await?;
        tx.commit().await?;
        Ok(view::Proposal::new(kept, Some(trial)))
    };
    let made = recorded(&app, draft.on(EventCode::PolicyProposeFailed, PROPOSAL, id), work).await?;
    Ok(HttpResponse::Created().json(made))
}

/// Approves somebody else's proposal. If its date has come, it is in force from now on.
///
/// # Errors
/// 403 unless signed in at a browser, 404 for another tenant's, 409 for one's own or one that waits no more.
#[utoipa::path(post, path = "/api/residency-policy/proposals/{id}/approve", tag = "residency",
    params(("id" = String, Path)), responses(
    (status = 200, description = "Approved, and in force if its date has come", body = view::Proposal),
    (status = 403, description = "Needs policy.manage, and a browser's session", body = Problem),
    (status = 404, description = "No such proposal", body = Problem),
    (status = 409, description = "One's own, or it waits no more", body = Problem)))]
pub async fn approve(
    app: web::Data<App>,
    permit: Permit<PolicyManage>,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let id = parse(&id)?;
    let draft = permit.draft(&app);
    let work = async {
        permit.in_person(ACT)?;
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        let mut kept = find(&mut tx, id).await?;
        if kept.state != ProposalState::Open {
            return Err(waits_no_more(kept.state));
        }
        let current = tx.tenant().await?.policy;
        check(kept.proposal.policy(), &current)?;
        kept.proposal.approve(permit.user.id).map_err(unusable)?;
        kept.state = ProposalState::Approved;
        tx.move_policy_proposal(ProposalState::Open, &kept).await.map_err(moved)?;
        let mut records = vec![draft.on(EventCode::PolicyApproved, PROPOSAL, id)];
        if kept.proposal.ready(app.ambient.now()) {
            let enacted = kept.proposal.enact(&current, app.ambient.now()).map_err(AppError::internal)?;
            records.extend(residency::enact(&mut tx, &draft, &mut kept, &current, &enacted).await?);
        }
        tx.append_audit(&records).await?;
        tx.commit().await?;
        Ok(view::Proposal::new(kept, None))
    };
    let approved = recorded(&app, draft.on(EventCode::PolicyApproveFailed, PROPOSAL, id), work).await?;
    Ok(HttpResponse::Ok().json(approved))
}

/// Takes a proposal back: one's own or anybody's, as long as it is not in force.
///
/// # Errors
/// 404 for another tenant's, 409 for one that waits no more.
#[utoipa::path(post, path = "/api/residency-policy/proposals/{id}/withdraw", tag = "residency",
    params(("id" = String, Path)), responses(
    (status = 200, description = "Taken back", body = view::Proposal),
    (status = 404, description = "No such proposal", body = Problem),
    (status = 409, description = "It waits no more", body = Problem)))]
pub async fn withdraw(
    app: web::Data<App>,
    permit: Permit<PolicyManage>,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let id = parse(&id)?;
    let draft = permit.draft(&app);
    let work = async {
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        let mut kept = find(&mut tx, id).await?;
        let from = kept.state;
        if !from.is_pending() {
            return Err(waits_no_more(from));
        }
        kept.state = ProposalState::Withdrawn;
        tx.move_policy_proposal(from, &kept).await.map_err(moved)?;
        tx.append_audit(&[draft.on(EventCode::PolicyWithdrawn, PROPOSAL, id)]).await?;
        tx.commit().await?;
        Ok(view::Proposal::new(kept, None))
    };
    let withdrawn = recorded(&app, draft.on(EventCode::PolicyWithdrawFailed, PROPOSAL, id), work).await?;
    Ok(HttpResponse::Ok().json(withdrawn))
}

/// Refuses a policy with faulty rules, or one made for another version than the one in force.
///
/// # Errors
/// 400 on `policy`, 409.
pub(super) fn check(policy: &ResidencyPolicy, current: &ResidencyPolicy) -> Result<(), AppError> {
    Proposal::may_hold(policy).map_err(unusable)?;
    if current.version.checked_add(1) == Some(policy.version) {
        return Ok(());
    }
    let detail = format!(
        "version {} is in force, so what is proposed now is version {}, not {}; look at the one in force first",
        current.version,
        current.version.saturating_add(1),
        policy.version
    );
    Err(AppError::new(Code::Conflict, detail))
}

fn unusable(error: ProposalError) -> AppError {
    let text = error.to_string();
    match error {
        ProposalError::Policy(faults) => {
            let told = faults.iter().take(10).map(ToString::to_string).collect::<Vec<_>>().join("; ");
            AppError::invalid("policy", told)
        }
        ProposalError::TooManyRules { .. } => AppError::invalid("policy", text),
        ProposalError::Reason => AppError::invalid("reason", text),
        ProposalError::OwnProposal(_) => {
            AppError::new(Code::SeparationOfDuties, "you proposed it yourself; somebody else must approve")
        }
        ProposalError::AlreadyApproved(_) => AppError::new(Code::Conflict, text),
    }
}

fn waits_no_more(state: ProposalState) -> AppError {
    AppError::new(Code::Conflict, format!("the proposal is {state}, so there is nothing left to decide"))
}

fn moved(error: StoreError) -> AppError {
    match error {
        StoreError::NotFound => AppError::new(Code::Conflict, "somebody else was faster; look at the proposal again"),
        other => other.into(),
    }
}

fn parse(id: &str) -> Result<PolicyProposalId, AppError> {
    id.parse().map_err(|_| AppError::not_found("proposal", id))
}

async fn find(tx: &mut TenantRead, id: PolicyProposalId) -> Result<PolicyProposal, AppError> {
    tx.policy_proposal(id).await?.ok_or_else(|| AppError::not_found("proposal", id))
}
