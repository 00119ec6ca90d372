//! The emergency account: sealed at the machine's command line, unlocked once by two people together.
//!
//! Each half of its credential lies with one person, in an envelope. Both halves and a reason open one session of at
//! most an hour, however the tenant's people sign in otherwise, and use the seal up. The account gets in no other way
//! and keeps nothing that would outlast the session: no keys, tokens, factors or memberships. Guesses are slowed down
//! per network only, since a count per account would let strangers keep the account shut when it is needed; a half
//! has 100 bits. Left out: making the seal (`cli::break_glass`).

use std::time::Duration;

use leeward_domain::{
    Sha256Digest,
    ids::{PrefixedId as _, TenantId},
    principal::AuthMethod,
    sign_in::Stage,
    tenant::{Status, TenantName},
    user::UserKind,
};
use leeward_ledger::{EventCode, Record};
use leeward_store::{BreakGlassSeal, StoreError, Tenant, User};
use subtle::ConstantTimeEq as _;

use super::{
    Identity,
    secret::SessionToken,
    sign_in::{Opening, Proof},
    throttle,
};
use crate::{
    app::App,
    audit::Draft,
    error::{AppError, Code},
    http::RequestContext,
};

/// How long an unlocked session lasts, whatever the tenant's policy says.
const LASTS: Duration = Duration::from_secs(60 * 60);

/// Which of the two halves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// The one in the first envelope.
    First,
    /// The one in the second envelope.
    Second,
}

/// What is kept of a half. Each place and tenant has digests of its own, so halves cannot change places. Hyphens,
/// blanks and the case of letters do not count: people type this from paper.
#[must_use]
pub fn digest(half: Half, tenant: TenantId, text: &str) -> Sha256Digest {
    let place = match half {
        Half::First => "first",
        Half::Second => "second",
    };
    let typed: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    Sha256Digest::of(format!("leeward break-glass v1\0{place}\0{tenant}\0{}", typed.to_ascii_uppercase()).as_bytes())
}

/// Refuses the emergency account what would outlast its session.
///
/// # Errors
/// `forbidden` for the emergency account.
pub fn not_for_emergencies(identity: &Identity) -> Result<(), AppError> {
    if identity.user.kind != UserKind::BreakGlass {
        return Ok(());
    }
    let detail = "the emergency account keeps nothing beyond its session: no keys, tokens, factors or memberships";
    Err(AppError::new(Code::Forbidden, detail))
}

/// What somebody typed.
#[derive(Clone, Copy)]
pub struct Envelopes<'a> {
    /// The tenant's name.
    pub tenant: &'a str,
    /// The first half.
    pub first: &'a str,
    /// The second half.
    pub second: &'a str,
}

/// Unlocks a tenant's emergency account. The seal is used up, the session there and the record with `reason` in the
/// tenant's and the platform's log, all together.
///
/// # Errors
/// `invalid_credentials`, whatever is wrong; `too_many_attempts` after too many failures from one network.
pub async fn unlock(
    app: &App,
    context: &RequestContext,
    shown: Envelopes<'_>,
    reason: &str,
) -> Result<(Identity, SessionToken), AppError> {
    let attempt = throttle::begin_from_network(app, context, "break_glass").await?;
    let tenant = match shown.tenant.trim().parse::<TenantName>() {
        Ok(name) => app.store.platform_read().await?.tenant_by_name(&name).await?,
        Err(_) => None,
    };
    let (tenant, user, seal) = match check(app, tenant.as_ref(), shown).await? {
        Ok((user, seal)) => match tenant {
            Some(tenant) => (tenant, user, seal),
            None => return Err(refused(app, context, None, "there is no such tenant").await),
        },
        Err(why) => return Err(refused(app, context, tenant.as_ref(), why).await),
    };
    let (tenant_id, tenant_name, user_id) = (tenant.id, tenant.name.clone(), user.id);
    let proof = Proof { tenant, user, method: AuthMethod::BreakGlass, second_factor: None, provider: None };
    let opening = Opening::new(app, context, proof, Stage::Full, LASTS);
    let draft = opening.draft(app, context);
    let with_reason = |record: Record| Record { reason: Some(reason.to_owned()), ..record };
    let platforms = draft.clone().in_platform().on(EventCode::BreakGlassUnlocked, "tenant", tenant_id);
    let tenants = draft.on(EventCode::BreakGlassUnlocked, "user", user_id);

    let mut tx = app.store.platform_write().await?;
    tx.append_audit(&[with_reason(platforms)]).await?;
    let mut tx = tx.into_tenant(tenant_id).await?;
    match tx.take_break_glass_seal(&seal).await {
        Ok(()) => {}
        Err(StoreError::NotFound) => {
            drop(tx);
            let tenant = &opening.identity().tenant;
            return Err(refused(app, context, Some(tenant), "the seal was used a moment ago").await);
        }
        Err(error) => return Err(error.into()),
    }
    opening.keep(&mut tx).await?;
    tx.append_audit(&[with_reason(tenants)]).await?;
    tx.commit().await?;
    app.metrics.break_glass_unlocks.inc();
    tracing::error!(tenant = %tenant_name, user = %user_id, request_id = %context.id, source = ?context.source,
        "the emergency account was unlocked; the audit log has the reason; seal it again afterwards");
    attempt.succeeded(app, tenant_id, user_id).await?;
    opening.finish(app, context).await
}

