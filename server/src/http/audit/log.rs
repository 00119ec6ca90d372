//! `/api/audit/log/…`: the tenant's log as C2SP tlog-tiles serves it (<https://c2sp.org/tlog-tiles>), and the history
//! of its checkpoints.

use actix_web::{HttpResponse, http::header, web};
use leeward_domain::{Sha256Digest, Timestamp};
use leeward_ledger::{
    EventCode, note,
    tree::tile::{TileId, WIDTH, parse_index_path},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::App,
    auth::permit::{AuditRead, Permit},
    error::AppError,
    http::{
        errors::Problem,
        paging::{self, PageQuery, Paged},
    },
};

/// Full tiles never change.
const IMMUTABLE: &str = "private, max-age=31536000, immutable";

/// The newest checkpoint: a signed note, with its cosignatures.
///
/// # Errors
/// 404 before the log's first.
#[utoipa::path(get, path = "/api/audit/log/checkpoint", tag = "audit", responses(
    (status = 200, description = "A C2SP tlog-checkpoint", content_type = "text/plain", body = String),
    (status = 403, description = "Needs audit.read", body = Problem),
    (status = 404, description = "Nothing was signed yet", body = Problem)))]
pub async fn checkpoint(app: web::Data<App>, permit: Permit<AuditRead>) -> Result<HttpResponse, AppError> {
    let signed = app.store.tenant_read(permit.tenant.id).await?.audit_checkpoint().await?;
    let signed = signed.ok_or_else(|| AppError::not_found("checkpoint", permit.tenant.id))?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("text/plain; charset=utf-8")
        .body(signed.note))
}

/// A tile of hashes: 32 bytes each, 256 of them, or as many as the path says.
///
/// # Errors
/// 404 for a tile the newest checkpoint's tree does not have.
#[utoipa::path(get, path = "/api/audit/log/tile/{level}/{index}", tag = "audit",
    params(("level" = String, Path, description = "0 to 63"),
        ("index" = String, Path, description = "As C2SP tlog-tiles writes it: x001/x234/067, 000.p/17")), responses(
    (status = 200, description = "Hashes", content_type = "application/octet-stream", body = Vec<u8>),
    (status = 403, description = "Needs audit.read", body = Problem),
    (status = 404, description = "No such tile", body = Problem)))]
pub async fn tile(
    app: web::Data<App>,
    permit: Permit<AuditRead>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, AppError> {
    let (level, index) = path.into_inner();
    let path = format!("{level}/{index}");
    let none = || AppError::not_found("tile", &path);
    let tile: TileId = path.parse().map_err(|_| none())?;
    let mut tx = app.store.tenant_read(permit.tenant.id).await?;
    let hashes = tx.audit_tile(tile.level(), tile.index()).await?;
    let hashes = hashes.get(..usize::from(tile.width())).ok_or_else(none)?;
    let bytes: Vec<u8> = hashes.iter().flat_map(Sha256Digest::as_bytes).copied().collect();
    Ok(octets(bytes))
}

/// A bundle of entries, each with its length in two bytes, big-endian, before it. The reading is itself a record.
///
/// # Errors
/// 404 for entries the newest checkpoint does not cover.
#[utoipa::path(get, path = "/api/audit/log/tile/entries/{index}", tag = "audit",
    params(("index" = String, Path, description = "As C2SP tlog-tiles writes it: x001/x234/067, 000.p/17")), responses(
    (status = 200, description = "Entries", content_type = "application/octet-stream", body = Vec<u8>),
    (status = 403, description = "Needs audit.read", body = Problem),
    (status = 404, description = "No such entries", body = Problem)))]
pub async fn entries(
    app: web::Data<App>,
    permit: Permit<AuditRead>,
    index: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let none = || AppError::not_found("entry bundle", index.as_str());
    let (place, width) = parse_index_path(&index).map_err(|_| none())?;
    let (log, first) = (permit.tenant.id, place.checked_mul(WIDTH).ok_or_else(none)?);
    let end = first.saturating_add(width.into());
    let signed = app.store.tenant_read(log).await?.audit_checkpoint().await?;
    if signed.is_none_or(|signed| signed.head.size < end) {
        return Err(none());
    }
    let draft = permit.draft(&app);
    let mut read = draft.on(EventCode::AuditRead, "audit_log", log);
    read.reason = Some(format!("records {first} to {}", end - 1));
    app.audit.append(draft.log(), vec![read]).await?;

    let entries = app.store.tenant_read(log).await?.audit_range(first, u32::from(width)).await?;
    let mut bytes = Vec::new();
    for entry in entries {
        let length = u16::try_from(entry.entry.len()).map_err(AppError::internal)?;
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(&entry.entry);
    }
    Ok(octets(bytes))
}

fn octets(bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, IMMUTABLE))
        .content_type("application/octet-stream")
        .body(bytes)
}

/// A checkpoint that was signed.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckpointItem {
    /// The entries it signs.
    size: u64,
    /// The root over them.
    #[schema(value_type = String)]
    root: Sha256Digest,
    /// When.
    #[schema(value_type = String)]
    at: Timestamp,
    /// The signed note.
    note: String,
    /// Who else signed it: witnesses by name.
    cosignatures: Vec<String>,
}

/// The history of checkpoints, newest first: about one for each ten minutes in which the log grew.
///
/// # Errors
/// 400 for a bad cursor.
#[utoipa::path(get, path = "/api/audit/checkpoints", tag = "audit", params(PageQuery), responses(
    (status = 200, description = "A page of checkpoints", body = Paged<CheckpointItem>),
    (status = 403, description = "Needs audit.read", body = Problem)))]
pub async fn checkpoints(
    app: web::Data<App>,
    permit: Permit<AuditRead>,
    page: web::Query<PageQuery>,
) -> Result<HttpResponse, AppError> {
    let limit = page.limit()?;
    let mut tx = app.store.tenant_read(permit.tenant.id).await?;
    let rows = tx.audit_checkpoints(page.cursor()?, limit).await?;
    let next_cursor = paging::next_cursor(&rows, limit, |row| row.head.size);
    let items = rows.into_iter().map(|row| {
        let signers = note::signers(&row.note).unwrap_or_default();
        let cosignatures = signers.into_iter().skip(1).map(str::to_owned).collect();
        CheckpointItem { size: row.head.size, root: row.head.root, at: row.at, cosignatures, note: row.note }
    });
    Ok(HttpResponse::Ok().json(Paged { items: items.collect(), next_cursor }))
}
