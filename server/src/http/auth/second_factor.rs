//! `/auth/second-factor/…`: the step after the password.

use actix_web::{HttpResponse, web};
use leeward_domain::sign_in::Stage;
use leeward_identity::{passkey::RelyingParty, totp};
use leeward_ledger::EventCode;
use leeward_store::{SecondFactor, TenantWrite};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{SessionInfo, signed_in};
use crate::{
    app::App,
    auth::{
        ceremony::{self, Kind},
        passkeys::{party, refused},
        permit::{Permit, SecondFactorStage},
        sign_in::{self, factors_of},
        throttle::{self, Attempt},
    },
    error::{AppError, Code},
    http::{
        Body,
        admin::recorded,
        errors::Problem,
        me::{
            factors::{TotpCode, step_of, used_up},
            passkeys::Begun,
        },
    },
};

/// The browser's answer to a passkey ceremony.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasskeyAnswer {
    /// As given by the first half.
    pub ceremony: String,
    /// The browser's answer, as JSON.
    #[schema(value_type = Object)]
    pub credential: Value,
}

/// Shows a code of the authenticator app.
///
/// # Errors
/// 401 for a wrong code, 429 after too many.
#[utoipa::path(post, path = "/auth/second-factor/totp", tag = "auth", request_body = TotpCode, responses(
    (status = 200, description = "Shown; see `stage`", body = SessionInfo),
    (status = 401, description = "The code is wrong", body = Problem),
    (status = 429, description = "Too many attempts", body = Problem)))]
pub async fn totp(
    app: web::Data<App>,
    permit: Permit<SecondFactorStage>,
    Body(shown): Body<TotpCode>,
) -> Result<HttpResponse, AppError> {
    let work = async {
        let attempt = attempt(&app, &permit).await?;
        let step = step_of(&app, &permit.identity, &shown.code, true).await?;
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        tx.use_totp(permit.user.id, step, app.ambient.now()).await.map_err(used_up)?;
        go_on(&app, &permit, tx, attempt, SecondFactor::Totp).await
    };
    recorded(&app, permit.draft(&app).on(EventCode::SecondFactorFailed, "factor", "totp"), work).await
}

/// Shows a recovery code; it is used up.
///
/// # Errors
/// 401 for a wrong code, 429 after too many.
#[utoipa::path(post, path = "/auth/second-factor/recovery", tag = "auth", request_body = TotpCode, responses(
    (status = 200, description = "Shown; see `stage`", body = SessionInfo),
    (status = 401, description = "The code is wrong", body = Problem),
    (status = 429, description = "Too many attempts", body = Problem)))]
pub async fn recovery(
    app: web::Data<App>,
    permit: Permit<SecondFactorStage>,
    Body(shown): Body<TotpCode>,
) -> Result<HttpResponse, AppError> {
    let work = async {
        let attempt = attempt(&app, &permit).await?;
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        let digest = totp::recovery_digest(&shown.code);
        tx.take_recovery_code(permit.user.id, &digest).await.map_err(|error| match error {
            leeward_store::StoreError::NotFound => {
                AppError::new(Code::InvalidCredentials, "this is none of your recovery codes, or it was used already")
            }
            other => other.into(),
        })?;
        go_on(&app, &permit, tx, attempt, SecondFactor::Recovery).await
    };
    recorded(&app, permit.draft(&app).on(EventCode::SecondFactorFailed, "factor", "recovery"), work).await
}

/// Begins to ask for a passkey as the second factor.
///
/// # Errors
/// 404 when the user has none.
#[utoipa::path(post, path = "/auth/second-factor/passkey/begin", tag = "auth", responses(
    (status = 200, description = "What to ask the authenticator", body = Begun),
    (status = 404, description = "The user has none", body = Problem)))]
pub async fn begin_passkey(app: web::Data<App>, permit: Permit<SecondFactorStage>) -> Result<HttpResponse, AppError> {
    let kept = app.store.tenant_read(permit.tenant.id).await?.passkeys(permit.user.id).await?;
    if kept.is_empty() {
        return Err(AppError::not_found("factor", "passkey"));
    }
    let credentials: Vec<Vec<u8>> = kept.into_iter().map(|passkey| passkey.credential).collect();
    let begun = party(&app)?.begin_authentication(&credentials).map_err(refused)?;
    let ceremony = ceremony::keep(&app, Kind::SecondFactor, &permit.tenant, permit.user.id, &begun.state).await?;
    Ok(HttpResponse::Ok().json(Begun { ceremony, options: begun.options }))
}

/// Shows a passkey as the second factor.
///
/// # Errors
/// 400 for a ceremony that is over, 401 for a passkey that is refused.
#[utoipa::path(post, path = "/auth/second-factor/passkey/finish", tag = "auth", request_body = PasskeyAnswer,
    responses(
    (status = 200, description = "Shown; see `stage`", body = SessionInfo),
    (status = 401, description = "Refused", body = Problem)))]
pub async fn finish_passkey(
    app: web::Data<App>,
    permit: Permit<SecondFactorStage>,
    Body(answer): Body<PasskeyAnswer>,
) -> Result<HttpResponse, AppError> {
    let work = async {
        let attempt = attempt(&app, &permit).await?;
        let user = permit.user.id;
        let state = ceremony::take(&app, Kind::SecondFactor, &permit.tenant, user, &answer.ceremony).await?;
        let id = RelyingParty::credential_id(&answer.credential).map_err(refused)?;
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        let kept = tx.passkeys(user).await?.into_iter().find(|passkey| passkey.credential_id == id);
        let kept = kept.ok_or_else(|| AppError::not_found("passkey", "of yours with this id"))?;
        let used = party(&app)?.finish_authentication(&state, answer.credential, &kept.credential).map_err(refused)?;
        tx.use_passkey(kept.id, &used.credential, app.ambient.now()).await?;
        go_on(&app, &permit, tx, attempt, SecondFactor::Passkey).await
    };
    recorded(&app, permit.draft(&app).on(EventCode::SecondFactorFailed, "factor", "passkey"), work).await
}

async fn attempt(app: &App, permit: &Permit<SecondFactorStage>) -> Result<Attempt, AppError> {
    if permit.stage() != Stage::SecondFactor {
        return Err(AppError::new(Code::Conflict, "no second factor is asked for: you are signed in"));
    }
    throttle::begin_for(app, &permit.context, "second_factor", permit.tenant.id, permit.user.id).await
}

/// The factor was right: the session moves on in the transaction that used it up.
async fn go_on(
    app: &App,
    permit: &Permit<SecondFactorStage>,
    mut tx: TenantWrite,
    attempt: Attempt,
    shown: SecondFactor,
) -> Result<HttpResponse, AppError> {
    let draft = permit.draft(app);
    let factors = factors_of(app, permit.tenant.id, permit.user.id).await?;
    let (stage, token) = sign_in::advance(app, &mut tx, &permit.identity, &permit.user, Some(shown), factors).await?;
    let mut records = vec![draft.on(EventCode::SecondFactorSucceeded, "factor", shown.as_str())];
    records.extend(sign_in::finished(&draft, permit.stage(), stage));
    tx.append_audit(&records).await?;
    tx.commit().await?;
    attempt.succeeded(app, permit.tenant.id, permit.user.id).await?;
    let identity = app.authenticator.by_session(&token, permit.context.source).await?;
    Ok(signed_in(app, &identity, &token, factors))
}
