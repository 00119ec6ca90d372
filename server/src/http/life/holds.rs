//! `/api/holds`: what must not be deleted.

use actix_web::{HttpResponse, web};
use leeward_domain::{
    Timestamp,
    ids::{ConversationId, HoldId, UserId},
    residency::Classification,
    tenant::ModelName,
};
use leeward_ledger::EventCode;
use leeward_store::{Hold, Page, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::App,
    auth::permit::{HoldsManage, Permit},
    error::{AppError, Code},
    http::{
        Body,
        admin::{changed, recorded},
        errors::Problem,
        life::reason,
        paging::{self, PageQuery, Paged},
    },
};

/// Holds in force at the same time.
const MAX_HOLDS: u64 = 1000;

/// A legal hold. A conversation is held if all that is named fits it; what names nothing holds everything.
#[derive(Debug, Serialize, ToSchema)]
pub struct HoldRow {
    #[schema(value_type = String)]
    id: HoldId,
    reason: String,
    /// What this person keeps.
    #[schema(value_type = Option<String>)]
    user: Option<UserId>,
    #[schema(value_type = Option<String>)]
    conversation: Option<ConversationId>,
    /// What was last changed at this time or later.
    #[schema(value_type = Option<String>)]
    from: Option<Timestamp>,
    /// What was begun before this time.
    #[schema(value_type = Option<String>)]
    to: Option<Timestamp>,
    /// What was begun with the model of this name.
    model: Option<String>,
    /// What is so sensitive, or more: now, or once it has risen.
    #[schema(value_type = Option<String>)]
    classification: Option<Classification>,
    #[schema(value_type = String)]
    placed_by: UserId,
    #[schema(value_type = String)]
    placed_at: Timestamp,
    #[schema(value_type = Option<String>)]
    released_by: Option<UserId>,
    /// Null as long as it holds.
    #[schema(value_type = Option<String>)]
    released_at: Option<Timestamp>,
}

impl From<Hold> for HoldRow {
    fn from(hold: Hold) -> Self {
        let Hold { id, reason, user, conversation, from, to, model, class: classification, placed, released } = hold;
        let ((placed_by, placed_at), (released_by, released_at)) = (placed, released.unzip());
        Self {
            id,
            reason,
            user,
            conversation,
            from,
            to,
            model,
            classification,
            placed_by,
            placed_at,
            released_by,
            released_at,
        }
    }
}

/// A hold to place. What is left out holds whatever it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHold {
    /// Why, in 3 to 500 characters: it goes on record.
    reason: String,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    user: Option<UserId>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    conversation: Option<ConversationId>,
    /// RFC 3339.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    from: Option<Timestamp>,
    /// RFC 3339, after `from`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    to: Option<Timestamp>,
    /// A model's name, whether there is such a model now or not.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    model: Option<ModelName>,
    /// `public`, `internal`, `confidential` or `restricted`: what is so sensitive, or more.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    classification: Option<Classification>,
}

/// Why a hold ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// In 3 to 500 characters: it goes on record.
    reason: String,
}

/// Lists holds, the newest first; those that were released, too.
///
/// # Errors
/// 400 for a bad cursor.
#[utoipa::path(get, path = "/api/holds", tag = "residency", params(PageQuery), responses(
    (status = 200, description = "A page of holds", body = Paged<HoldRow>),
    (status = 403, description = "Needs holds.manage", body = Problem)))]
pub async fn list(
    app: web::Data<App>,
    permit: Permit<HoldsManage>,
    page: web::Query<PageQuery>,
) -> Result<HttpResponse, AppError> {
    let (limit, after) = (page.limit()?, page.cursor()?);
    let rows = app.store.tenant_read(permit.tenant.id).await?.holds(Page { after, limit }).await?;
    let next_cursor = paging::next_cursor(&rows, limit, |row| row.id);
    let items: Vec<_> = rows.into_iter().map(HoldRow::from).collect();
    Ok(HttpResponse::Ok().json(Paged { items, next_cursor }))
}

