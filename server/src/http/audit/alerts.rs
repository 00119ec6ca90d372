//! `/api/audit/alerts`: saved alerts over the tenant's log. When one fires, that is a record of the log.

use actix_web::{HttpResponse, web};
use leeward_domain::{
    Timestamp,
    ids::{AlertId, UserId},
};
use leeward_ledger::{
    EventCode, Outcome,
    alert::{Alert, Form, GroupBy, Pattern},
};
use leeward_store::{KeptAlert, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::App,
    audit::alerts::told,
    auth::permit::{AlertsManage, Permit},
    error::{AppError, Code},
    http::{
        Body,
        admin::{changed, recorded},
        errors::Problem,
    },
};

/// Alerts over one log.
const MAX_ALERTS: usize = 100;

/// A saved alert.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertRow {
    #[schema(value_type = String)]
    id: AlertId,
    name: String,
    /// Event codes, or the beginning of some: `auth.*`.
    events: Vec<String>,
    /// `success` or `failure`; null for both.
    #[schema(value_type = Option<String>)]
    outcome: Option<Outcome>,
    threshold: u32,
    window_seconds: u32,
    /// `none`, `actor` or `source`.
    #[schema(value_type = String)]
    group_by: GroupBy,
    #[schema(value_type = Option<String>)]
    saved_by: Option<UserId>,
    #[schema(value_type = String)]
    saved_at: Timestamp,
    /// When it last fired; null if it never did.
    #[schema(value_type = Option<String>)]
    last_fired_at: Option<Timestamp>,
    /// The place in the log of the record that made it fire.
    last_fired_seq: Option<u64>,
}

impl From<KeptAlert> for AlertRow {
    fn from(kept: KeptAlert) -> Self {
        let fired = kept.fired;
        let Form { name, events, outcome, threshold, window_seconds, group_by } = kept.alert.into();
        Self {
            id: kept.id,
            name,
            events: events.iter().map(Pattern::to_string).collect(),
            outcome,
            threshold,
            window_seconds,
            group_by,
            saved_by: kept.made_by,
            saved_at: kept.made_at,
            last_fired_at: fired.map(|(firing, _)| firing.at),
            last_fired_seq: fired.map(|(_, seq)| seq),
        }
    }
}

/// The alerts over the tenant's log.
#[derive(Debug, Serialize, ToSchema)]
pub struct Alerts {
    /// At most 100, the oldest first.
    items: Vec<AlertRow>,
}

/// An alert to save.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAlert {
    /// What people call it: 1 to 100 characters, no two alike.
    name: String,
    /// 1 to 32 event codes, or beginnings of some: `auth.*`.
    events: Vec<String>,
    /// `success` or `failure`; left out, both.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    outcome: Option<Outcome>,
    /// How many records make it fire, 1 to 1000.
    #[schema(minimum = 1, maximum = 1000)]
    threshold: u32,
    /// Within how many seconds, 1 to 604800 (seven days); it then keeps quiet for as long.
    #[schema(minimum = 1, maximum = 604_800)]
    window_seconds: u32,
    /// What records are counted apart by: `none` (the default), `actor` or `source`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    group_by: Option<GroupBy>,
}

impl NewAlert {
    fn checked(self) -> Result<Alert, AppError> {
        use leeward_ledger::alert::InvalidAlert as Wrong;
        let events = self.events.iter().map(|text| text.parse::<Pattern>()).collect::<Result<_, _>>();
        let form = |events| Form {
            name: self.name.trim().to_owned(),
            events,
            outcome: self.outcome,
            threshold: self.threshold,
            window_seconds: self.window_seconds,
            group_by: self.group_by.unwrap_or(GroupBy::None),
        };
        events.map(form).and_then(Alert::new).map_err(|wrong| {
            let field = match wrong {
                Wrong::Name => "name",
                Wrong::Events | Wrong::Pattern(_) => "events",
                Wrong::Threshold => "threshold",
                Wrong::Window => "window_seconds",
            };
            AppError::invalid(field, wrong.to_string())
        })
    }
}