/// The account and its seal if both halves fit and it may act, else why not. The same work in every case.
async fn check(
    app: &App,
    tenant: Option<&Tenant>,
    shown: Envelopes<'_>,
) -> Result<Result<(User, BreakGlassSeal), &'static str>, AppError> {
    let id = tenant.map_or(TenantId::from_uuid(uuid::Uuid::nil()), |tenant| tenant.id);
    let mut read = app.store.tenant_read(id).await?;
    let user = read.break_glass_user().await?;
    let seal = match &user {
        Some(user) => read.break_glass_seal(user.id).await?,
        None => None,
    };
    drop(read);
    let nothing = Sha256Digest::of(b"");
    let (first, second) = seal.as_ref().map_or((&nothing, &nothing), |seal| (&seal.first, &seal.second));
    let first = digest(Half::First, id, shown.first).as_bytes().ct_eq(first.as_bytes());
    let second = digest(Half::Second, id, shown.second).as_bytes().ct_eq(second.as_bytes());
    let fits = bool::from(first & second);
    Ok(match (tenant, user, seal) {
        (None, _, _) => Err("there is no such tenant"),
        (_, None, _) | (_, _, None) => Err("no emergency account is sealed"),
        _ if !fits => Err("a half is wrong"),
        (Some(tenant), Some(user), _) if tenant.status != Status::Active || user.status != Status::Active => {
            Err("the tenant or its emergency account is suspended")
        }
        (_, Some(user), Some(seal)) => Ok((user, seal)),
    })
}

/// The one answer to every failure, after it is on record: in the platform's log, and in the tenant's if there is one.
async fn refused(app: &App, context: &RequestContext, tenant: Option<&Tenant>, why: &str) -> AppError {
    let draft = Draft::anonymous(&app.ambient, context);
    let logs = [Some(None), tenant.map(|tenant| Some(tenant.id))];
    for log in logs.into_iter().flatten() {
        let draft = log.map_or_else(|| draft.clone(), |id| draft.clone().in_tenant(id));
        let mut record = match tenant {
            Some(tenant) => draft.on(EventCode::BreakGlassRefused, "tenant", tenant.id),
            None => draft.event(EventCode::BreakGlassRefused),
        };
        record.reason = Some(why.to_owned());
        if let Err(unrecorded) = app.audit.append(log, vec![record]).await {
            return unrecorded;
        }
    }
    let detail = "this does not unlock an emergency account: check the tenant's name and both halves; halves work once, \
                  and new ones are made at the machine (leeward break-glass seal)";
    AppError::new(Code::InvalidCredentials, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_is_good_in_its_place_and_tenant_only_and_however_it_is_typed() {
        let [one, other] = [1, 2].map(|n| TenantId::from_uuid(uuid::Uuid::from_u128(n)));
        let kept = digest(Half::First, one, "ABCDE-FGHJK-23456-789AB");
        assert_eq!(kept, digest(Half::First, one, " abcde fghjk23456-789ab\n"));
        assert_ne!(kept, digest(Half::Second, one, "ABCDE-FGHJK-23456-789AB"));
        assert_ne!(kept, digest(Half::First, other, "ABCDE-FGHJK-23456-789AB"));
        assert_ne!(kept, digest(Half::First, one, "ABCDE-FGHJK-23456-789AC"));
    }
}
