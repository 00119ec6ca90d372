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
    /// Forbidden connections were tried, and all were refused; the record says how many.
    EgressHeld = "service.egress_test.succeeded",
    /// A forbidden connection was tried and made: the service is not ready; the record says which.
    EgressLeaked = "service.egress_test.failed",
    /// A person signed in.
    LoginSucceeded = "auth.login.succeeded",
    /// Somebody failed to sign in.
    LoginFailed = "auth.login.failed",
    /// The password (or what stands for it) was right; the sign-in is not finished.
    FirstFactorSucceeded = "auth.first_factor.succeeded",
    /// A second factor was right.
    SecondFactorSucceeded = "auth.second_factor.succeeded",
    /// A second factor was wrong.
    SecondFactorFailed = "auth.second_factor.failed",
    /// A person was refused further attempts to sign in for a while.
    LoginThrottled = "auth.login.throttled",
    /// A user set a new password.
    PasswordChanged = "auth.password.change.succeeded",
    /// A user failed to set a new password.
    PasswordChangeFailed = "auth.password.change.failed",
    /// A session was ended by its user, an administrator or an identity provider.
    SessionRevoked = "auth.session.revoke.succeeded",
    /// A second factor was set up.
    FactorEnrolled = "auth.factor.enrol.succeeded",
    /// Setting up a second factor failed.
    FactorEnrolFailed = "auth.factor.enrol.failed",
    /// A second factor was removed.
    FactorRemoved = "auth.factor.remove.succeeded",
    /// A person accepted an invitation to another tenant.
    GuestAccepted = "auth.guest.accept.succeeded",
    /// An invitation was refused: it was over, or somebody else's.
    GuestRefused = "auth.guest.accept.failed",
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
    /// A tenant was suspended or resumed; the record holds both values.
    TenantUpdated = "tenant.update.succeeded",
    /// Changing a tenant failed.
    TenantUpdateFailed = "tenant.update.failed",
    /// A tenant was deleted; its log stays.
    TenantDeleted = "tenant.delete.succeeded",
    /// A user was deleted with what was theirs.
    UserDeleted = "user.delete.succeeded",
    /// Deleting a user failed.
    UserDeleteFailed = "user.delete.failed",
    /// A role was made.
    RoleCreated = "role.create.succeeded",
    /// A role was changed; the record holds both values.
    RoleUpdated = "role.update.succeeded",
    /// A role was deleted.
    RoleDeleted = "role.delete.succeeded",
    /// Making, changing or deleting a role failed.
    RoleChangeFailed = "role.change.failed",
    /// A group was made.
    GroupCreated = "group.create.succeeded",
    /// A group's name, roles or members changed.
    GroupUpdated = "group.update.succeeded",
    /// A group was deleted.
    GroupDeleted = "group.delete.succeeded",
    /// Making, changing or deleting a group failed.
    GroupChangeFailed = "group.change.failed",
    /// The sign-in policy was changed; the record holds both values.
    SignInPolicyUpdated = "policy.sign_in.update.succeeded",
    /// Changing the sign-in policy failed.
    SignInPolicyUpdateFailed = "policy.sign_in.update.failed",
    /// Somebody proposed a residency policy; the changes are those it would make.
    PolicyProposed = "policy.residency.propose.succeeded",
    /// A residency policy could not be proposed.
    PolicyProposeFailed = "policy.residency.propose.failed",
    /// A second person approved a proposed residency policy.
    PolicyApproved = "policy.residency.approve.succeeded",
    /// Somebody was refused the approval of a residency policy.
    PolicyApproveFailed = "policy.residency.approve.failed",
    /// A proposed residency policy was taken back.
    PolicyWithdrawn = "policy.residency.withdraw.succeeded",
    /// A proposed residency policy could not be taken back.
    PolicyWithdrawFailed = "policy.residency.withdraw.failed",
    /// A residency policy came into force; the changes are those it made.
    PolicyEnacted = "policy.residency.enact.succeeded",
    /// An approved residency policy did not come into force: another one did before it.
    PolicyEnactFailed = "policy.residency.enact.failed",
    /// An API key was made.
    KeyCreated = "key.create.succeeded",
    /// Making an API key failed.
    KeyCreateFailed = "key.create.failed",
    /// An API key was revoked.
    KeyRevoked = "key.revoke.succeeded",
    /// Revoking an API key failed.
    KeyRevokeFailed = "key.revoke.failed",
    /// An API key got a successor; the old one works until the overlap ends.
    KeyRotated = "key.rotate.succeeded",
    /// Rotating an API key failed.
    KeyRotateFailed = "key.rotate.failed",
    /// Every wrapped key is under the current key-encryption key; the record says how many were moved.
    KekRotated = "key.kek.rotate.succeeded",
    /// Wrapped keys could not be moved under the current key-encryption key; the record says how many are left, and why.
    KekRotateFailed = "key.kek.rotate.failed",
    /// An identity provider ended sessions by a logout token.
    BackchannelLogout = "auth.backchannel_logout.succeeded",
    /// A logout token was refused.
    BackchannelLogoutRefused = "auth.backchannel_logout.failed",
    /// An access token was issued; the record says to whom and by what.
    TokenIssued = "token.issue.succeeded",
    /// An access token was refused.
    TokenRefused = "token.issue.failed",
    /// A refresh token was shown again after its successor was used: the whole grant ended.
    TokenReused = "token.reuse.detected",
    /// A grant of tokens was revoked.
    TokenRevoked = "token.revoke.succeeded",
    /// The appliance got a new key to sign its tokens with.
    SigningKeyRotated = "token.signing_key.rotate.succeeded",
    /// An identity provider was set up.
    ProviderCreated = "provider.create.succeeded",
    /// An identity provider was changed; the record names the fields.
    ProviderUpdated = "provider.update.succeeded",
    /// An identity provider was removed.
    ProviderDeleted = "provider.delete.succeeded",
    /// Setting up, changing or removing an identity provider failed.
    ProviderChangeFailed = "provider.change.failed",
    /// A foreign issuer of workload tokens was trusted.
    IssuerCreated = "issuer.create.succeeded",
    /// A trusted issuer was changed; the record names the fields.
    IssuerUpdated = "issuer.update.succeeded",
    /// A trusted issuer was removed.
    IssuerDeleted = "issuer.delete.succeeded",
    /// Trusting, changing or removing an issuer failed.
    IssuerChangeFailed = "issuer.change.failed",
    /// A project was made.
    ProjectCreated = "project.create.succeeded",
    /// A project's name or members changed.
    ProjectUpdated = "project.update.succeeded",
    /// A project was deleted.
    ProjectDeleted = "project.delete.succeeded",
    /// Making, changing or deleting a project failed.
    ProjectChangeFailed = "project.change.failed",
    /// The emergency account was sealed: two halves of a new credential were handed out.
    BreakGlassSealed = "break_glass.seal.succeeded",
    /// The emergency account was unlocked with both halves; the record holds the reason given.
    BreakGlassUnlocked = "break_glass.unlock.succeeded",
    /// Somebody failed to unlock the emergency account.
    BreakGlassRefused = "break_glass.unlock.failed",
    /// Audit records were read.
    AuditRead = "audit.read.succeeded",
    /// Audit records were exported.
    AuditExported = "audit.export.succeeded",
    /// A signed report on where a tenant's content was was made; the record says why and for which period.
    Attested = "audit.attest.succeeded",
    /// A report on where a tenant's content was could not be made.
    AttestFailed = "audit.attest.failed",
    /// The key that signs this log's checkpoints handed over; the record names both.
    LogKeyRotated = "audit.log_key.rotate.succeeded",
    /// The log was found shorter than, or another than, what was signed before, and an operator took it as it is.
    LogRestored = "audit.restore.accepted",
    /// The log's disk could not be trusted and the service stopped answering; the record says why and since when.
    LedgerFenced = "audit.ledger.fenced",
    /// What was acknowledged was found on the disk again, and the service went on.
    LedgerResumed = "audit.ledger.resumed",
    /// Too little room was left for the log; inference stopped.
    SpaceLow = "audit.space.low",
    /// There was room for the log again.
    SpaceRestored = "audit.space.restored",
    /// A sink took no records; it is tried again for as long as it takes. The record says which and why.
    SinkFailed = "audit.sink.failed",
    /// The sink took records again.
    SinkResumed = "audit.sink.resumed",
    /// The tenant's policy lets its records go to a sink; told once for each sink and each version of the policy.
    TelemetryAllowed = "telemetry.sink.allowed",
    /// The tenant's policy keeps its records from a sink; they wait for another policy. The record names the rule.
    TelemetryRefused = "telemetry.sink.refused",
    /// How much the log is accompanied by was changed; the record holds both levels.
    CaptureUpdated = "audit.capture.update.succeeded",
    /// Changing how much the log is accompanied by failed.
    CaptureUpdateFailed = "audit.capture.update.failed",
    /// Captured content was read; the record says of which inference, and why.
    CapturedRead = "audit.captured.read.succeeded",
    /// Captured content was not read.
    CapturedReadFailed = "audit.captured.read.failed",
    /// An alert over this log was saved or changed; the record holds it.
    AlertSaved = "audit.alert.save.succeeded",
    /// An alert over this log was deleted.
    AlertDeleted = "audit.alert.delete.succeeded",
    /// Saving, changing or deleting an alert failed.
    AlertChangeFailed = "audit.alert.change.failed",
    /// An alert fired: as many records of its kind as it waits for came within its time; the record says whose.
    AlertFired = "audit.alert.fired",
    /// A witness did not cosign a checkpoint of ours; it is asked again. The record says which and why.
    WitnessFailed = "audit.witness.failed",
    /// The witness cosigned again.
    WitnessResumed = "audit.witness.resumed",
    /// A log that this appliance witnesses showed a checkpoint that does not continue the one cosigned before: it was cut
    /// or rewritten, or shows two faces. The record holds both heads.
    ForkSeen = "audit.fork.detected",
    /// The service's clock was found to have jumped; the record holds both times.
    ClockJumped = "clock.jump.detected",
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
    /// A conversation was begun.
    ConversationCreated = "conversation.create.succeeded",
    /// A conversation was renamed by its owner.
    ConversationUpdated = "conversation.update.succeeded",
    /// A conversation was deleted by its owner.
    ConversationDeleted = "conversation.delete.succeeded",
    /// Something was not kept in a conversation, a message or a title: the tenant's policy forbids it here.
    ConversationChangeFailed = "conversation.change.failed",
    /// All that is kept of a person was handed out; the record says whose, and why.
    SubjectExported = "export.subject.succeeded",
    /// What is kept of a person was not handed out.
    SubjectExportFailed = "export.subject.failed",
    /// A legal hold was placed; the record says why.
    HoldPlaced = "hold.place.succeeded",
    /// A legal hold could not be placed.
    HoldPlaceFailed = "hold.place.failed",
    /// A legal hold was released; the record says why.
    HoldReleased = "hold.release.succeeded",
    /// A legal hold could not be released.
    HoldReleaseFailed = "hold.release.failed",
    /// What had run its time by the tenant's retention was deleted; the record says how much.
    RetentionExpired = "retention.expire.succeeded",
    /// A backup was made and read back; in a tenant's log with the decision that allows its place.
    BackupCreated = "backup.create.succeeded",
    /// A backup was not made: a tenant's policy refuses its place, or it could not be written.
    BackupCreateFailed = "backup.create.failed",
    /// A backup was deleted that was older than a tenant's policy lets backups be.
    BackupExpired = "backup.expire.succeeded",
    /// The database was put back from a backup; the record says from which, and why.
    BackupRestored = "backup.restore.succeeded",
    /// A backup was not put back, and the database stayed as it was; the record says why.
    BackupRestoreFailed = "backup.restore.failed",
    /// A model was imported into the store.
    ModelImported = "model.import.succeeded",
    /// Importing a model failed.
    ModelImportFailed = "model.import.failed",
    /// A worker loaded a model after its digest was checked.
    ModelLoaded = "model.load.succeeded",
    /// A model could not be loaded, for example because a byte of it changed.
    ModelLoadFailed = "model.load.failed",
    /// A model was let go of as it was decided, and its worker has ended.
    ModelUnloaded = "model.unload.succeeded",
    /// A model was written to a bundle, signed by this appliance.
    ModelBundled = "model.bundle.succeeded",
    /// A model was not written to a bundle.
    ModelBundleFailed = "model.bundle.failed",
    /// Who may use a model, for what, or whether it is held was changed; the record says from what to what.
    ModelUpdated = "model.update.succeeded",
    /// Changing what was decided about a model failed.
    ModelUpdateFailed = "model.update.failed",
    /// One person proposed a model for production; the record names its weights, and why.
    ModelProposed = "model.promotion.propose.succeeded",
    /// A second person approved it: the model may serve.
    ModelPromoted = "model.promotion.approve.succeeded",
    /// A proposal to promote a model was taken back.
    ModelProposalWithdrawn = "model.promotion.withdraw.succeeded",
    /// Proposing, approving or taking back failed.
    ModelPromotionFailed = "model.promotion.failed",
    /// An alias was set, moved or deleted; the record says from what to what.
    AliasUpdated = "model.alias.update.succeeded",
    /// Setting, moving or deleting an alias failed.
    AliasUpdateFailed = "model.alias.update.failed",
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
