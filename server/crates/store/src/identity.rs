//! Whose credential it is: the two look-ups every request begins with.

use leeward_domain::Sha256Digest;

use crate::{
    ApiKey, PlatformRead, Result, Session, Tenant, User,
    api_key::{self, api_key_columns},
    session::{self, session_columns},
    tenant::{self, tenant_columns},
    tx::fetch_optional,
    user::{self, user_columns},
};

/// The owner of an API key. The caller checks statuses, expiry and revocation.
#[derive(Debug, Clone)]
pub struct KeyIdentity {
    /// The tenant the key acts in.
    pub tenant: Tenant,
    /// The key.
    pub key: ApiKey,
    /// Its owner.
    pub user: User,
}

/// The owner of a session. The caller checks statuses and expiry.
#[derive(Debug, Clone)]
pub struct SessionIdentity {
    /// The tenant the session is in.
    pub tenant: Tenant,
    /// The session.
    pub session: Session,
    /// Who signed in.
    pub user: User,
}

impl PlatformRead {
    /// The key whose secret has this SHA-256, revoked and expired ones too.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_api_key(&mut self, secret_hash: &Sha256Digest) -> Result<Option<KeyIdentity>> {
        let row = fetch_optional!(
            self.tx,
            concat!(
                "select ",
                tenant_columns!(),
                ", ",
                api_key_columns!(),
                ", ",
                user_columns!(),
                " from api_keys k join users u on u.tenant_id = k.tenant_id and u.id = k.user_id \
                 join tenants t on t.id = k.tenant_id where k.secret_hash = $1"
            ),
            secret_hash.as_bytes().as_slice(),
        )?;
        row.map(|row| {
            Ok(KeyIdentity {
                tenant: tenant::from_row(&row)?,
                key: api_key::from_row(&row)?,
                user: user::from_row(&row)?,
            })
        })
        .transpose()
    }

    /// The session whose token has this SHA-256, expired ones too.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_session(&mut self, token_hash: &Sha256Digest) -> Result<Option<SessionIdentity>> {
        let row = fetch_optional!(
            self.tx,
            concat!(
                "select ",
                tenant_columns!(),
                ", ",
                session_columns!(),
                ", ",
                user_columns!(),
                " from sessions s join users u on u.tenant_id = s.tenant_id and u.id = s.user_id \
                 join tenants t on t.id = s.tenant_id where s.token_hash = $1"
            ),
            token_hash.as_bytes().as_slice(),
        )?;
        row.map(|row| {
            Ok(SessionIdentity {
                tenant: tenant::from_row(&row)?,
                session: session::from_row(&row)?,
                user: user::from_row(&row)?,
            })
        })
        .transpose()
    }
}
