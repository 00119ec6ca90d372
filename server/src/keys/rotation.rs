//! Moving every wrapped key under the key-encryption key that is current: tenants' keys, the keys that sign tokens, and
//! the log's signing key.
//!
//! Keys are moved in batches, and each replaces its old form only if that is still there. So several may walk at the
//! same time (gateways, the command line), a stop anywhere leaves every key openable, and the next walk goes on. The
//! last batch is written together with the record, so that no rotation ends without one.
//!
//! Left out: ending the older keys' right to open. That is the operator's, who takes them out of the configuration.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use leeward_domain::{
    Ambient,
    ids::{SigningKeyId, TenantId},
};
use leeward_keyring::{KeyError, Keyring, sealed::sealed_by};
use leeward_ledger::EventCode;
use leeward_store::{Page, PlatformWrite, Store};
use serde::Serialize;
use tokio::time::sleep;

use super::ask;
use crate::{audit::Draft, auth::tokens, config::Config, error::AppError, tasks::Tasks};

/// Tenants whose keys are moved in one transaction.
const BATCH: u32 = 20;
/// When what could not be moved is tried again.
const RETRY: Duration = Duration::from_secs(60);

/// Walks the wrapped keys.
#[derive(Debug)]
pub struct Rotation {
    store: Store,
    keyring: Arc<Keyring>,
    ambient: Ambient,
    draft: Draft,
    /// The log's signing key, and the next one while it is being handed over to.
    files: [PathBuf; 2],
}

/// How a walk went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Walked {
    /// Keys that were moved.
    pub rewrapped: u64,
    /// Keys that are still under another key-encryption key.
    pub left: u64,
    /// Why the first of those is.
    pub reason: Option<String>,
}

/// A key in its old form and its new one.
struct Move {
    what: Moved,
    old: Vec<u8>,
    new: Vec<u8>,
}

#[derive(Clone, Copy)]
enum Moved {
    Tenant(TenantId),
    Signing(SigningKeyId),
}

/// What is known while walking.
#[derive(Default)]
struct Walk {
    walked: Walked,
    /// Moves between two keys of which one is out of reach: not tried for each key again.
    away: BTreeSet<String>,
}

impl Walk {
    fn left(&mut self, why: &str) {
        self.walked.left += 1;
        self.walked.reason.get_or_insert_with(|| why.to_owned());
    }
}

impl Rotation {
    /// A rotation on record as `draft`'s doing.
    #[must_use]
    pub fn new(config: &Config, store: Store, keyring: Arc<Keyring>, ambient: Ambient, draft: Draft) -> Self {
        Self { store, keyring, ambient, draft, files: [config.log_key_file(), config.next_log_key_file()] }
    }

    /// Starts walking, on a task nobody waits for: it ends when nothing is left, or with the process.
    pub fn start(self, tasks: &Tasks) {
        tasks.spawn(async move {
            let (mut before, mut told) = (0, false);
            loop {
                match self.walk(before, told).await {
                    Ok(Walked { rewrapped, left: 0, .. }) => {
                        if rewrapped > 0 {
                            tracing::info!(rewrapped, "every key is under the current key-encryption key");
                        }
                        break;
                    }
                    Ok(walked) => {
                        let Walked { rewrapped, left, reason } = walked;
                        tracing::warn!(rewrapped, left, reason, "keys are under an older one still; tried again");
                        (before, told) = (rewrapped, true);
                    }
                    Err(error) => tracing::warn!(%error, "the wrapped keys could not be walked; tried again"),
                }
                sleep(RETRY).await;
            }
        });
    }

    /// Moves what is not under the current key-encryption key. Puts on record how it ended, if there was anything to
    /// do; a failure only if it is not `told` already. `before` counts what earlier walks of the same rotation moved.
    ///
    /// # Errors
    /// When the database fails. A key that cannot be moved is no error: it is counted, and stays as it was.
    pub async fn walk(&self, before: u64, told: bool) -> Result<Walked, AppError> {
        let mut walk = Walk::default();
        walk.walked.rewrapped = before;
        self.learn_of_versions().await;
        for file in self.files.iter().filter(|file| file.exists()) {
            self.file(&mut walk, file).await;
        }
        let mut pending = self.signing_keys(&mut walk).await?;
        let mut after = None;
        loop {
            let page = self.store.platform_read().await?.tenants(Page { after, limit: BATCH }).await?;
            after = page.last().map(|tenant| tenant.id);
            let mut batch = Vec::new();
            let is_last = page.len() < BATCH as usize;
            for tenant in page.into_iter().filter(|it| self.keyring.needs_rewrap(it.id, &it.wrapped_key)) {
                batch.extend(self.rewrapped(&mut walk, Moved::Tenant(tenant.id), tenant.wrapped_key).await);
            }
            if !batch.is_empty() {
                let mut tx = self.store.platform_write().await?;
                let moved = replace(&mut tx, &std::mem::replace(&mut pending, batch)).await?;
                tx.commit().await?;
                walk.walked.rewrapped += moved;
            }
            if is_last {
                break;
            }
        }
        self.end(walk.walked, before, told, &pending).await
    }

