//! Guessing made slow, without handing attackers a way to lock people out.
//!
//! Every attempt is counted before any work is done for it, and forgotten when it ends well. After a few free
//! ones each further attempt must wait twice as long as the one before. What is counted together:
//!
//! | who tries | counted under |
//! |---|---|
//! | from a network this account signed in from lately | this account and this network |
//! | from any other network | this account, all such networks together; and the network, all accounts together |
//! | to unlock an emergency account | the network alone: nobody must be able to keep that one shut |
//!
//! So strangers slow down strangers only: an administrator's own network keeps its own count. A network is an
//! IPv4 /24 or an IPv6 /64. The counts live in the database, so several gateways share them.

use std::{net::IpAddr, time::Duration};

use leeward_domain::{
    Sha256Digest, Timestamp,
    ids::{TenantId, UserId},
};
use leeward_ledger::EventCode;
use leeward_store::{Failures, LoginCandidate};

use crate::{
    app::App,
    audit::Draft,
    error::{AppError, Code},
    http::RequestContext,
};

/// How long a network stays an account's own after a sign-in.
const KNOWN_FOR: Duration = Duration::from_secs(30 * 24 * 3600);
/// A count nobody added to for this long is forgotten.
const FORGET_AFTER: Duration = Duration::from_secs(24 * 3600);

/// An attempt under way: counted as failed until it is said to have succeeded.
#[derive(Debug)]
#[must_use = "an attempt that is not told to have succeeded counts as failed"]
pub struct Attempt {
    buckets: Vec<Bucket>,
    network: String,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    digest: Sha256Digest,
    free: u64,
}

/// Begins an attempt to sign in with `account`'s password.
///
/// # Errors
/// `too_many_attempts` with the time to wait; the refusal is on record.
pub async fn begin(
    app: &App,
    context: &RequestContext,
    account: &str,
    candidates: &[LoginCandidate],
) -> Result<Attempt, AppError> {
    let network = network(context.source);
    let mut known = false;
    for candidate in candidates {
        known = known || is_known(app, candidate.tenant.id, candidate.user.id, &network).await?;
    }
    let account = account.trim().to_lowercase();
    count(app, context, attempt(app, "password", &account, network, known)).await
}

/// Begins an attempt of a user who is known already: the current password, or a second factor.
///
/// # Errors
/// As [`begin`].
pub async fn begin_for(
    app: &App,
    context: &RequestContext,
    what: &str,
    tenant: TenantId,
    user: UserId,
) -> Result<Attempt, AppError> {
    let network = network(context.source);
    let known = is_known(app, tenant, user, &network).await?;
    count(app, context, attempt(app, what, &user.to_string(), network, known)).await
}

/// Begins an attempt that is counted under the caller's network alone, whomever it is for.
///
/// # Errors
/// As [`begin`].
pub async fn begin_from_network(app: &App, context: &RequestContext, what: &str) -> Result<Attempt, AppError> {
    let network = network(context.source);
    let digest = Sha256Digest::of(["network", what, &network].join("\0").as_bytes());
    let buckets = vec![Bucket { digest, free: app.config.auth.free_attempts }];
    count(app, context, Attempt { buckets, network }).await
}

impl Attempt {
    /// The attempt ended well: its counts are forgotten, and the network is the account's own from now on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn succeeded(self, app: &App, tenant: TenantId, user: UserId) -> Result<(), AppError> {
        let mut tx = app.store.platform_write().await?;
        for bucket in &self.buckets {
            tx.clear_failures(&bucket.digest).await?;
        }
        let mut tx = tx.into_tenant(tenant).await?;
        tx.keep_network(user, &self.network, app.ambient.now()).await?;
        tx.commit().await?;
        Ok(())
    }
}

async fn is_known(app: &App, tenant: TenantId, user: UserId, network: &str) -> Result<bool, AppError> {
    let since = app.ambient.now().minus(KNOWN_FOR);
    Ok(app.store.tenant_read(tenant).await?.knows_network(user, network, since).await?)
}

fn attempt(app: &App, what: &str, account: &str, network: String, known: bool) -> Attempt {
    let limits = &app.config.auth;
    let bucket = |parts: &[&str], free| Bucket { digest: Sha256Digest::of(parts.join("\0").as_bytes()), free };
    let buckets = if known {
        vec![bucket(&["known", what, account, &network], limits.free_attempts)]
    } else {
        vec![
            bucket(&["account", what, account], limits.free_attempts),
            bucket(&["network", what, &network], limits.free_attempts_per_network),
        ]
    };
    Attempt { buckets, network }
}

/// Counts the attempt under each of its buckets, or refuses it if one of them is blocked.
async fn count(app: &App, context: &RequestContext, attempt: Attempt) -> Result<Attempt, AppError> {
    let now = app.ambient.now();
    // A look without a writer's turn first: a flood of refused attempts writes nothing here.
    let mut read = app.store.platform_read().await?;
    for bucket in &attempt.buckets {
        if let Some(wait) = read.failures(&bucket.digest).await?.and_then(|failures| blocked(&failures, now)) {
            drop(read);
            return Err(refuse(app, context, wait).await);
        }
    }
    drop(read);
    let mut tx = app.store.platform_write().await?;
    for bucket in &attempt.buckets {
        let held = tx.hold_failures(&bucket.digest, now).await?;
        if let Some(wait) = blocked(&held, now) {
            drop(tx);
            return Err(refuse(app, context, wait).await);
        }
        let count = held.count + 1;
        let blocked_until = (count >= bucket.free).then(|| now.plus(app.config.auth.backoff(count - bucket.free)));
        let counted = Failures { count, first_at: held.first_at, blocked_until };
        tx.set_failures(&bucket.digest, counted, now.plus(FORGET_AFTER)).await?;
    }
    tx.commit().await?;
    Ok(attempt)
}

fn blocked(failures: &Failures, now: Timestamp) -> Option<Duration> {
    failures.blocked_until.filter(|until| *until > now).map(|until| until.since(now))
}

async fn refuse(app: &App, context: &RequestContext, wait: Duration) -> AppError {
    let seconds = wait.as_secs() + 1;
    let mut record = Draft::anonymous(&app.ambient, context).event(EventCode::LoginThrottled);
    record.reason = Some(format!("blocked for another {seconds} s"));
    if let Err(unrecorded) = app.audit.append(None, vec![record]).await {
        return unrecorded;
    }
    AppError {
        retry_after: Some(Duration::from_secs(seconds)),
        ..AppError::new(
            Code::TooManyAttempts,
            format!("too many failed attempts; the next one is possible in {seconds} s (auth.free_attempts)"),
        )
    }
}

/// The network an address lies in, as text; addresses that nobody knows share one.
fn network(source: Option<IpAddr>) -> String {
    let Some(source) = source.map(|source| source.to_canonical()) else { return "unknown".into() };
    let prefix = if source.is_ipv4() { 24 } else { 64 };
    ipnet::IpNet::new(source, prefix).map_or_else(|_| source.to_string(), |network| network.trunc().to_string())
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn neighbours_share_a_network() {
        let of = |text: &str| network(text.parse().ok());
        assert_eq!(of("192.0.2.7"), "192.0.2.0/24");
        assert_eq!(of("::ffff:192.0.2.9"), "192.0.2.0/24");
        assert_eq!(of("2001:db8:1:2:3::4"), "2001:db8:1:2::/64");
        assert_eq!(of("nonsense"), "unknown");
    }
}
