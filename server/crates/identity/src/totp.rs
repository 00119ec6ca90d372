//! Authenticator apps: time-based one-time passwords (RFC 6238, with RFC 4226's recommended 160-bit secret).
//!
//! SHA-1, six digits, steps of 30 seconds: what every app understands. A code is taken one step early or late
//! (RFC 6238, section 5.2), and each step once: the caller keeps the last step taken. Left out: keeping secrets,
//! counting attempts.

use leeward_domain::{Ambient, Sha256Digest, Timestamp};
use qrcodegen::{QrCode, QrCodeEcc};
use totp_rs::{Builder, Secret, Totp};
use zeroize::Zeroizing;

/// Bytes of a secret.
pub const SECRET_BYTES: usize = 20;
/// How many recovery codes a user gets.
pub const RECOVERY_CODES: usize = 10;
/// Seconds of a step.
const STEP_S: u64 = 30;
/// Digits and letters that are not taken for one another.
const READABLE: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The library and this module disagree about a secret or a name; never with what this module makes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("authenticator app: {0}")]
pub struct TotpError(String);

/// A secret shared with somebody's authenticator app.
pub struct TotpSecret(Zeroizing<[u8; SECRET_BYTES]>);

impl std::fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}

impl TotpSecret {
    /// A fresh secret.
    #[must_use]
    pub fn mint(ambient: &Ambient) -> Self {
        Self(Zeroizing::new(ambient.bytes()))
    }

    /// The secret that was kept, if it has the right length.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        <[u8; SECRET_BYTES]>::try_from(bytes).ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    /// To be sealed and kept.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &*self.0
    }

    /// For typing into an app: base32 in groups of four.
    #[must_use]
    pub fn base32(&self) -> String {
        let text = Secret::new_stack(*self.0).to_base32();
        let groups: Vec<&str> = text.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
        groups.join(" ")
    }

    /// The `otpauth://` address apps read from a picture. Colons separate its parts, so they are taken out of both
    /// names.
    ///
    /// # Errors
    /// When the library refuses the names.
    pub fn uri(&self, issuer: &str, account: &str) -> Result<String, TotpError> {
        let clean = |text: &str| text.replace(':', " ");
        let totp = self.builder().with_issuer(Some(clean(issuer))).with_account_name(clean(account)).build();
        totp.and_then(|totp| totp.to_url()).map_err(|error| TotpError(error.to_string()))
    }

    /// The time step that `code` belongs to, if it is right now, a step ago or a step ahead, and later than
    /// `last_step`. The caller keeps the step, so that no code is taken twice.
    ///
    /// # Errors
    /// When the library refuses the secret.
    pub fn check(&self, code: &str, now: Timestamp, last_step: Option<u64>) -> Result<Option<u64>, TotpError> {
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(None);
        }
        let totp = self.totp()?;
        let seconds = u64::try_from(now.unix_millis() / 1000).unwrap_or_default();
        Ok(totp.check(&digits, seconds).filter(|step| last_step.is_none_or(|last| *step > last)))
    }

    /// The code of an instant, for tests of what takes codes.
    ///
    /// # Errors
    /// When the library refuses the secret.
    pub fn code_at(&self, at: Timestamp) -> Result<String, TotpError> {
        let seconds = u64::try_from(at.unix_millis() / 1000).unwrap_or_default();
        Ok(self.totp()?.generate(seconds).to_string())
    }

    fn totp(&self) -> Result<Totp, TotpError> {
        self.builder().build().map_err(|error| TotpError(error.to_string()))
    }

    fn builder(&self) -> Builder {
        Builder::new()
            .with_digits(6)
            .with_skew(1)
            .with_step_duration(STEP_S)
            .with_secret(Secret::new_stack(*self.0))
            .with_account_name("account")
    }
}

/// Fresh codes for the day the device is lost: 80 bits each, in four groups.
#[must_use]
pub fn recovery_codes(ambient: &Ambient) -> [String; RECOVERY_CODES] {
    std::array::from_fn(|_| {
        let digits = ambient.bytes::<16>().map(|byte| char::from(READABLE[usize::from(byte % 32)]));
        let groups: Vec<String> = digits.chunks(4).map(|group| group.iter().collect()).collect();
        groups.join("-")
    })
}

