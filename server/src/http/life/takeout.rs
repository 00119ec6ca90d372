//! The file with all that is kept of one person: one JSON object a line, told apart by `kind`.
//!
//! In this order: `export` (what this is), `person`, `session`…, `api_key`…, `grant`…, `group`…, then each
//! `conversation` with its `message`s, and `end`, which counts them. To add something that is kept of people: a variant
//! of [`Line`] and a step in [`Takeout::write`]. Left out: secrets, which nobody can be shown, and the audit log, which is
//! exported by itself.

use std::{io, time::Duration};

use actix_web::web::{self, Bytes};
use futures::{Stream, stream};
use leeward_domain::{
    Timestamp,
    ids::{AuditId, ConversationId, TenantId},
    residency::Classification,
};
use leeward_keyring::TenantKey;
use leeward_ledger::Record;
use leeward_store::{GrantKind, Page, User};
use serde::Serialize;
use tokio::{
    sync::{OwnedSemaphorePermit, mpsc},
    time::timeout,
};

use crate::{
    app::App,
    auth::Identity,
    error::{AppError, Code},
    http::{
        admin::{groups::Group, keys::Key, users},
        chat::conversations::{Conversation, Message},
        me::{sessions::SessionRow, tokens::GrantRow},
    },
    sealed::Keys,
};

/// The file's name for itself, and its version.
const FORMAT: (&str, u32) = ("leeward-subject-export", 1);
/// Lines that wait for a slow reader.
const WAITING: usize = 64;
/// How long a reader may take nothing before the file breaks off.
const PATIENCE: Duration = Duration::from_secs(60);
/// Rows read at a time.
const PAGE: u32 = 50;

/// What the last line counts.
#[derive(Default)]
struct Found {
    conversations: u64,
    messages: u64,
    unreadable: u64,
}

/// A line of the file.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Line {
    Export {
        format: &'static str,
        version: u32,
        tenant: TenantId,
        made_at: Timestamp,
        record: AuditId,
    },
    Person(users::User),
    Session(SessionRow),
    ApiKey(Key),
    Grant(GrantRow),
    Group(Group),
    Conversation {
        #[serde(flatten)]
        conversation: Conversation,
        unreadable: Option<&'static str>,
    },
    Message {
        conversation: ConversationId,
        #[serde(flatten)]
        message: Message,
    },
    End {
        conversations: u64,
        messages: u64,
        unreadable: u64,
    },
}

/// What is to be written.
pub(super) struct Takeout {
    app: web::Data<App>,
    identity: Identity,
    user: User,
    class: Classification,
    key: TenantKey,
    record: AuditId,
}

/// Why the file broke off: its reader went, or something failed.
enum Broken {
    Gone,
    Failed(AppError),
}

impl<E: Into<AppError>> From<E> for Broken {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

struct Lines(mpsc::Sender<Result<Bytes, io::Error>>);

impl Lines {
    async fn put(&self, line: &Line) -> Result<(), Broken> {
        let mut bytes = serde_json::to_vec(line).map_err(AppError::internal)?;
        bytes.push(b'\n');
        match timeout(PATIENCE, self.0.send(Ok(bytes.into()))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Broken::Gone),
        }
    }
}

/// Writes a line for each row of a paged list.
macro_rules! each_page {
    ($self:ident, $lines:ident, $read:ident($($whose:expr),+), $line:path) => {{
        let mut after = None;
        loop {
            let mut tx = $self.app.store.tenant_read($self.key.tenant()).await?;
            let rows = tx.$read($($whose,)+ Page { after, limit: PAGE }).await?;
            drop(tx);
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            for row in rows {
                $lines.put(&$line(row.into())).await?;
            }
        }
    }};
}

impl Takeout {
    /// What is kept of `user`, up to the classification that was decided about, on the rights of `identity`.
    pub(super) fn new(
        app: &web::Data<App>,
        identity: &Identity,
        user: User,
        class: Classification,
        key: TenantKey,
        record: &Record,
    ) -> Self {
        Self { app: app.clone(), identity: identity.clone(), user, class, key, record: record.id }
    }

