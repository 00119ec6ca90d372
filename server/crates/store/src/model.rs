//! What was decided about models, and the names that stand for them. The models themselves are files.

use leeward_domain::{
    model::listing::{Alias, Listing},
    tenant::ModelName,
};
use sqlx::types::Json;

use crate::{
    PlatformRead, PlatformWrite, Result,
    tx::{Row, execute, fetch_all, fetch_optional, one_row, signed},
};

/// The most listings, and the most aliases, there are.
pub const MODELS_MAX: u32 = 1000;

/// A listing as kept. One that was never kept has version 0.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeptListing {
    /// What was decided.
    pub listing: Listing,
    /// Counts changes.
    pub version: u64,
}

fn listing(row: &Row) -> Result<KeptListing> {
    Ok(KeptListing { listing: row.json("listing")?, version: row.unsigned("version")? })
}

impl PlatformRead {
    /// Every listing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn listings(&mut self) -> Result<Vec<(ModelName, KeptListing)>> {
        let rows = fetch_all!(
            self.tx,
            "select name, version, listing from models order by name limit $1",
            i64::from(MODELS_MAX)
        )?;
        rows.iter().map(|row| Ok((row.parsed("name")?, listing(row)?))).collect()
    }

    /// What was decided about one model; the default if nothing was.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn listing(&mut self, model: &ModelName) -> Result<KeptListing> {
        let row = fetch_optional!(self.tx, "select version, listing from models where name = $1", model.as_str())?;
        row.as_ref().map_or_else(|| Ok(KeptListing::default()), listing)
    }

    /// Every alias.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn aliases(&mut self) -> Result<Vec<(ModelName, Alias)>> {
        let rows = fetch_all!(
            self.tx,
            "select alias, target from model_aliases order by alias limit $1",
            i64::from(MODELS_MAX)
        )?;
        rows.iter().map(|row| Ok((row.parsed("alias")?, row.json("target")?))).collect()
    }
}

impl PlatformWrite {
    /// Puts another listing in the place of the one of version `before` (0 for the first).
    ///
    /// # Errors
    /// `NotFound` if it is of another version by now.
    pub async fn keep_listing(&mut self, model: &ModelName, before: u64, listing: &Listing) -> Result<()> {
        let after = signed(before.saturating_add(1));
        one_row(if before == 0 {
            let insert = "insert into models (name, version, listing) values ($1, $2, $3) on conflict do nothing";
            execute!(self.tx, insert, model.as_str(), after, Json(listing))?
        } else {
            let update = "update models set version = $2, listing = $3 where name = $1 and version = $4";
            execute!(self.tx, update, model.as_str(), after, Json(listing), signed(before))?
        })
    }

    /// Has `alias` stand for `target` from now on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_alias(&mut self, alias: &ModelName, target: &Alias) -> Result<()> {
        execute!(
            self.tx,
            "insert into model_aliases (alias, target) values ($1, $2) on conflict (alias) do update set target = $2",
            alias.as_str(),
            Json(target),
        )?;
        Ok(())
    }

    /// Deletes an alias.
    ///
    /// # Errors
    /// `NotFound` if there is none.
    pub async fn delete_alias(&mut self, alias: &ModelName) -> Result<()> {
        one_row(execute!(self.tx, "delete from model_aliases where alias = $1", alias.as_str())?)
    }
}
