//! Rights that must last: work that outlives its request ends when its caller's rights do.

use actix_web::web;

use super::Identity;
use crate::{
    app::App,
    error::{AppError, Code},
};

/// The caller's rights, watched while something runs on them.
#[derive(Debug)]
pub struct Lease {
    app: web::Data<App>,
    identity: Identity,
}

impl Lease {
    /// On the rights `identity` has now.
    #[must_use]
    pub fn new(app: &web::Data<App>, identity: &Identity) -> Self {
        Self { app: app.clone(), identity: identity.clone() }
    }

    /// Resolves when the rights are gone: the user, the key, the session or the tenant was suspended, revoked
    /// or deleted. A database that does not answer ends nothing: what may no longer be recorded is refused
    /// elsewhere.
    pub async fn ended(&self) -> AppError {
        let mut changes = self.app.authenticator.epoch().changes();
        loop {
            if changes.changed().await.is_err() {
                // The watcher is gone with the process.
                std::future::pending::<()>().await;
            }
            match self.app.authenticator.still_holds(&self.identity).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => tracing::warn!(%error, "could not look up whether a caller's rights still hold"),
            }
        }
        AppError::new(Code::AccessEnded, "your access was ended while this was running; sign in again")
    }
}
