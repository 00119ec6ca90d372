//! The doors. [`routes`] is the only route table; `openai`, `anthropic`, `admin`, `auth`, `chat`, `me` and `scim` hold the handlers.
//!
//! To add a route: a handler with a `Permit<…>` argument and a `#[utoipa::path]`, a line in
//! [`routes::configure`], a line in [`openapi`], a line in `docs/api.md`.

pub mod admin;
pub mod anthropic;
pub mod assets;
pub mod attachment;
pub mod audit;
pub mod auth;
pub mod body;
mod capabilities;
pub mod catalogue;
pub mod chat;
pub mod classified;
pub mod context;
pub mod edge;
pub mod errors;
pub mod health;
pub mod life;
pub mod me;
pub mod openai;
pub mod openapi;
pub mod paging;
pub mod projects;
pub mod residency;
pub mod routes;
pub mod scim;
pub mod sse;
pub mod terms;
pub mod text_or_items;
pub mod witness;

pub use body::Body;
pub use classified::Classified;
pub use context::RequestContext;
pub use terms::Terms;
pub use text_or_items::TextOrItems;
