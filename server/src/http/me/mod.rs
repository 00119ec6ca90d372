//! `/api/me`: one's own account: sessions, factors, keys.
//!
//! No permission is needed for what is one's own, but a whole sign-in is, except where a sign-in must be
//! finished here (setting up a second factor the tenant demands).

pub mod factors;
pub mod keys;
pub mod passkeys;
pub mod sessions;
pub mod tokens;
