//! Bodies, JSON and forms, parsed at the edge: bounded in size and time, valid UTF-8, every mistake named by its path.

use std::{future::Future, pin::Pin, time::Duration};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use futures::StreamExt as _;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, timeout_at};

use crate::{
    app::App,
    error::{AppError, Code},
};

/// A request body that was valid JSON for `T`. The content type is not asked for: a body that parses as
/// the expected JSON is the expected JSON.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, AppError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = read(request, payload);
        Box::pin(async move { parse(&bytes.await?).map(Self) })
    }
}

/// A form (`application/x-www-form-urlencoded`), as OAuth 2.0 and OpenID Connect have it: each field at most once.
pub struct Form(Vec<(String, String)>);

impl Form {
    /// A field that may be absent; an empty one is absent (RFC 6749, section 3.2).
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// A field that must be there.
    ///
    /// # Errors
    /// `invalid_request` that names it.
    pub fn need(&self, name: &str) -> Result<&str, AppError> {
        self.get(name).ok_or_else(|| AppError::invalid(name, format!("the form lacks the field {name:?}")))
    }
}

impl FromRequest for Form {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, AppError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = read(request, payload);
        Box::pin(async move {
            let fields: Vec<(String, String)> = url::form_urlencoded::parse(&bytes.await?).into_owned().collect();
            let twice =
                fields.iter().enumerate().find(|(at, (name, _))| fields.iter().take(*at).any(|one| one.0 == *name));
            match twice {
                Some((_, (name, _))) => Err(AppError::invalid(name, format!("the form has the field {name:?} twice"))),
                None => Ok(Self(fields)),
            }
        })
    }
}

/// A body that was valid UTF-8, as it came.
#[derive(Debug)]
pub struct Text(pub String);

impl FromRequest for Text {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, AppError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = read(request, payload);
        Box::pin(async move { utf8(&bytes.await?).map(|text| Self(text.to_owned())) })
    }
}

/// The body's bytes, bounded in size and time.
fn read(request: &HttpRequest, payload: &mut Payload) -> impl Future<Output = Result<web::BytesMut, AppError>> + use<> {
    let http = request.app_data::<web::Data<App>>().map(|app| app.config.http.clone()).unwrap_or_default();
    let (limit, seconds) = (http.max_body_bytes, http.body_timeout_s);
    let declared = request
        .headers()
        .get(actix_web::http::header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let mut payload = payload.take();
    async move {
        let too_large = || {
            let detail = format!("the body is over the limit of {limit} bytes (http.max_body_bytes); send less");
            AppError::new(Code::BodyTooLarge, detail)
        };
        if declared.is_some_and(|declared| declared > limit) {
            return Err(too_large());
        }
        let mut bytes = web::BytesMut::with_capacity(declared.unwrap_or_default().min(limit));
        let too_slow = |_| {
            let detail = format!("the body did not arrive within {seconds} s (http.body_timeout_s); send it faster");
            AppError::new(Code::BodyTimeout, detail)
        };
        let deadline = Instant::now() + Duration::from_secs(seconds);
        while let Some(chunk) = timeout_at(deadline, payload.next()).await.map_err(too_slow)? {
            let chunk =
                chunk.map_err(|error| AppError::new(Code::InvalidRequest, format!("the body broke off: {error}")))?;
            if bytes.len() + chunk.len() > limit {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}

fn utf8(bytes: &[u8]) -> Result<&str, AppError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let detail = format!("the body is not valid UTF-8 (first bad byte at offset {})", error.valid_up_to());
        AppError::new(Code::InvalidRequest, detail)
    })
}

pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, AppError> {
    let text = utf8(bytes)?;
    let mut json = serde_json::Deserializer::from_str(text);
    let value: T = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if path == "." {
            AppError::new(Code::InvalidRequest, format!("the body is not as expected: {inner}"))
        } else {
            AppError::invalid(&path, format!("{path}: {inner}"))
        }
    })?;
    json.end().map_err(|error| AppError::new(Code::InvalidRequest, format!("after the JSON value: {error}")))?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_named_by_their_path() {
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Inner {
            #[expect(dead_code, reason = "only parsed")]
            n: u32,
        }
        #[derive(Debug, serde::Deserialize)]
        struct Outer {
            #[expect(dead_code, reason = "only parsed")]
            list: Vec<Inner>,
        }
        let error = parse::<Outer>(br#"{"list":[{"n":1},{"n":-1}]}"#).expect_err("refused");
        assert_eq!(error.param.as_deref(), Some("list[1].n"));
        let error = parse::<Outer>(br#"{"list":[{"n":1,"m":2}]}"#).expect_err("refused");
        assert!(error.detail.contains("`m`"), "{}", error.detail);
        assert!(parse::<Outer>(b"\xff").expect_err("refused").detail.contains("UTF-8"));
        assert!(parse::<Outer>(br#"{"list":[]} x"#).is_err());
    }
}
