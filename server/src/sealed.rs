//! Titles and messages, sealed: what they are bound to, what they are under, and the way there and back.
//!
//! A conversation has a data key of its own, and what is written is sealed under that. What is older than data keys is
//! under the tenant's key; each blob names its key, so that both open. A conversation without a data key gets one when
//! it is next written to. Left out: sealing old messages again.

use leeward_domain::{
    Holder,
    ids::{ConversationId, MessageId},
};
use leeward_keyring::{DataKey, KeyError, TenantKey, sealed::sealed_by};
use leeward_store::{Conversation, ConversationKey, WrappedDataKey};

use crate::{app::App, error::AppError};

/// What a sealed text is, so that it opens in no other place.
#[derive(Debug, Clone, Copy)]
pub enum Text {
    /// A conversation's title.
    Title(ConversationId),
    /// A message's content.
    Message(ConversationId, MessageId),
}

impl Text {
    fn associated_data(self) -> String {
        match self {
            Self::Title(conversation) => format!("title:{conversation}"),
            Self::Message(conversation, message) => format!("message:{conversation}:{message}"),
        }
    }

    /// Seals it under the conversation's key.
    ///
    /// # Errors
    /// When the key cannot seal.
    pub fn seal(self, key: &DataKey, app: &App, text: &str) -> Result<Vec<u8>, AppError> {
        Ok(key.seal(&app.ambient, self.associated_data().as_bytes(), text.as_bytes())?)
    }
}

/// What opens the texts of one conversation.
#[derive(Debug)]
pub struct Keys {
    tenant: TenantKey,
    own: Option<DataKey>,
}

impl Keys {
    /// The keys of a conversation as it is kept.
    ///
    /// # Errors
    /// `key_destroyed`, or when its data key does not open under the tenant's.
    pub fn of(tenant: &TenantKey, conversation: &Conversation) -> Result<Self, AppError> {
        let own = match &conversation.key {
            ConversationKey::Tenants => None,
            ConversationKey::Own(key) => Some(unwrapped(tenant, conversation.id, key)?),
            ConversationKey::Destroyed(id) => {
                return Err(KeyError::Destroyed(id.parse().map_err(AppError::internal)?).into());
            }
        };
        Ok(Self { tenant: tenant.clone(), own })
    }

    /// A conversation's new data key, and the form it is kept in.
    ///
    /// # Errors
    /// When the tenant's key cannot wrap it.
    pub fn mint(
        tenant: &TenantKey,
        app: &App,
        conversation: ConversationId,
    ) -> Result<(DataKey, WrappedDataKey), AppError> {
        let (key, wrapped) = tenant.new_data_key(&app.ambient, Holder::Conversation(conversation))?;
        let kept = WrappedDataKey { id: key.id().to_string(), wrapped };
        Ok((key, kept))
    }

    /// The key to seal the conversation's next text under. One from before there were data keys is given one here.
    ///
    /// # Errors
    /// `not_found` if the conversation is gone; when the database fails.
    pub async fn for_writing(&mut self, app: &App, conversation: &Conversation) -> Result<DataKey, AppError> {
        if let Some(own) = &self.own {
            return Ok(own.clone());
        }
        let (_, fresh) = Self::mint(&self.tenant, app, conversation.id)?;
        let mut tx = app.store.tenant_write(self.tenant.tenant()).await?;
        let key = tx.ensure_data_key(conversation.user, conversation.id, fresh, app.ambient.now()).await?;
        tx.commit().await?;
        // Somebody else may have been first; theirs counts.
        let now = Self::of(&self.tenant, &Conversation { key, ..conversation.clone() })?;
        let missing = || AppError::internal(anyhow::anyhow!("a conversation was given no data key"));
        let own = now.own.clone().ok_or_else(missing)?;
        *self = now;
        Ok(own)
    }

    /// Opens what was sealed as `text`.
    ///
    /// # Errors
    /// When it was not sealed as that, or not under these keys.
    pub fn open(&self, text: Text, sealed: &[u8]) -> Result<String, AppError> {
        let bound = text.associated_data();
        let opened = sealed_by(sealed).and_then(|id| match &self.own {
            Some(own) if id != self.tenant.id() => own.open(bound.as_bytes(), sealed),
            _ => self.tenant.open(bound.as_bytes(), sealed),
        });
        let bytes = opened.map_err(|error| AppError::from(error).about(bound))?;
        String::from_utf8(bytes.to_vec()).map_err(AppError::internal)
    }
}

fn unwrapped(tenant: &TenantKey, id: ConversationId, key: &WrappedDataKey) -> Result<DataKey, AppError> {
    let opened = tenant.data_key(Holder::Conversation(id), &key.wrapped);
    opened.map_err(|error| AppError::from(error).about(format!("the data key of {id}")))
}
