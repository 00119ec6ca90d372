//! `/api/me/factors`, `/api/me/totp`: what one signs in with besides the password.

use actix_web::{HttpResponse, web};
use leeward_domain::{
    ids::{PasskeyId, UserId},
    sign_in::Stage,
    time::Timestamp,
};
use leeward_identity::totp::{self, TotpSecret};
use leeward_ledger::EventCode;
use leeward_store::{SecondFactor, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::App,
    auth::{
        Identity,
        break_glass::not_for_emergencies,
        permit::{Anyone, EnrolStage, Permit},
        sign_in::{self, Factors},
        throttle,
    },
    error::{AppError, Code},
    http::{Body, admin::recorded, auth::session_cookie, errors::Problem},
};

/// What somebody has.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyFactors {
    /// The authenticator app, if one is set up.
    totp: Option<TotpRow>,
    /// Recovery codes that were not used.
    recovery_codes_left: u64,
    /// Passkeys, oldest first.
    passkeys: Vec<PasskeyRow>,
}

/// An authenticator app.
#[derive(Debug, Serialize, ToSchema)]
pub struct TotpRow {
    #[schema(value_type = String)]
    created_at: Timestamp,
}

/// A passkey.
#[derive(Debug, Serialize, ToSchema)]
pub struct PasskeyRow {
    #[schema(value_type = String)]
    id: PasskeyId,
    /// What its owner calls it.
    name: String,
    #[schema(value_type = String)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>)]
    last_used_at: Option<Timestamp>,
}

impl From<leeward_store::Passkey> for PasskeyRow {
    fn from(passkey: leeward_store::Passkey) -> Self {
        Self { id: passkey.id, name: passkey.name, created_at: passkey.created_at, last_used_at: passkey.last_used_at }
    }
}

/// What to put into an authenticator app.
#[derive(Serialize, ToSchema)]
pub struct TotpSetup {
    /// For typing, in groups of four.
    secret: String,
    /// For apps on this device.
    uri: String,
    /// For a camera: a picture (SVG).
    qr_svg: String,
}

/// A code of the app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TotpCode {
    /// Six digits.
    pub code: String,
}

/// Codes for the day the device is lost.
#[derive(Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// Ten, each good for one sign-in; shown this once.
    recovery_codes: Vec<String>,
}

/// Lists one's factors.
///
/// # Errors
/// 401 when nobody is signed in.
#[utoipa::path(get, path = "/api/me/factors", tag = "me", responses(
    (status = 200, description = "The factors", body = MyFactors)))]
pub async fn list(app: web::Data<App>, permit: Permit<EnrolStage>) -> Result<HttpResponse, AppError> {
    let user = permit.user.id;
    let mut read = app.store.tenant_read(permit.tenant.id).await?;
    let totp = read.totp(user).await?.filter(|totp| totp.confirmed_at.is_some());
    Ok(HttpResponse::Ok().json(MyFactors {
        totp: totp.map(|totp| TotpRow { created_at: totp.created_at }),
        recovery_codes_left: read.recovery_codes_left(user).await?,
        passkeys: read.passkeys(user).await?.into_iter().map(PasskeyRow::from).collect(),
    }))
}

/// Begins to set up an authenticator app; it counts once a first code was shown.
///
/// # Errors
/// 409 when there is one.
#[utoipa::path(post, path = "/api/me/totp/begin", tag = "me", responses(
    (status = 200, description = "What to put into the app", body = TotpSetup),
    (status = 409, description = "There is one already", body = Problem)))]
pub async fn begin_totp(app: web::Data<App>, permit: Permit<EnrolStage>) -> Result<HttpResponse, AppError> {
    person(&permit.identity)?;
    let secret = TotpSecret::mint(&app.ambient);
    let key = app.tenant_key(&permit.tenant).await?;
    let sealed = key.seal(&app.ambient, &aad(permit.user.id), secret.as_bytes())?;
    let mut tx = app.store.tenant_write(permit.tenant.id).await?;
    if tx.totp(permit.user.id).await?.is_some_and(|totp| totp.confirmed_at.is_some()) {
        return Err(AppError::new(Code::Conflict, "an authenticator app is set up; remove it first"));
    }
    tx.begin_totp(permit.user.id, &sealed, app.ambient.now()).await?;
    tx.commit().await?;
    let issuer = format!("Leeward {}", permit.tenant.name);
    let uri = secret.uri(&issuer, permit.user.email.as_str()).map_err(AppError::internal)?;
    let qr_svg = totp::qr_svg(&uri).map_err(AppError::internal)?;
    let setup = TotpSetup { secret: secret.base32(), uri, qr_svg };
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(setup))
}

/// Shows the app's first code: from now on it is asked for. A sign-in that waited for this is finished.
///
/// # Errors
/// 401 for a wrong code, 404 when nothing was begun, 429 after too many.
#[utoipa::path(post, path = "/api/me/totp/confirm", tag = "me", request_body = TotpCode, responses(
    (status = 200, description = "Set up; the codes are shown this once", body = RecoveryCodes),
    (status = 401, description = "The code is wrong", body = Problem),
    (status = 404, description = "Nothing was begun", body = Problem)))]
