//! Passkeys at this installation's address.

use leeward_identity::passkey::{PasskeyError, RelyingParty};

use crate::{
    app::App,
    error::{AppError, Code},
};

/// Who asks for passkeys here.
///
/// # Errors
/// `invalid_request` where people reach the service under an address without a name.
pub fn party(app: &App) -> Result<&RelyingParty, AppError> {
    app.passkeys.as_ref().ok_or_else(|| {
        AppError::new(
            Code::InvalidRequest,
            "passkeys need a host name: reach the service as https://NAME (or http://localhost), and set http.public_url",
        )
    })
}

/// The relying party for `origin`; none, with a line in the log, where it has no name.
#[must_use]
pub fn at(origin: &str) -> Option<RelyingParty> {
    match RelyingParty::new(origin, "Leeward") {
        Ok(party) => Some(party),
        Err(error) => {
            tracing::info!(%error, "passkeys are off");
            None
        }
    }
}

/// An answer that was refused, for whoever gave it. Why in detail is for the log: it helps attackers only.
#[must_use]
pub fn refused(error: PasskeyError) -> AppError {
    match error {
        PasskeyError::Malformed(reason) => AppError::invalid("credential", format!("it cannot be read: {reason}")),
        PasskeyError::Refused(_) => {
            tracing::info!(%error, "a passkey was refused");
            AppError::new(Code::InvalidCredentials, "the passkey was refused; begin again, or use another factor")
        }
        other => AppError::internal(other),
    }
}
