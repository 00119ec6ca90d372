//! Pages for browsers that come back from elsewhere: they go on by themselves, or say what went wrong.
//!
//! The session's cookie is SameSite=Strict, so a plain redirect from another site would arrive without it; a page
//! of ours that goes on does not. No script, nothing from elsewhere.

use actix_web::{HttpResponse, HttpResponseBuilder, cookie::Cookie};

use crate::{error::AppError, http::RequestContext};

const CSP: &str =
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto 0;padding:0 1.5rem;\
                     color:#1c2430;background:#fff}a{color:#0b5cad}small{color:#5b6675}\
                     @media(prefers-color-scheme:dark){body{color:#e6e9ee;background:#14181e}a{color:#7db8f0}small{color:#9aa5b4}}";

/// The path of this service to go on to; anything that could lead elsewhere is `/`.
#[must_use]
pub fn local_path(wanted: Option<&str>) -> &str {
    let safe = |path: &&str| {
        path.starts_with('/')
            && !path.starts_with("//")
            && path.len() <= 512
            && path.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'<' | b'>' | b'"' | b'\''))
    };
    wanted.filter(safe).unwrap_or("/")
}

/// Signed in: on to `path`.
#[must_use]
pub fn go_on(path: &str, cookie: Cookie<'static>) -> HttpResponse {
    let path = escape(local_path(Some(path)));
    let head = format!("<meta http-equiv=\"refresh\" content=\"0;url={path}\">");
    let body = format!("<h1>Signed in</h1><p><a href=\"{path}\">Go on</a></p>");
    page(&mut HttpResponse::Ok(), "Signed in", &head, &body, Some(cookie))
}

/// Not signed in: why, and the way back.
#[must_use]
pub fn failed(error: &AppError, context: &RequestContext) -> HttpResponse {
    if let Some(source) = &error.source {
        tracing::error!(request_id = %context.id, error = format!("{source:#}"), "a sign-in failed");
    }
    let body = format!(
        "<h1>Not signed in</h1><p>{}</p><p><a href=\"/login\">Back to the sign-in page</a></p>\
         <p><small>Error: {} · request {}</small></p>",
        escape(&error.detail),
        error.code.as_str(),
        context.id
    );
    page(&mut HttpResponse::build(error.code.status()), "Not signed in", "", &body, None)
}

fn page(
    response: &mut HttpResponseBuilder,
    title: &str,
    head: &str,
    body: &str,
    cookie: Option<Cookie<'static>>,
) -> HttpResponse {
    if let Some(cookie) = cookie {
        response.cookie(cookie);
    }
    response
        .content_type("text/html; charset=utf-8")
        .insert_header(("cache-control", "no-store"))
        .insert_header(("content-security-policy", CSP))
        .insert_header(("x-content-type-options", "nosniff"))
        .insert_header(("referrer-policy", "no-referrer"))
        .body(format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} · Leeward</title>\
             <meta name=\"viewport\" content=\"width=device-width\">{head}<style>{STYLE}</style></head>\
             <body><main>{body}</main></body></html>"
        ))
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_elsewhere() {
        assert_eq!(local_path(Some("/console/users?tab=1")), "/console/users?tab=1");
        for evil in
            ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "", "/a\"b", "/\n"]
        {
            assert_eq!(local_path(Some(evil)), "/", "{evil}");
        }
        assert_eq!(escape("<b>&\"'"), "&lt;b&gt;&amp;&quot;&#39;");
    }
}
