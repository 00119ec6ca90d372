//! Listing, making, renaming and deleting conversations.

use actix_web::{HttpResponse, web};
use leeward_domain::{
    ids::{ConversationId, MessageId},
    residency::{Classification, Purpose},
    tenant::ModelName,
    time::Timestamp,
};
use leeward_keyring::TenantKey;
use leeward_ledger::EventCode;
use leeward_store::{ConversationKey, Page};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::App,
    auth::permit::{ChatUse, Permit},
    error::{AppError, Code},
    http::{
        Body,
        admin::{changed, recorded},
        errors::Problem,
        life,
        paging::{self, PageQuery, Paged},
    },
    inference::UNSAID,
    sealed::{Keys, Text},
};

/// The longest title in characters.
pub(super) const MAX_TITLE: usize = 120;

/// A conversation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Conversation {
    #[schema(value_type = String)]
    id: ConversationId,
    /// Empty until the first message.
    title: String,
    /// The model it talks to.
    model: String,
    /// How sensitive it is: as the most sensitive thing said in it. It only rises.
    #[schema(value_type = String)]
    classification: Classification,
    #[schema(value_type = String)]
    created_at: Timestamp,
    /// When the last message was added.
    #[schema(value_type = String)]
    updated_at: Timestamp,
}

/// A message of a conversation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Message {
    /// Its id.
    #[schema(value_type = String)]
    pub(super) id: MessageId,
    /// `user` or `assistant`.
    pub(super) role: String,
    /// What was said.
    pub(super) content: String,
    /// The model that answered.
    pub(super) model: Option<String>,
    /// `stop`, `length`, `cancelled` or `error`.
    pub(super) finish_reason: Option<String>,
    /// What the prompt cost.
    pub(super) prompt_tokens: Option<i64>,
    /// What the answer cost.
    pub(super) completion_tokens: Option<i64>,
    /// When it was added.
    #[schema(value_type = String)]
    pub(super) created_at: Timestamp,
}

/// A conversation with its messages, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConversationDetail {
    conversation: Conversation,
    messages: Vec<Message>,
}

/// A conversation to begin.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConversation {
    /// The model to talk to.
    model: String,
    /// How sensitive it is from the beginning; `internal` if left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    classification: Option<Classification>,
}

/// What to change: at least one of the two.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConversationPatch {
    /// The new title, 1 to 120 characters.
    #[serde(default)]
    title: Option<String>,
    /// How sensitive it is from now on: `public`, `internal`, `confidential` or `restricted`, no less than before.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    classification: Option<Classification>,
}

impl Conversation {
    /// As in a list, which one that was erased does not keep from being read: it has no title any more.
    fn listed(key: &TenantKey, row: leeward_store::Conversation) -> Result<Self, AppError> {
        if let ConversationKey::Destroyed(_) = row.key {
            return Ok(Self::titled(String::new(), row));
        }
        Self::open(&Keys::of(key, &row)?, row)
    }

    pub(in crate::http) fn open(keys: &Keys, row: leeward_store::Conversation) -> Result<Self, AppError> {
        Ok(Self::titled(keys.open(Text::Title(row.id), &row.title)?, row))
    }

    pub(in crate::http) fn titled(title: String, row: leeward_store::Conversation) -> Self {
        let leeward_store::Conversation { id, model, class: classification, created_at, updated_at, .. } = row;
        Self { id, title, model, classification, created_at, updated_at }
    }
}

impl Message {
    pub(in crate::http) fn open(keys: &Keys, row: leeward_store::Message) -> Result<Self, AppError> {
        Ok(Self {
            content: keys.open(Text::Message(row.conversation, row.id), &row.content)?,
            id: row.id,
            role: row.role,
            model: row.model,
            finish_reason: row.finish_reason,
            prompt_tokens: row.prompt_tokens,
            completion_tokens: row.completion_tokens,
            created_at: row.created_at,
        })
    }
}

/// The caller's own conversation, or 404.
pub(super) async fn own(
    app: &App,
    permit: &Permit<ChatUse>,
    id: &str,
) -> Result<leeward_store::Conversation, AppError> {
    let not_found = || AppError::not_found("conversation", id);
    let id: ConversationId = id.parse().map_err(|_| not_found())?;
    let mut tx = app.store.tenant_read(permit.tenant.id).await?;
    tx.conversation(permit.user.id, id).await?.ok_or_else(not_found)
}

