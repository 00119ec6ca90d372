//! `/scim/v2`: a provisioning system keeps the tenant's users and groups (RFC 7643, RFC 7644).
//!
//! What a resource may hold, filters and PATCH are `leeward_identity::scim`'s; here they meet the database. The
//! system is a service account with `users.provision`. Its power ends at what it made: users of origin `scim`,
//! groups with an external id. Which roles those groups bring is an administrator's choice, so nothing here grants a
//! role. To add an attribute: see `leeward_identity::scim`, then `resource` and `Wish` of [`users`] or [`groups`].
//! Left out: bulk, sorting, versions, passwords.

pub mod discovery;
pub mod groups;
pub mod search;
pub mod users;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
};
use leeward_identity::scim::{Filter, LIST, Mistake, Projection, Refusal, Schema};
use leeward_store::MAX_PAGE;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::IntoParams;

use crate::{app::App, error::AppError};

/// What requests and responses are.
pub const MEDIA_TYPE: &str = "application/scim+json";
/// The most resources a page holds.
pub const MAX_RESULTS: u64 = 200;
/// The resources of a page whose size nobody named.
const DEFAULT_RESULTS: i64 = 100;
/// The most resources that a filter without an index looks through.
const MAX_SCANNED: u64 = 10_000;
/// The longest `externalId`.
const MAX_EXTERNAL_ID: usize = 512;

/// The query of a list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(default, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Which resources (RFC 7644, section 3.4.2.2); all, if absent.
    pub filter: Option<String>,
    /// The position of the first one, from 1.
    pub start_index: Option<i64>,
    /// How many, 0 to 200; 100 by default.
    pub count: Option<i64>,
    /// The only attributes to show, separated by commas.
    pub attributes: Option<String>,
    /// The attributes not to show, separated by commas.
    pub excluded_attributes: Option<String>,
}

/// What a list is to hold, checked.
#[derive(Debug)]
struct Wanted {
    filter: Option<Filter>,
    skip: u64,
    count: u64,
    projection: Projection,
}

impl ListQuery {
    fn wanted(&self) -> Result<Wanted, AppError> {
        // Below 1 means 1, below 0 means 0 (RFC 7644, section 3.4.2.4).
        let start = self.start_index.unwrap_or(1).max(1);
        let count = self.count.unwrap_or(DEFAULT_RESULTS).max(0);
        Ok(Wanted {
            filter: self.filter.as_deref().map(str::parse).transpose()?,
            skip: u64::try_from(start).unwrap_or(1) - 1,
            count: u64::try_from(count).unwrap_or(0).min(MAX_RESULTS),
            projection: self.projection()?,
        })
    }

    fn projection(&self) -> Result<Projection, Refusal> {
        Projection::new(self.attributes.as_deref(), self.excluded_attributes.as_deref())
    }
}

/// A page of what was found, and how much there is in all.
#[derive(Debug)]
struct Found {
    total: u64,
    resources: Vec<Value>,
}

impl Found {
    fn respond(self, skip: u64) -> HttpResponse {
        let list = json!({
            "schemas": [LIST],
            "totalResults": self.total,
            "startIndex": skip + 1,
            "itemsPerPage": self.resources.len(),
            "Resources": self.resources,
        });
        respond(StatusCode::OK, &list)
    }
}

impl Wanted {
    /// The page of `rows` that is wanted.
    fn page<T>(&self, rows: Vec<T>) -> (u64, Vec<T>) {
        let total = rows.len() as u64;
        let skip = usize::try_from(self.skip).unwrap_or(usize::MAX);
        let count = usize::try_from(self.count).unwrap_or(0);
        (total, rows.into_iter().skip(skip).take(count).collect())
    }

    /// The page of the rows that fit a filter which no index answers: all are looked at, `MAX_SCANNED` at most.
    async fn scan<T>(
        &self,
        filter: &Filter,
        schema: &Schema,
        mut rows_from: impl AsyncFnMut(u64) -> Result<Vec<T>, AppError>,
        resource: impl Fn(&T) -> Value,
    ) -> Result<(u64, Vec<T>), AppError> {
        let (mut seen, mut total, mut kept) = (0, 0, Vec::new());
        loop {
            let rows = rows_from(seen).await?;
            let read = rows.len() as u64;
            seen += read;
            if seen > MAX_SCANNED {
                return Err(too_many());
            }
            for row in rows {
                if !filter.fits(schema, &resource(&row)) {
                    continue;
                }
                if total >= self.skip && (kept.len() as u64) < self.count {
                    kept.push(row);
                }
                total += 1;
            }
            if read < u64::from(MAX_PAGE) {
                return Ok((total, kept));
            }
        }
    }
}