    /// The file's bytes as they come. Memory is bounded by the lines that wait.
    pub(super) fn start(self, turn: OwnedSemaphorePermit) -> impl Stream<Item = Result<Bytes, io::Error>> + use<> {
        let (sender, receiver) = mpsc::channel(WAITING);
        let tasks = self.app.tasks.clone();
        tasks.spawn(async move {
            let lines = Lines(sender);
            match self.write(&lines).await {
                Ok(()) | Err(Broken::Gone) => {}
                Err(Broken::Failed(error)) => {
                    tracing::error!(user = %self.user.id, ?error, "the export of what is kept of a person broke off");
                    // So that the connection ends before the file's end.
                    drop(timeout(PATIENCE, lines.0.send(Err(io::Error::other(error.code.as_str())))).await);
                }
            }
            drop(turn);
        });
        stream::unfold(receiver, |mut receiver| async { receiver.recv().await.map(|line| (line, receiver)) })
    }

    async fn write(&self, lines: &Lines) -> Result<(), Broken> {
        let (user, tenant, made_at) = (self.user.id, self.key.tenant(), self.app.ambient.now());
        let (format, version) = FORMAT;
        lines.put(&Line::Export { format, version, tenant, made_at, record: self.record }).await?;
        lines.put(&Line::Person(self.user.clone().into())).await?;
        let sessions = self.app.store.tenant_read(tenant).await?.sessions_of(user).await?;
        for session in sessions {
            lines.put(&Line::Session(SessionRow::of(session, self.identity.principal.session))).await?;
        }
        each_page!(self, lines, api_keys_of(user), Line::ApiKey);
        for kind in GrantKind::ALL {
            each_page!(self, lines, grants_of(user, *kind), Line::Grant);
        }
        each_page!(self, lines, groups_of(user), Line::Group);
        self.conversations(lines).await
    }

    /// Those of the chat, then what was captured for the audit log and stored responses.
    async fn conversations(&self, lines: &Lines) -> Result<(), Broken> {
        let (user, mut found, mut after) = (self.user.id, Found::default(), None);
        loop {
            let page = Page { after, limit: PAGE };
            let rows = self.app.store.tenant_read(self.key.tenant()).await?.conversations(user, page).await?;
            let Some(last) = rows.last() else { break };
            after = Some((last.updated_at, last.id));
            self.page(lines, rows, &mut found).await?;
        }
        let mut after = None;
        loop {
            let page = Page { after, limit: PAGE };
            let rows = self.app.store.tenant_read(self.key.tenant()).await?.unlisted_of(user, page).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            self.page(lines, rows, &mut found).await?;
        }
        let Found { conversations, messages, unreadable } = found;
        lines.put(&Line::End { conversations, messages, unreadable }).await
    }

    async fn page(
        &self,
        lines: &Lines,
        rows: Vec<leeward_store::Conversation>,
        found: &mut Found,
    ) -> Result<(), Broken> {
        if !self.app.authenticator.still_holds(&self.identity).await? {
            return Err(AppError::new(Code::AccessEnded, "your access was ended while this was running").into());
        }
        for row in rows {
            found.conversations += 1;
            match self.conversation(lines, row).await? {
                Some(count) => found.messages += count,
                None => found.unreadable += 1,
            }
        }
        Ok(())
    }

    /// Writes a conversation and says how many messages it has; none if it cannot be read any more, or not now.
    async fn conversation(&self, lines: &Lines, row: leeward_store::Conversation) -> Result<Option<u64>, Broken> {
        let keys = match Keys::of(&self.key, &row) {
            // It became more sensitive than what was decided about, while this was made.
            Ok(_) if row.class > self.class => Err(Code::ResidencyDenied),
            Ok(keys) => Ok(keys),
            Err(error) => Err(error.code),
        };
        let keys = match keys {
            Ok(keys) => keys,
            Err(code) => {
                let conversation = Conversation::titled(String::new(), row);
                lines.put(&Line::Conversation { conversation, unreadable: Some(code.as_str()) }).await?;
                return Ok(None);
            }
        };
        let (id, mut count) = (row.id, 0);
        let conversation = Conversation::open(&keys, row)?;
        lines.put(&Line::Conversation { conversation, unreadable: None }).await?;
        let mut from = 0;
        loop {
            let page = self.app.store.tenant_read(self.key.tenant()).await?.messages_from(id, from, PAGE).await?;
            let Some(last) = page.last() else { return Ok(Some(count)) };
            from = last.position + 1;
            for message in page {
                count += 1;
                lines.put(&Line::Message { conversation: id, message: Message::open(&keys, message)? }).await?;
            }
        }
    }
}
