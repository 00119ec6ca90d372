//! Keeping what is asked and answered beside the audit log, for tenants whose capture level says so.
//!
//! What was asked is durable before the intent is, and what was answered before the outcome: a record that names captured
//! content never names nothing. Both are sealed under a key of their own, and run out by the tenant's retention of
//! `audit_capture`. Where the tenant's policy does not allow keeping it here it is not kept, and the record says so.

use leeward_domain::{
    CaptureLevel,
    ids::{ConversationId, MessageId, RequestId, TenantId},
    residency::{Classification, Purpose},
};
use leeward_keyring::{DataKey, TenantKey};
use leeward_ledger::Record;
use leeward_store::{Conversation, ConversationKey, Message};

use super::Answer;
use crate::{
    app::App,
    auth::Identity,
    error::AppError,
    sealed::{Keys, Text},
};

/// The class of retention that captured content runs out by, in records.
const RETENTION: &str = "audit_capture";

/// What was captured so far: the prompt.
pub(super) struct Captured {
    tenant: TenantId,
    conversation: ConversationId,
    key: DataKey,
    model: String,
}

impl Captured {
    /// Keeps the prompt, and tells the record where; or, if the policy forbids it, why not.
    ///
    /// # Errors
    /// When it cannot be kept: then nothing is answered.
    pub(super) async fn begin(
        app: &App,
        identity: &Identity,
        tenant_key: &TenantKey,
        (inference, model, class): (RequestId, &str, Classification),
        prompt: &str,
        record: &mut Record,
    ) -> Result<Option<Self>, AppError> {
        let tenant = &identity.tenant;
        if tenant.capture < CaptureLevel::Content {
            return Ok(None);
        }
        let decision = tenant.policy.decide(Purpose::Store, &app.place, class);
        if !decision.allowed {
            record.reason = Some(format!("not captured: {}", decision.rule));
            return Ok(None);
        }
        let id: ConversationId = app.ambient.mint();
        let (key, kept) = Keys::mint(tenant_key, app, id)?;
        let now = app.ambient.now();
        let title = Text::Title(id).seal(&key, app, &format!("Captured: {inference}"))?;
        let conversation = Conversation {
            id,
            user: identity.principal.user,
            model: model.to_owned(),
            title,
            key: ConversationKey::Own(kept),
            class,
            created_at: now,
            updated_at: now,
        };
        let captured = Self { tenant: tenant.id, conversation: id, key, model: model.to_owned() };
        let asked = captured.message(app, 0, "user", prompt)?;
        let mut tx = app.store.tenant_write(tenant.id).await?;
        tx.add_captured(inference, &conversation).await?;
        tx.add_message(&asked).await?;
        tx.commit().await?;
        record.blob = Some(id.to_string());
        record.blob_key = Some(captured.key.id().to_string());
        record.retention = Some(RETENTION.to_owned());
        Ok(Some(captured))
    }

    /// Keeps the answer, as far as it got.
    ///
    /// # Errors
    /// When it cannot be kept. What was erased meanwhile stays so, which is none.
    pub(super) async fn end(&self, app: &App, answer: &Answer) -> Result<(), AppError> {
        let said = Message {
            model: Some(self.model.clone()),
            finish_reason: answer.reason.map(|reason| format!("{reason:?}").to_lowercase()),
            prompt_tokens: Some(answer.usage.prompt_tokens.into()),
            completion_tokens: Some(answer.usage.completion_tokens.into()),
            ..self.message(app, 1, "assistant", &answer.text)?
        };
        let mut tx = app.store.tenant_write(self.tenant).await?;
        match tx.add_message(&said).await {
            Err(leeward_store::StoreError::NotFound) => Ok(()),
            Err(error) => Err(error.into()),
            Ok(()) => Ok(tx.commit().await?),
        }
    }

    fn message(&self, app: &App, position: i64, role: &str, text: &str) -> Result<Message, AppError> {
        let id: MessageId = app.ambient.mint();
        Ok(Message {
            id,
            conversation: self.conversation,
            position,
            role: role.to_owned(),
            content: Text::Message(self.conversation, id).seal(&self.key, app, text)?,
            model: None,
            finish_reason: None,
            prompt_tokens: None,
            completion_tokens: None,
            created_at: app.ambient.now(),
        })
    }
}
