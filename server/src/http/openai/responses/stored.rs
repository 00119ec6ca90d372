//! Stored responses: kept only where a request says `store: true`, sealed, the caller's own.
//!
//! One is a conversation that no chat lists, with two messages: the items that were asked, all that went before included,
//! and the response as it was answered. It runs out by the policy's retention of conversations.
//! Left out: listing them, and the input's items on a route of their own.

use actix_web::{HttpResponse, web};
use leeward_domain::{
    ids::{ConversationId, MessageId, RequestId, TenantId},
    residency::Classification,
};
use leeward_keyring::DataKey;
use leeward_ledger::EventCode;
use leeward_store::{Conversation, ConversationKey, Message};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::events::ResponseObject;
use crate::{
    app::App,
    audit::Draft,
    auth::permit::{ChatUse, Permit},
    error::AppError,
    http::{chat::conversations, errors::OpenAiError},
    sealed::{Keys, Text},
};

/// What a response's id begins with.
const PREFIX: &str = "resp_";

/// The id of the response that answers a request.
pub(super) fn id_of(request: RequestId) -> String {
    format!("{PREFIX}{}", request.uuid().simple())
}

/// The request that a response answered.
fn request_of(id: &str) -> Option<RequestId> {
    // A response and its request have the same digits.
    format!("req_{}", id.strip_prefix(PREFIX)?).parse().ok()
}

/// What was said before, and how sensitive it is.
#[derive(Debug)]
pub(super) struct Earlier {
    pub(super) items: Vec<Box<RawValue>>,
    pub(super) class: Classification,
}

/// The answer's part of what is kept.
#[derive(Deserialize)]
struct Answered {
    output: Vec<Box<RawValue>>,
}

/// All that was asked and answered up to the response `id`, as items.
///
/// # Errors
/// 400 naming the field where the caller stored no such response (any more).
pub(super) async fn earlier(app: &App, permit: &Permit<ChatUse>, id: &str) -> Result<Earlier, AppError> {
    let unknown = || {
        let detail = format!(
            "previous_response_id: there is no stored response {id:?}; responses are stored only where a request says \
             store: true"
        );
        AppError::invalid("previous_response_id", detail)
    };
    let row = own(app, permit, id).await?.ok_or_else(unknown)?;
    let class = row.class;
    let (asked, answered) = open(app, permit, row).await?.ok_or_else(unknown)?;
    let mut items: Vec<Box<RawValue>> = serde_json::from_str(&asked).map_err(AppError::internal)?;
    let Answered { output } = serde_json::from_str(&answered).map_err(AppError::internal)?;
    items.extend(output);
    Ok(Earlier { items, class })
}

/// The caller's own.
async fn own(app: &App, permit: &Permit<ChatUse>, id: &str) -> Result<Option<Conversation>, AppError> {
    let Some(request) = request_of(id) else { return Ok(None) };
    Ok(app.store.tenant_read(permit.tenant.id).await?.response(permit.user.id, request).await?)
}

/// What was asked and what was answered, both as JSON; nothing if it was deleted meanwhile.
async fn open(app: &App, permit: &Permit<ChatUse>, row: Conversation) -> Result<Option<(String, String)>, AppError> {
    let keys = Keys::of(&app.tenant_key(&permit.tenant).await?, &row)?;
    let messages = app.store.tenant_read(permit.tenant.id).await?.messages(row.id).await?;
    let text = |message: Message| keys.open(Text::Message(row.id, message.id), &message.content);
    let mut texts = messages.into_iter().map(text);
    match (texts.next(), texts.next()) {
        (Some(asked), Some(answered)) => Ok(Some((asked?, answered?))),
        _ => Ok(None),
    }
}

/// A response that is to be kept once it is whole.
pub(super) struct Keeping {
    draft: Draft,
    tenant: TenantId,
    response: RequestId,
    conversation: Conversation,
    key: DataKey,
    /// JSON.
    asked: String,
}