/// Places a hold: from now on nothing it holds is deleted, whoever asks.
///
/// # Errors
/// 400 without a reason or for a period that ends before it begins, 404 for a person of another tenant, 409 when there
/// are too many.
#[utoipa::path(post, path = "/api/holds", tag = "residency", request_body = NewHold, responses(
    (status = 201, description = "Placed", body = HoldRow),
    (status = 400, description = "Malformed", body = Problem),
    (status = 403, description = "Needs holds.manage", body = Problem),
    (status = 404, description = "No such user", body = Problem),
    (status = 409, description = "Too many", body = Problem)))]
pub async fn place(
    app: web::Data<App>,
    permit: Permit<HoldsManage>,
    Body(new): Body<NewHold>,
) -> Result<HttpResponse, AppError> {
    let id: HoldId = app.ambient.mint();
    let draft = permit.draft(&app);
    let work = async {
        let reason = reason(&new.reason)?;
        if new.from.zip(new.to).is_some_and(|(from, to)| from >= to) {
            return Err(AppError::invalid("to", "the period ends before it begins"));
        }
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        tx.settle_holds().await?;
        if let Some(user) = new.user {
            tx.user(user).await?.ok_or_else(|| AppError::not_found("user", user))?;
        }
        if tx.holds_in_force().await? >= MAX_HOLDS {
            let detail = format!("{MAX_HOLDS} holds are in force already; release one, or let one hold more");
            return Err(AppError::new(Code::Conflict, detail));
        }
        let placed = (permit.user.id, app.ambient.now());
        let (user, conversation, from, to) = (new.user, new.conversation, new.from, new.to);
        let (model, class) = (new.model.map(|name| name.to_string()), new.classification);
        let hold = Hold { id, reason, user, conversation, from, to, model, class, placed, released: None };
        let mut record = draft.on(EventCode::HoldPlaced, "hold", id);
        record.reason = Some(hold.reason.clone());
        record.changes = [
            ("user", user.map(|id| id.to_string())),
            ("conversation", conversation.map(|id| id.to_string())),
            ("from", from.map(|at| at.to_string())),
            ("to", to.map(|at| at.to_string())),
            ("model", hold.model.clone()),
            ("classification", class.map(|class| class.as_str().to_owned())),
        ]
        .into_iter()
        .filter_map(|(field, value)| value.map(|value| changed(field, None, Some(value))))
        .collect();
        tx.add_hold(&hold).await?;
        tx.append_audit(&[record]).await?;
        tx.commit().await?;
        Ok(hold)
    };
    let hold = recorded(&app, draft.on(EventCode::HoldPlaceFailed, "hold", id), work).await?;
    Ok(HttpResponse::Created().json(HoldRow::from(hold)))
}

/// Releases a hold: what it held may be deleted again, and runs out again.
///
/// # Errors
/// 400 without a reason, 404 for another tenant's or one that was released.
#[utoipa::path(post, path = "/api/holds/{id}/release", tag = "residency", params(("id" = String, Path)),
    request_body = Release, responses(
    (status = 204, description = "Released"),
    (status = 400, description = "No reason", body = Problem),
    (status = 404, description = "No such hold in force", body = Problem)))]
pub async fn release(
    app: web::Data<App>,
    permit: Permit<HoldsManage>,
    id: web::Path<String>,
    Body(asked): Body<Release>,
) -> Result<HttpResponse, AppError> {
    let id: HoldId = id.parse().map_err(|_| AppError::not_found("hold", &id))?;
    let draft = permit.draft(&app);
    let work = async {
        let mut record = draft.on(EventCode::HoldReleased, "hold", id);
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        tx.settle_holds().await?;
        tx.release_hold(id, permit.user.id, app.ambient.now()).await.map_err(|error| match error {
            StoreError::NotFound => AppError::not_found("hold in force", id),
            other => other.into(),
        })?;
        record.reason = Some(reason(&asked.reason)?);
        tx.append_audit(&[record]).await?;
        Ok(tx.commit().await?)
    };
    recorded(&app, draft.on(EventCode::HoldReleaseFailed, "hold", id), work).await?;
    Ok(HttpResponse::NoContent().finish())
}
