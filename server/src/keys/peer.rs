//! How a key provider behind HTTP is reached: over the one client for everything outbound, with its guard.
//!
//! Calls are few, because keys in use are in memory. So each has a connection of its own, and nothing is kept between
//! two: a certificate that was renewed counts at once, and no connection goes stale. It blocks, on the thread of the
//! provider that calls it; it must not be called from a task.

use std::path::PathBuf;

use ipnet::IpNet;
use leeward_keyring::{Answer, Transport};
use tokio::runtime::Builder;
use url::Url;
use zeroize::Zeroizing;

use crate::outbound::{Guard, Outbound, Trust};

/// One peer.
pub(super) struct Peer {
    /// Its origin.
    pub(super) url: Url,
    /// PEM file with whom to trust.
    pub(super) ca: Option<PathBuf>,
    /// Networks its address must be in.
    pub(super) networks: Vec<IpNet>,
}

impl Transport for Peer {
    fn post(&self, path: &str, token: &str, body: &[u8]) -> Result<Answer, String> {
        let url = self.url.join(path).map_err(|error| error.to_string())?;
        let trust = Trust::read(self.ca.as_deref(), None, None)?;
        let outbound = Outbound::new(std::slice::from_ref(&self.url), Guard::new(&self.networks));
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
        let body = Zeroizing::new(body.to_vec());
        let answered = runtime.block_on(outbound.post_secret(&url, &trust, ("x-vault-token", token), body));
        // Looking up a name may hang beyond its deadline: nobody waits for that.
        runtime.shutdown_background();
        let (status, body) = answered.map_err(|error| error.to_string())?;
        Ok(Answer { status, body })
    }
}
