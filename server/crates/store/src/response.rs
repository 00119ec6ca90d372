//! Stored responses of the Responses API: a conversation each, of the person who asked, with two messages; no chat lists
//! it. So holds, erasures, retention, exports and backups know it without knowing it. Sealed by the caller.

use leeward_domain::ids::{ConversationId, RequestId, UserId};
use uuid::Uuid;

use crate::{
    Conversation, Page, Result, TenantRead, TenantWrite,
    conversation::{Of, conversations, from_row},
    tx::{fetch_all, fetch_optional},
};

impl TenantRead {
    /// A response this user stored.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn response(&mut self, user: UserId, id: RequestId) -> Result<Option<Conversation>> {
        let row = fetch_optional!(
            self.tx,
            concat!("select ", conversations!(), " where c.tenant_id = $1 and c.user_id = $2 and c.response = $3"),
            self.tenant.uuid(),
            user.uuid(),
            id.uuid(),
        )?;
        row.as_ref().map(from_row).transpose()
    }

    /// What is kept of a person's conversations beside the chat's, in the order it was: what was captured, and stored
    /// responses. The cursor is the last one's id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unlisted_of(&mut self, user: UserId, page: Page<ConversationId>) -> Result<Vec<Conversation>> {
        let rows = fetch_all!(
            self.tx,
            concat!(
                "select ",
                conversations!(),
                " where c.tenant_id = $1 and c.user_id = $2 and (c.captured is not null or c.response is not null) \
                 and c.id > $3 order by c.id limit $4"
            ),
            self.tenant.uuid(),
            user.uuid(),
            page.after.map_or(Uuid::nil(), ConversationId::uuid),
            page.rows(),
        )?;
        rows.iter().map(from_row).collect()
    }
}

impl TenantWrite {
    /// Adds the conversation that is a stored response, and its key. [`TenantWrite::delete_conversation`] deletes it.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such user, `Conflict` if that response is stored already.
    pub async fn add_response(&mut self, id: RequestId, conversation: &Conversation) -> Result<()> {
        self.add(conversation, Of::Response(id)).await
    }
}
