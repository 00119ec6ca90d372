//! The right edge of a tree that is kept as tiles: what is needed to add entries, and nothing more.

use leeward_domain::Sha256Digest;

use super::{
    Frontier, cover,
    tile::{TileId, WIDTH, subtree_root},
};

/// The partial tiles of a tree, one for each level: at most 255 hashes each.
///
/// Adding entries fills them; each tile that is full is handed out once, never to change again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edge {
    size: u64,
    levels: Vec<Vec<Sha256Digest>>,
}

/// The partial tiles handed over are not those of a tree of the size named.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the partial tile of level {level} has {found} hashes, where a tree of {size} entries has {wanted}")]
pub struct EdgeError {
    /// The size of the tree.
    pub size: u64,
    /// Which level.
    pub level: u8,
    /// The hashes there should be.
    pub wanted: u64,
    /// The hashes there are.
    pub found: usize,
}

impl Edge {
    /// The partial tiles a tree of `size` entries has, lowest level first: what [`Edge::load`] asks for.
    #[must_use]
    pub fn tiles_of(size: u64) -> Vec<TileId> {
        let levels = (0_u8..8).take_while(|level| size.checked_shr(8 * u32::from(*level)).unwrap_or(0) > 0);
        levels
            .filter_map(|level| {
                let hashes = size >> (8 * u32::from(level));
                TileId::new(level, hashes / WIDTH, hashes % WIDTH)
            })
            .collect()
    }

    /// The edge of a tree of `size` entries, from its partial tiles.
    ///
    /// # Errors
    /// If a tile has not as many hashes as it must.
    pub fn load(size: u64, mut tile: impl FnMut(TileId) -> Vec<Sha256Digest>) -> Result<Self, EdgeError> {
        let mut levels = Vec::new();
        for id in Self::tiles_of(size) {
            let hashes = tile(id);
            if hashes.len() as u64 != u64::from(id.width()) {
                return Err(EdgeError { size, level: id.level(), wanted: id.width().into(), found: hashes.len() });
            }
            levels.resize(usize::from(id.level()), Vec::new());
            levels.push(hashes);
        }
        Ok(Self { size, levels })
    }

    /// How many entries the tree holds.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds an entry's hash; `full` gets each tile this fills.
    pub fn push(&mut self, leaf: Sha256Digest, mut full: impl FnMut(TileId, Vec<Sha256Digest>)) {
        self.size += 1;
        let mut carried = Some(leaf);
        let mut level = 0_u8;
        while let Some(hash) = carried.take() {
            if self.levels.len() <= usize::from(level) {
                self.levels.push(Vec::new());
            }
            let Some(tile) = self.levels.get_mut(usize::from(level)) else { return };
            tile.push(hash);
            if tile.len() as u64 == WIDTH {
                let hashes = std::mem::take(tile);
                carried = Some(subtree_root(&hashes));
                let index = (self.size >> (8 * (u32::from(level) + 1))) - 1;
                if let Some(id) = TileId::new(level, index, WIDTH) {
                    full(id, hashes);
                }
            }
            level += 1;
        }
    }

    /// The partial tiles as they are now.
    pub fn partial(&self) -> impl Iterator<Item = (TileId, &[Sha256Digest])> {
        Self::tiles_of(self.size)
            .into_iter()
            .filter_map(|id| Some((id, self.levels.get(usize::from(id.level()))?.as_slice())))
    }

    /// The tree's frontier, and with it its root.
    #[must_use]
    pub fn frontier(&self) -> Frontier {
        let peaks = self.levels.iter().rev().flat_map(|tile| {
            cover(0, tile.len() as u64).into_iter().filter_map(|part| {
                let from = usize::try_from(part.index << part.height).ok()?;
                Some(subtree_root(tile.get(from..from + (1 << part.height))?))
            })
        });
        Frontier { size: self.size, peaks: peaks.collect() }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::tree::leaf;

    #[test]
    fn an_edge_grows_as_a_frontier_does_and_can_be_put_down_and_taken_up() {
        let (mut edge, mut frontier) = (Edge::default(), Frontier::default());
        let mut kept: HashMap<(u8, u64), Vec<Sha256Digest>> = HashMap::new();
        for number in 0..70_000_u64 {
            let hash = leaf(&number.to_be_bytes());
            edge.push(hash, |id, hashes| drop(kept.insert((id.level(), id.index()), hashes)));
            frontier.push(hash);
            if number % 251 == 0 || number > 69_990 || (65_530..65_540).contains(&number) {
                assert_eq!(edge.frontier(), frontier);
                let again = Edge::load(edge.size(), |id| {
                    let (_, hashes) = edge.partial().find(|(other, _)| *other == id).unwrap();
                    hashes.to_vec()
                });
                assert_eq!(again.unwrap().frontier(), frontier);
            }
        }
        // The example of C2SP tlog-tiles for a tree of 70,000 entries.
        assert_eq!(kept.keys().filter(|(level, _)| *level == 0).count(), 273);
        assert_eq!(kept.keys().filter(|(level, _)| *level == 1).count(), 1);
        let partial: Vec<_> = edge.partial().map(|(id, _)| (id.level(), id.index(), id.width())).collect();
        assert_eq!(partial, [(0, 273, 112), (1, 1, 17), (2, 0, 1)]);
        assert!(matches!(Edge::load(5, |_| Vec::new()), Err(EdgeError { wanted: 5, found: 0, .. })));
    }
}
