//! Answers that browsers keep as files.

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::header::{self, ContentDisposition, DispositionParam, DispositionType},
};

/// The head of an answer that is kept as a file of that name, and in no cache.
#[must_use]
pub fn attachment(name: &str, content_type: &str) -> HttpResponseBuilder {
    // Times have colons, which not every file system takes.
    let parameters = vec![DispositionParam::Filename(name.replace(':', "-"))];
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(ContentDisposition { disposition: DispositionType::Attachment, parameters })
        .content_type(content_type);
    response
}
