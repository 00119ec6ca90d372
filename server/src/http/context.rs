//! The outermost middleware: names the request, logs one line for it, counts it.

use std::{net::IpAddr, time::Instant};

use actix_web::{
    HttpMessage as _, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderName, HeaderValue, USER_AGENT},
    middleware::Next,
    web,
};
use leeward_domain::ids::RequestId;
use tracing::Instrument as _;

use super::{errors, routes};
use crate::{app::App, auth::Identity, error::AppError, telemetry::metrics::RequestLabels};

/// What is known of a request before anything else.
#[derive(Debug, Clone)]
pub struct RequestContext {
    /// Names the request, in the response's `x-request-id`, the log and the audit records.
    pub id: RequestId,
    /// The W3C trace id: the caller's from `traceparent`, or the request id's own 32 digits.
    pub trace: String,
    /// The peer's address.
    pub source: Option<IpAddr>,
    /// What the client calls itself.
    pub user_agent: Option<String>,
}

impl RequestContext {
    /// The context that [`observe`] put into the request.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or_else(|| Self {
            id: leeward_domain::ids::PrefixedId::from_uuid(uuid::Uuid::nil()),
            trace: String::new(),
            source: None,
            user_agent: None,
        })
    }

    fn new(app: &App, request: &ServiceRequest) -> Self {
        let id: RequestId = app.ambient.mint();
        let trace = request
            .headers()
            .get("traceparent")
            .and_then(|value| value.to_str().ok())
            .and_then(trace_id)
            .map_or_else(|| id.uuid().simple().to_string(), str::to_owned);
        let user_agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Self { id, trace, source: request.peer_addr().map(|address| address.ip()), user_agent }
    }
}

/// The trace id of a `traceparent` header (W3C Trace Context, section 3.2).
fn trace_id(header: &str) -> Option<&str> {
    let id = header.split('-').nth(1)?;
    let hex = id.len() == 32 && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    (hex && id.bytes().any(|b| b != b'0')).then_some(id)
}

/// Names, times, logs and counts every request, and gives every error its body.
///
/// # Errors
/// None of its own: handlers' errors arrive as responses and get their bodies here.
pub async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let app = request
        .app_data::<web::Data<App>>()
        .cloned()
        .ok_or_else(|| AppError::internal(anyhow::anyhow!("no app data")))?;
    let context = RequestContext::new(&app, &request);
    request.extensions_mut().insert(context.clone());
    let started = Instant::now();
    let method = request.method().to_string();
    let span = tracing::info_span!("request", otel.kind = "server", request_id = %context.id, trace_id = context.trace);
    let mut response = errors::render(next.call(request).instrument(span).await?, &context);
    let value = HeaderValue::from_str(&context.id.to_string()).unwrap_or(HeaderValue::from_static("req_"));
    response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);

    let status = response.status().as_u16();
    let route = routes::pattern(response.request());
    let elapsed = started.elapsed();
    let tenant = response.request().extensions().get::<Identity>().map(|identity| identity.tenant.id.to_string());
    tracing::info!(
        request_id = %context.id,
        tenant = tenant.as_deref().unwrap_or("-"),
        method,
        route,
        status,
        head_ms = elapsed.as_secs_f64() * 1e3,
        "request"
    );
    app.metrics.request_seconds.observe(elapsed.as_secs_f64());
    app.metrics.requests.get_or_create(&RequestLabels { route, method, status }).inc();
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::trace_id;

    #[test]
    fn only_a_whole_trace_id_is_taken() {
        let id = "4bf92f3577b34da6a3ce929d0e0e4736";
        assert_eq!(trace_id(&format!("00-{id}-00f067aa0ba902b7-01")), Some(id));
        for wrong in ["", "00", "00-xyz-1-1", "00-00000000000000000000000000000000-1-1", "00-4BF9-1"] {
            assert_eq!(trace_id(wrong), None, "{wrong}");
        }
    }
}
