//! Identity's protocols, and nothing else: proving who somebody is with a device of theirs, keeping accounts from
//! elsewhere.
//!
//! One module a protocol. Each takes an answer from outside and gives a typed fact or a refusal that names what
//! was wrong. Left out on purpose: the database, HTTP routes, sessions and audit, which live in
//! the gateway (`server/src/auth`). To add a way of signing in: a module here that ends in a typed fact, a
//! route in the gateway that turns the fact into a session.

pub mod certificate;
pub mod jwks;
pub mod jwt;
pub mod ldap;
pub mod oidc;
pub mod passkey;
pub mod scim;
pub mod totp;
