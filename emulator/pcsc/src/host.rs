//! Readers for several processes, at a unix socket.
//!
//! A client that goes, killed in the middle of a transaction or of waiting, takes its connections
//! with it: its lock is released, and the card is reset.

use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cns_reader::{Door, SocketError};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use vsmartcard::winscard::{Code, Handle, ReaderState};

use crate::channel::Channel;
use crate::local::Local;
use crate::message::{Reply, Request, VERSION, disposition, protocols, share};

/// A host at its socket. Dropping it ends all its clients' connections, and removes the socket.
pub struct Host {
    _door: Door,
}

impl Host {
    /// Serves the readers at the socket `path`.
    ///
    /// # Errors
    /// Somebody listens there already, or something else than a socket is there.
    pub fn at(path: &Path, local: Arc<Local>) -> Result<Self, SocketError> {
        let door = Door::for_each(path, move |stream| serve(stream, &local))?;
        Ok(Self { _door: door })
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
