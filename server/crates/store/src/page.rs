//! Keyset paging: a page begins after the last row of the one before it.

/// The most rows one page holds, whatever was asked for.
pub const MAX_PAGE: u32 = 500;

/// Which rows of a listing: those after a cursor, at most so many.
///
/// The cursor is made of the last row's own values, so rows that come or go never shift a page. Ask for
/// one row more than is shown to learn whether there is a next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page<C> {
    /// The last row already seen; `None` for the first page.
    pub after: Option<C>,
    /// How many rows, at most; held to between 1 and [`MAX_PAGE`].
    pub limit: u32,
}

impl<C> Page<C> {
    /// The first page.
    #[must_use]
    pub const fn first(limit: u32) -> Self {
        Self { after: None, limit }
    }

    /// The page that follows the row `cursor` names.
    #[must_use]
    pub const fn after(cursor: C, limit: u32) -> Self {
        Self { after: Some(cursor), limit }
    }

    /// The bounded limit, for a statement.
    pub(crate) fn rows(&self) -> i64 {
        bounded(self.limit)
    }
}

/// The bounded limit, for a statement.
pub(crate) fn bounded(limit: u32) -> i64 {
    i64::from(limit.clamp(1, MAX_PAGE))
}
