//! Captured content: what was asked and answered, kept for the audit log by tenants that want it. Sealed by the caller.
//!
//! It is a conversation of its own, of the person who asked, with two messages; no chat lists it. So holds, erasures,
//! exports and backups know it without knowing it.

use leeward_domain::ids::RequestId;

use crate::{
    Conversation, Result, TenantRead, TenantWrite,
    conversation::{Of, conversations, from_row},
    tx::fetch_optional,
};

impl TenantRead {
    /// What was captured of an inference; nothing if nothing was, or it has gone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn captured(&mut self, inference: RequestId) -> Result<Option<Conversation>> {
        let row = fetch_optional!(
            self.tx,
            concat!("select ", conversations!(), " where c.tenant_id = $1 and c.captured = $2"),
            self.tenant.uuid(),
            inference.uuid(),
        )?;
        row.as_ref().map(from_row).transpose()
    }
}

impl TenantWrite {
    /// Adds the conversation that holds what is captured of an inference, and its key.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such user, `Conflict` if something was captured of it already.
    pub async fn add_captured(&mut self, inference: RequestId, conversation: &Conversation) -> Result<()> {
        self.add(conversation, Of::Captured(inference)).await
    }
}
