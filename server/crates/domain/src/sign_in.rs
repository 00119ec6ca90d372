//! How people of a tenant may sign in: the policy its security officer sets.
//!
//! Pure: the gateway asks, and enforces. A field that is added gets a default that keeps what was before.

use serde::{Deserialize, Serialize};

/// A tenant's rules for signing in. Stored as JSON; absent fields take the defaults below.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignInPolicy {
    /// Counts up with each change.
    pub version: u32,
    /// Whether people may sign in with a password kept here.
    pub passwords: bool,
    /// Whether a password must be followed by a TOTP code or a passkey.
    pub second_factor: bool,
    /// The shortest password accepted, in characters; never under [`SignInPolicy::PASSWORD_FLOOR`].
    pub password_min_chars: u32,
    /// Minutes without a request after which a session ends.
    pub session_idle_minutes: u32,
    /// Hours after which a session ends in any case.
    pub session_hours: u32,
    /// Whether those who administer the tenant may also read its audit log.
    pub self_audit: bool,
}

impl Default for SignInPolicy {
    fn default() -> Self {
        Self {
            version: 0,
            passwords: true,
            second_factor: false,
            password_min_chars: Self::PASSWORD_FLOOR,
            session_idle_minutes: 60,
            session_hours: 12,
            self_audit: false,
        }
    }
}

/// A policy that cannot be taken, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct InvalidPolicy {
    /// The field.
    pub field: &'static str,
    /// What it must be.
    pub reason: &'static str,
}

impl SignInPolicy {
    /// NIST SP 800-63B-4, section 3.1.1.2: 15 characters for a password that may stand alone.
    pub const PASSWORD_FLOOR: u32 = 15;

    /// Refuses values that would shut everybody out or protect nobody.
    ///
    /// # Errors
    /// Names the field and its bounds.
    pub fn check(&self) -> Result<(), InvalidPolicy> {
        let wrong = |field, reason| Err(InvalidPolicy { field, reason });
        if !(Self::PASSWORD_FLOOR..=128).contains(&self.password_min_chars) {
            return wrong("password_min_chars", "must be from 15 to 128 characters");
        }
        if !(1..=1440).contains(&self.session_idle_minutes) {
            return wrong("session_idle_minutes", "must be from 1 to 1440 minutes");
        }
        if !(1..=720).contains(&self.session_hours) {
            return wrong("session_hours", "must be from 1 to 720 hours");
        }
        Ok(())
    }
}

/// What is still missing before a session may do everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Nothing: the session is whole.
    Full,
    /// The second factor.
    SecondFactor,
    /// A second factor must first be set up: the tenant demands one and the user has none.
    EnrolSecondFactor,
    /// A one-time password must be replaced.
    ChangePassword,
}

impl Stage {
    /// The database and JSON spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::SecondFactor => "second_factor",
            Self::EnrolSecondFactor => "enrol_second_factor",
            Self::ChangePassword => "change_password",
        }
    }

    /// What comes next once the password (or what stands for it) was right.
    ///
    /// The order matters: a one-time password is replaced only by somebody who has shown every factor they
    /// have, and a first factor is enrolled only by somebody whose password is their own.
    #[must_use]
    pub const fn next(facts: Facts) -> Self {
        if facts.has_second_factor && !facts.second_factor_shown {
            Self::SecondFactor
        } else if facts.must_change_password {
            Self::ChangePassword
        } else if facts.second_factor_demanded && !facts.second_factor_shown {
            Self::EnrolSecondFactor
        } else {
            Self::Full
        }
    }
}

/// What [`Stage::next`] decides on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Facts {
    /// The user has a confirmed TOTP secret or a passkey.
    pub has_second_factor: bool,
    /// A second factor (or a provider or passkey that counts as one) was shown in this session.
    pub second_factor_shown: bool,
    /// The tenant's policy demands one for this way of signing in.
    pub second_factor_demanded: bool,
    /// The password was given by somebody else and must be replaced.
    pub must_change_password: bool,
}

impl std::str::FromStr for Stage {
    type Err = crate::tenant::InvalidName;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Full, Self::SecondFactor, Self::EnrolSecondFactor, Self::ChangePassword]
            .into_iter()
            .find(|stage| stage.as_str() == text)
            .ok_or(crate::tenant::InvalidName("a stage is full, second_factor, enrol_second_factor or change_password"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_fields_take_the_defaults_and_foolish_ones_are_refused() {
        let policy: SignInPolicy = serde_json::from_str("{}").expect("defaults");
        assert_eq!(policy, SignInPolicy::default());
        assert_eq!(policy.check(), Ok(()));
        for wrong in [
            SignInPolicy { password_min_chars: 14, ..policy.clone() },
            SignInPolicy { session_idle_minutes: 0, ..policy.clone() },
            SignInPolicy { session_hours: 721, ..policy.clone() },
        ] {
            assert!(wrong.check().is_err(), "{wrong:?}");
        }
        assert!(serde_json::from_str::<SignInPolicy>(r#"{"unknown":1}"#).is_err());
    }

    #[test]
    fn a_session_is_whole_only_when_nothing_is_missing() {
        let all = |bits: u8| Facts {
            has_second_factor: bits & 1 != 0,
            second_factor_shown: bits & 2 != 0,
            second_factor_demanded: bits & 4 != 0,
            must_change_password: bits & 8 != 0,
        };
        for facts in (0..16).map(all) {
            let whole = Stage::next(facts) == Stage::Full;
            let missing = facts.must_change_password
                || (!facts.second_factor_shown && (facts.has_second_factor || facts.second_factor_demanded));
            assert_eq!(whole, !missing, "{facts:?}");
        }
        for stage in [Stage::Full, Stage::SecondFactor, Stage::EnrolSecondFactor, Stage::ChangePassword] {
            assert_eq!(stage.as_str().parse(), Ok(stage));
        }
    }
}
