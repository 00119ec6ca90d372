//! seccomp: the system calls the process may make. Everything else answers `EPERM`.
//!
//! An allow-list, so a call nobody thought of is refused. Refusing instead of killing keeps a wrong guess
//! visible as an error message. Left out above all: `socket`, `connect`, `bind`, `listen`, `accept`,
//! `sendmsg`, `execve`, `ptrace`, `process_vm_readv`, `io_uring_*`, `mount`, `bpf`, `unshare`.

use std::collections::BTreeMap;

use libc::c_long;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen as Width, SeccompCmpOp as Op, SeccompCondition as Condition,
    SeccompFilter, SeccompRule, TargetArch,
};

/// Calls that are allowed whatever their arguments.
const ALLOWED: &[c_long] = &[
    // Files that are open, or that Landlock lets be opened.
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_preadv,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_close,
    libc::SYS_lseek,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_openat,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_readlinkat,
    libc::SYS_getdents64,
    libc::SYS_getcwd,
    libc::SYS_fcntl,
    libc::SYS_dup,
    libc::SYS_dup3,
    libc::SYS_pipe2,
    libc::SYS_fadvise64,
    libc::SYS_readahead,
    // Memory.
    libc::SYS_brk,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_mprotect,
    libc::SYS_madvise,
    libc::SYS_membarrier,
    libc::SYS_get_mempolicy,
    // A file in memory, for weights that the engine needs in another form (`model::reshape`).
    libc::SYS_memfd_create,
    // Threads, waiting, signals within the process.
    libc::SYS_futex,
    libc::SYS_set_robust_list,
    libc::SYS_get_robust_list,
    libc::SYS_set_tid_address,
    libc::SYS_rseq,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_setaffinity,
    libc::SYS_sched_getparam,
    libc::SYS_sched_getscheduler,
    libc::SYS_nanosleep,
    libc::SYS_clock_nanosleep,
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_gettimeofday,
    libc::SYS_restart_syscall,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_rt_sigtimedwait,
    libc::SYS_sigaltstack,
    libc::SYS_epoll_create1,
    libc::SYS_epoll_ctl,
    libc::SYS_epoll_pwait,
    libc::SYS_epoll_pwait2,
    libc::SYS_ppoll,
    libc::SYS_eventfd2,
    libc::SYS_timerfd_create,
    libc::SYS_timerfd_settime,
    libc::SYS_timerfd_gettime,
    // Who and where the process is.
    libc::SYS_gettid,
    libc::SYS_getpid,
    libc::SYS_getppid,
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_uname,
    libc::SYS_sysinfo,
    libc::SYS_getrusage,
    libc::SYS_getcpu,
    libc::SYS_getrandom,
    libc::SYS_prctl,
    // The inherited socket. None of these can make a new connection.
    libc::SYS_recvfrom,
    libc::SYS_recvmsg,
    libc::SYS_shutdown,
    libc::SYS_getsockopt,
    libc::SYS_setsockopt,
    libc::SYS_getsockname,
    libc::SYS_getpeername,
];

/// Older spellings that only x86-64 has.
#[cfg(target_arch = "x86_64")]
const ALLOWED_HERE: &[c_long] = &[
    libc::SYS_open,
    libc::SYS_stat,
    libc::SYS_lstat,
    libc::SYS_access,
    libc::SYS_readlink,
    libc::SYS_poll,
    libc::SYS_epoll_wait,
    libc::SYS_dup2,
    libc::SYS_pipe,
    libc::SYS_getrlimit,
    libc::SYS_time,
    libc::SYS_arch_prctl,
];
#[cfg(not(target_arch = "x86_64"))]
const ALLOWED_HERE: &[c_long] = &[];

/// What writing a file needs besides; only for policies that have a place to write to.
const ALLOWED_FOR_WRITING: &[c_long] = &[
    libc::SYS_fsync,
    libc::SYS_fdatasync,
    libc::SYS_ftruncate,
    libc::SYS_fallocate,
    libc::SYS_pwrite64,
    libc::SYS_renameat,
    libc::SYS_renameat2,
    libc::SYS_unlinkat,
    libc::SYS_copy_file_range,
    libc::SYS_sendfile,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_rename,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_unlink,
];

