//! Who may use a model, for what, and whether a worker holds it.

use std::collections::BTreeSet;

use actix_web::{HttpResponse, web};
use leeward_domain::{
    ids::TenantId,
    model::listing::{Audience, Listing, TENANTS_MAX},
    residency::Classification,
};
use leeward_ledger::{Change, EventCode, ModelRef};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::{decide, find, put_on_record, view};
use crate::{
    app::App,
    auth::permit::{ModelsManage, Permit},
    error::{AppError, Code},
    http::{
        Body,
        admin::{changed, recorded},
        errors::Problem,
    },
};

/// What to decide; what is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelPatch {
    /// The most sensitive content it may be given: `public`, `internal`, `confidential`, `restricted`; null for no ceiling
    /// of its own.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    ceiling: Option<Option<Classification>>,
    /// The tenants that may use it, at most 1000; null for all. To others there is no such model.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Vec<String>>)]
    tenants: Option<Option<BTreeSet<TenantId>>>,
    /// Whether a worker is to hold it. One that is let go of answers first what it has.
    #[serde(default)]
    loaded: Option<bool>,
}

/// Null is an answer, absence is none.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Decides who may use a model, for what, and whether a worker holds it.
///
/// # Errors
/// 400 for nothing or too much, 404 for no such model, 409 when somebody else decided at the same time.
#[utoipa::path(patch, path = "/api/catalogue/models/{name}", tag = "models", params(("name" = String, Path)),
    request_body = ModelPatch, responses(
    (status = 200, description = "The model from now on", body = view::Model),
    (status = 400, description = "Malformed, or nothing to decide", body = Problem),
    (status = 403, description = "Needs models.manage", body = Problem),
    (status = 404, description = "No such model", body = Problem),
    (status = 409, description = "Somebody else decided at the same time", body = Problem)))]
pub async fn update(
    app: web::Data<App>,
    permit: Permit<ModelsManage>,
    name: web::Path<String>,
    Body(patch): Body<ModelPatch>,
) -> Result<HttpResponse, AppError> {
    let codes = (EventCode::ModelUpdated, EventCode::ModelUpdateFailed);
    let stranger = stranger(&app, patch.tenants.as_ref()).await?;
    decide(&app, &permit, &name, codes, |_, listing, record| {
        let before = listing.clone();
        if let Some(Some(tenants)) = &patch.tenants
            && tenants.len() > TENANTS_MAX
        {
            let count = tenants.len();
            let detail = format!("a model is listed for at most {TENANTS_MAX} tenants, not {count}; list it for all");
            return Err(AppError::invalid("tenants", detail));
        }
        if let Some(id) = stranger {
            return Err(AppError::invalid("tenants", format!("there is no tenant {id}")));
        }
        listing.ceiling = patch.ceiling.unwrap_or(listing.ceiling);
        if let Some(tenants) = patch.tenants {
            listing.audience = tenants.map_or(Audience::Everyone, Audience::Only);
        }
        listing.loaded = patch.loaded.unwrap_or(listing.loaded);
        record.changes = changes(&before, listing);
        if record.changes.is_empty() {
            return Err(AppError::invalid(
                "ceiling",
                "nothing would change: give ceiling, tenants or loaded another value",
            ));
        }
        Ok(())
    })
    .await
}

/// The first of the tenants named that does not exist: a slip would shut somebody out without a word.
async fn stranger(app: &App, tenants: Option<&Option<BTreeSet<TenantId>>>) -> Result<Option<TenantId>, AppError> {
    let mut tx = app.store.platform_read().await?;
    for &id in tenants.into_iter().flatten().flatten().take(TENANTS_MAX) {
        if tx.tenant(id).await?.is_none() {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

fn changes(before: &Listing, after: &Listing) -> Vec<Change> {
    let ceiling = |listing: &Listing| listing.ceiling.map(|class| class.as_str().to_owned());
    let tenants = |listing: &Listing| match &listing.audience {
        Audience::Everyone => Some("all".to_owned()),
        Audience::Only(tenants) if tenants.is_empty() => Some("none".to_owned()),
        // What a record can hold; the count tells that there are more.
        Audience::Only(tenants) => {
            let named: Vec<_> = tenants.iter().take(20).map(ToString::to_string).collect();
            Some(format!("{}: {}", tenants.len(), named.join(" ")))
        }
    };
    let loaded = |listing: &Listing| Some(listing.loaded.to_string());
    let mut changes = Vec::new();
    if before.ceiling != after.ceiling {
        changes.push(changed("ceiling", ceiling(before), ceiling(after)));
    }
    if before.audience != after.audience {
        changes.push(changed("tenants", tenants(before), tenants(after)));
    }
    if before.loaded != after.loaded {
        changes.push(changed("loaded", loaded(before), loaded(after)));
    }
    changes
}

/// Has a fresh worker load the model; its files are checked anew. The old worker answers first what it has.
///
/// # Errors
/// 404 for no such model, 409 for one that no worker holds.
#[utoipa::path(post, path = "/api/catalogue/models/{name}/reload", tag = "models", params(("name" = String, Path)),
    responses(
    (status = 202, description = "Being loaded", body = view::Model),
    (status = 403, description = "Needs models.manage", body = Problem),
    (status = 404, description = "No such model", body = Problem),
    (status = 409, description = "No worker holds it", body = Problem)))]
pub async fn reload(
    app: web::Data<App>,
    permit: Permit<ModelsManage>,
    name: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let draft = permit.draft(&app);
    let known = app.catalogue.known();
    let work = async {
        let model = find(&name).and_then(|name| known.get(&name)).ok_or_else(|| AppError::not_found("model", &name))?;
        let mut record = draft.on(EventCode::ModelUpdated, "model", &model.manifest.name);
        record.model = Some(ModelRef { name: model.manifest.name.to_string(), weights: model.weights });
        record.changes = vec![changed("worker", Some("held".to_owned()), Some("fresh".to_owned()))];
        let mut tx = app.store.platform_write().await?;
        put_on_record(&mut tx, &draft, record).await?;
        // On record first: a reload nobody can account for does not happen.
        tx.commit().await?;
        if !app.models.reload(model).await {
            let detail = "no worker holds this model, so there is nothing to reload; set loaded to true first";
            return Err(AppError::new(Code::Conflict, detail));
        }
        Ok(model)
    };
    let model = recorded(&app, draft.on(EventCode::ModelUpdateFailed, "model", &*name), work).await?;
    Ok(HttpResponse::Accepted().json(view::Model::new(&app, &known, model)))
}
