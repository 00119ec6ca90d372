//! Passwords: argon2id in a bounded pool, so that guessing can starve neither memory nor inference.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString},
};
use leeward_domain::Ambient;
use leeward_store::{Tenant, User};
use tokio::{
    sync::{Semaphore, oneshot},
    time::timeout,
};

use crate::{
    config::Auth,
    error::{AppError, Code},
};

/// The longest accepted, in bytes; hashing is the same for all, this bounds the body.
pub const MAX_BYTES: usize = 1024;
/// Fewer different characters than this is a pattern, not a password.
const DIFFERENT_CHARS: usize = 6;
/// How long a check may wait for its turn.
const WAIT: Duration = Duration::from_secs(10);

/// After a check its place in the pool stays empty for this many times as long as the check took. argon2 fills caches
/// and the memory bus, where inference feels it whatever the thread's priority (docs/benchmarks.md, "Guessing against
/// inference"). Only those who come in a flood wait for it.
const REST: u32 = 1;

/// Hashes and checks passwords.
#[derive(Debug, Clone)]
pub struct Passwords {
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    decoy: Arc<str>,
    ambient: Ambient,
}

impl Passwords {
    /// A pool of the configured size.
    ///
    /// # Errors
    /// When argon2 refuses its own parameters.
    pub fn new(config: &Auth, ambient: &Ambient) -> anyhow::Result<Self> {
        let decoy = hash_now(ambient, "no account has this password")?;
        Ok(Self {
            running: Arc::new(Semaphore::new(config.password_checks.max(1))),
            waiting: Arc::new(Semaphore::new(config.password_checks.max(1) + config.password_queue)),
            decoy: decoy.into(),
            ambient: ambient.clone(),
        })
    }

    /// Hashes a password for storage (PHC string).
    ///
    /// # Errors
    /// `too_many_attempts` when the pool's queue is full.
    pub async fn hash(&self, password: String) -> Result<String, AppError> {
        let ambient = self.ambient.clone();
        self.run(move || hash_now(&ambient, &password)).await?.map_err(AppError::internal)
    }

    /// Whether the password fits the stored hash. Without a hash (no such account) the same work is done
    /// and the answer is no, so that the time taken tells nothing.
    ///
    /// # Errors
    /// `too_many_attempts` when the pool's queue is full.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool, AppError> {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.decoy.to_string());
        let fits = self
            .run(move || {
                PasswordHash::new(&stored)
                    .is_ok_and(|hash| hasher().is_ok_and(|h| h.verify_password(password.as_bytes(), &hash).is_ok()))
            })
            .await?;
        Ok(known && fits)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
        let busy = || AppError {
            retry_after: Some(Duration::from_secs(5)),
            ..AppError::new(
                Code::TooManyAttempts,
                "too many password checks are waiting (auth.password_queue); try again in a few seconds",
            )
        };
        let _place = self.waiting.try_acquire().map_err(|_| busy())?;
        let turn = timeout(WAIT, Arc::clone(&self.running).acquire_owned()).await.map_err(|_| busy())?;
        let turn = turn.map_err(AppError::internal)?;
        // The permit travels with the work: a caller who gives up does not free the core.
        let (done, result) = oneshot::channel();
        drop(tokio::task::spawn_blocking(move || {
            let began = Instant::now();
            // A caller who gave up wants no result.
            drop(done.send(work()));
            std::thread::sleep(began.elapsed() * REST);
            drop(turn);
        }));
        result.await.map_err(AppError::internal)
    }
}

/// Whether a user may choose this password: long enough for the tenant, and not made of what everybody knows
/// about the account. Nothing else is asked of it (NIST SP 800-63B-4, section 3.1.1.2: no composition rules).
///
/// # Errors
/// `invalid_request` on `new_password`, saying what to do.
pub fn check(password: &str, tenant: &Tenant, user: &User) -> Result<(), AppError> {
    let wrong = |detail: String| Err(AppError::invalid("new_password", detail));
    let least = tenant.sign_in.password_min_chars as usize;
    let chars = password.chars().count();
    if chars < least {
        return wrong(format!(
            "the password has {chars} characters, your tenant asks for {least} or more; a few unrelated words are easy to keep in mind"
        ));
    }
    if password.len() > MAX_BYTES {
        return wrong(format!("a password has at most {MAX_BYTES} bytes"));
    }
    let mut different: Vec<char> = password.to_lowercase().chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < DIFFERENT_CHARS {
        return wrong(format!(
            "the password has {} different characters; use {DIFFERENT_CHARS} or more",
            different.len()
        ));
    }
    let lower = password.to_lowercase();
    let local = user.email.as_str().split('@').next().unwrap_or_default();
    let known = [user.email.as_str(), local, tenant.name.as_str(), "leeward", "password"];
    // What is left once the guessable parts are taken out must still be worth something.
    let rest = known.iter().filter(|word| word.len() >= 4).fold(lower, |rest, word| rest.replace(word, ""));
    if rest.chars().count() < least / 2 {
        return wrong("the password is little more than your address, your tenant's name or a common word".into());
    }
    Ok(())
}

/// argon2id with OWASP's first recommended parameters: 19 MiB, 2 passes, 1 lane (RFC 9106).
fn hasher() -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|error| anyhow::anyhow!("argon2: {error}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(ambient: &Ambient, password: &str) -> anyhow::Result<String> {
    let wrong = |error| anyhow::anyhow!("argon2: {error}");
    let salt = SaltString::encode_b64(&ambient.bytes::<16>()).map_err(wrong)?;
    Ok(hasher()?.hash_password(password.as_bytes(), &salt).map_err(wrong)?.to_string())
}
