//! Copies of the whole database, and putting one in its place.
//!
//! SQLite is one file: [`sqlite`] copies it at one instant beside whoever writes, looks over a copy, and makes a file
//! whole before it is moved. PostgreSQL is read table by table in one snapshot ([`Table`]) and loaded in one
//! transaction ([`Load`]). Left out: encryption, files and what is done to a database that was put back, beyond what
//! must not be missing in any ([`PlatformWrite::end_what_was_open`]).

mod load;
mod protection;
pub mod sqlite;
mod table;

use leeward_domain::{ids::TenantId, residency::Classification};
pub use load::{Load, Loading};
pub use table::{Rows, Table};

use crate::{
    PlatformRead, PlatformWrite, Result, migrate,
    tx::{execute, fetch_all},
};

/// Classifications one tenant's conversations can have; rows of one answer are that many for each tenant.
const CLASSES: usize = 4;

/// The number of the last migration that this build knows.
#[must_use]
pub const fn newest_schema() -> i64 {
    migrate::NEWEST
}

impl PlatformRead {
    /// The number of the last migration that was applied; 0 of a database without a schema.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn schema_version(&mut self) -> Result<i64> {
        migrate::applied(&mut self.tx).await
    }

    /// How sensitive the most sensitive conversation of each tenant is; a tenant without any is not named.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn highest_classes(&mut self) -> Result<Vec<(TenantId, Classification)>> {
        let rows = fetch_all!(
            self.tx,
            "select tenant_id, classification from conversations group by tenant_id, classification order by tenant_id"
        )?;
        let mut highest: Vec<(TenantId, Classification)> = Vec::with_capacity(rows.len() / CLASSES + 1);
        for row in &rows {
            let (tenant, class) = (row.id("tenant_id")?, row.parsed::<Classification>("classification")?);
            match highest.last_mut().filter(|(id, _)| *id == tenant) {
                Some((_, known)) => *known = class.max(*known),
                None => highest.push((tenant, class)),
            }
        }
        Ok(highest)
    }
}

impl PlatformWrite {
    /// Ends everything that people and gateways had open when a database was copied: sessions, grants of tokens, half
    /// sign-ins, leases. What was ended since would otherwise be open again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_what_was_open(&mut self) -> Result<()> {
        self.security = true;
        for everything in
            ["delete from sessions", "delete from token_grants", "delete from ceremonies", "delete from leases"]
        {
            execute!(self.tx, everything)?;
        }
        Ok(())
    }
}
