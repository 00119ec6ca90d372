//! Conversations of the chat. Titles are sealed by the caller. What was captured for the audit log and stored responses
//! lie in the same table and are `capture`'s and `response`'s.

use leeward_domain::{
    Holder, Timestamp,
    ids::{ConversationId, RequestId, UserId},
    residency::Classification,
};
use uuid::Uuid;

use crate::{
    ConversationKey, Grave, Page, Result, TenantRead, TenantWrite,
    tx::{Row, Time, execute, fetch_all, fetch_optional, one_row},
};

/// 9999-12-31T00:00:00Z: later than any row, and still a `timestamptz`.
const END_OF_TIME: Timestamp = Timestamp::from_unix_micros(253_402_214_400_000_000);

/// A conversation as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// Names the conversation for ever.
    pub id: ConversationId,
    /// Whose it is; nobody else reads it.
    pub user: UserId,
    /// The model it is held with.
    pub model: String,
    /// Its title, encrypted; opaque here.
    pub title: Vec<u8>,
    /// What its texts are encrypted under.
    pub key: ConversationKey,
    /// How sensitive it is.
    pub class: Classification,
    /// When it began.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What a conversation is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Of {
    /// One of the chat.
    Chat,
    /// What was captured of an inference.
    Captured(RequestId),
    /// A stored response.
    Response(RequestId),
}

/// Conversations with their keys, in one statement.
macro_rules! conversations {
    () => {
        "c.id as c_id, c.user_id as c_user_id, c.model as c_model, c.title as c_title, \
         c.created_at as c_created_at, c.updated_at as c_updated_at, c.data_key as c_data_key, c.classification as c_class, k.wrapped as k_wrapped \
         from conversations c left join data_keys k on k.tenant_id = c.tenant_id and k.id = c.data_key"
    };
}

pub(crate) use conversations;

pub(crate) fn from_row(row: &Row) -> Result<Conversation> {
    Ok(Conversation {
        id: row.id("c_id")?,
        user: row.id("c_user_id")?,
        model: row.get("c_model")?,
        title: row.get("c_title")?,
        key: ConversationKey::from_row(row)?,
        class: row.parsed("c_class")?,
        created_at: row.time("c_created_at")?,
        updated_at: row.time("c_updated_at")?,
    })
}

impl TenantRead {
    /// A user's conversations, the last changed first; the cursor is the last one's `updated_at` and id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn conversations(
        &mut self,
        user: UserId,
        page: Page<(Timestamp, ConversationId)>,
    ) -> Result<Vec<Conversation>> {
        let (updated_at, id) = page.after.map_or((END_OF_TIME, Uuid::max()), |(at, id)| (at, id.uuid()));
        let rows = fetch_all!(
            self.tx,
            concat!(
                "select ",
                conversations!(),
                " where c.tenant_id = $1 and c.user_id = $2 and c.captured is null and c.response is null \
                 and (c.updated_at, c.id) < ($3, $4) \
                 order by c.updated_at desc, c.id desc limit $5"
            ),
            self.tenant.uuid(),
            user.uuid(),
            Time(updated_at),
            id,
            page.rows(),
        )?;
        rows.iter().map(from_row).collect()
    }

    /// One conversation of this user.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn conversation(&mut self, user: UserId, id: ConversationId) -> Result<Option<Conversation>> {
        let row = fetch_optional!(
            self.tx,
            concat!(
                "select ",
                conversations!(),
                " where c.tenant_id = $1 and c.user_id = $2 and c.id = $3 and c.captured is null \
                 and c.response is null"
            ),
            self.tenant.uuid(),
            user.uuid(),
            id.uuid(),
        )?;
        row.as_ref().map(from_row).transpose()
    }
}