/// What is kept of a recovery code, however it is typed. A plain digest will do: the code is 80 random bits.
#[must_use]
pub fn recovery_digest(code: &str) -> Sha256Digest {
    let digits: String = code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    Sha256Digest::of(format!("leeward recovery code v1 {digits}").as_bytes())
}

/// A text as a QR code picture (SVG, black on white, with the quiet zone of four modules).
///
/// # Errors
/// When the text is too long for a QR code.
pub fn qr_svg(text: &str) -> Result<String, TotpError> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|error| TotpError(error.to_string()))?;
    let size = code.size();
    let mut path = String::new();
    for (y, x) in (0..size).flat_map(|y| (0..size).map(move |x| (y, x))).filter(|(y, x)| code.get_module(*x, *y)) {
        path.push_str(&format!("M{},{}h1v1h-1z", x + 4, y + 4));
    }
    let side = size + 8;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use leeward_domain::{Clock, Entropy};

    use super::*;

    struct Fixed;
    impl Clock for Fixed {
        fn now(&self) -> Timestamp {
            Timestamp::from_unix_micros(0)
        }
    }
    impl Entropy for Fixed {
        fn fill(&self, bytes: &mut [u8]) {
            for (at, byte) in bytes.iter_mut().enumerate() {
                *byte = u8::try_from(at * 37 % 251).unwrap_or_default();
            }
        }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_micros(seconds * 1_000_000)
    }

    /// RFC 6238, appendix B, its SHA-1 rows, the last six of the eight digits.
    #[test]
    fn the_rfcs_codes_are_ours() {
        let secret = TotpSecret::from_bytes(b"12345678901234567890").unwrap();
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret.code_at(at(seconds)).unwrap(), code, "{seconds}");
            assert_eq!(secret.check(code, at(seconds), None).unwrap(), u64::try_from(seconds / 30).ok());
        }
    }

    #[test]
    fn a_step_early_or_late_is_taken_two_are_not_and_none_twice() {
        let secret = TotpSecret::from_bytes(b"12345678901234567890").unwrap();
        let code = secret.code_at(at(3000)).unwrap();
        for (now, taken) in [(2939, false), (2940, false), (2970, true), (3000, true), (3059, true), (3060, false)] {
            assert_eq!(secret.check(&code, at(now), None).unwrap().is_some(), taken, "{now}");
        }
        assert_eq!(secret.check(&code, at(3000), Some(99)).unwrap(), Some(100));
        assert_eq!(secret.check(&code, at(3000), Some(100)).unwrap(), None, "a step is taken once");
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        assert!(secret.check(&spaced, at(3000), None).unwrap().is_some());
        for wrong in ["", "12345", "1234567", "abcdef", "１２３４５６", "000000"] {
            assert_eq!(secret.check(wrong, at(3000), None).unwrap(), None, "{wrong}");
        }
    }

    #[test]
    fn apps_can_read_it() {
        let secret = TotpSecret::from_bytes(b"12345678901234567890").unwrap();
        let uri = secret.uri("Leeward: demo", "ada@example.org").unwrap();
        assert!(uri.starts_with("otpauth://totp/") && uri.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "{uri}");
        assert_eq!(secret.base32(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        let svg = qr_svg(&uri).unwrap();
        assert!(svg.starts_with("<svg") && svg.contains("viewBox=\"0 0 "));
        assert_eq!(format!("{secret:?}"), "TotpSecret(…)");
    }

    #[test]
    fn recovery_codes_are_read_however_they_are_typed() {
        let ambient = Ambient::new(Arc::new(Fixed), Arc::new(Fixed));
        let codes = recovery_codes(&ambient);
        assert_eq!(codes[0].len(), 19);
        let typed = codes[0].to_uppercase().replace('-', " ");
        assert_eq!(recovery_digest(&typed), recovery_digest(&codes[0]));
        assert_ne!(recovery_digest("0000-0000-0000-0000"), recovery_digest(&codes[0]));
    }
}
