//! `/api/conversations`: the web chat's own doors.
//!
//! A conversation belongs to one user. Titles and messages are sealed under the conversation's data key, each
//! bound to its own id, before they reach the database; see [`crate::sealed`].

pub mod conversations;
pub mod messages;
