//! Cursor paging: `?limit=…&cursor=…` in, `next_cursor` out. A cursor is opaque to the caller.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::{IntoParams, ToSchema};

use crate::error::AppError;

/// The most rows a page holds.
pub const MAX_LIMIT: u32 = 200;

/// The two query parameters of every list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Rows wanted, 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl PageQuery {
    /// The limit, checked.
    ///
    /// # Errors
    /// 400 when it is out of range.
    pub fn limit(&self) -> Result<u32, AppError> {
        match self.limit.unwrap_or(50) {
            limit @ 1..=MAX_LIMIT => Ok(limit),
            limit => Err(AppError::invalid("limit", format!("limit is 1 to {MAX_LIMIT}, not {limit}"))),
        }
    }

    /// The cursor, decoded.
    ///
    /// # Errors
    /// 400 when it is none of ours.
    pub fn cursor<C: DeserializeOwned>(&self) -> Result<Option<C>, AppError> {
        let Some(text) = &self.cursor else { return Ok(None) };
        URL_SAFE_NO_PAD
            .decode(text)
            .ok()
            .and_then(|json| serde_json::from_slice(&json).ok())
            .map(Some)
            .ok_or_else(|| AppError::invalid("cursor", "cursor must be the next_cursor of an earlier page, unchanged"))
    }
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Paged<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Ask with this for the next page; null on the last.
    pub next_cursor: Option<String>,
}

/// The cursor behind the last row of a full page; none when the page was not full.
pub fn next_cursor<R, C: Serialize>(rows: &[R], limit: u32, key: impl Fn(&R) -> C) -> Option<String> {
    let last = rows.last().filter(|_| rows.len() >= limit as usize)?;
    encode(&key(last))
}

/// A cursor as callers see it.
pub fn encode<C: Serialize>(cursor: &C) -> Option<String> {
    serde_json::to_vec(cursor).ok().map(|json| URL_SAFE_NO_PAD.encode(json))
}
