//! The catalogue of event codes: one for success, another for failure.
//!
//! To add a code: one line in the table below. Codes are never renamed or reused: verifiers and SIEM rules
//! are written against them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The text was not an event code this version knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown event code {0:?}; docs/audit.md lists them")]
pub struct UnknownEventCode(pub String);

macro_rules! event_codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal),+ $(,)?) => {
        /// What happened.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum EventCode { $($(#[doc = $doc])+ $name),+ }

        impl EventCode {
            /// Every code, in the order docs list them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The dotted name in records.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// One line of meaning, for the catalogue in docs.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+)),+ }
            }
        }
    };
}

event_codes! {
    /// The service started; the record holds its build and configuration digest.
    ServiceStarted = "service.started",
    /// The service stopped in good order.
    ServiceStopped = "service.stopped",
    /// A person signed in.
    LoginSucceeded = "auth.login.succeeded",
    /// Somebody failed to sign in.
    LoginFailed = "auth.login.failed",
    /// A person signed out.
    LoggedOut = "auth.logout.succeeded",
    /// A request was refused: no, wrong or insufficient credentials, or a failed CSRF check.
    AccessRefused = "auth.access.refused",
    /// A tenant was made.
    TenantCreated = "tenant.create.succeeded",
    /// Making a tenant failed.
    TenantCreateFailed = "tenant.create.failed",
    /// A user was made.
    UserCreated = "user.create.succeeded",
    /// Making a user failed.
    UserCreateFailed = "user.create.failed",
    /// A user's roles or status changed; the record holds both values.
    UserUpdated = "user.update.succeeded",
    /// Changing a user failed.
    UserUpdateFailed = "user.update.failed",
    /// An API key was made.
    KeyCreated = "key.create.succeeded",
    /// Making an API key failed.
    KeyCreateFailed = "key.create.failed",
    /// An API key was revoked.
    KeyRevoked = "key.revoke.succeeded",
    /// Revoking an API key failed.
    KeyRevokeFailed = "key.revoke.failed",
    /// Audit records were read.
    AuditRead = "audit.read.succeeded",
    /// Audit records were exported.
    AuditExported = "audit.export.succeeded",
    /// An inference was admitted; written before the first token.
    InferenceIntent = "inference.admitted",
    /// An inference ended with a whole answer (the finish reason says how).
    InferenceCompleted = "inference.completed",
    /// The caller went away or asked to stop; tokens so far are counted.
    InferenceCancelled = "inference.cancelled",
    /// An inference ended without a proper answer: the engine failed or the service stopped.
    InferenceAborted = "inference.aborted",
    /// An inference was refused before it began (policy, queue, bad request after authentication).
    InferenceRefused = "inference.refused",
    /// A conversation was deleted by its owner.
    ConversationDeleted = "conversation.delete.succeeded",
    /// A model was imported into the store.
    ModelImported = "model.import.succeeded",
    /// Importing a model failed.
    ModelImportFailed = "model.import.failed",
    /// A worker loaded a model after its digest was checked.
    ModelLoaded = "model.load.succeeded",
    /// A model could not be loaded, for example because a byte of it changed.
    ModelLoadFailed = "model.load.failed",
    /// A worker process ended without being asked to.
    WorkerExited = "engine.worker.exited",
    /// Recovery closed intents whose outcome was never written.
    LogRecovered = "audit.recovery.succeeded",
}

impl fmt::Display for EventCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for EventCode {
    type Err = UnknownEventCode;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text).ok_or_else(|| UnknownEventCode(text.to_owned()))
    }
}

impl Serialize for EventCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for EventCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
