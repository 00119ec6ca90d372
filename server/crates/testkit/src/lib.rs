//! What tests of several crates need: real processes and throwaway services, no mocks.
//!
//! One file per thing. To add one: a file, its `pub mod` here. Nothing in here is part of the product.

#[cfg(feature = "oidc")]
pub mod oidc;
pub mod passkey;
pub mod pgbouncer;
pub mod postgres;
pub mod rsyslog;
pub mod scripted;
pub mod slapd;

/// The `server` folder of the checkout the running test belongs to.
///
/// Asked while it runs, not when it was compiled: a target directory that several checkouts share keeps what the last
/// one compiled, with the last one's paths.
#[must_use]
pub fn server_dir() -> std::path::PathBuf {
    let compiled = || env!("CARGO_MANIFEST_DIR").into();
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(compiled, std::path::PathBuf::from);
    let root = package.ancestors().find(|folder| folder.join("Cargo.lock").is_file());
    root.unwrap_or(&package).join("server")
}
