//! `POST /auth/certificate/{id}`: the client certificate of this connection, a smart card's for example.
//!
//! The handshake proved that the client holds the key (`crate::tls`); whose it is and whether the tenant believes it
//! (authority, validity, revocation) is asked here at every sign-in, so that a new revocation list counts at once.

use actix_web::{HttpRequest, HttpResponse, web};
use leeward_domain::{
    federation::Connection,
    principal::AuthMethod,
    provider::{CertificateConfig, CertificateName},
};
use leeward_identity::certificate::{CertificateRefusal, CertificateTrust, CertifiedName};
use leeward_ledger::EventCode;

use super::{SessionInfo, oidc, signed_in};
use crate::{
    app::App,
    audit::Draft,
    auth::{
        federation::{self, Outsider},
        sign_in::{self, factors_of},
    },
    error::{AppError, Code},
    http::{RequestContext, admin::recorded, errors::Problem},
    tls::PeerCertificates,
};

/// Signs in with the connection's client certificate.
///
/// # Errors
/// 401 `invalid_credentials` without a certificate the tenant believes, 403 `sign_in_refused` with what was missing,
/// 404 for an unknown provider.
#[utoipa::path(post, path = "/auth/certificate/{id}", tag = "auth", params(("id" = String, Path)), security(()), responses(
    (status = 200, description = "Signed in, or on the way: see `stage`; the cookie is set", body = SessionInfo),
    (status = 401, description = "No certificate, or none that is believed", body = Problem),
    (status = 403, description = "The tenant lets nobody in so", body = Problem),
    (status = 404, description = "No such provider", body = Problem)))]
pub async fn login(app: web::Data<App>, request: HttpRequest, id: web::Path<String>) -> Result<HttpResponse, AppError> {
    let context = RequestContext::of(&request);
    let (tenant, provider) = oidc::find(&app, &id).await?;
    let Connection::Certificate(config) = &provider.settings.connection else {
        return Err(AppError::not_found("certificate provider", &id));
    };
    let draft = Draft::anonymous(&app.ambient, &context).in_tenant(tenant.id);
    let work = async {
        let name = believed(&app, &request, config)?;
        federation::admit(&app, &context, tenant, &provider, outsider(config, name)).await
    };
    let proof = recorded(&app, draft.on(EventCode::LoginFailed, "provider", provider.id), work).await?;
    let factors = factors_of(&app, proof.tenant.id, proof.user.id).await?;
    let (identity, token) = sign_in::open(&app, &context, proof).await?;
    Ok(signed_in(&app, &identity, &token, factors))
}

fn believed(app: &App, request: &HttpRequest, config: &CertificateConfig) -> Result<CertifiedName, AppError> {
    let trust = CertificateTrust::new(config);
    let trust = trust.map_err(|error| AppError::new(Code::ProviderUnavailable, error.to_string()))?;
    let shown = request.conn_data::<PeerCertificates>().map(|shown| shown.0.to_vec()).unwrap_or_default();
    trust.verify(&shown, app.ambient.now()).map_err(|refusal| {
        let code = match refusal {
            CertificateRefusal::NoRevocationList | CertificateRefusal::StaleRevocationList => Code::ProviderUnavailable,
            CertificateRefusal::MissingName(_) => Code::SignInRefused,
            _ => Code::InvalidCredentials,
        };
        AppError::new(code, refusal.to_string())
    })
}

/// The name in a certificate is the address; the authority answers for it.
fn outsider(config: &CertificateConfig, name: CertifiedName) -> Outsider {
    let called = config.user_from.as_str().to_owned();
    // A card is replaced every few years, under another serial number: the name is what lasts.
    Outsider {
        subject: name.email_or_name.clone(),
        email: Some(name.email_or_name),
        email_verified: config.user_from != CertificateName::SubjectCn,
        name: None,
        groups: None,
        called: (called.clone(), called),
        method: AuthMethod::Certificate,
        sid: Some(name.fingerprint.to_string()),
    }
}