    /// The last batch, and the record.
    async fn end(&self, mut walked: Walked, before: u64, told: bool, last: &[Move]) -> Result<Walked, AppError> {
        let mut tx = self.store.platform_write().await?;
        walked.rewrapped += replace(&mut tx, last).await?;
        let (rewrapped, left) = (walked.rewrapped, walked.left);
        let code = match (left, told) {
            (0, _) if rewrapped > 0 => Some(EventCode::KekRotated),
            (0, _) => None,
            (_, false) => Some(EventCode::KekRotateFailed),
            (_, true) => None,
        };
        if let Some(code) = code {
            let mut record = self.draft.on(code, "kek", self.keyring.providers().house().key_id());
            record.reason = Some(match &walked.reason {
                None => format!("{rewrapped} keys rewrapped"),
                Some(why) => format!("{rewrapped} keys rewrapped, {left} left: {why}"),
            });
            tx.append_audit(&[record]).await?;
        }
        if code.is_some() || rewrapped > before {
            tx.commit().await?;
        }
        Ok(walked)
    }

    /// A peer that keeps versions under one name tells of a new one when it wraps. Whether it can be reached shows when
    /// it is needed.
    async fn learn_of_versions(&self) {
        let ambient = self.ambient.clone();
        let probed = ask(&self.keyring, None, move |keyring| keyring.providers().house().probe(&ambient)).await;
        if let Err(error) = probed {
            tracing::warn!(%error, "the key provider cannot be used now");
        }
    }

    async fn file(&self, walk: &mut Walk, file: &Path) {
        let (ambient, path) = (self.ambient.clone(), file.to_owned());
        match ask(&self.keyring, None, move |keyring| keyring.rewrap_log_signer(&ambient, &path)).await {
            Ok(moved) => walk.walked.rewrapped += u64::from(moved),
            Err(error) => walk.left(&error.to_string()),
        }
    }

    async fn signing_keys(&self, walk: &mut Walk) -> Result<Vec<Move>, AppError> {
        let mut moves = Vec::new();
        let keys = self.store.platform_read().await?.signing_keys().await?;
        for key in keys.into_iter().filter(|key| self.keyring.seed_needs_rewrap(&key.seed)) {
            moves.extend(self.rewrapped(walk, Moved::Signing(key.id), key.seed).await);
        }
        Ok(moves)
    }

    /// A key's new form; none if it cannot be moved, which is then counted.
    async fn rewrapped(&self, walk: &mut Walk, what: Moved, old: Vec<u8>) -> Option<Move> {
        let whose = match what {
            Moved::Tenant(id) => Some(id),
            Moved::Signing(_) => None,
        };
        let from = sealed_by(&old).map(|id| id.to_string()).unwrap_or_default();
        let route = format!("{from} {}", self.keyring.provider_for(whose));
        if walk.away.contains(&route) {
            walk.left("");
            return None;
        }
        let (ambient, wrapped) = (self.ambient.clone(), old.clone());
        let work = move |keyring: &Keyring| match what {
            Moved::Tenant(id) => keyring.rewrap_tenant_key(&ambient, keyring, id, &wrapped),
            Moved::Signing(id) => keyring.rewrap_seed(&ambient, keyring, &tokens::purpose(id), &wrapped),
        };
        match ask(&self.keyring, whose, work).await {
            Ok(new) => Some(Move { what, old, new }),
            Err(error) => {
                let name = match what {
                    Moved::Tenant(id) => id.to_string(),
                    Moved::Signing(id) => id.to_string(),
                };
                walk.left(&format!("{name}: {error}"));
                if matches!(error, KeyError::Unavailable { .. }) {
                    walk.away.insert(route);
                }
                None
            }
        }
    }
}

/// Puts the new forms in place of the old ones that are still there; gives how many were.
async fn replace(tx: &mut PlatformWrite, moves: &[Move]) -> Result<u64, AppError> {
    let mut replaced = 0;
    for Move { what, old, new } in moves {
        replaced += u64::from(match what {
            Moved::Tenant(id) => tx.replace_wrapped_key(*id, old, new).await?,
            Moved::Signing(id) => tx.replace_signing_seed(*id, old, new).await?,
        });
    }
    Ok(replaced)
}
