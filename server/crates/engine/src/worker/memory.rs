//! How much memory the process holds, and when that is too much.

use std::fs;

/// What a prefix cache may add at least to a freshly loaded model.
const DEFAULT_GROWTH: u64 = 1 << 30;

/// Resident memory of this process in bytes; 0 if the kernel does not say.
#[must_use]
pub fn resident_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|rest| rest.trim().strip_suffix("kB")).and_then(|kb| kb.trim().parse::<u64>().ok());
    kibibytes.unwrap_or(0).saturating_mul(1024)
}

/// Above how many resident bytes an idle worker ends: as configured, or half as much again as the model
/// alone takes (a gibibyte more at least), but at most four fifths of the memory limit.
///
/// Ending is the only way: on a CPU the engine's cache is never evicted, and dropping the engine inside the
/// process frees the memory to the allocator but not to the system (measured with glibc).
pub(super) fn recycle_above(configured: Option<u64>, loaded: u64, limit: Option<u64>) -> u64 {
    configured.unwrap_or_else(|| {
        let grown = loaded.saturating_add(DEFAULT_GROWTH.max(loaded / 2));
        limit.map_or(grown, |limit| grown.min(limit / 5 * 4))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_process_has_memory_and_limits_are_ordered() {
        assert!(resident_bytes() > 1024 * 1024);
        assert_eq!(recycle_above(Some(7), 100, Some(1)), 7);
        assert_eq!(recycle_above(None, 100, None), 100 + DEFAULT_GROWTH);
        assert_eq!(recycle_above(None, 1 << 40, None), 3 << 39);
        assert_eq!(recycle_above(None, 100, Some(1000)), 800);
    }
}
