//! A client of a [`host`](crate::host): a connection for each context.

use std::collections::BTreeMap;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use vsmartcard::winscard::{Code, Disposition, Handle, Protocols, ReaderState, Share, Status};

use crate::channel::Channel;
use crate::message::{Reply, Request, VERSION, disposition_number, share_number};

/// How long a host may take to greet. It answers at once, on however busy a machine.
const GREETING_MAX: Duration = Duration::from_secs(5);

/// A host, seen from a client.
pub struct Remote {
    path: PathBuf,
    tables: Mutex<Tables>,
}

#[derive(Default)]
struct Tables {
    contexts: BTreeMap<Handle, Arc<Mutex<Line>>>,
    /// Whose connection a card's handle is.
    cards: BTreeMap<Handle, Handle>,
}

/// A connection to the host, which one thread at a time uses.
struct Line(Channel);

impl Remote {
    /// The host at this socket. Nothing is said before the first context.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            tables: Mutex::new(Tables::default()),
        }
    }

    /// SCardEstablishContext.
    pub fn establish(&self) -> Result<Handle, Code> {
        let mut line = Line::to(&self.path)?;
        match line.greet(&self.path, &Request::Establish { version: VERSION })? {
            Reply::Established { context } => {
                let mut tables = self.tables();
                tables.contexts.insert(context, Arc::new(Mutex::new(line)));
                Ok(context)
            }
            _ => Err(Code::Internal),
        }
    }

    /// SCardReleaseContext: the host sees that the connection has ended.
    pub fn release(&self, context: Handle) -> Result<(), Code> {
        let mut tables = self.tables();
        tables.cards.retain(|_, of| *of != context);
        match tables.contexts.remove(&context) {
            Some(_) => Ok(()),
            None => Err(Code::InvalidHandle),
        }
    }

    /// SCardIsValidContext.
    pub fn is_valid(&self, context: Handle) -> bool {
        self.tables().contexts.contains_key(&context)
    }

    /// SCardCancel, over a connection of its own: the context's is waiting.
    pub fn cancel(&self, context: Handle) -> Result<(), Code> {
        Line::to(&self.path)?.greet(&self.path, &Request::Cancel { context })?;
        Ok(())
    }

    /// SCardListReaders.
    pub fn readers(&self, context: Handle) -> Result<Vec<String>, Code> {
        match self.ask(context, &Request::Readers)? {
            Reply::Readers(names) => Ok(names),
            _ => Err(Code::Internal),
        }
    }

    /// SCardGetStatusChange.
    pub fn wait_for_change(
        &self,
        context: Handle,
        limit: Option<Duration>,
        states: &mut [ReaderState],
    ) -> Result<(), Code> {
        let request = Request::WaitForChange {
            limit,
            states: states.iter().map(Into::into).collect(),
        };
        let (told, outcome) = match self.ask(context, &request)? {
            Reply::States(told) => (told, Ok(())),
            Reply::Waited(code, told) => (told, Err(code_of(code))),
            _ => return Err(Code::Internal),
        };
        for (state, told) in states.iter_mut().zip(told) {
            *state = told.into();
        }
        outcome
    }

    /// SCardConnect.
    pub fn connect(
        &self,
        context: Handle,
        reader: &str,
        share: Share,
        protocols: Protocols,
    ) -> Result<(Handle, Protocols), Code> {
        let request = Request::Connect {
            reader: reader.to_owned(),
            share: share_number(share),
            protocols: protocols.0,
        };
        match self.ask(context, &request)? {
            Reply::Connected { card, protocol } => {
                self.tables().cards.insert(card, context);
                Ok((card, Protocols(protocol)))
            }
            _ => Err(Code::Internal),
        }
    }

    /// SCardReconnect.
    pub fn reconnect(
        &self,
        card: Handle,
        share: Share,
        protocols: Protocols,
        before: Disposition,
    ) -> Result<Protocols, Code> {
        let request = Request::Reconnect {
            card,
            share: share_number(share),
            protocols: protocols.0,
            before: disposition_number(before),
        };
        match self.ask_card(card, &request)? {
            Reply::Protocol(protocol) => Ok(Protocols(protocol)),
            _ => Err(Code::Internal),
        }
    }

    /// SCardDisconnect.
    pub fn disconnect(&self, card: Handle, after: Disposition) -> Result<(), Code> {
        let after = disposition_number(after);
        self.ask_card(card, &Request::Disconnect { card, after })?;
        self.tables().cards.remove(&card);
        Ok(())
    }

    /// SCardBeginTransaction.
    pub fn begin(&self, card: Handle) -> Result<(), Code> {
        self.ask_card(card, &Request::Begin { card }).map(drop)
    }

    /// SCardEndTransaction.
    pub fn end(&self, card: Handle, after: Disposition) -> Result<(), Code> {
        let after = disposition_number(after);
        self.ask_card(card, &Request::End { card, after }).map(drop)
    }

    /// SCardStatus.
    pub fn status(&self, card: Handle) -> Result<Status, Code> {
        match self.ask_card(card, &Request::Status { card })? {
            Reply::Status {
                reader,
                state,
                protocol,
                atr,
            } => Ok(Status {
                reader,
                state,
                protocol: Protocols(protocol),
                atr,
            }),
            _ => Err(Code::Internal),
        }
    }

    /// SCardTransmit.
    pub fn transmit(
        &self,
        card: Handle,
        command: &[u8],
        response: &mut Vec<u8>,
    ) -> Result<(), Code> {
        let command = command.to_vec();
        match self.ask_card(card, &Request::Transmit { card, command })? {
            Reply::Bytes(bytes) => {
                *response = bytes;
                Ok(())
            }
            _ => Err(Code::Internal),
        }
    }

    /// SCardGetAttrib.
    pub fn attribute(&self, card: Handle, attribute: u32) -> Result<Vec<u8>, Code> {
        match self.ask_card(card, &Request::Attribute { card, attribute })? {
            Reply::Bytes(bytes) => Ok(bytes),
            _ => Err(Code::Internal),
        }
    }

    fn ask_card(&self, card: Handle, request: &Request) -> Result<Reply, Code> {
        let context = self.tables().cards.get(&card).copied();
        self.ask(context.ok_or(Code::InvalidHandle)?, request)
    }

    fn ask(&self, context: Handle, request: &Request) -> Result<Reply, Code> {
        let line = self.tables().contexts.get(&context).cloned();
        let line = line.ok_or(Code::InvalidHandle)?;
        let mut line = line.lock().unwrap_or_else(PoisonError::into_inner);
        line.ask(request)
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Line {
    fn to(path: &Path) -> Result<Self, Code> {
        UnixStream::connect(path)
            .map(|stream| Self(Channel::over(stream)))
            .map_err(|error| {
                eprintln!("{}: no host of cards: {error}", path.display());
                Code::NoService
            })
    }

    /// Says the first thing over a new connection, which is answered at once: whoever is silent, or
    /// says something else, is no host.
    fn greet(&mut self, path: &Path, request: &Request) -> Result<Reply, Code> {
        self.limit(Some(GREETING_MAX))?;
        let reply = self.ask(request);
        if matches!(reply, Err(Code::NoService)) {
            let path = path.display();
            eprintln!("{path}: whoever listens there is no host of cards");
        }
        // From now on a client may have to wait: for a card, for somebody's transaction to end.
        self.limit(None)?;
        reply
    }

    fn limit(&self, limit: Option<Duration>) -> Result<(), Code> {
        let limited = self.0.stream().set_read_timeout(limit);
        limited.map_err(|_| Code::NoService)
    }

    fn ask(&mut self, request: &Request) -> Result<Reply, Code> {
        let said = self.0.send(request).and_then(|()| self.0.receive());
        match said {
            Ok(Reply::Failed(code)) => Err(code_of(code)),
            Ok(reply) => Ok(reply),
            Err(_) => Err(Code::NoService),
        }
    }
}

fn code_of(number: u32) -> Code {
    Code::from_number(number).unwrap_or(Code::Internal)
}
