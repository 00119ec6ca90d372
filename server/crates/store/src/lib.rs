//! The database: every statement written once, run on SQLite (one machine) or PostgreSQL (several).
//!
//! [`Store`] opens a transaction in one of four scopes and the scope decides what can be seen and done:
//!
//! | scope | sees | changes |
//! |---|---|---|
//! | [`TenantRead`], [`TenantWrite`] | one tenant | that tenant |
//! | [`PlatformRead`], [`PlatformWrite`] | who there is: tenants, the owner of a credential, the platform's log | tenants |
//!
//! A write is kept by `commit` and undone by dropping it. After an error a transaction is only good for
//! dropping. Every tenant statement names its tenant, and PostgreSQL's row-level security says no a second
//! time. Nobody holds a transaction while tokens are made.
//!
//! To add an aggregate: a table in a new migration under both `migrations/` folders (same file name, RLS in
//! the PostgreSQL one), a file here with its row, its `impl TenantRead` and `impl TenantWrite`, and a file
//! in `tests/conformance`. Its unique indexes go into [`conflict`].
//!
//! Left out: encryption (callers hand over sealed bytes), policy (callers decide, this crate keeps) and
//! offset paging (keyset only, see [`Page`]), but for SCIM, whose pages go by position.

mod api_key;
pub mod audit;
pub mod backup;
mod break_glass;
mod bulk;
mod capture;
mod ceremony;
mod config;
pub mod conflict;
mod conversation;
mod data_key;
mod decision;
mod epoch;
mod error;
mod expiry;
mod factor;
mod fault;
mod group;
mod hold;
mod identity;
mod issuer;
mod lease;
mod login;
mod message;
mod migrate;
mod model;
mod page;
mod passkey;
mod policy;
mod postgres;
mod project;
mod provider;
mod provision;
mod response;
mod role;
mod scope;
mod session;
mod sqlite;
mod store;
mod tenant;
mod throttle;
mod token;
mod tombstone;
mod tx;
mod user;
mod user_list;

pub use api_key::ApiKey;
pub use audit::{
    Appended, AuditCursor, AuditEntry, AuditFilter, AuditFound, CosignedHead, KeptAlert, Orphans, SignedHead,
    SinkState, Undelivered, Unindexed, Unsequenced, Unwitnessed, Watched, WitnessState,
};
pub use break_glass::BreakGlassSeal;
pub use ceremony::Ceremony;
pub use config::DatabaseConfig;
pub use conversation::Conversation;
pub use data_key::{ConversationKey, WrappedDataKey};
pub use error::{Result, StoreError};
pub use factor::Totp;
pub use group::Group;
pub use hold::Hold;
pub use identity::{GrantIdentity, Grants, KeyIdentity, SessionIdentity, UserIdentity};
pub use issuer::{MAX_ISSUERS, TrustedIssuer};
pub use login::LoginCandidate;
pub use message::{MAX_MESSAGES, Message};
pub use model::{KeptListing, MODELS_MAX};
pub use page::{MAX_PAGE, Page};
pub use passkey::{MAX_PASSKEYS, Passkey};
pub use policy::{PolicyProposal, PolicyVersion};
pub use project::{Project, ProjectMember};
pub use provider::{MAX_PROVIDERS, Provider};
pub use role::{CustomRole, MAX_ROLES};
pub use scope::{PlatformRead, PlatformWrite, TenantRead, TenantWrite};
pub use session::{ProviderSession, SecondFactor, Session};
pub use store::Store;
pub use tenant::Tenant;
pub use throttle::Failures;
pub use token::{GrantKind, RefreshToken, SigningKey, TokenGrant};
pub use tombstone::{Grave, KeptErasure, KeptTombstone};
pub use user::User;
pub use user_list::UserFilter;