/// Asks the tenant's policy whether content may be kept here; a refusal goes on record.
///
/// # Errors
/// `residency_denied`, naming the rule.
pub(in crate::http) async fn may_keep(
    app: &App,
    permit: &Permit<ChatUse>,
    id: ConversationId,
    class: Classification,
) -> Result<(), AppError> {
    let decision = permit.tenant.policy.decide(Purpose::Store, &app.place, class);
    if decision.allowed {
        return Ok(());
    }
    let detail = format!("the tenant's residency policy does not allow keeping conversations here ({})", decision.rule);
    let draft = permit.draft(app);
    let mut refused = draft.on(EventCode::ConversationChangeFailed, "conversation", id);
    refused.decision = Some(decision);
    refused.classification = Some(class);
    refused.place = Some(app.place.clone());
    refused.reason = Some(Code::ResidencyDenied.as_str().into());
    app.audit.append(draft.log(), vec![refused]).await?;
    Err(AppError::new(Code::ResidencyDenied, detail))
}

/// Lists the caller's conversations, the latest used first.
///
/// # Errors
/// 400 for a bad cursor.
#[utoipa::path(get, path = "/api/conversations", tag = "chat", params(PageQuery), responses(
    (status = 200, description = "A page of conversations", body = Paged<Conversation>),
    (status = 403, description = "Needs chat.use", body = Problem)))]
pub async fn list(
    app: web::Data<App>,
    permit: Permit<ChatUse>,
    page: web::Query<PageQuery>,
) -> Result<HttpResponse, AppError> {
    let limit = page.limit()?;
    let after = page.cursor()?;
    let key = app.tenant_key(&permit.tenant).await?;
    let mut tx = app.store.tenant_read(permit.tenant.id).await?;
    let rows = tx.conversations(permit.user.id, Page { after, limit }).await?;
    let next_cursor = paging::next_cursor(&rows, limit, |row| (row.updated_at, row.id));
    let items = rows.into_iter().map(|row| Conversation::listed(&key, row)).collect::<Result<Vec<_>, _>>()?;
    Ok(HttpResponse::Ok().json(Paged { items, next_cursor }))
}

/// Begins a conversation.
///
/// # Errors
/// 403 `residency_denied` for a classification that may not be kept here, 404 `model_not_found`.
#[utoipa::path(post, path = "/api/conversations", tag = "chat", request_body = NewConversation, responses(
    (status = 201, description = "Begun", body = Conversation),
    (status = 403, description = "Needs chat.use, or the policy forbids keeping it here", body = Problem),
    (status = 404, description = "No such model", body = Problem)))]
pub async fn create(
    app: web::Data<App>,
    permit: Permit<ChatUse>,
    Body(new): Body<NewConversation>,
) -> Result<HttpResponse, AppError> {
    let known = app.catalogue.known();
    let named = new.model.parse::<ModelName>().ok();
    if named.and_then(|name| known.resolve(&name, permit.tenant.id, 0)).is_none() {
        return Err(AppError::new(Code::ModelNotFound, "there is no such model; GET /api/models lists what there is"));
    }
    let id: ConversationId = app.ambient.mint();
    let class = new.classification.unwrap_or(UNSAID);
    if new.classification.is_some() {
        may_keep(&app, &permit, id, class).await?;
    }
    let key = app.tenant_key(&permit.tenant).await?;
    let now = app.ambient.now();
    let (own, kept) = Keys::mint(&key, &app, id)?;
    let row = leeward_store::Conversation {
        id,
        user: permit.user.id,
        model: new.model,
        title: Text::Title(id).seal(&own, &app, "")?,
        key: ConversationKey::Own(kept),
        class,
        created_at: now,
        updated_at: now,
    };
    let mut tx = app.store.tenant_write(permit.tenant.id).await?;
    tx.add_conversation(&row).await?;
    tx.append_audit(&[permit.draft(&app).on(EventCode::ConversationCreated, "conversation", id)]).await?;
    tx.commit().await?;
    Ok(HttpResponse::Created().json(Conversation::open(&Keys::of(&key, &row)?, row)?))
}

/// Reads a conversation.
///
/// # Errors
/// 404 for anybody else's.
#[utoipa::path(get, path = "/api/conversations/{id}", tag = "chat", params(("id" = String, Path)), responses(
    (status = 200, description = "The conversation", body = ConversationDetail),
    (status = 404, description = "No such conversation", body = Problem)))]
