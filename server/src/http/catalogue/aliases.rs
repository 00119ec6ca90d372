//! Names that stand for models: programs ask for `default`, the house decides what that is.

use actix_web::{HttpResponse, web};
use leeward_domain::{
    model::listing::{Alias, Canary},
    tenant::ModelName,
};
use leeward_ledger::EventCode;
use leeward_store::{MODELS_MAX, StoreError};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{find, put_on_record, view};
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

/// What an alias is to mean.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAlias {
    /// The model it means; not another alias.
    model: String,
    /// Another model to try on a share of the requests.
    #[serde(default)]
    canary: Option<String>,
    /// How many of a hundred requests the canary gets, 1 to 99.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 99)]
    canary_percent: Option<u8>,
}

impl NewAlias {
    fn parsed(&self, app: &App) -> Result<Alias, AppError> {
        let known = app.catalogue.known();
        let model = |field: &str, name: &str| {
            let named = find(name).filter(|name| known.get(name).is_some());
            named.ok_or_else(|| AppError::invalid(field, format!("there is no model {name}; an alias means a model")))
        };
        let canary = match (&self.canary, self.canary_percent) {
            (None, None) => None,
            (Some(name), Some(percent @ 1..=99)) => Some(Canary { model: model("canary", name)?, percent }),
            _ => {
                let detail = "a canary needs both: canary, a model, and canary_percent, from 1 to 99";
                return Err(AppError::invalid("canary_percent", detail));
            }
        };
        Ok(Alias { model: model("model", &self.model)?, canary })
    }
}

fn told(alias: &Alias) -> String {
    match &alias.canary {
        None => alias.model.to_string(),
        Some(canary) => format!("{}, {} % {}", alias.model, canary.percent, canary.model),
    }
}

/// Has an alias mean a model from now on, whether it meant another before or did not exist.
///
/// # Errors
/// 400 for no such model or an impossible share, 409 for a model's own name or too many aliases.
#[utoipa::path(put, path = "/api/catalogue/aliases/{alias}", tag = "models", params(("alias" = String, Path)),
    request_body = NewAlias, responses(
    (status = 200, description = "What it means from now on", body = view::NamedAlias),
    (status = 400, description = "No such model, no name, or an impossible share", body = Problem),
    (status = 403, description = "Needs models.manage", body = Problem),
    (status = 409, description = "It is a model's own name, or there are too many aliases", body = Problem)))]
pub async fn put(
    app: web::Data<App>,
    permit: Permit<ModelsManage>,
    alias: web::Path<String>,
    Body(new): Body<NewAlias>,
) -> Result<HttpResponse, AppError> {
    let draft = permit.draft(&app);
    let work = async {
        let name: ModelName = alias.parse().map_err(|error| AppError::invalid("alias", format!("{error}")))?;
        if app.catalogue.known().get(&name).is_some() {
            return Err(AppError::new(Code::Conflict, format!("{name} is a model's own name; choose another")));
        }
        let target = new.parsed(&app)?;
        let mut tx = app.store.platform_write().await?;
        let before = tx.aliases().await?;
        let was = before.iter().find(|(alias, _)| *alias == name).map(|(_, target)| told(target));
        if was.is_none() && before.len() >= MODELS_MAX as usize {
            let detail = format!("there are {MODELS_MAX} aliases already; delete one first");
            return Err(AppError::new(Code::Conflict, detail));
        }
        let mut record = draft.on(EventCode::AliasUpdated, "alias", &name);
        record.changes = vec![changed("model", was, Some(told(&target)))];
        tx.keep_alias(&name, &target).await?;
        put_on_record(&mut tx, &draft, record).await?;
        tx.commit().await?;
        Ok(view::NamedAlias::new(&name, &target))
    };
    let set = recorded(&app, draft.on(EventCode::AliasUpdateFailed, "alias", &*alias), work).await?;
    app.models.look().await?;
    Ok(HttpResponse::Ok().json(set))
}

/// Deletes an alias: whoever asks for it is told that there is no such model.
///
/// # Errors
/// 404 if there is none.
#[utoipa::path(delete, path = "/api/catalogue/aliases/{alias}", tag = "models", params(("alias" = String, Path)),
    responses(
    (status = 204, description = "Deleted"),
    (status = 403, description = "Needs models.manage", body = Problem),
    (status = 404, description = "No such alias", body = Problem)))]
pub async fn delete(
    app: web::Data<App>,
    permit: Permit<ModelsManage>,
    alias: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let draft = permit.draft(&app);
    let work = async {
        let missing = || AppError::not_found("alias", &*alias);
        let name = find(&alias).ok_or_else(missing)?;
        let mut tx = app.store.platform_write().await?;
        let before = tx.aliases().await?;
        let was = before.iter().find(|(alias, _)| *alias == name).map(|(_, target)| told(target));
        tx.delete_alias(&name).await.map_err(|error| match error {
            StoreError::NotFound => missing(),
            other => other.into(),
        })?;
        let mut record = draft.on(EventCode::AliasUpdated, "alias", &name);
        record.changes = vec![changed("model", was, None)];
        put_on_record(&mut tx, &draft, record).await?;
        Ok(tx.commit().await?)
    };
    recorded(&app, draft.on(EventCode::AliasUpdateFailed, "alias", &*alias), work).await?;
    app.models.look().await?;
    Ok(HttpResponse::NoContent().finish())
}
