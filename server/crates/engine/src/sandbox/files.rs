//! Landlock: which files the process may touch, and no TCP, abstract sockets or signals outwards.

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, BitFlags, LandlockStatus, PathBeneath, PathFd, Ruleset, RulesetAttr as _,
    RulesetCreatedAttr as _, RulesetError, RulesetStatus, Scope,
};

use super::Policy;

/// The newest Landlock this code was written for; older kernels enforce as much of it as they know.
const WRITTEN_FOR: ABI = ABI::V6;

/// What the engine reads of the system: its own limits and maps, the CPUs it may use. All of it is
/// harmless, none of it names other processes. Missing ones are skipped.
const SYSTEM_FILES: &[&str] = &["/proc/self", "/proc/cpuinfo", "/sys/fs/cgroup", "/sys/devices/system/cpu"];

/// The extra files a CUDA build needs: the driver's devices and its libraries.
#[cfg(feature = "cuda")]
const DEVICE_FILES: &[&str] = &[
    "/dev/nvidia0",
    "/dev/nvidia1",
    "/dev/nvidia2",
    "/dev/nvidia3",
    "/dev/nvidia4",
    "/dev/nvidia5",
    "/dev/nvidia6",
    "/dev/nvidia7",
    "/dev/nvidiactl",
    "/dev/nvidia-uvm",
    "/dev/nvidia-uvm-tools",
    "/dev/nvidia-caps",
    "/proc/driver/nvidia",
    "/sys/bus/pci",
    "/sys/devices",
    "/usr/lib",
    "/lib",
    "/usr/local/cuda",
    "/proc/devices",
];
#[cfg(not(feature = "cuda"))]
const DEVICE_FILES: &[&str] = &[];

/// Puts the rules in force for this thread and everything it starts; answers the ABI in force.
///
/// # Errors
/// When the kernel has no Landlock, a path of the policy cannot be opened, or a rule is refused.
pub fn restrict(policy: &Policy) -> Result<u32, String> {
    let explain = |error: RulesetError| error.to_string();
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    let write =
        read | AccessFs::WriteFile | AccessFs::MakeReg | AccessFs::RemoveFile | AccessFs::Truncate | AccessFs::Refer;
    let mut rules = Ruleset::default()
        .handle_access(AccessFs::from_all(WRITTEN_FOR))
        .and_then(|rules| rules.handle_access(AccessNet::BindTcp | AccessNet::ConnectTcp))
        .and_then(|rules| rules.scope(Scope::from_all(WRITTEN_FOR)))
        .and_then(Ruleset::create)
        .map_err(explain)?;

    for path in &policy.read {
        let opened = PathFd::new(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let access = if path.is_dir() { read } else { AccessFs::ReadFile.into() };
        rules = rules.add_rule(PathBeneath::new(opened, access)).map_err(explain)?;
    }
    for path in &policy.write {
        let opened = PathFd::new(path).map_err(|error| format!("{}: {error}", path.display()))?;
        rules = rules.add_rule(PathBeneath::new(opened, write)).map_err(explain)?;
    }
    let devices: BitFlags<AccessFs> = read | AccessFs::WriteFile | AccessFs::IoctlDev;
    for (path, access) in
        SYSTEM_FILES.iter().map(|path| (path, read)).chain(DEVICE_FILES.iter().map(|path| (path, devices)))
    {
        if let Ok(opened) = PathFd::new(path) {
            let access = if std::path::Path::new(path).is_dir() { access } else { access & !AccessFs::ReadDir };
            rules = rules.add_rule(PathBeneath::new(opened, access)).map_err(explain)?;
        }
    }

    let status = rules.restrict_self().map_err(explain)?;
    match (status.ruleset, status.landlock) {
        (RulesetStatus::NotEnforced, _) => {
            Err("the kernel has none (Linux 5.13 or newer with landlock in lsm=)".into())
        }
        (_, LandlockStatus::Available { effective_abi, .. }) => Ok(effective_abi as u32),
        _ => Err("the kernel did not say what it enforces".into()),
    }
}
