//! `/api/sign-in-policy`: how the tenant's people sign in, and who may audit whom.

use actix_web::{HttpResponse, web};
use leeward_domain::sign_in::SignInPolicy;
use leeward_ledger::EventCode;
use serde_json::Value;

use super::{changed, recorded};
use crate::{
    app::App,
    auth::permit::{Anyone, Permit, PolicyManage},
    error::AppError,
    http::{Body, errors::Problem},
};

/// Tells the policy; everybody it binds may know it.
///
/// # Errors
/// 401 when nobody is signed in.
#[utoipa::path(get, path = "/api/sign-in-policy", tag = "admin", responses(
    (status = 200, description = "The policy", body = Object)))]
pub async fn get(permit: Permit<Anyone>) -> HttpResponse {
    HttpResponse::Ok().json(&permit.tenant.sign_in)
}

/// Replaces the policy; absent fields take their defaults. The version counts up by itself.
///
/// # Errors
/// 400 for values out of their bounds.
#[utoipa::path(put, path = "/api/sign-in-policy", tag = "admin", request_body = Object, responses(
    (status = 200, description = "The policy from now on", body = Object),
    (status = 400, description = "Out of bounds", body = Problem),
    (status = 403, description = "Needs policy.manage", body = Problem)))]
pub async fn put(
    app: web::Data<App>,
    permit: Permit<PolicyManage>,
    Body(new): Body<SignInPolicy>,
) -> Result<HttpResponse, AppError> {
    let draft = permit.draft(&app);
    let work = async {
        new.check().map_err(|wrong| AppError::invalid(wrong.field, wrong.to_string()))?;
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        let before = tx.tenant().await?.sign_in;
        let after = SignInPolicy { version: before.version + 1, ..new };
        let mut record = draft.on(EventCode::SignInPolicyUpdated, "tenant", permit.tenant.id);
        let (from, to) = (fields(&before)?, fields(&after)?);
        for (field, now) in &to {
            let was = from.get(field);
            if was != Some(now) {
                record.changes.push(changed(field, was.map(Value::to_string), Some(now.to_string())));
            }
        }
        tx.set_sign_in_policy(&after).await?;
        tx.append_audit(&[record]).await?;
        tx.commit().await?;
        Ok(after)
    };
    let failure = draft.on(EventCode::SignInPolicyUpdateFailed, "tenant", permit.tenant.id);
    let policy = recorded(&app, failure, work).await?;
    Ok(HttpResponse::Ok().json(policy))
}

fn fields(policy: &SignInPolicy) -> Result<serde_json::Map<String, Value>, AppError> {
    match serde_json::to_value(policy).map_err(AppError::internal)? {
        Value::Object(fields) => Ok(fields),
        _ => Err(AppError::internal(anyhow::anyhow!("a policy is an object"))),
    }
}
