//! Readers for several processes, at a unix socket.
//!
//! A client that goes, killed in the middle of a transaction or of waiting, takes its connections
//! with it: its lock is released, and the card is reset.

use std::fs;
use std::io;
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use cns_reader::unix::listen;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use vsmartcard::winscard::{Code, Handle, ReaderState};

use crate::channel::Channel;
use crate::local::Local;
use crate::message::{Reply, Request, VERSION, disposition, protocols, share};

/// A host at its socket. Dropping it ends all its clients' connections, and removes the socket.
pub struct Host {
    path: PathBuf,
    clients: Arc<Mutex<Vec<UnixStream>>>,
    listener: Arc<UnixListener>,
    thread: Option<JoinHandle<()>>,
}

impl Host {
    /// Serves the readers at the socket `path`.
    ///
    /// # Errors
    /// Somebody listens there already, or something else than a socket is there.
    pub fn at(path: &Path, local: Arc<Local>) -> io::Result<Self> {
        let listener = Arc::new(listen(path)?);
        let clients = Arc::new(Mutex::new(Vec::new()));
        let (heard, served) = (Arc::clone(&listener), Arc::clone(&clients));
        let thread = std::thread::Builder::new()
            .name("cns-pcsc-host".to_owned())
            .spawn(move || accept(&heard, &served, &local))?;
        Ok(Self {
            path: path.to_owned(),
            clients,
            listener,
            thread: Some(thread),
        })
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // A listening socket that is shut down lets go of whoever waits in accept.
        let _ = rustix::net::shutdown(&self.listener, rustix::net::Shutdown::Both);
        for client in self
            .clients
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
        {
            let _ = client.shutdown(Shutdown::Both);
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        let _ = fs::remove_file(&self.path);
    }
}

fn accept(listener: &UnixListener, clients: &Mutex<Vec<UnixStream>>, local: &Arc<Local>) {
    while let Ok((stream, _)) = listener.accept() {
        let mut clients = clients.lock().unwrap_or_else(PoisonError::into_inner);
        clients.retain(is_there);
        let Ok(handle) = stream.try_clone() else {
            continue;
        };
        let local = Arc::clone(local);
        let served = std::thread::Builder::new()
            .name("cns-pcsc-client".to_owned())
            .spawn(move || serve(stream, &local));
        if served.is_ok() {
            clients.push(handle);
        }
    }
}

/// Answers one client until it goes.
fn serve(stream: UnixStream, local: &Local) {
    let mut channel = Channel::over(stream);
    let mut context = None;
    while let Ok(request) = channel.receive() {
        let reply: Reply = answer(channel.stream(), local, &mut context, request).into();
        if channel.send(&reply).is_err() {
            break;
        }
    }
    if let Some(context) = context {
        let _ = local.release(context);
    }
}

fn answer(
    stream: &UnixStream,
    local: &Local,
    own: &mut Option<Handle>,
    request: Request,
) -> Result<Reply, Code> {
    let alive = || is_there(stream);
    match request {
        Request::Establish { version: VERSION } if own.is_none() => {
            let context = local.establish();
            *own = Some(context);
            return Ok(Reply::Established { context });
        }
        Request::Establish { .. } => return Err(Code::NoService),
        Request::Cancel { context } => {
            local.cancel(context)?;
            return Ok(Reply::Done);
        }
        _ => {}
    }
    let context = own.ok_or(Code::InvalidHandle)?;
    match request {
        Request::Establish { .. } | Request::Cancel { .. } => Err(Code::Internal),
        Request::Readers => Ok(Reply::Readers(local.readers(context)?)),
        Request::WaitForChange { limit, states } => {
            let mut states: Vec<ReaderState> = states.into_iter().map(Into::into).collect();
            let waited = local.wait_for_change(context, limit, &mut states, &alive);
            let states = states.iter().map(Into::into).collect();
            Ok(match waited {
                Ok(()) => Reply::States(states),
                Err(code) => Reply::Waited(code as u32, states),
            })
        }
        Request::Connect {
            reader,
            share: mode,
            protocols: accepted,
        } => {
            let (card, protocol) =
                local.connect(context, &reader, share(mode)?, protocols(accepted))?;
            Ok(Reply::Connected {
                card,
                protocol: protocol.0,
            })
        }
        Request::Reconnect {
            card,
            share: mode,
            protocols: accepted,
            before,
        } => {
            let before = disposition(before)?;
            let protocol = local.reconnect(card, share(mode)?, protocols(accepted), before)?;
            Ok(Reply::Protocol(protocol.0))
        }
        Request::Disconnect { card, after } => {
            local.disconnect(card, disposition(after)?)?;
            Ok(Reply::Done)
        }
        Request::Begin { card } => {
            local.begin(card, &alive)?;
            Ok(Reply::Done)
        }
        Request::End { card, after } => {
            local.end(card, disposition(after)?)?;
            Ok(Reply::Done)
        }
        Request::Status { card } => Ok(local.status(card)?.into()),
        Request::Transmit { card, command } => {
            let mut response = Vec::new();
            local.transmit(card, &command, &mut response)?;
            Ok(Reply::Bytes(response))
        }
        Request::Attribute { card, attribute } => {
            Ok(Reply::Bytes(local.attribute(card, attribute)?))
        }
    }
}

/// Whether the other end of the connection is still there.
fn is_there(stream: &UnixStream) -> bool {
    let mut ends = [PollFd::new(stream, PollFlags::RDHUP)];
    let at_once = Timespec::try_from(Duration::ZERO).ok();
    !matches!(poll(&mut ends, at_once.as_ref()), Ok(1..))
}
