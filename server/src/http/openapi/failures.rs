//! What every operation may answer when it does not succeed: the body of its prefix, whatever the status.
//!
//! Handlers describe the statuses that are worth a word of their own. The rest (a body that is too large, a session that
//! ended, a database that is away) can come from any of them, and is described here once for all.

use utoipa::{
    Modify,
    openapi::{ContentBuilder, OpenApi, PathItem, Ref, RefOr, Response, ResponseBuilder, path::Operation},
};

use crate::http::{routes, scim};

const JSON: &str = "application/json";
const REST: [(&str, &str); 2] = [("4XX", "The request is at fault"), ("5XX", "The service is at fault")];

/// Adds what is not described, and says of each body which media type it really has.
pub(super) struct Failures;

impl Modify for Failures {
    fn modify(&self, openapi: &mut OpenApi) {
        for (path, item) in &mut openapi.paths.paths {
            let (media, schema) = form(path);
            for operation in operations(item) {
                let responses = &mut operation.responses.responses;
                for (status, response) in responses.iter_mut() {
                    if let RefOr::T(response) = response
                        && (!status.starts_with('2') || media == scim::MEDIA_TYPE)
                    {
                        retype(response, media);
                    }
                }
                for (range, description) in REST {
                    responses.entry(range.to_owned()).or_insert_with(|| {
                        let schema = Ref::from_schema_name(schema);
                        let body = ContentBuilder::new().schema(Some(schema)).build();
                        ResponseBuilder::new().description(description).content(media, body).build().into()
                    });
                }
            }
        }
    }
}

/// The media type and the schema of errors below a path; see `errors::render`.
fn form(path: &str) -> (&'static str, &'static str) {
    if routes::is_anthropic(path) {
        (JSON, "AnthropicError")
    } else if path.starts_with("/v1/") {
        (JSON, "OpenAiError")
    } else if matches!(path, "/auth/token" | "/auth/revoke") {
        (JSON, "OAuthError")
    } else if path.starts_with("/scim/") {
        (scim::MEDIA_TYPE, "ScimError")
    } else {
        ("application/problem+json", "Problem")
    }
}

fn retype(response: &mut Response, media: &str) {
    if media != JSON
        && let Some(body) = response.content.shift_remove(JSON)
    {
        response.content.insert(media.to_owned(), body);
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete]
        .into_iter()
        .filter_map(Option::as_mut)
}