impl Keeping {
    /// Asks whether it may be kept, before anything is made.
    ///
    /// # Errors
    /// `residency_denied`, on record; 400 where it is longer than what is kept.
    pub(super) async fn begin(
        app: &App,
        permit: &Permit<ChatUse>,
        model: &str,
        class: Classification,
        items: &[Box<RawValue>],
    ) -> Result<Self, AppError> {
        let id: ConversationId = app.ambient.mint();
        conversations::may_keep(app, permit, id, class).await?;
        let asked = serde_json::to_string(items).map_err(AppError::internal)?;
        let (held, limit) = (asked.len(), app.config.http.max_body_bytes);
        if held > limit {
            let detail = format!(
                "with what was said before, the input is {held} bytes, and a stored response keeps at most {limit} \
                 (http.max_body_bytes); begin anew, or leave store out"
            );
            return Err(AppError::invalid("input", detail));
        }
        let (key, kept) = Keys::mint(&app.tenant_key(&permit.tenant).await?, app, id)?;
        let title = Text::Title(id).seal(&key, app, &format!("Response: {}", id_of(permit.context.id)))?;
        let now = app.ambient.now();
        let conversation = Conversation {
            id,
            user: permit.user.id,
            model: model.to_owned(),
            title,
            key: ConversationKey::Own(kept),
            class,
            created_at: now,
            updated_at: now,
        };
        let (draft, tenant) = (permit.draft(app), permit.tenant.id);
        Ok(Self { draft, tenant, response: permit.context.id, conversation, key, asked })
    }

    /// Keeps what was asked and answered, all or nothing.
    ///
    /// # Errors
    /// When it cannot be kept; then the caller is not told that it is.
    pub(super) async fn keep(&self, app: &App, response: &ResponseObject) -> Result<(), AppError> {
        let answered = serde_json::to_string(response).map_err(AppError::internal)?;
        let asked = self.message(app, 0, "user", &self.asked)?;
        let answered = Message { model: Some(response.model.clone()), ..self.message(app, 1, "assistant", &answered)? };
        let record = self.draft.on(EventCode::ConversationCreated, "conversation", self.conversation.id);
        let mut tx = app.store.tenant_write(self.tenant).await?;
        tx.add_response(self.response, &self.conversation).await?;
        tx.add_message(&asked).await?;
        tx.add_message(&answered).await?;
        tx.append_audit(&[record]).await?;
        Ok(tx.commit().await?)
    }

    fn message(&self, app: &App, position: i64, role: &str, text: &str) -> Result<Message, AppError> {
        let (id, conversation): (MessageId, _) = (app.ambient.mint(), self.conversation.id);
        Ok(Message {
            id,
            conversation,
            position,
            role: role.to_owned(),
            content: Text::Message(conversation, id).seal(&self.key, app, text)?,
            model: None,
            finish_reason: None,
            prompt_tokens: None,
            completion_tokens: None,
            created_at: app.ambient.now(),
        })
    }
}

/// That a response is gone.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DeletedResponse {
    id: String,
    /// Always `response`.
    object: &'static str,
    /// Always true.
    deleted: bool,
}

/// A response the caller stored, as it was answered.
///
/// # Errors
/// 404 for anybody else's, and for one that was not stored.
#[utoipa::path(get, path = "/v1/responses/{id}", tag = "inference", params(("id" = String, Path)), responses(
    (status = 200, description = "The response", body = ResponseObject),
    (status = "4XX", description = "The request is at fault", body = OpenAiError),
    (status = "5XX", description = "The service is at fault", body = OpenAiError)))]
pub async fn get(
    app: web::Data<App>,
    permit: Permit<ChatUse>,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let unknown = || AppError::not_found("stored response", &id);
    let row = own(&app, &permit, &id).await?.ok_or_else(unknown)?;
    let (_, answered) = open(&app, &permit, row).await?.ok_or_else(unknown)?;
    Ok(HttpResponse::Ok().content_type("application/json").body(answered))
}

/// Deletes a response the caller stored, for good: its key is destroyed.
///
/// # Errors
/// 404 for anybody else's, 409 `legal_hold`.
#[utoipa::path(delete, path = "/v1/responses/{id}", tag = "inference", params(("id" = String, Path)), responses(
    (status = 200, description = "Deleted", body = DeletedResponse),
    (status = "4XX", description = "The request is at fault, or a legal hold keeps it", body = OpenAiError),
    (status = "5XX", description = "The service is at fault", body = OpenAiError)))]
pub async fn delete(
    app: web::Data<App>,
    permit: Permit<ChatUse>,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let row = own(&app, &permit, &id).await?.ok_or_else(|| AppError::not_found("stored response", &id))?;
    conversations::erase(&app, &permit, row.id).await?;
    Ok(HttpResponse::Ok().json(DeletedResponse { id: id.into_inner(), object: "response", deleted: true }))
}

#[cfg(test)]
mod tests {
    use leeward_domain::ids::PrefixedId as _;

    use super::*;

    #[test]
    fn a_response_has_the_digits_of_its_request() {
        let request = RequestId::from_uuid(uuid::Uuid::from_u128(7));
        assert_eq!(request_of(&id_of(request)), Some(request));
        for wrong in ["", "resp_", "resp_x", "req_00000000000000000000000000000007", "resp_resp_"] {
            assert_eq!(request_of(wrong), None, "{wrong}");
        }
    }
}