impl TenantRead {
    /// How sensitive the most sensitive of a user's conversations is; none if there are none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn most_sensitive(&mut self, user: UserId) -> Result<Option<Classification>> {
        let rows = fetch_all!(
            self.tx,
            "select distinct classification from conversations where tenant_id = $1 and user_id = $2",
            self.tenant.uuid(),
            user.uuid(),
        )?;
        let classes: Vec<Classification> =
            rows.iter().map(|row| row.parsed("classification")).collect::<Result<_>>()?;
        Ok(classes.into_iter().max())
    }
}

impl TenantWrite {
    /// Adds a conversation, and its key if it has one.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such user.
    pub async fn add_conversation(&mut self, conversation: &Conversation) -> Result<()> {
        self.add(conversation, Of::Chat).await
    }

    /// The same, for any kind.
    pub(crate) async fn add(&mut self, conversation: &Conversation, of: Of) -> Result<()> {
        let tenant = self.tenant.uuid();
        let (captured, response) = match of {
            Of::Chat => (None, None),
            Of::Captured(inference) => (Some(inference), None),
            Of::Response(response) => (None, Some(response)),
        };
        execute!(
            self.tx,
            "insert into conversations (tenant_id, id, user_id, model, title, created_at, updated_at, data_key, \
             classification, captured, response) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            tenant,
            conversation.id.uuid(),
            conversation.user.uuid(),
            conversation.model.as_str(),
            conversation.title.as_slice(),
            Time(conversation.created_at),
            Time(conversation.updated_at),
            conversation.key.id(),
            conversation.class.as_str(),
            captured.map(RequestId::uuid),
            response.map(RequestId::uuid),
        )?;
        if let ConversationKey::Own(key) = &conversation.key {
            self.add_data_key(Holder::Conversation(conversation.id), key, conversation.created_at).await?;
        }
        Ok(())
    }

    /// Gives a conversation another title; its place in the list stays.
    ///
    /// # Errors
    /// `NotFound` if this user has no such conversation.
    pub async fn rename_conversation(&mut self, user: UserId, id: ConversationId, title: &[u8]) -> Result<()> {
        let tenant = self.tenant.uuid();
        one_row(execute!(
            self.tx,
            "update conversations set title = $4 where tenant_id = $1 and user_id = $2 and id = $3 and captured is null \
             and response is null",
            tenant,
            user.uuid(),
            id.uuid(),
            title,
        )?)
    }

    /// Raises how sensitive a conversation is; what is at least as sensitive already stays as it is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn raise_conversation(&mut self, user: UserId, id: ConversationId, to: Classification) -> Result<()> {
        let tenant = self.tenant.uuid();
        // Who raised it further meanwhile is not undone.
        for lower in Classification::ALL.into_iter().take_while(|class| *class < to) {
            execute!(
                self.tx,
                "update conversations set classification = $4 \
                 where tenant_id = $1 and user_id = $2 and id = $3 and classification = $5",
                tenant,
                user.uuid(),
                id.uuid(),
                to.as_str(),
                lower.as_str(),
            )?;
        }
        Ok(())
    }

    /// Keeps that a conversation changed, which moves it to the top of the list.
    ///
    /// # Errors
    /// `NotFound` if this user has no such conversation.
    pub async fn touch_conversation(&mut self, user: UserId, id: ConversationId, at: Timestamp) -> Result<()> {
        let tenant = self.tenant.uuid();
        one_row(execute!(
            self.tx,
            "update conversations set updated_at = $4 where tenant_id = $1 and user_id = $2 and id = $3",
            tenant,
            user.uuid(),
            id.uuid(),
            Time(at),
        )?)
    }

    /// Deletes a conversation, its messages and its key, for good. Ask for holds before.
    ///
    /// # Errors
    /// `NotFound` if this user has no such conversation.
    pub async fn delete_conversation(&mut self, user: UserId, id: ConversationId, grave: Grave) -> Result<()> {
        let tenant = self.tenant.uuid();
        self.bury_conversation(id, grave).await?;
        one_row(execute!(
            self.tx,
            "delete from conversations where tenant_id = $1 and user_id = $2 and id = $3 and captured is null",
            tenant,
            user.uuid(),
            id.uuid(),
        )?)
    }
}
