//! Server-sent events (WHATWG HTML, section 9.2): the framing, and the headers every stream carries.

use actix_web::{HttpResponse, web::Bytes};
use futures::Stream;
use serde::Serialize;

/// One unnamed event.
#[must_use]
pub fn data(value: &impl Serialize) -> Bytes {
    frame(None, value)
}

/// One named event.
#[must_use]
pub fn event(name: &str, value: &impl Serialize) -> Bytes {
    frame(Some(name), value)
}

fn frame(name: Option<&str>, value: &impl Serialize) -> Bytes {
    // JSON has no raw line breaks, so one `data:` line always suffices.
    let json = serde_json::to_string(value).unwrap_or_else(|_| "null".into());
    let name = name.map(|name| format!("event: {name}\n")).unwrap_or_default();
    format!("{name}data: {json}\n\n").into()
}

/// A response that streams events and is neither cached nor buffered on the way.
pub fn response(events: impl Stream<Item = Bytes> + 'static) -> HttpResponse {
    use futures::StreamExt as _;
    HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header(("cache-control", "no-store"))
        .insert_header(("x-accel-buffering", "no"))
        // Compression would hold tokens back until its window fills.
        .insert_header(actix_web::http::header::ContentEncoding::Identity)
        .streaming(events.map(Ok::<_, actix_web::Error>))
}
