//! Spans on their way to the collector, through the gateway's one client: so the collector's address is checked where it
//! is dialled, as everybody else's.

use async_trait::async_trait;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use tokio::{runtime::Handle, sync::oneshot};
use url::Url;

use crate::{
    outbound::{Guard, Outbound},
    tasks::Tasks,
};

/// The client that the exporter is given.
#[derive(Debug)]
pub(super) struct Collector {
    outbound: Outbound,
    endpoint: Url,
    tasks: Tasks,
}

impl Collector {
    /// For one collector, at addresses that `guard` permits. Call inside the runtime.
    pub(super) fn at(endpoint: &Url, guard: Guard) -> Self {
        let outbound = Outbound::new(std::slice::from_ref(endpoint), guard);
        Self { outbound, endpoint: endpoint.clone(), tasks: Tasks::on(Handle::current()) }
    }
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (parts, body) = request.into_parts();
        let (outbound, url) = (self.outbound.clone(), self.endpoint.clone());
        let (tell, told) = oneshot::channel();
        // The exporter has a thread of its own, without a runtime.
        self.tasks.spawn(async move { drop(tell.send(outbound.post_bytes(&url, parts.headers, body).await)) });
        let (status, body) = told.await??;
        Ok(Response::builder().status(status).body(body.into())?)
    }
}
