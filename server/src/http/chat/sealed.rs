//! Titles and messages, sealed: what they are bound to, and the way there and back.

use leeward_domain::{
    Ambient,
    ids::{ConversationId, MessageId},
};
use leeward_keyring::TenantKey;

use crate::error::AppError;

/// What a sealed text is, so that it opens in no other place.
#[derive(Debug, Clone, Copy)]
pub(super) enum Text {
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

    pub(super) fn seal(self, key: &TenantKey, ambient: &Ambient, text: &str) -> Result<Vec<u8>, AppError> {
        Ok(key.seal(ambient, self.associated_data().as_bytes(), text.as_bytes())?)
    }

    pub(super) fn open(self, key: &TenantKey, sealed: &[u8]) -> Result<String, AppError> {
        let bytes = key.open(self.associated_data().as_bytes(), sealed)?;
        String::from_utf8(bytes.to_vec()).map_err(AppError::internal)
    }
}
