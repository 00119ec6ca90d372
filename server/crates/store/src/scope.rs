//! The four kinds of transaction, and the ways between them.

use std::{
    ops::{Deref, DerefMut},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use leeward_domain::ids::{AuditId, TenantId};
use uuid::Uuid;

use crate::{
    Result, StoreError, epoch,
    fault::Guard,
    postgres::Visibility,
    sqlite::SqliteBackend,
    tx::{Tx, execute},
};

/// Whose writes these are: what every writing transaction of one [`crate::Store`] shares.
#[derive(Clone, Default)]
pub(crate) struct Writer {
    /// Names the process in the open audit intents it writes.
    pub(crate) instance: Uuid,
    /// Counts this store's own changes to who may do what, see [`crate::Store::security_mark`].
    pub(crate) mark: Arc<AtomicU64>,
    /// Whether the disk can be trusted.
    pub(crate) guard: Guard,
    /// The file written to, where that is ours to watch.
    pub(crate) file: Option<SqliteBackend>,
}

/// Which log, the place and the id of a record that a transaction has appended.
pub(crate) type Placed = (Option<TenantId>, u64, AuditId);

impl Writer {
    async fn commit(self, mut tx: Tx, security: bool, placed: Vec<Placed>) -> Result<()> {
        if security {
            epoch::advance(&mut tx).await?;
        }
        let done = tx.commit().await;
        if security {
            // Whatever became of the commit: forgetting what was cached is never wrong.
            self.mark.fetch_add(1, Ordering::AcqRel);
        }
        self.trusted(done, placed)
    }

    /// A commit that is worth its word: the disk took it, and it is the disk that will be read.
    fn trusted(&self, done: Result<()>, placed: Vec<Placed>) -> Result<()> {
        match done {
            Ok(()) => {
                if let Some(Err(why)) = self.file.as_ref().map(SqliteBackend::in_place) {
                    self.guard.raise(&why);
                    return Err(StoreError::Storage(why));
                }
                self.guard.acknowledge(placed);
                Ok(())
            }
            Err(error) => {
                match &error {
                    StoreError::Storage(why) => self.guard.raise(why),
                    StoreError::Unavailable(_) => self.guard.suspect(),
                    _ => {}
                }
                Err(error)
            }
        }
    }
}

/// A transaction that sees one tenant.
pub struct TenantRead {
    pub(crate) tx: Tx,
    pub(crate) tenant: TenantId,
}

/// A transaction that may change one tenant; dropped without [`TenantWrite::commit`] it never happened.
pub struct TenantWrite {
    read: TenantRead,
    pub(crate) writer: Writer,
    /// Whether this changes who may do what: then the commit moves the security epoch.
    pub(crate) security: bool,
    /// The records appended so far.
    pub(crate) placed: Vec<Placed>,
}

/// A transaction that sees who there is, across tenants.
pub struct PlatformRead {
    pub(crate) tx: Tx,
}

/// A transaction that may add tenants and write the platform's log; dropped without a commit it never
/// happened.
pub struct PlatformWrite {
    read: PlatformRead,
    pub(crate) writer: Writer,
    /// As in [`TenantWrite`].
    pub(crate) security: bool,
    /// As in [`TenantWrite`].
    pub(crate) placed: Vec<Placed>,
}

impl TenantRead {
    /// The tenant this transaction is about.
    #[must_use]
    pub fn tenant_id(&self) -> TenantId {
        self.tenant
    }
}

impl TenantWrite {
    pub(crate) fn new(tx: Tx, tenant: TenantId, writer: Writer) -> Self {
        Self { read: TenantRead { tx, tenant }, writer, security: false, placed: Vec::new() }
    }

    /// Makes everything done here durable, together.
    ///
    /// # Errors
    /// `Full`: nothing was kept. `Unavailable`: whether it was kept is not known.
    pub async fn commit(self) -> Result<()> {
        self.writer.commit(self.read.tx, self.security, self.placed).await
    }
}

impl PlatformWrite {
    pub(crate) fn new(tx: Tx, writer: Writer) -> Self {
        Self { read: PlatformRead { tx }, writer, security: false, placed: Vec::new() }
    }

    /// Makes everything done here durable, together.
    ///
    /// # Errors
    /// `Full`: nothing was kept. `Unavailable`: whether it was kept is not known.
    pub async fn commit(self) -> Result<()> {
        self.writer.commit(self.read.tx, self.security, self.placed).await
    }

    /// Goes on within one tenant, in the same transaction; what was done so far is committed with it.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn into_tenant(self, tenant: TenantId) -> Result<TenantWrite> {
        let mut tx = self.read.tx;
        if let Tx::Postgres(_) = tx {
            let (id, scope) = Visibility::Tenant(tenant.uuid()).settings();
            execute!(
                tx,
                "select set_config('leeward.tenant', $1, true), set_config('leeward.scope', $2, true)",
                &id,
                scope,
            )?;
        }
        let mut write = TenantWrite::new(tx, tenant, self.writer);
        write.security = self.security;
        write.placed = self.placed;
        Ok(write)
    }
}

impl Deref for TenantWrite {
    type Target = TenantRead;
    fn deref(&self) -> &TenantRead {
        &self.read
    }
}

impl DerefMut for TenantWrite {
    fn deref_mut(&mut self) -> &mut TenantRead {
        &mut self.read
    }
}

impl Deref for PlatformWrite {
    type Target = PlatformRead;
    fn deref(&self) -> &PlatformRead {
        &self.read
    }
}

impl DerefMut for PlatformWrite {
    fn deref_mut(&mut self) -> &mut PlatformRead {
        &mut self.read
    }
}