/// Lists the alerts over the tenant's log, each with its last firing.
///
/// # Errors
/// When the database fails.
#[utoipa::path(get, path = "/api/audit/alerts", tag = "audit", responses(
    (status = 200, description = "The alerts", body = Alerts),
    (status = 403, description = "Needs alerts.manage", body = Problem)))]
pub async fn list(app: web::Data<App>, permit: Permit<AlertsManage>) -> Result<HttpResponse, AppError> {
    let kept = app.store.tenant_read(permit.tenant.id).await?.alerts().await?;
    Ok(HttpResponse::Ok().json(Alerts { items: kept.into_iter().map(AlertRow::from).collect() }))
}

/// Saves an alert: it looks at every record from now on.
///
/// # Errors
/// 400 for what is out of bounds, 409 for a name that is taken or when there are too many.
#[utoipa::path(post, path = "/api/audit/alerts", tag = "audit", request_body = NewAlert, responses(
    (status = 201, description = "Saved", body = AlertRow),
    (status = 400, description = "Malformed", body = Problem),
    (status = 403, description = "Needs alerts.manage", body = Problem),
    (status = 409, description = "The name is taken, or there are too many", body = Problem)))]
pub async fn create(
    app: web::Data<App>,
    permit: Permit<AlertsManage>,
    Body(new): Body<NewAlert>,
) -> Result<HttpResponse, AppError> {
    let id: AlertId = app.ambient.mint();
    let draft = permit.draft(&app);
    let work = async {
        let alert = new.checked()?;
        let mut record = draft.on(EventCode::AlertSaved, "alert", id);
        record.changes = told(&alert);
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        if tx.alerts().await?.len() >= MAX_ALERTS {
            let detail = format!("{MAX_ALERTS} alerts are saved already; delete one, or let one wait for more events");
            return Err(AppError::new(Code::Conflict, detail));
        }
        // It looks at its own record first, which it cannot count for.
        let place = tx.append_audit(&[record]).await?.first().map_or(0, |appended| appended.seq + 1);
        let (made_by, made_at) = (Some(permit.user.id), app.ambient.now());
        let kept = KeptAlert { id, alert, made_by, made_at, next_seq: place, fired: None };
        tx.add_alert(&kept).await.map_err(|error| match error {
            StoreError::Conflict { .. } => {
                AppError::new(Code::Conflict, format!("there is an alert called {:?} already", kept.alert.name()))
            }
            other => other.into(),
        })?;
        tx.commit().await?;
        Ok(kept)
    };
    let kept = recorded(&app, draft.on(EventCode::AlertChangeFailed, "alert", id), work).await?;
    Ok(HttpResponse::Created().json(AlertRow::from(kept)))
}

/// Deletes an alert.
///
/// # Errors
/// 404 for another tenant's.
#[utoipa::path(delete, path = "/api/audit/alerts/{id}", tag = "audit", params(("id" = String, Path)), responses(
    (status = 204, description = "Deleted"),
    (status = 403, description = "Needs alerts.manage", body = Problem),
    (status = 404, description = "No such alert", body = Problem)))]
pub async fn delete(
    app: web::Data<App>,
    permit: Permit<AlertsManage>,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let id: AlertId = id.parse().map_err(|_| AppError::not_found("alert", &id))?;
    let draft = permit.draft(&app);
    let work = async {
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        let kept = tx.alert(id).await?.ok_or_else(|| AppError::not_found("alert", id))?;
        let mut record = draft.on(EventCode::AlertDeleted, "alert", id);
        record.changes = vec![changed("name", Some(kept.alert.name().to_owned()), None)];
        tx.delete_alert(id).await.map_err(|error| match error {
            StoreError::NotFound => AppError::not_found("alert", id),
            other => other.into(),
        })?;
        tx.append_audit(&[record]).await?;
        Ok(tx.commit().await?)
    };
    recorded(&app, draft.on(EventCode::AlertChangeFailed, "alert", id), work).await?;
    Ok(HttpResponse::NoContent().finish())
}
