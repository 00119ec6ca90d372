//! What only the very start of a process may do: its environment, its inherited socket.
//!
//! The crate's only `unsafe` code. Both functions rely on being called while there is one thread.

use std::{
    env, io,
    os::{
        fd::{FromRawFd as _, OwnedFd, RawFd},
        unix::net::UnixStream,
    },
    path::Path,
};

/// Sets what the engine's libraries read from the environment: how many threads, and a hub cache that
/// exists already, so that nothing tries to make one.
pub fn set_environment(threads: usize, cache: &Path) {
    let set = [
        ("RAYON_NUM_THREADS".as_ref(), threads.to_string().into()),
        ("HF_HOME".as_ref(), cache.as_os_str().to_owned()),
        ("HF_HUB_CACHE".as_ref(), cache.as_os_str().to_owned()),
    ];
    for (name, value) in set {
        let name: &std::ffi::OsStr = name;
        #[expect(unsafe_code, reason = "the environment is global")]
        // SAFETY: called before any thread is started, so nobody reads the environment meanwhile.
        unsafe {
            env::set_var(name, value);
        }
    }
}

/// Takes ownership of the stream socket the parent passed as descriptor `fd`.
///
/// # Errors
/// When `fd` is a standard stream, is not open, or is not a stream socket.
pub fn inherited_socket(fd: RawFd) -> io::Result<UnixStream> {
    if fd <= 2 {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the socket must be passed as descriptor 3 or above"));
    }
    #[expect(unsafe_code, reason = "a number becomes an owned descriptor")]
    // SAFETY: the command line says the parent passed this descriptor for us to own; it is taken once, before
    // this process opened any descriptor it could collide with. Whether it is a socket is checked below.
    let socket = unsafe { OwnedFd::from_raw_fd(fd) };
    match rustix::net::sockopt::socket_type(&socket) {
        Ok(rustix::net::SocketType::STREAM) => Ok(UnixStream::from(socket)),
        Ok(_) => Err(io::Error::new(io::ErrorKind::InvalidInput, format!("descriptor {fd} is not a stream socket"))),
        Err(error) => {
            // Not ours after all: closing it would be closing somebody else's descriptor.
            std::mem::forget(socket);
            Err(io::Error::new(io::ErrorKind::InvalidInput, format!("descriptor {fd} is not a socket: {error}")))
        }
    }
}
