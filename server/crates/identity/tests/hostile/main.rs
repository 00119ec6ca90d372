//! Input from attackers, at random: tokens and directory answers that were changed, or never were any.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod jwt;
mod ldap;
