//! A deadline around a provider that has none of its own: a device's library can hang, and nothing can interrupt it.
//!
//! Calls go to one worker thread, one after another. A caller waits no longer than the limit and then gets
//! [`KeyError::Unavailable`]. While the worker hangs beyond the limit in a call, every other one is refused at once,
//! so that a dead device holds none of the service's threads; when the call comes back after all, so does the
//! provider.
//!
//! Left out: more than one worker. Keys that are in use are in the keyring's memory, so calls are few.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use leeward_domain::Ambient;
use zeroize::Zeroizing;

use crate::{error::KeyError, provider::KeyProvider, sealed::KeyId};

/// Calls that may wait for the worker; one more is refused.
const WAITING: usize = 64;

type Job = Box<dyn FnOnce() + Send>;

/// A provider whose every call comes back within a limit.
pub struct Deadline {
    inner: Arc<dyn KeyProvider>,
    limit: Duration,
    /// Gone when this is being dropped, which is what ends the worker.
    jobs: Option<SyncSender<Job>>,
    worker: JoinHandle<()>,
    /// Since when the worker has been in a call; `None` while it waits for one.
    busy: Arc<Mutex<Option<Instant>>>,
}

impl fmt::Debug for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deadline").field("inner", &self.inner.id()).field("limit", &self.limit).finish_non_exhaustive()
    }
}

impl Deadline {
    /// Puts a limit on the calls of `inner` and starts its worker, which ends when this is dropped
    /// (at once, or when the call it hangs in comes back).
    ///
    /// # Errors
    /// [`KeyError::Unavailable`] if there can be no thread.
    pub fn new(inner: Arc<dyn KeyProvider>, limit: Duration) -> Result<Self, KeyError> {
        let (jobs, queue) = sync_channel(WAITING);
        let busy = Arc::new(Mutex::new(None));
        let workers_busy = Arc::clone(&busy);
        let worker = thread::Builder::new()
            .name("key-provider".to_owned())
            .spawn(move || work(&queue, &workers_busy))
            .map_err(|error| unavailable(&*inner, &format!("cannot start its thread: {error}")))?;
        Ok(Self { inner, limit, jobs: Some(jobs), worker, busy })
    }

    fn call<T: Send + 'static>(
        &self,
        call: impl FnOnce(&dyn KeyProvider) -> Result<T, KeyError> + Send + 'static,
    ) -> Result<T, KeyError> {
        let busy = *self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        if busy.is_some_and(|since| since.elapsed() > self.limit) {
            return Err(unavailable(&*self.inner, "an earlier call has not come back yet"));
        }
        let (answer, answered) = sync_channel(1);
        let given_up = Arc::new(AtomicBool::new(false));
        let (inner, unwanted) = (Arc::clone(&self.inner), Arc::clone(&given_up));
        let job = Box::new(move || {
            if !unwanted.load(Ordering::Relaxed) {
                // Nobody may be waiting any more: the answer is then dropped, and wiped.
                let _ = answer.send(call(&*inner));
            }
        });
        let ended = || unavailable(&*self.inner, "its thread has ended");
        self.jobs.as_ref().ok_or_else(ended)?.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => unavailable(&*self.inner, "too many calls are waiting for it"),
            TrySendError::Disconnected(_) => ended(),
        })?;
        answered.recv_timeout(self.limit).unwrap_or_else(|error| {
            given_up.store(true, Ordering::Relaxed);
            Err(match error {
                RecvTimeoutError::Timeout => {
                    unavailable(&*self.inner, &format!("no answer within {} ms", self.limit.as_millis()))
                }
                RecvTimeoutError::Disconnected => unavailable(&*self.inner, "it failed in the middle of a call"),
            })
        })
    }
}

impl Drop for Deadline {
    /// Waits for the worker, within the limit: the last thing it does may be to close a session, and a device's
    /// library must not be in a call while the process is taken down around it.
    fn drop(&mut self) {
        self.jobs = None;
        let start = Instant::now();
        while !self.worker.is_finished() && start.elapsed() < self.limit {
            thread::sleep(Duration::from_millis(1));
        }
    }
}

fn work(queue: &Receiver<Job>, busy: &Mutex<Option<Instant>>) {
    let set = |since| *busy.lock().unwrap_or_else(PoisonError::into_inner) = since;
    while let Ok(job) = queue.recv() {
        set(Some(Instant::now()));
        // A panic drops the job's answer, which its caller notices; the next call finds the worker alive.
        let _ = catch_unwind(AssertUnwindSafe(job));
        set(None);
    }
}

fn unavailable(provider: &dyn KeyProvider, why: &str) -> KeyError {
    KeyError::Unavailable { provider: provider.id().to_owned(), why: why.to_owned() }
}

impl KeyProvider for Deadline {
    fn id(&self) -> &str {
        self.inner.id()
    }

    fn key_id(&self) -> KeyId {
        self.inner.key_id()
    }

    fn is_known(&self) -> bool {
        self.inner.is_known()
    }

    fn is_stale(&self, wrapped: &[u8]) -> bool {
        self.inner.is_stale(wrapped)
    }

    fn wrap(&self, ambient: &Ambient, aad: &[u8], key: &[u8; 32]) -> Result<Vec<u8>, KeyError> {
        let (ambient, aad, key) = (ambient.clone(), aad.to_vec(), Zeroizing::new(*key));
        self.call(move |inner| inner.wrap(&ambient, &aad, &key))
    }

    fn unwrap(&self, aad: &[u8], wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        let (aad, wrapped) = (aad.to_vec(), wrapped.to_vec());
        self.call(move |inner| inner.unwrap(&aad, &wrapped))
    }
}
