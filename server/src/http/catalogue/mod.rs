//! `/api/catalogue`: what the house decides about its models, and the names that stand for them.
//!
//! Every decision is one transaction with its record, which goes into the log of the operator's own tenant and into the
//! platform's. It has taken effect here when the answer comes, and on other gateways a second later. To add a decision:
//! a handler that calls [`decide`].

pub mod aliases;
pub mod listing;
pub mod promotion;
mod view;

use actix_web::{HttpResponse, web};
use leeward_domain::{model::listing::Listing, tenant::ModelName};
use leeward_ledger::{EventCode, ModelRef, Record};
use leeward_store::{PlatformWrite, StoreError};

use crate::{
    app::App,
    audit::Draft,
    auth::permit::{ModelsManage, Permit},
    catalogue::Model,
    error::{AppError, Code},
    http::{admin::recorded, errors::Problem},
};

/// Shows every model with what was decided about it, and the aliases.
///
/// # Errors
/// 403 without models.manage.
#[utoipa::path(get, path = "/api/catalogue", tag = "models", responses(
    (status = 200, description = "The models and the aliases", body = view::Catalogue),
    (status = 403, description = "Needs models.manage", body = Problem)))]
pub async fn get(app: web::Data<App>, _permit: Permit<ModelsManage>) -> HttpResponse {
    HttpResponse::Ok().json(view::Catalogue::of(&app))
}

/// Has `step` change what was decided about a model, and say so in the record `done`; then puts it into effect.
///
/// # Errors
/// 404 for no such model, 409 when somebody else changed it at the same time, and what `step` refuses; each is recorded
/// as `failure`.
async fn decide(
    app: &App,
    permit: &Permit<ModelsManage>,
    name: &str,
    (done, failure): (EventCode, EventCode),
    step: impl FnOnce(&Model, &mut Listing, &mut Record) -> Result<(), AppError>,
) -> Result<HttpResponse, AppError> {
    let draft = permit.draft(app);
    let work = async {
        let known = app.catalogue.known();
        let model = find(name).and_then(|name| known.get(&name)).ok_or_else(|| AppError::not_found("model", name))?;
        let name = &model.manifest.name;
        let mut tx = app.store.platform_write().await?;
        let mut kept = tx.listing(name).await?;
        let mut record = draft.on(done, "model", name);
        record.model = Some(ModelRef { name: name.to_string(), weights: model.weights });
        step(model, &mut kept.listing, &mut record)?;
        tx.keep_listing(name, kept.version, &kept.listing).await.map_err(overtaken)?;
        put_on_record(&mut tx, &draft, record).await?;
        tx.commit().await?;
        Ok(name.clone())
    };
    let name = recorded(app, draft.on(failure, "model", name), work).await?;
    app.models.look().await?;
    let known = app.catalogue.known();
    let model = known.get(&name).ok_or_else(|| AppError::not_found("model", &name))?;
    Ok(HttpResponse::Ok().json(view::Model::new(app, &known, model)))
}

fn find(name: &str) -> Option<ModelName> {
    name.parse().ok()
}

/// Into the log of the operator's own tenant, and into the platform's.
async fn put_on_record(tx: &mut PlatformWrite, draft: &Draft, record: Record) -> Result<(), AppError> {
    if draft.log().is_some() {
        let id = draft.mint();
        let platform = Record { id, tenant: None, ..record.clone() };
        tx.append_audit_to(None, &[platform]).await?;
    }
    tx.append_audit_to(draft.log(), &[record]).await?;
    Ok(())
}

fn overtaken(error: StoreError) -> AppError {
    match error {
        StoreError::NotFound => {
            AppError::new(Code::Conflict, "somebody else decided about this model at the same time; look again first")
        }
        other => other.into(),
    }
}
