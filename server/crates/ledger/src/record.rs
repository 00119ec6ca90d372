//! One audit record: who did what, to what, under which rule, with which model, at what cost.
//!
//! A record never holds prompt or answer text: only keyed digests, and later the id of an encrypted blob.
//! Absent fields are left out of the JSON, so a record holds nothing that was not known.

use std::net::IpAddr;

use leeward_domain::{
    Sha256Digest, Timestamp,
    ids::{ApiKeyId, AuditId, ProjectId, RequestId, SessionId, TenantId, UserId},
    principal::AuthMethod,
    residency::{Classification, Decision, Place},
};
use serde::{Deserialize, Serialize};

use crate::event::EventCode;

/// Where a record stands in the life of the act it tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The act is about to begin; an outcome with the same request id follows.
    Intent,
    /// The act ended.
    Outcome,
    /// The whole act in one record.
    Event,
}

/// Whether the host's clock was known to be synchronised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// The kernel says it is disciplined by a time source.
    Synchronised,
    /// The kernel says it is not.
    Unsynchronised,
    /// Not asked.
    Unknown,
}

/// Who acted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Actor {
    /// A person, in a browser or through a key of theirs.
    User {
        /// The person.
        id: UserId,
        /// How this request was authenticated.
        method: AuthMethod,
        /// The key that was used, if one was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        api_key: Option<ApiKeyId>,
        /// The project the key belongs to, if it belongs to one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        project: Option<ProjectId>,
        /// The browser session, if there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        session: Option<SessionId>,
    },
    /// Somebody who could not be identified.
    Anonymous,
    /// The service itself.
    System,
    /// The operator at the machine's command line.
    LocalConsole,
}

/// What was acted on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// Its kind, for example `user`, `key`, `conversation`, `model`, `route`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its id or name.
    pub id: String,
}

/// One changed value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The field's name.
    pub field: String,
    /// Its value before; null if it had none.
    pub from: Option<String>,
    /// Its value after; null if it has none.
    pub to: Option<String>,
}

/// The model that answered, exactly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelRef {
    /// What requests call it.
    pub name: String,
    /// SHA-256 of its weights.
    pub weights: Sha256Digest,
}

/// What an inference cost and how it ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    /// Prompt tokens.
    pub input: u32,
    /// Generated tokens.
    pub output: u32,
    /// Prompt tokens served from the prefix cache.
    pub cached: u32,
}

/// One audit record. Build with [`Record::new`], then set what is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The version of this form; [`Record::SCHEMA`].
    pub schema: u32,
    /// Names the record.
    pub id: AuditId,
    /// Where it stands in the life of the act.
    pub phase: Phase,
    /// What happened.
    pub event: EventCode,
    /// When, by the gateway's clock, UTC.
    pub at: Timestamp,
    /// Whether that clock was trustworthy.
    pub clock: ClockState,
    /// The tenant whose log this is; absent in the platform's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<TenantId>,
    /// Who acted.
    pub actor: Actor,
    /// The peer's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<IpAddr>,
    /// The HTTP request, and the inference it started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestId>,
    /// The trace it belongs to: 32 hexadecimal digits (W3C Trace Context).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<String>,
    /// What was acted on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<Object>,
    /// Values before and after.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// Why, as stated by the actor or found by the service; never content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The residency decision, with the policy's version and hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// The classification the content was handled under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classification: Option<Classification>,
    /// Where it was processed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The engine node or worker that did the work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// The isolation the worker ran under: `dedicated` (one tenant's) or `shared` (no prefix cache).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub isolation: Option<String>,
    /// The model, by name and weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<ModelRef>,
    /// Tokens in, out and cached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<Tokens>,
    /// How generation ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finish_reason: Option<String>,
    /// HMAC-SHA-256 of the prompt under the tenant's key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_hmac: Option<Sha256Digest>,
    /// HMAC-SHA-256 of the answer under the tenant's key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_hmac: Option<Sha256Digest>,
    /// The encrypted content's id, where content is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blob: Option<String>,
    /// The id of the key that encrypts it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blob_key: Option<String>,
    /// The retention class of what was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<String>,
    /// Legal holds in force.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<String>,
    /// The build that wrote this record.
    pub build: String,
}

impl Record {
    /// The form this version writes.
    pub const SCHEMA: u32 = 1;

    /// A record with everything optional left out.
    #[must_use]
    pub fn new(id: AuditId, at: Timestamp, event: EventCode, phase: Phase, actor: Actor) -> Self {
        Self {
            schema: Self::SCHEMA,
            id,
            phase,
            event,
            at,
            clock: ClockState::Unknown,
            tenant: None,
            actor,
            source: None,
            request: None,
            trace: None,
            object: None,
            changes: Vec::new(),
            reason: None,
            decision: None,
            classification: None,
            place: None,
            node: None,
            isolation: None,
            model: None,
            tokens: None,
            finish_reason: None,
            prompt_hmac: None,
            output_hmac: None,
            blob: None,
            blob_key: None,
            retention: None,
            holds: Vec::new(),
            build: concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).replace("-ledger", ""),
        }
    }
}