pub async fn get(
    app: web::Data<App>,
    permit: Permit<ChatUse>,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let row = own(&app, &permit, &id).await?;
    let key = app.tenant_key(&permit.tenant).await?;
    let keys = Keys::of(&key, &row)?;
    let rows = app.store.tenant_read(permit.tenant.id).await?.messages(row.id).await?;
    let messages = rows.into_iter().map(|row| Message::open(&keys, row)).collect::<Result<_, _>>()?;
    Ok(HttpResponse::Ok().json(ConversationDetail { conversation: Conversation::open(&keys, row)?, messages }))
}

/// Renames a conversation, or raises how sensitive it is.
///
/// # Errors
/// 400 for an unusable title or a lower classification, 403 `residency_denied`, 404 for anybody else's.
#[utoipa::path(patch, path = "/api/conversations/{id}", tag = "chat", params(("id" = String, Path)),
    request_body = ConversationPatch, responses(
    (status = 200, description = "Changed", body = Conversation),
    (status = 403, description = "Needs chat.use, or the policy forbids keeping it here", body = Problem),
    (status = 404, description = "No such conversation", body = Problem)))]
pub async fn rename(
    app: web::Data<App>,
    permit: Permit<ChatUse>,
    id: web::Path<String>,
    Body(patch): Body<ConversationPatch>,
) -> Result<HttpResponse, AppError> {
    let title = patch.title.as_deref().map(str::trim);
    if title.is_some_and(|title| title.is_empty() || title.chars().count() > MAX_TITLE) {
        return Err(AppError::invalid("title", format!("a title has 1 to {MAX_TITLE} characters")));
    }
    if title.is_none() && patch.classification.is_none() {
        return Err(AppError::invalid("title", "say what to change: title, classification or both"));
    }
    let mut row = own(&app, &permit, &id).await?;
    let (was, class) = (row.class, patch.classification.unwrap_or(row.class));
    if class < was {
        let detail = format!("a classification only rises, and this conversation is {} already", was.as_str());
        return Err(AppError::invalid("classification", detail));
    }
    may_keep(&app, &permit, row.id, class).await?;
    let key = app.tenant_key(&permit.tenant).await?;
    let mut keys = Keys::of(&key, &row)?;
    if let Some(title) = title {
        row.title = Text::Title(row.id).seal(&keys.for_writing(&app, &row).await?, &app, title)?;
    }
    row.class = class;
    // That it was renamed, not to what: a title is content.
    let mut record = permit.draft(&app).on(EventCode::ConversationUpdated, "conversation", row.id);
    if class > was {
        let (from, to) = (was.as_str().to_owned(), class.as_str().to_owned());
        record.changes.push(changed("classification", Some(from), Some(to)));
    }
    let mut tx = app.store.tenant_write(permit.tenant.id).await?;
    if title.is_some() {
        tx.rename_conversation(permit.user.id, row.id, &row.title).await?;
    }
    tx.raise_conversation(permit.user.id, row.id, class).await?;
    tx.append_audit(&[record]).await?;
    tx.commit().await?;
    Ok(HttpResponse::Ok().json(Conversation::open(&keys, row)?))
}

/// Deletes a conversation with its messages, for good: its key is destroyed.
///
/// # Errors
/// 404 for anybody else's, 409 `legal_hold`.
#[utoipa::path(delete, path = "/api/conversations/{id}", tag = "chat", params(("id" = String, Path)), responses(
    (status = 204, description = "Deleted"),
    (status = 404, description = "No such conversation", body = Problem),
    (status = 409, description = "A legal hold keeps it", body = Problem)))]
pub async fn delete(
    app: web::Data<App>,
    permit: Permit<ChatUse>,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let row = own(&app, &permit, &id).await?;
    erase(&app, &permit, row.id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Deletes what the caller owns, on record, and for good.
///
/// # Errors
/// 409 `legal_hold`, and as [`life::entomb`].
pub(in crate::http) async fn erase(app: &App, permit: &Permit<ChatUse>, id: ConversationId) -> Result<(), AppError> {
    let draft = permit.draft(app);
    let work = async {
        let record = draft.on(EventCode::ConversationDeleted, "conversation", id);
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        tx.settle_holds().await?;
        life::let_go(tx.holds_on_conversation(id).await?)?;
        tx.delete_conversation(permit.user.id, id, life::grave(&record)).await?;
        tx.append_audit(&[record]).await?;
        Ok(tx.commit().await?)
    };
    recorded(app, draft.on(EventCode::ConversationChangeFailed, "conversation", id), work).await?;
    life::entomb(app).await.map(drop)
}
