//! Places, policies and the decision between them. Unset means deny.
//!
//! A [`Place`] is where something stands, a [`ResidencyPolicy`] is what one tenant allows there, and
//! [`ResidencyPolicy::decide`] answers one question: may content of this class be used for this [`Purpose`] at
//! this place? The rest is how a policy changes: [`Change`] for the record, [`DryRun`] to know beforehand whom it
//! hits, [`Proposal`] for the second person and the date, [`Enacted`] for the history.
//!
//! To add a purpose: a variant of [`Purpose`] with its row in [`Purpose::ALL`], and a field of the same name at the
//! end of [`ResidencyPolicy`], left out of the JSON while empty so that the hashes of policies already stored stay
//! what they are. To add a class of data with a retention: a field of [`Retention`]. To add a way of naming places:
//! a variant of [`Allowed`] with a prefix of its own.
//!
//! Left out on purpose: who asks (the gateway, before it does what it asks about), where policies are kept (the
//! store), and deleting what a retention has passed. Nothing here proves where a building stands.

mod allowed;
mod change;
mod class;
mod decide;
mod dry_run;
mod history;
mod place;
mod policy;
mod proposal;
mod purpose;
mod retention;
mod state;

pub use allowed::Allowed;
pub use change::Change;
pub use class::{Classification, Label, UnknownClass};
pub use decide::{Decision, Refusal};
pub use dry_run::{DryRun, Past, WouldRefuse};
pub use history::{Broken, Enacted, NotEnacted, follows, in_force};
pub use place::{Fault, MAX_CHARS, Place};
pub use policy::{PolicyFault, ResidencyPolicy};
pub use proposal::{Proposal, ProposalError};
pub use purpose::{Purpose, UnknownPurpose};
pub use retention::Retention;
pub use state::{ProposalState, UnknownState};
