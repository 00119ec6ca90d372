//! The built web applications, embedded in the binary: the chat at `/`, the console at `/console`.

use actix_web::{HttpResponse, http::header, web};
use rust_embed::RustEmbed;

use crate::error::{AppError, Code};

#[derive(RustEmbed)]
#[folder = "../admin-ui/dist"]
#[allow_missing = true]
struct Dist;

/// Nothing from elsewhere, no inline script; the component library sets inline styles.
const CSP: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; \
                   base-uri 'none'; form-action 'self'; object-src 'none'";

/// The chat's page, for `/` and its deep links.
///
/// # Errors
/// 404 when the binary was built without the UI.
pub async fn chat() -> Result<HttpResponse, AppError> {
    serve("index.html")
}

/// The console's page, for `/console` and its deep links.
///
/// # Errors
/// 404 when the binary was built without the UI.
pub async fn console() -> Result<HttpResponse, AppError> {
    serve("console/index.html")
}

/// A script, a style sheet, a font; their names hold a hash of their content.
///
/// # Errors
/// 404 for anything that was not built.
pub async fn asset(path: web::Path<String>) -> Result<HttpResponse, AppError> {
    serve(&format!("assets/{path}"))
}

/// The icon of the browser's tab.
///
/// # Errors
/// 404 when the binary was built without the UI.
pub async fn icon() -> Result<HttpResponse, AppError> {
    serve("favicon.svg")
}

fn serve(path: &str) -> Result<HttpResponse, AppError> {
    let file = Dist::get(path).ok_or_else(|| {
        let detail = if path.ends_with(".html") {
            "this binary was built without the web applications; build them with `make ui`, then the gateway again"
        } else {
            "there is nothing here"
        };
        AppError::new(Code::NotFound, detail)
    })?;
    let caching = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    Ok(HttpResponse::Ok()
        .content_type(file.metadata.mimetype())
        .insert_header((header::CACHE_CONTROL, caching))
        .insert_header((header::CONTENT_SECURITY_POLICY, CSP))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .body(file.data.into_owned()))
}