/// The `ioctl` requests of a CPU build: terminal questions, non-blocking mode, close-on-exec. Drivers of
/// accelerators talk through `ioctl`, so their builds allow it; Landlock still says on which devices.
const IOCTLS: &[u64] = &[0x5401, 0x5413, 0x5421, 0x5451];

/// All namespace flags of `clone` (`CLONE_NEW*`): a thread needs none of them.
const NAMESPACES: u64 = 0x7E02_0000;

/// Puts the filter in force for this thread and everything it starts.
///
/// # Errors
/// When the kernel has no seccomp filters or refuses this one.
pub fn restrict(writing: bool) -> Result<(), String> {
    let allow = filter(rules(writing)?, SeccompAction::Errno(libc::EPERM.unsigned_abs()), SeccompAction::Allow)?;
    // `clone3` hides its flags behind a pointer; "not implemented" makes the C library use `clone`, whose
    // flags are checked.
    let no_clone3 = filter(
        BTreeMap::from([(libc::SYS_clone3, vec![])]),
        SeccompAction::Allow,
        SeccompAction::Errno(libc::ENOSYS.unsigned_abs()),
    )?;
    for program in [no_clone3, allow] {
        seccompiler::apply_filter(&program).map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn filter(
    rules: BTreeMap<c_long, Vec<SeccompRule>>,
    otherwise: SeccompAction,
    on_match: SeccompAction,
) -> Result<BpfProgram, String> {
    let arch = TargetArch::try_from(std::env::consts::ARCH).map_err(|error| error.to_string())?;
    let filter = SeccompFilter::new(rules, otherwise, on_match, arch).map_err(|error| error.to_string())?;
    BpfProgram::try_from(filter).map_err(|error| error.to_string())
}

fn rules(writing: bool) -> Result<BTreeMap<c_long, Vec<SeccompRule>>, String> {
    let extra = if writing { ALLOWED_FOR_WRITING } else { &[] };
    let mut rules: BTreeMap<_, Vec<_>> =
        ALLOWED.iter().chain(ALLOWED_HERE).chain(extra).map(|&call| (call, vec![])).collect();
    // The second filter decides about clone3; both have to let a call pass.
    rules.insert(libc::SYS_clone3, vec![]);
    rules.insert(libc::SYS_clone, vec![when(0, Width::Qword, Op::MaskedEq(NAMESPACES), 0)?]);
    // tokio's signal pipe is a socket pair; a pair has no way out of the process.
    let unix = libc::AF_UNIX.unsigned_abs().into();
    rules.insert(libc::SYS_socketpair, vec![when(0, Width::Dword, Op::Eq, unix)?]);
    // Only to the connected peer: no address.
    rules.insert(libc::SYS_sendto, vec![when(4, Width::Qword, Op::Eq, 0)?]);
    // Only signals to itself (an abort, a panic), only its own limits.
    let own = u64::from(std::process::id());
    rules.insert(libc::SYS_tgkill, vec![when(0, Width::Dword, Op::Eq, own)?]);
    rules.insert(libc::SYS_prlimit64, vec![when(0, Width::Dword, Op::Eq, 0)?]);
    let ioctls = if cfg!(any(feature = "cuda", feature = "metal")) {
        vec![]
    } else {
        IOCTLS.iter().map(|&request| when(1, Width::Dword, Op::Eq, request)).collect::<Result<_, _>>()?
    };
    rules.insert(libc::SYS_ioctl, ioctls);
    Ok(rules)
}

fn when(argument: u8, width: Width, operator: Op, value: u64) -> Result<SeccompRule, String> {
    Condition::new(argument, width, operator, value)
        .and_then(|condition| SeccompRule::new(vec![condition]))
        .map_err(|error| error.to_string())
}