pub async fn confirm_totp(
    app: web::Data<App>,
    permit: Permit<EnrolStage>,
    Body(shown): Body<TotpCode>,
) -> Result<HttpResponse, AppError> {
    let draft = permit.draft(&app);
    let failure = draft.on(EventCode::FactorEnrolFailed, "factor", "totp");
    recorded(&app, failure, confirm(&app, &permit, &shown.code)).await
}

async fn confirm(app: &App, permit: &Permit<EnrolStage>, code: &str) -> Result<HttpResponse, AppError> {
    not_for_emergencies(&permit.identity)?;
    let (tenant, user) = (permit.tenant.id, permit.user.id);
    let attempt = throttle::begin_for(app, &permit.context, "totp", tenant, user).await?;
    let step = step_of(app, &permit.identity, code, false).await?;
    attempt.succeeded(app, tenant, user).await?;
    let codes = totp::recovery_codes(&app.ambient);
    let digests = codes.each_ref().map(|code| totp::recovery_digest(code));
    let draft = permit.draft(app);
    let mut tx = app.store.tenant_write(tenant).await?;
    tx.use_totp(user, step, app.ambient.now()).await.map_err(used_up)?;
    tx.set_recovery_codes(user, &digests).await?;
    let mut records = vec![draft.on(EventCode::FactorEnrolled, "factor", "totp")];
    let mut answer = HttpResponse::Ok();
    // Setting it up showed it: whoever was made to is wholly signed in now, under a new token.
    if permit.session.is_some() {
        let factors = Factors { totp: true, recovery: true, ..sign_in::factors_of(app, tenant, user).await? };
        let shown = Some(SecondFactor::Totp);
        let (stage, token) = sign_in::advance(app, &mut tx, &permit.identity, &permit.user, shown, factors).await?;
        records.extend(sign_in::finished(&draft, permit.stage(), stage));
        answer.cookie(session_cookie(app, &permit.identity, &token));
    }
    tx.append_audit(&records).await?;
    tx.commit().await?;
    answer.insert_header(("cache-control", "no-store"));
    Ok(answer.json(RecoveryCodes { recovery_codes: codes.into() }))
}

/// Removes one's authenticator app and recovery codes.
///
/// # Errors
/// 404 when there is none, 409 when the tenant demands a second factor and this is the last.
#[utoipa::path(delete, path = "/api/me/totp", tag = "me", responses(
    (status = 204, description = "Removed"),
    (status = 404, description = "There is none", body = Problem),
    (status = 409, description = "It is the last, and the tenant demands one", body = Problem)))]
pub async fn remove_totp(app: web::Data<App>, permit: Permit<Anyone>) -> Result<HttpResponse, AppError> {
    person(&permit.identity)?;
    let user = permit.user.id;
    let mut tx = app.store.tenant_write(permit.tenant.id).await?;
    if permit.tenant.sign_in.second_factor && tx.passkeys(user).await?.is_empty() {
        return Err(last_factor());
    }
    tx.delete_totp(user).await.map_err(|error| match error {
        StoreError::NotFound => AppError::not_found("factor", "totp"),
        other => other.into(),
    })?;
    tx.set_recovery_codes(user, &[]).await?;
    tx.append_audit(&[permit.draft(&app).on(EventCode::FactorRemoved, "factor", "totp")]).await?;
    tx.commit().await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The step of a code that fits now and was not taken.
///
/// # Errors
/// `invalid_credentials` for a wrong code, `not_found` when no app is set up (`confirmed`) or begun.
pub async fn step_of(app: &App, identity: &Identity, code: &str, confirmed: bool) -> Result<u64, AppError> {
    let kept = app.store.tenant_read(identity.tenant.id).await?.totp(identity.user.id).await?;
    let kept = kept.filter(|totp| totp.confirmed_at.is_some() == confirmed);
    let kept = kept.ok_or_else(|| AppError::not_found("factor", "totp"))?;
    let key = app.tenant_key(&identity.tenant).await?;
    let bytes = key.open(&aad(identity.user.id), &kept.secret)?;
    let secret = TotpSecret::from_bytes(&bytes).ok_or_else(|| AppError::internal(anyhow::anyhow!("a short secret")))?;
    let step = secret.check(code, app.ambient.now(), kept.last_step).map_err(AppError::internal)?;
    step.ok_or_else(wrong_code)
}

/// A code that somebody else (or the same person, a moment ago) took first.
pub fn used_up(error: StoreError) -> AppError {
    match error {
        StoreError::NotFound => wrong_code(),
        other => other.into(),
    }
}

fn wrong_code() -> AppError {
    AppError::new(
        Code::InvalidCredentials,
        "the code is wrong or was used already; wait for the next one, and check that your device's clock is right",
    )
}

pub(super) fn last_factor() -> AppError {
    AppError::new(Code::Conflict, "your tenant demands a second factor, and this is your last; set up another first")
}

pub(super) fn person(identity: &Identity) -> Result<(), AppError> {
    not_for_emergencies(identity)?;
    if identity.session.is_none() || identity.user.guest_of.is_some() {
        let detail = "factors belong to people who sign in here; a key or a guest has none";
        return Err(AppError::new(Code::Forbidden, detail));
    }
    debug_assert!(identity.stage() != Stage::SecondFactor, "the extractor let nobody else pass");
    Ok(())
}

fn aad(user: UserId) -> Vec<u8> {
    format!("leeward/totp/v1/{user}").into_bytes()
}
