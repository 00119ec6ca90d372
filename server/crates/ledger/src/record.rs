//! One audit record: who did what, to what, under which rule, with which model, at what cost.
//!
//! A record never holds prompt or answer text: only keyed digests, and later the id of an encrypted blob.
//! Absent fields are left out of the JSON, so a record holds nothing that was not known.

use std::net::IpAddr;

pub use leeward_domain::residency::Change;
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
#[serde(into = "ActorForm", try_from = "ActorForm")]
pub enum Actor {
    /// A person, in a browser or through a key of theirs.
    User {
        /// The person.
        id: UserId,
        /// How this request was authenticated.
        method: AuthMethod,
        /// The key that was used, if one was.
        api_key: Option<ApiKeyId>,
        /// The project the key belongs to, if it belongs to one.
        project: Option<ProjectId>,
        /// The browser session, if there is one.
        session: Option<SessionId>,
    },
    /// Somebody who could not be identified.
    Anonymous,
    /// The service itself.
    System,
    /// The operator at the machine's command line.
    LocalConsole,
}

/// An [`Actor`] as written: flat, its members sorted.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ActorForm {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    api_key: Option<ApiKeyId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<UserId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    method: Option<AuthMethod>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    project: Option<ProjectId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session: Option<SessionId>,
    #[serde(rename = "type")]
    kind: ActorKind,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ActorKind {
    User,
    Anonymous,
    System,
    LocalConsole,
}

impl From<Actor> for ActorForm {
    fn from(actor: Actor) -> Self {
        let nobody = |kind| Self { api_key: None, id: None, method: None, project: None, session: None, kind };
        match actor {
            Actor::User { id, method, api_key, project, session } => {
                Self { api_key, id: Some(id), method: Some(method), project, session, kind: ActorKind::User }
            }
            Actor::Anonymous => nobody(ActorKind::Anonymous),
            Actor::System => nobody(ActorKind::System),
            Actor::LocalConsole => nobody(ActorKind::LocalConsole),
        }
    }
}

impl TryFrom<ActorForm> for Actor {
    type Error = &'static str;
    fn try_from(form: ActorForm) -> Result<Self, Self::Error> {
        let ActorForm { api_key, id, method, project, session, kind } = form;
        match (kind, id, method) {
            (ActorKind::User, Some(id), Some(method)) => Ok(Self::User { id, method, api_key, project, session }),
            (ActorKind::User, ..) => Err("a user without an id or a method"),
            _ if id.is_some() || method.is_some() || api_key.is_some() || project.is_some() || session.is_some() => {
                Err("only a user has an id, a method, a key, a project or a session")
            }
            (ActorKind::Anonymous, ..) => Ok(Self::Anonymous),
            (ActorKind::System, ..) => Ok(Self::System),
            (ActorKind::LocalConsole, ..) => Ok(Self::LocalConsole),
        }
    }
}

/// What was acted on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Object {
    /// Its id or name.
    pub id: String,
    /// Its kind, for example `user`, `key`, `conversation`, `model`, `route`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// The model that answered, exactly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelRef {
    /// What requests call it.
    pub name: String,
    /// SHA-256 of its weights.
    pub weights: Sha256Digest,
}

/// What an inference cost and how it ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tokens {
    /// Prompt tokens served from the prefix cache.
    pub cached: u32,
    /// Prompt tokens.
    pub input: u32,
    /// Generated tokens.
    pub output: u32,
}

/// One audit record. Build with [`Record::new`], then set what is known.
///
/// Here and in every type below, members stand in the order of their names, which is RFC 8785's: writing a record
/// with `serde_json` is its canonical form (see [`crate::canonical`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Who acted.
    pub actor: Actor,
    /// When, by the gateway's clock, UTC.
    pub at: Timestamp,
    /// The encrypted content's id, where content is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blob: Option<String>,
    /// The id of the key that encrypts it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blob_key: Option<String>,
    /// The build that wrote this record.
    pub build: String,
    /// Values before and after.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// The classification the content was handled under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classification: Option<Classification>,
    /// Whether that clock was trustworthy.
    pub clock: ClockState,
    /// The residency decision, with the policy's version and hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// What happened.
    pub event: EventCode,
    /// How generation ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finish_reason: Option<String>,
    /// Legal holds in force.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<String>,
    /// Names the record.
    pub id: AuditId,
    /// The isolation the worker ran under: `dedicated` (one tenant's) or `shared` (no prefix cache).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub isolation: Option<String>,
    /// The model, by name and weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<ModelRef>,
    /// The engine node or worker that did the work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// What was acted on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<Object>,
    /// HMAC-SHA-256 of the answer under the tenant's key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_hmac: Option<Sha256Digest>,
    /// Where it stands in the life of the act.
    pub phase: Phase,
    /// Where it was processed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// HMAC-SHA-256 of the prompt under the tenant's key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_hmac: Option<Sha256Digest>,
    /// Why, as stated by the actor or found by the service; never content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The HTTP request, and the inference it started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestId>,
    /// The retention class of what was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<String>,
    /// The version of this form; [`Record::SCHEMA`].
    pub schema: u32,
    /// The peer's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<IpAddr>,
    /// The tenant whose log this is; absent in the platform's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<TenantId>,
    /// Tokens in, out and cached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<Tokens>,
    /// The trace it belongs to: 32 hexadecimal digits (W3C Trace Context).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<String>,
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
