//! A key that was not at hand when the service started: its file is on a disk that is not in, or not readable yet.
//!
//! It is looked for again when somebody needs it, but not more often than every [`PAUSE`]. Until it is found, whatever
//! needs it gets [`KeyError::Unavailable`] with the reason. So a tenant whose key is missing is closed, and nobody
//! else; and it opens again without a restart.
//!
//! Left out: losing a key again. One that was found stays in memory, as a file's key always does.

use std::{
    fmt,
    sync::{Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use leeward_domain::Ambient;
use zeroize::Zeroizing;

use crate::{
    error::KeyError,
    provider::{FileProvider, KeyProvider},
    sealed::KeyId,
};

/// How long a failure stands before the key is looked for again: opening a passphrase's file is costly on purpose.
const PAUSE: Duration = Duration::from_secs(5);

type Open = dyn Fn() -> Result<FileProvider, KeyError> + Send + Sync;

/// A provider whose key may turn up later.
pub struct LateProvider {
    name: String,
    open: Box<Open>,
    found: OnceLock<FileProvider>,
    /// When it was last looked for, and why it was not found.
    failed: Mutex<Option<(Instant, String)>>,
}

impl fmt::Debug for LateProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LateProvider").field("name", &self.name).finish_non_exhaustive()
    }
}

impl LateProvider {
    /// A provider called `name` of the key that `open` finds. Looks for it now, once.
    #[must_use]
    pub fn new(name: &str, open: impl Fn() -> Result<FileProvider, KeyError> + Send + Sync + 'static) -> Self {
        let late =
            Self { name: name.to_owned(), open: Box::new(open), found: OnceLock::new(), failed: Mutex::default() };
        // Whoever needs the key is told why it is not there.
        let _ = late.key();
        late
    }

    fn key(&self) -> Result<&FileProvider, KeyError> {
        if let Some(found) = self.found.get() {
            return Ok(found);
        }
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        let unavailable = |why: &str| KeyError::Unavailable { provider: self.name.clone(), why: why.to_owned() };
        if let Some((_, why)) = failed.as_ref().filter(|(at, _)| at.elapsed() < PAUSE) {
            return Err(unavailable(why));
        }
        match (self.open)() {
            Ok(found) => Ok(self.found.get_or_init(|| found)),
            Err(error) => {
                let why = error.to_string();
                let told = unavailable(&why);
                *failed = Some((Instant::now(), why));
                Err(told)
            }
        }
    }
}

impl KeyProvider for LateProvider {
    fn id(&self) -> &str {
        self.found.get().map_or(&self.name, |found| found.id())
    }

    /// Before the key is found, an id that no key has.
    fn key_id(&self) -> KeyId {
        self.found.get().map_or_else(|| KeyId::of_place(&["leeward/kek/late/v1", &self.name]), FileProvider::key_id)
    }

    fn is_known(&self) -> bool {
        self.key().is_ok()
    }

    fn wrap(&self, ambient: &Ambient, aad: &[u8], key: &[u8; 32]) -> Result<Vec<u8>, KeyError> {
        self.key()?.wrap(ambient, aad, key)
    }

    fn unwrap(&self, aad: &[u8], wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        self.key()?.unwrap(aad, wrapped)
    }
}
