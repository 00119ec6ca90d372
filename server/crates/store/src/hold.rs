//! Legal holds: what must not be deleted, whoever asks and whatever a retention says.
//!
//! A hold names a person, a conversation, a period, a model, a classification, or several of them; a conversation is
//! held if all that is named fits it. [`held`] is the one place that says so. Whoever deletes asks first, in the same transaction, after
//! [`TenantWrite::settle_holds`]: so that no hold comes into being between question and deletion.

use leeward_domain::{
    Timestamp,
    ids::{ConversationId, HoldId, UserId},
    residency::Classification,
};
use uuid::Uuid;

use crate::{
    Page, Result, TenantRead, TenantWrite,
    tx::{Row, Time, Tx, execute, fetch_all, fetch_optional, one_row},
};

/// The advisory lock of whoever places holds or deletes what may be held: "holds" in ASCII.
const LOCK: i64 = 0x68_6f6c_6473;
/// The most holds one answer names.
const NAMED: i64 = 50;

/// A hold as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Names it for ever.
    pub id: HoldId,
    /// Why.
    pub reason: String,
    /// What this person keeps is held; everybody's if none.
    pub user: Option<UserId>,
    /// This conversation is held; all if none.
    pub conversation: Option<ConversationId>,
    /// What was last changed at this time or later is held.
    pub from: Option<Timestamp>,
    /// What was begun before this time is held.
    pub to: Option<Timestamp>,
    /// What was begun with the model of this name is held.
    pub model: Option<String>,
    /// What is so sensitive, or more, is held.
    pub class: Option<Classification>,
    /// Who placed it, and when.
    pub placed: (UserId, Timestamp),
    /// Who released it, and when; it holds as long as there is none.
    pub released: Option<(UserId, Timestamp)>,
}

/// Whether a hold `h` holds the conversation `c`.
macro_rules! held {
    () => {
        "h.tenant_id = c.tenant_id and h.released_at is null and (h.user_id is null or h.user_id = c.user_id) \
         and (h.conversation_id is null or h.conversation_id = c.id) \
         and (h.from_at is null or c.updated_at >= h.from_at) and (h.to_at is null or c.created_at < h.to_at) \
         and (h.model is null or h.model = c.model) and (h.classification is null \
         or (case h.classification when 'public' then 0 when 'internal' then 1 when 'confidential' then 2 else 3 end) \
         <= (case c.classification when 'public' then 0 when 'internal' then 1 when 'confidential' then 2 else 3 end))"
    };
}
pub(crate) use held;

fn from_row(row: &Row) -> Result<Hold> {
    let released = row.id_opt("released_by")?.zip(row.time_opt("released_at")?);
    Ok(Hold {
        id: row.id("id")?,
        reason: row.get("reason")?,
        user: row.id_opt("user_id")?,
        conversation: row.id_opt("conversation_id")?,
        from: row.time_opt("from_at")?,
        to: row.time_opt("to_at")?,
        model: row.get("model")?,
        class: row.parsed_opt("classification")?,
        placed: (row.id("placed_by")?, row.time("placed_at")?),
        released,
    })
}

impl TenantRead {
    /// Holds, the newest first; the cursor is the last one's id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn holds(&mut self, page: Page<HoldId>) -> Result<Vec<Hold>> {
        let rows = fetch_all!(
            self.tx,
            "select id, reason, user_id, conversation_id, from_at, to_at, model, classification, placed_by, placed_at, \
             released_by, released_at from holds where tenant_id = $1 and id < $2 order by id desc limit $3",
            self.tenant.uuid(),
            page.after.map_or(Uuid::max(), HoldId::uuid),
            page.rows(),
        )?;
        rows.iter().map(from_row).collect()
    }

    /// How many holds there are that were not released.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn holds_in_force(&mut self) -> Result<u64> {
        let row = fetch_optional!(
            self.tx,
            "select count(*) as n from holds where tenant_id = $1 and released_at is null",
            self.tenant.uuid(),
        )?;
        row.map_or(Ok(0), |row| row.unsigned("n"))
    }

    /// The holds that hold a conversation.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn holds_on_conversation(&mut self, id: ConversationId) -> Result<Vec<HoldId>> {
        let rows = fetch_all!(
            self.tx,
            concat!(
                "select h.id as id from holds h join conversations c on ",
                held!(),
                " where c.tenant_id = $1 and c.id = $2 order by h.id limit $3"
            ),
            self.tenant.uuid(),
            id.uuid(),
            NAMED,
        )?;
        rows.iter().map(|row| row.id("id")).collect()
    }

    /// The holds on a person, or on anything of theirs.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn holds_on_user(&mut self, id: UserId) -> Result<Vec<HoldId>> {
        let rows = fetch_all!(
            self.tx,
            concat!(
                "select h.id as id from holds h where h.tenant_id = $1 and h.released_at is null \
                 and (h.user_id = $2 or exists (select 1 from conversations c where c.user_id = $2 and ",
                held!(),
                ")) order by h.id limit $3"
            ),
            self.tenant.uuid(),
            id.uuid(),
            NAMED,
        )?;
        rows.iter().map(|row| row.id("id")).collect()
    }
}

/// Waits until nobody else places a hold or deletes, and keeps them waiting until this transaction ends.
pub(crate) async fn settle(tx: &mut Tx) -> Result<()> {
    if let Tx::Postgres(_) = tx {
        execute!(*tx, "select pg_advisory_xact_lock($1)", LOCK)?;
    }
    // SQLite has one writer anyway.
    Ok(())
}

impl TenantWrite {
    /// From here to the end of this transaction nobody else places a hold, releases one, or deletes what may be held.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn settle_holds(&mut self) -> Result<()> {
        settle(&mut self.tx).await
    }

    /// Places a hold; call [`TenantWrite::settle_holds`] before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_hold(&mut self, hold: &Hold) -> Result<()> {
        let tenant = self.tenant.uuid();
        execute!(
            self.tx,
            "insert into holds (tenant_id, id, reason, user_id, conversation_id, from_at, to_at, placed_by, placed_at, \
             model, classification) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            tenant,
            hold.id.uuid(),
            hold.reason.as_str(),
            hold.user.map(UserId::uuid),
            hold.conversation.map(ConversationId::uuid),
            hold.from.map(Time),
            hold.to.map(Time),
            hold.placed.0.uuid(),
            Time(hold.placed.1),
            hold.model.as_deref(),
            hold.class.map(Classification::as_str),
        )?;
        Ok(())
    }

    /// Releases a hold.
    ///
    /// # Errors
    /// `NotFound` if there is none of this id that holds.
    pub async fn release_hold(&mut self, id: HoldId, by: UserId, at: Timestamp) -> Result<()> {
        let tenant = self.tenant.uuid();
        one_row(execute!(
            self.tx,
            "update holds set released_by = $3, released_at = $4 \
             where tenant_id = $1 and id = $2 and released_at is null",
            tenant,
            id.uuid(),
            by.uuid(),
            Time(at),
        )?)
    }
}
