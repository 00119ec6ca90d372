//! The security epoch: a number that moves whenever somebody's rights do.
//!
//! Gateways keep who may do what in memory and ask for this number several times a second; when it moved they
//! forget what they kept. It is moved by the commit of the change itself, as its last statement, so that
//! transactions queue behind it only for the commit.

use crate::{
    PlatformRead, Result,
    tx::{Tx, execute, fetch_optional, one_row},
};

/// Moves the epoch, within the transaction whose commit it belongs to.
pub(crate) async fn advance(tx: &mut Tx) -> Result<()> {
    one_row(execute!(*tx, "update security_epoch set epoch = epoch + 1 where id = 1")?)
}

impl PlatformRead {
    /// The epoch as this transaction sees it.
    ///
    /// # Errors
    /// When the database fails, `NotFound` when its schema is not ours.
    pub async fn security_epoch(&mut self) -> Result<u64> {
        let row = fetch_optional!(self.tx, "select epoch from security_epoch where id = 1")?;
        row.ok_or(crate::StoreError::NotFound)?.unsigned("epoch")
    }
}