fn too_many() -> AppError {
    let detail = format!(
        "this filter would look through more than {MAX_SCANNED} resources; ask with eq for id, userName, externalId \
         or a group's displayName"
    );
    Refusal::new(Mistake::TooMany, detail).into()
}

fn invalid(detail: impl Into<String>) -> AppError {
    Refusal::new(Mistake::InvalidValue, detail).into()
}

fn respond(status: StatusCode, document: &Value) -> HttpResponse {
    HttpResponse::build(status).content_type(MEDIA_TYPE).body(document.to_string())
}

/// The answer to a resource that was made, as the request wants to see it.
fn created(resource: Value, schema: &Schema, projection: &Projection) -> HttpResponse {
    let location = resource["meta"]["location"].as_str().unwrap_or_default().to_owned();
    let mut response = HttpResponse::Created();
    response.insert_header((header::LOCATION, location)).content_type(MEDIA_TYPE);
    response.body(projection.of(schema, resource).to_string())
}

/// Where resources lie: `http.public_url`, or what the client called this host.
fn base(app: &App, request: &HttpRequest) -> String {
    let origin = app.config.http.public_url.clone().unwrap_or_else(|| {
        let connection = request.connection_info();
        format!("{}://{}", connection.scheme(), connection.host())
    });
    format!("{}/scim/v2", origin.trim_end_matches('/'))
}

/// A text of a resource, trimmed; none if it is absent or empty.
fn text<'a>(resource: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    resource.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}

fn external_id(resource: &Map<String, Value>) -> Result<Option<String>, AppError> {
    let id = text(resource, "externalId");
    if id.is_some_and(|id| id.len() > MAX_EXTERNAL_ID || id.chars().any(char::is_control)) {
        return Err(invalid(format!("externalId has at most {MAX_EXTERNAL_ID} bytes, and no control characters")));
    }
    Ok(id.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use leeward_identity::scim::USER;

    use super::*;
    use crate::error::Code;

    /// A directory of `total` people of whom every second is active.
    async fn scan(total: u64, query: &ListQuery) -> Result<(u64, Vec<u64>), AppError> {
        let wanted = query.wanted()?;
        let filter: Filter = "active eq true".parse()?;
        let rows = async |skip: u64| Ok((skip..total.min(skip + u64::from(MAX_PAGE))).collect());
        wanted.scan(&filter, &USER, rows, |number| json!({"active": number % 2 == 0})).await
    }

    #[tokio::test]
    async fn a_filter_without_an_index_looks_through_so_much_and_no_more() {
        let query = ListQuery { start_index: Some(2), count: Some(3), ..ListQuery::default() };
        assert_eq!(scan(7, &query).await.ok(), Some((4, vec![2, 4, 6])));
        assert_eq!(scan(MAX_SCANNED, &query).await.map(|(total, _)| total).ok(), Some(MAX_SCANNED / 2));
        let error = scan(MAX_SCANNED + 1, &query).await.err();
        let error = error.map(|error| (error.code, error.mistake, error.detail.contains("10000")));
        assert_eq!(error, Some((Code::InvalidRequest, Some(Mistake::TooMany), true)));
    }

    #[test]
    fn pages_are_bounded() {
        let wanted = |start_index, count| {
            let query = ListQuery { start_index, count, ..ListQuery::default() };
            query.wanted().map(|wanted| (wanted.skip, wanted.count)).ok()
        };
        assert_eq!(wanted(None, None), Some((0, 100)));
        assert_eq!(wanted(Some(-5), Some(-5)), Some((0, 0)));
        assert_eq!(wanted(Some(i64::MAX), Some(i64::MAX)), Some((i64::MAX.unsigned_abs() - 1, MAX_RESULTS)));
    }
}
