//! `/api/me/passkeys`: registering and removing passkeys.

use actix_web::{HttpResponse, web};
use leeward_domain::ids::PasskeyId;
use leeward_ledger::EventCode;
use leeward_store::{MAX_PASSKEYS, Passkey, SecondFactor, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::factors::{PasskeyRow, last_factor, person};
use crate::{
    app::App,
    auth::{
        break_glass::not_for_emergencies,
        ceremony::{self, Kind},
        passkeys::{party, refused},
        permit::{Anyone, EnrolStage, Permit},
        sign_in::{self, Factors},
    },
    error::{AppError, Code},
    http::{
        Body,
        admin::{name, recorded},
        auth::session_cookie,
        errors::Problem,
    },
};

/// The first half of a passkey ceremony.
#[derive(Serialize, ToSchema)]
pub struct Begun {
    /// To be sent back with the answer; good for five minutes, once.
    pub ceremony: String,
    /// What `navigator.credentials` is given, as JSON (WebAuthn Level 3).
    #[schema(value_type = Object)]
    pub options: Value,
}

/// The browser's answer, for a new passkey.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPasskey {
    /// As given by the first half.
    ceremony: String,
    /// The browser's answer, as JSON.
    #[schema(value_type = Object)]
    credential: Value,
    /// What to call it.
    name: String,
}

/// Begins to register a passkey.
///
/// # Errors
/// 409 when one has too many, 400 where the service has no host name.
#[utoipa::path(post, path = "/api/me/passkeys/begin", tag = "me", responses(
    (status = 200, description = "What to ask the authenticator", body = Begun),
    (status = 409, description = "Too many", body = Problem)))]
pub async fn begin(app: web::Data<App>, permit: Permit<EnrolStage>) -> Result<HttpResponse, AppError> {
    person(&permit.identity)?;
    let user = &permit.user;
    let known = app.store.tenant_read(permit.tenant.id).await?.passkeys(user.id).await?;
    if known.len() >= MAX_PASSKEYS {
        let detail = format!("a user has at most {MAX_PASSKEYS} passkeys; remove one first");
        return Err(AppError::new(Code::Conflict, detail));
    }
    let known: Vec<Vec<u8>> = known.into_iter().map(|passkey| passkey.credential_id).collect();
    let begun = party(&app)?
        .begin_registration(*user.id.uuid().as_bytes(), user.email.as_str(), &user.display_name, &known)
        .map_err(refused)?;
    let ceremony = ceremony::keep(&app, Kind::RegisterPasskey, &permit.tenant, user.id, &begun.state).await?;
    Ok(HttpResponse::Ok().json(Begun { ceremony, options: begun.options }))
}

/// Ends a registration. A sign-in that waited for it is finished.
///
/// # Errors
/// 400 for an answer that does not fit, 409 for a passkey that is registered already.
#[utoipa::path(post, path = "/api/me/passkeys/finish", tag = "me", request_body = NewPasskey, responses(
    (status = 201, description = "Registered", body = PasskeyRow),
    (status = 400, description = "The answer does not fit", body = Problem),
    (status = 409, description = "It is registered already", body = Problem)))]
pub async fn finish(
    app: web::Data<App>,
    permit: Permit<EnrolStage>,
    Body(new): Body<NewPasskey>,
) -> Result<HttpResponse, AppError> {
    let failure = permit.draft(&app).on(EventCode::FactorEnrolFailed, "factor", "passkey");
    recorded(&app, failure, register(&app, &permit, new)).await
}

async fn register(app: &App, permit: &Permit<EnrolStage>, new: NewPasskey) -> Result<HttpResponse, AppError> {
    not_for_emergencies(&permit.identity)?;
    let (tenant, user) = (permit.tenant.id, permit.user.id);
    let name = name(&new.name)?;
    let state = ceremony::take(app, Kind::RegisterPasskey, &permit.tenant, user, &new.ceremony).await?;
    let registered = party(app)?.finish_registration(&state, new.credential).map_err(refused)?;
    let passkey = Passkey {
        id: app.ambient.mint(),
        user,
        credential_id: registered.credential_id,
        credential: registered.credential,
        name,
        created_at: app.ambient.now(),
        last_used_at: None,
    };
    let draft = permit.draft(app);
    let mut tx = app.store.tenant_write(tenant).await?;
    tx.add_passkey(&passkey).await.map_err(|error| match error {
        StoreError::Conflict { .. } => AppError::new(Code::Conflict, "this passkey is registered already"),
        other => other.into(),
    })?;
    let mut records = vec![draft.on(EventCode::FactorEnrolled, "passkey", passkey.id)];
    let mut answer = HttpResponse::Created();
    if permit.session.is_some() {
        let factors = Factors { passkey: true, ..sign_in::factors_of(app, tenant, user).await? };
        let shown = Some(SecondFactor::Passkey);
        let (stage, token) = sign_in::advance(app, &mut tx, &permit.identity, &permit.user, shown, factors).await?;
        records.extend(sign_in::finished(&draft, permit.stage(), stage));
        answer.cookie(session_cookie(app, &permit.identity, &token));
    }
    tx.append_audit(&records).await?;
    tx.commit().await?;
    Ok(answer.json(PasskeyRow::from(passkey)))
}

/// Removes one of one's passkeys.
///
/// # Errors
/// 404 for anybody else's, 409 when the tenant demands a second factor and this is the last.
#[utoipa::path(delete, path = "/api/me/passkeys/{id}", tag = "me", params(("id" = String, Path)), responses(
    (status = 204, description = "Removed"),
    (status = 404, description = "No such passkey of yours", body = Problem),
    (status = 409, description = "It is the last, and the tenant demands one", body = Problem)))]
pub async fn remove(
    app: web::Data<App>,
    permit: Permit<Anyone>,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    person(&permit.identity)?;
    let not_found = || AppError::not_found("passkey", &id);
    let passkey: PasskeyId = id.parse().map_err(|_| not_found())?;
    let user = permit.user.id;
    let mut tx = app.store.tenant_write(permit.tenant.id).await?;
    let has_totp = tx.totp(user).await?.is_some_and(|totp| totp.confirmed_at.is_some());
    if permit.tenant.sign_in.second_factor && !has_totp && tx.passkeys(user).await?.len() == 1 {
        return Err(last_factor());
    }
    tx.delete_passkey(user, passkey).await.map_err(|error| match error {
        StoreError::NotFound => not_found(),
        other => other.into(),
    })?;
    tx.append_audit(&[permit.draft(&app).on(EventCode::FactorRemoved, "passkey", passkey)]).await?;
    tx.commit().await?;
    Ok(HttpResponse::NoContent().finish())
}
