//! Syslog over TLS (RFC 5425): each message with its length in front, over one connection that is kept.
//!
//! The protocol has no acknowledgements. A batch counts as taken when the other machine has received its last byte and
//! has not hung up; after a broken connection the batch before is sent again, since the program there may not have got
//! to it.

use std::time::Duration;

use super::Batch;
use crate::{
    config::{Carrier, SinkSection},
    outbound::{Outbound, Stream},
};

/// A receiver looks at our certificate after the handshake, and hangs up on one it does not know: that long it may
/// take, before anything counts as taken.
const SETTLE: Duration = Duration::from_secs(1);

/// A connection that is opened when there is something to send.
pub(super) struct Syslog {
    section: SinkSection,
    outbound: Outbound,
    stream: Option<Stream>,
    /// The last batch that counted as taken.
    before: Vec<u8>,
}

impl Syslog {
    pub(super) fn new(section: SinkSection, outbound: Outbound) -> Self {
        Self { section, outbound, stream: None, before: Vec::new() }
    }

    pub(super) async fn deliver(&mut self, batch: &Batch<'_>) -> Result<(), String> {
        let mut bytes = Vec::new();
        for message in batch.rendered() {
            bytes.extend_from_slice(format!("{} ", message.len()).as_bytes());
            bytes.extend_from_slice(message.as_bytes());
        }
        let within = self.section.timeout();
        // What is not put back was spoilt.
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => {
                let mut stream = self.connect().await?;
                if !self.before.is_empty() {
                    stream.hand_over(&self.before, within).await.map_err(|error| error.to_string())?;
                }
                stream.settle(SETTLE).await.map_err(|error| error.to_string())?;
                stream
            }
        };
        stream.hand_over(&bytes, within).await.map_err(|error| error.to_string())?;
        self.stream = Some(stream);
        self.before = bytes;
        Ok(())
    }

    async fn connect(&self) -> Result<Stream, String> {
        let trust = match self.section.carrier() {
            Some(Carrier::SyslogTls) => Some(self.section.trust()?),
            _ => None,
        };
        let stream = self.outbound.connect(&self.section.to, trust.as_ref(), self.section.timeout()).await;
        stream.map_err(|error| error.to_string())
    }
}
