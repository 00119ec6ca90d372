//! Data keys, wrapped by the caller; opaque here. Each belongs to a conversation or a person.
//!
//! A conversation's key is added with it and deleted with it: the first here, the second by a trigger, which no way of
//! deleting conversations can forget. Left out: a person's key, which nobody makes yet; deleting the person deletes it.

use leeward_domain::{
    Holder, Timestamp,
    ids::{ConversationId, UserId},
};

use crate::{
    Result, StoreError, TenantWrite,
    tx::{Row, Time, execute},
};

/// A data key as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedDataKey {
    /// Names it, as what it sealed does.
    pub id: String,
    /// The key itself, under the tenant's key.
    pub wrapped: Vec<u8>,
}

/// What a conversation's next text is sealed under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConversationKey {
    /// The tenant's key: nothing was written since conversations have keys of their own.
    Tenants,
    /// Its own key. What is older than that is under the tenant's still.
    Own(WrappedDataKey),
    /// Its own key, of this name, which was destroyed.
    Destroyed(String),
}

impl ConversationKey {
    /// From the columns of `conversations c left join data_keys k`.
    pub(crate) fn from_row(row: &Row) -> Result<Self> {
        let Some(id) = row.get::<Option<String>>("c_data_key")? else { return Ok(Self::Tenants) };
        Ok(match row.get::<Option<Vec<u8>>>("k_wrapped")? {
            Some(wrapped) => Self::Own(WrappedDataKey { id, wrapped }),
            None => Self::Destroyed(id),
        })
    }

    /// What the conversation's row says.
    pub(crate) fn id(&self) -> Option<&str> {
        match self {
            Self::Tenants => None,
            Self::Own(key) => Some(&key.id),
            Self::Destroyed(id) => Some(id),
        }
    }
}

impl TenantWrite {
    /// Gives a conversation a key of its own, unless it has one: the answer is the one it has from now on.
    ///
    /// # Errors
    /// `NotFound` if this user has no such conversation.
    pub async fn ensure_data_key(
        &mut self,
        user: UserId,
        id: ConversationId,
        key: WrappedDataKey,
        at: Timestamp,
    ) -> Result<ConversationKey> {
        let tenant = self.tenant.uuid();
        let given = execute!(
            self.tx,
            "update conversations set data_key = $4 \
             where tenant_id = $1 and user_id = $2 and id = $3 and data_key is null",
            tenant,
            user.uuid(),
            id.uuid(),
            key.id.as_str(),
        )?;
        if given == 0 {
            return Ok(self.conversation(user, id).await?.ok_or(StoreError::NotFound)?.key);
        }
        self.add_data_key(Holder::Conversation(id), &key, at).await?;
        Ok(ConversationKey::Own(key))
    }

    pub(crate) async fn add_data_key(&mut self, holder: Holder, key: &WrappedDataKey, at: Timestamp) -> Result<()> {
        let tenant = self.tenant.uuid();
        execute!(
            self.tx,
            "insert into data_keys (tenant_id, id, holder, wrapped, created_at) values ($1, $2, $3, $4, $5)",
            tenant,
            key.id.as_str(),
            holder.to_string(),
            key.wrapped.as_slice(),
            Time(at),
        )?;
        Ok(())
    }

    /// Deletes the key of a person; nothing if there is none.
    pub(crate) async fn delete_data_key_of(&mut self, user: UserId) -> Result<()> {
        let tenant = self.tenant.uuid();
        let holder = Holder::User(user).to_string();
        execute!(self.tx, "delete from data_keys where tenant_id = $1 and holder = $2", tenant, holder)?;
        Ok(())
    }
}
