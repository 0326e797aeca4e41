//! Unix sockets that processes of ours listen at.

use std::fs;
use std::io;
use std::net::Shutdown;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

use rustix::event::{PollFd, PollFlags, poll};

/// Why nobody can listen at a path.
#[derive(Debug, thiserror::Error)]
pub enum SocketError {
    /// Somebody does already.
    #[error("somebody listens at {} already\nhint: end that process, or give this one another path", .0.display())]
    InUse(PathBuf),
    /// Something else is there.
    #[error("{} is there and no socket\nhint: give another path", .0.display())]
    NoSocket(PathBuf),
    /// It is somebody else's, who may be dead or alive.
    #[error("the socket {} belongs to the user {owner}\nhint: give another path", .path.display())]
    NotOurs {
        /// The path.
        path: PathBuf,
        /// The number of the user whose it is.
        owner: u32,
    },
    /// The system refuses.
    #[error("nobody can listen at {}: {source}\nhint: is its folder there, and may you write to it?", .path.display())]
    Refused {
        /// The path.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// Listens at a socket. One that a dead process of this user has left is replaced; nothing else that
/// is there is touched.
pub fn listen(path: &Path) -> Result<UnixListener, SocketError> {
    let refused = |source| SocketError::Refused {
        path: path.to_owned(),
        source,
    };
    match UnixListener::bind(path) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
        bound => return bound.map_err(refused),
    }
    let there = fs::symlink_metadata(path).map_err(refused)?;
    if !there.file_type().is_socket() {
        return Err(SocketError::NoSocket(path.to_owned()));
    }
    let not_ours = || SocketError::NotOurs {
        path: path.to_owned(),
        owner: there.uid(),
    };
    match UnixStream::connect(path).map_err(|error| error.kind()) {
        Err(io::ErrorKind::ConnectionRefused) => {}
        Err(io::ErrorKind::PermissionDenied) => return Err(not_ours()),
        _ => return Err(SocketError::InUse(path.to_owned())),
    }
    if there.uid() != rustix::process::geteuid().as_raw() {
        return Err(not_ours());
    }
    fs::remove_file(path).map_err(refused)?;
    UnixListener::bind(path).map_err(refused)
}

/// A listening socket and the thread that serves it. Dropping it ends both.
#[derive(Debug)]
pub struct Door {
    path: PathBuf,
    wake: UnixStream,
    thread: Option<JoinHandle<()>>,
}

impl Door {
    /// Listens at the socket `path`; `serve` runs on a thread, with the listening socket and a stream
    /// whose end says that it is to end: see [`knocks`].
    ///
    /// # Errors
    /// The path is taken, or the system refuses.
    pub fn open(
        path: &Path,
        serve: impl FnOnce(UnixListener, UnixStream) + Send + 'static,
    ) -> Result<Self, SocketError> {
        let refused = |source| SocketError::Refused {
            path: path.to_owned(),
            source,
        };
        let listener = listen(path)?;
        let (wake, woken) = UnixStream::pair().map_err(refused)?;
        let thread = thread::Builder::new()
            .name("cns-door".to_owned())
            .spawn(move || serve(listener, woken))
            .map_err(refused)?;
        Ok(Self {
            path: path.to_owned(),
            wake,
            thread: Some(thread),
        })
    }

    /// Listens at the socket `path`, and serves each connection on a thread of its own. When the door
    /// is dropped, the connections end too.
    ///
    /// # Errors
    /// As [`Door::open`].
    pub fn for_each(
        path: &Path,
        serve: impl Fn(UnixStream) + Clone + Send + 'static,
    ) -> Result<Self, SocketError> {
        Self::open(path, move |listener, wake| {
            let mut connections: Vec<(UnixStream, JoinHandle<()>)> = Vec::new();
            while let Ok(true) = knocks(&listener, &wake) {
                connections.retain(|(_, thread)| !thread.is_finished());
                // Somebody who has gone already, or too many open files, is no reason to end.
                let Ok((stream, _)) = listener.accept() else {
                    continue;
                };
                let Ok(handle) = stream.try_clone() else {
                    continue;
                };
                let serve = serve.clone();
                let thread = thread::Builder::new()
                    .name("cns-connection".to_owned())
                    .spawn(move || serve(stream));
                if let Ok(thread) = thread {
                    connections.push((handle, thread));
                }
            }
            for (stream, _) in &connections {
                let _ = stream.shutdown(Shutdown::Both);
            }
        })
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        let _ = self.wake.shutdown(Shutdown::Both);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        let _ = fs::remove_file(&self.path);
    }
}

/// Waits until somebody knocks: true; or until the thread is to end.
pub fn knocks(listener: &UnixListener, wake: &UnixStream) -> io::Result<bool> {
    let mut waited = [
        PollFd::new(wake, PollFlags::IN | PollFlags::RDHUP),
        PollFd::new(listener, PollFlags::IN),
    ];
    wait(&mut waited)?;
    let [woken, _] = &waited;
    Ok(woken.revents().is_empty())
}

/// Waits until something happens to one of these.
pub(crate) fn wait(waited: &mut [PollFd<'_>]) -> io::Result<()> {
    loop {
        match poll(waited, None) {
            Ok(_) => return Ok(()),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_that_nobody_serves_is_replaced_and_nothing_else_is_touched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        drop(UnixListener::bind(&path).unwrap());
        let listening = listen(&path).unwrap();
        let refused = listen(&path).unwrap_err();
        assert!(matches!(refused, SocketError::InUse(_)), "{refused}");
        drop(listening);

        let file = folder.path().join("file");
        fs::write(&file, "mine").unwrap();
        let refused = listen(&file).unwrap_err();
        assert!(matches!(refused, SocketError::NoSocket(_)), "{refused}");
        assert_eq!(fs::read(&file).unwrap(), b"mine");

        let nowhere = folder.path().join("no folder").join("socket");
        let refused = listen(&nowhere).unwrap_err();
        assert!(matches!(refused, SocketError::Refused { .. }), "{refused}");
    }

    #[test]
    fn a_door_ends_with_its_connections() {
        use std::io::Read as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("door");
        let door = Door::for_each(&path, |mut stream| {
            let _ = stream.read(&mut [0]);
        })
        .unwrap();
        let mut inside = UnixStream::connect(&path).unwrap();
        drop(door);
        assert_eq!(inside.read(&mut [0]).unwrap_or(0), 0);
        assert!(!path.exists());
    }
}
