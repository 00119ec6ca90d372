//! Tiles: the tree in pieces of 256 hashes, as C2SP tlog-tiles cuts it (<https://c2sp.org/tlog-tiles>).
//!
//! A tile of level 0 holds the hashes of 256 entries; one of level `l + 1` holds the roots of 256 full tiles of
//! level `l`. Full tiles never change; the last of each level may be partial.

use std::{collections::HashMap, fmt, str::FromStr};

use leeward_domain::Sha256Digest;

use super::{Subtree, cover, node};

/// Hashes in a full tile.
pub const WIDTH: u64 = 256;
/// Levels of the tree within one tile.
const HEIGHT: u8 = 8;

/// The path was not a tile's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a tile path such as 0/x001/234 or 0/x001/234.p/17")]
pub struct ParseTileError;

/// Names a tile: its level, its place in the level, and how many hashes it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TileId {
    level: u8,
    index: u64,
    width: u16,
}

impl TileId {
    /// A tile of `width` hashes, 1 to 256; none if there is no such tile.
    #[must_use]
    pub fn new(level: u8, index: u64, width: u64) -> Option<Self> {
        let width = u16::try_from(width).ok().filter(|width| (1..=256).contains(width))?;
        (level < 64).then_some(Self { level, index, width })
    }

    /// 0 for entries' hashes.
    #[must_use]
    pub fn level(&self) -> u8 {
        self.level
    }

    /// Its place in the level, from 0.
    #[must_use]
    pub fn index(&self) -> u64 {
        self.index
    }

    /// How many hashes it has, 1 to 256.
    #[must_use]
    pub fn width(&self) -> u16 {
        self.width
    }
}

/// A tile's place and width as the end of a path: `x001/x234/067`, `000.p/17`.
#[must_use]
pub fn index_path(index: u64, width: u16) -> String {
    let mut path = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        path = format!("x{:03}/{path}", rest % 1000);
        rest /= 1000;
    }
    if u64::from(width) == WIDTH { path } else { format!("{path}.p/{width}") }
}

/// Reads what [`index_path`] writes: (index, width).
///
/// # Errors
/// If the text is anything else.
pub fn parse_index_path(text: &str) -> Result<(u64, u16), ParseTileError> {
    let (path, width) = match text.split_once(".p/") {
        Some((path, width)) => {
            (path, width.parse().ok().filter(|width| (1..256).contains(width)).ok_or(ParseTileError)?)
        }
        None => (text, 256),
    };
    let mut index = 0_u64;
    for part in path.split('/') {
        let digits: u64 = part.trim_start_matches('x').parse().map_err(|_| ParseTileError)?;
        index = index.checked_mul(1000).and_then(|index| index.checked_add(digits)).ok_or(ParseTileError)?;
    }
    // Comparing with what we would have written refuses every second spelling.
    if index_path(index, width) == text { Ok((index, width)) } else { Err(ParseTileError) }
}

impl fmt::Display for TileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.level, index_path(self.index, self.width))
    }
}

impl FromStr for TileId {
    type Err = ParseTileError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (level, rest) = text.split_once('/').ok_or(ParseTileError)?;
        let (index, width) = parse_index_path(rest)?;
        let id = level.parse().ok().and_then(|level| Self::new(level, index, width.into())).ok_or(ParseTileError)?;
        if id.to_string() == text { Ok(id) } else { Err(ParseTileError) }
    }
}

/// The root over a power of two of hashes side by side.
pub(super) fn subtree_root(hashes: &[Sha256Digest]) -> Sha256Digest {
    match hashes {
        [] => super::empty_root(),
        [one] => *one,
        many => {
            let (left, right) = many.split_at(many.len() / 2);
            node(&subtree_root(left), &subtree_root(right))
        }
    }
}

/// Where a subtree's hashes are: a tile's level and index, and the range within it.
fn place(part: Subtree) -> ((u8, u64), std::ops::Range<usize>) {
    let (level, inside) = (part.height / HEIGHT, part.height % HEIGHT);
    let first = part.index << inside;
    let from = usize::try_from(first % WIDTH).unwrap_or(0);
    ((level, first / WIDTH), from..from + (1 << inside))
}

/// Tiles at hand, to compute any hash of the tree they are of.
#[derive(Debug, Default)]
pub struct Tiles(HashMap<(u8, u64), Vec<Sha256Digest>>);

impl Tiles {
    /// The tiles (level, index) that the root over the entries `from..to` is computed from.
    #[must_use]
    pub fn needed(from: u64, to: u64) -> Vec<(u8, u64)> {
        let mut tiles: Vec<_> = cover(from, to).into_iter().map(|part| place(part).0).collect();
        tiles.dedup();
        tiles
    }

    /// Adds a tile, or a longer version of one.
    pub fn put(&mut self, level: u8, index: u64, hashes: Vec<Sha256Digest>) {
        let tile = self.0.entry((level, index)).or_default();
        if tile.len() < hashes.len() {
            *tile = hashes;
        }
    }

    /// The root over the entries `from..to` as a tree of its own; none if a tile is missing or too short.
    #[must_use]
    pub fn root(&self, from: u64, to: u64) -> Option<Sha256Digest> {
        let mut root = None;
        for part in cover(from, to).into_iter().rev() {
            let left = self.subtree(part)?;
            root = Some(root.map_or(left, |right| node(&left, &right)));
        }
        root
    }

    /// The roots of the perfect subtrees that hold the entries `from..to`, from the left.
    #[must_use]
    pub fn cover(&self, from: u64, to: u64) -> Option<Vec<Sha256Digest>> {
        cover(from, to).into_iter().map(|part| self.subtree(part)).collect()
    }

    fn subtree(&self, part: Subtree) -> Option<Sha256Digest> {
        let (tile, range) = place(part);
        Some(subtree_root(self.0.get(&tile)?.get(range)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_c2sps_and_have_one_spelling() {
        for (path, id) in [
            ("0/000", (0, 0, 256)),
            ("0/x001/x234/067", (0, 1_234_067, 256)),
            ("1/001.p/17", (1, 1, 17)),
            ("63/x001/000.p/255", (63, 1000, 255)),
        ] {
            let id = TileId::new(id.0, id.1, id.2).unwrap();
            assert_eq!((id.to_string().as_str(), path.parse()), (path, Ok(id)));
        }
        for wrong in [
            "",
            "0",
            "0/0",
            "0/0000",
            "00/000",
            "0/x000/001",
            "0/001/002",
            "64/000",
            "0/000.p/0",
            "0/000.p/256",
            "0/000.p/017",
            "0/+01",
            "0/xx1",
            "0/000/",
            "-1/000",
        ] {
            assert_eq!(wrong.parse::<TileId>(), Err(ParseTileError), "{wrong}");
        }
    }
}
