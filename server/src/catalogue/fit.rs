//! Whether there is room for a model, before it is loaded: a machine that runs out of memory kills what it likes.
//!
//! The estimate is from below (the files and the keys and values of full contexts), so what does not fit by it does not
//! fit. Memory on accelerators is not looked at: the engine says itself when that is too little.

use leeward_domain::model::{Footprint, ModelManifest};

use crate::config::Engine;

/// What a worker of this setting takes for the model.
#[must_use]
pub fn needed(manifest: &ModelManifest, engine: &Engine) -> Footprint {
    let mut needed = manifest.footprint(engine.slots, engine.context_length);
    if engine.dense_weights {
        needed.weights = needed.weights.max(manifest.facts.parameters.saturating_mul(4));
    }
    needed
}

/// What this process and its children may still use, in bytes: the machine's, or its container's if that is less. None
/// where it cannot be told.
#[must_use]
pub fn available() -> Option<u64> {
    let machine = meminfo(&std::fs::read_to_string("/proc/meminfo").ok()?)?;
    Some(container().map_or(machine, |room| room.min(machine)))
}

/// `MemAvailable`, in bytes.
fn meminfo(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// What control group v2 leaves; none where it sets no limit.
fn container() -> Option<u64> {
    let group = std::fs::read_to_string("/proc/self/cgroup").ok()?;
    let path = group.lines().find_map(|line| line.strip_prefix("0::"))?;
    let dir = std::path::Path::new("/sys/fs/cgroup").join(path.trim_start_matches('/'));
    let number = |name: &str| std::fs::read_to_string(dir.join(name)).ok()?.trim().parse::<u64>().ok();
    Some(number("memory.max")?.saturating_sub(number("memory.current")?))
}

/// Whether `needed` fits into `limit` (what one worker may use) and into what is `available`.
///
/// # Errors
/// That it does not, with the numbers and what to do.
pub fn check(needed: Footprint, limit: Option<u64>, available: Option<u64>) -> Result<(), String> {
    let told = format!(
        "it takes at least {} ({} of weights, {} for contexts)",
        gib(needed.total()),
        gib(needed.weights),
        gib(needed.context)
    );
    let advice = "lower engine.context_length or engine.slots, choose a smaller quantisation, or unload another model";
    match (limit, available) {
        (Some(limit), _) if needed.total() > limit => {
            Err(format!("{told}, and engine.memory_limit_bytes allows {}: raise it, or {advice}", gib(limit)))
        }
        (_, Some(available)) if needed.total() > available => {
            Err(format!("{told}, and {} are free: {advice}", gib(available)))
        }
        _ => Ok(()),
    }
}

/// For people: in GiB, or MiB below one.
fn gib(bytes: u64) -> String {
    const MIB: u64 = 1 << 20;
    if bytes < 1024 * MIB {
        return format!("{} MiB", bytes / MIB);
    }
    let tenths = bytes / (1024 * MIB / 10);
    format!("{}.{} GiB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_told_with_the_numbers() {
        let needed = Footprint { weights: 5 << 30, context: 512 << 20 };
        assert_eq!(check(needed, None, None), Ok(()));
        assert_eq!(check(needed, Some(6 << 30), Some(6 << 30)), Ok(()));
        let told = check(needed, Some(6 << 30), Some(4 << 30)).unwrap_err();
        assert!(told.contains("5.5 GiB (5.0 GiB of weights, 512 MiB for contexts), and 4.0 GiB are free"), "{told}");
        let told = check(needed, Some(1 << 30), Some(64 << 30)).unwrap_err();
        assert!(told.contains("engine.memory_limit_bytes allows 1.0 GiB"), "{told}");
    }

    #[test]
    fn the_kernel_s_own_words_are_read() {
        let text = "MemTotal:       16384 kB\nMemFree: 1 kB\nMemAvailable:    8192 kB\n";
        assert_eq!(meminfo(text), Some(8192 * 1024));
        assert!(available().is_some_and(|bytes| bytes > 0));
    }
}
