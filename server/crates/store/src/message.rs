//! The messages of a conversation. Their content is sealed by the caller.

use leeward_domain::{
    Timestamp,
    ids::{ConversationId, MessageId},
};

use crate::{
    Result, TenantRead, TenantWrite,
    page::bounded,
    tx::{Row, Time, execute, fetch_all, fetch_optional},
};

/// The most messages read at once: the newest ones of a longer conversation.
pub const MAX_MESSAGES: usize = 1000;

/// A message as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Names the message for ever.
    pub id: MessageId,
    /// The conversation it belongs to.
    pub conversation: ConversationId,
    /// Its place, counted from 0; unique within the conversation (`messages_position`).
    pub position: i64,
    /// `system`, `user` or `assistant`.
    pub role: String,
    /// What was said, encrypted; opaque here.
    pub content: Vec<u8>,
    /// The model that said it, if a model did.
    pub model: Option<String>,
    /// How generation ended, if a model said it.
    pub finish_reason: Option<String>,
    /// The prompt's tokens, if a model said it.
    pub prompt_tokens: Option<i64>,
    /// The answer's tokens, if a model said it.
    pub completion_tokens: Option<i64>,
    /// When it was said.
    pub created_at: Timestamp,
}

fn from_row(row: &Row) -> Result<Message> {
    Ok(Message {
        id: row.id("id")?,
        conversation: row.id("conversation_id")?,
        position: row.get("position")?,
        role: row.get("role")?,
        content: row.get("content")?,
        model: row.get("model")?,
        finish_reason: row.get("finish_reason")?,
        prompt_tokens: row.get("prompt_tokens")?,
        completion_tokens: row.get("completion_tokens")?,
        created_at: row.time("created_at")?,
    })
}

impl TenantRead {
    /// How many bytes the messages of a conversation hold, sealed as they are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn conversation_bytes(&mut self, conversation: ConversationId) -> Result<u64> {
        let row = fetch_optional!(
            self.tx,
            "select cast(coalesce(sum(length(content)), 0) as bigint) as n from messages \
             where tenant_id = $1 and conversation_id = $2",
            self.tenant.uuid(),
            conversation.uuid(),
        )?;
        row.map_or(Ok(0), |row| row.unsigned("n"))
    }

    /// Messages from the place `from` on, oldest first. Whose conversation it is was checked by
    /// [`TenantRead::conversation`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn messages_from(&mut self, conversation: ConversationId, from: i64, limit: u32) -> Result<Vec<Message>> {
        let rows = fetch_all!(
            self.tx,
            "select id, conversation_id, position, role, content, model, finish_reason, prompt_tokens, \
             completion_tokens, created_at from messages where tenant_id = $1 and conversation_id = $2 \
             and position >= $3 order by position limit $4",
            self.tenant.uuid(),
            conversation.uuid(),
            from,
            bounded(limit),
        )?;
        rows.iter().map(from_row).collect()
    }

    /// The newest [`MAX_MESSAGES`] messages, oldest first. Whose conversation it is was checked by
    /// [`TenantRead::conversation`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn messages(&mut self, conversation: ConversationId) -> Result<Vec<Message>> {
        let rows = fetch_all!(
            self.tx,
            "select id, conversation_id, position, role, content, model, finish_reason, prompt_tokens, \
             completion_tokens, created_at from messages where tenant_id = $1 and conversation_id = $2 \
             order by position desc limit $3",
            self.tenant.uuid(),
            conversation.uuid(),
            MAX_MESSAGES as i64,
        )?;
        rows.iter().rev().map(from_row).collect()
    }
}

impl TenantWrite {
    /// Adds a message. Whose conversation it is was checked by [`TenantRead::conversation`].
    ///
    /// # Errors
    /// `Conflict` on `messages_position` if somebody else wrote there first, `NotFound` if this tenant has
    /// no such conversation (any more).
    pub async fn add_message(&mut self, message: &Message) -> Result<()> {
        let tenant = self.tenant.uuid();
        execute!(
            self.tx,
            "insert into messages (tenant_id, id, conversation_id, position, role, content, model, finish_reason, \
             prompt_tokens, completion_tokens, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            tenant,
            message.id.uuid(),
            message.conversation.uuid(),
            message.position,
            message.role.as_str(),
            message.content.as_slice(),
            message.model.as_deref(),
            message.finish_reason.as_deref(),
            message.prompt_tokens,
            message.completion_tokens,
            Time(message.created_at),
        )?;
        Ok(())
    }
}
