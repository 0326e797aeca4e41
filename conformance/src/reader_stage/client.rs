//! A client of PC/SC: a context, at most one connection, and a thread that makes its calls.
//!
//! A call may wait for ever, for another client's transaction for one, and nothing can interrupt it. So
//! each client has a thread of its own, and a case waits for what it began only as long as it likes.

use std::ffi::CString;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use pcsc::{
    Attribute, Card, Context, Disposition, Error, MAX_BUFFER_SIZE, MAX_BUFFER_SIZE_EXTENDED,
    Protocol, Protocols, ReaderState, Scope, ShareMode, State, Status, Transaction,
};

use super::said::{Pending, Said};
use crate::case::Stop;
use crate::runner::Exchange;

/// How long a client may take to be gone.
const GONE_LIMIT: Duration = Duration::from_secs(2);

/// How long one that was left in a call may take to come back: longer than any case lets it wait for news.
const STRAGGLER_LIMIT: Duration = Duration::from_secs(10);

/// How often a wait is cancelled that does not end: one that has not quite begun does not hear of it.
const CANCELS_MAX: usize = 100;

/// A client of PC/SC. Dropping it is what the end of a program is: its connection is reset, its
/// transaction and its context end.
pub struct Client {
    /// None only while it is dropped.
    orders: Option<Sender<Order>>,
    ended: Option<Receiver<()>>,
    context: Context,
    reader: CString,
    crew: Arc<Crew>,
}

/// What the clients of a case have in common.
#[derive(Default)]
pub(super) struct Crew {
    /// What they have said to the card.
    record: Mutex<Vec<Exchange>>,
    /// Those that are still in a call although nobody needs them any more: each ends with its call, and
    /// would disturb the next case.
    stragglers: Mutex<Vec<Receiver<()>>>,
}

/// What SCardGetStatusChange tells of a reader.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Seen {
    /// SCARD_STATE_*, without the count of events.
    pub state: State,
    /// Insertions and removals.
    pub count: u32,
    /// The answer to reset of the card in it.
    pub atr: Vec<u8>,
}

/// What SCardStatus tells of a connection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CardStatus {
    /// The names of the reader.
    pub readers: Vec<CString>,
    /// SCARD_PRESENT and its kin.
    pub status: Status,
    /// The protocol in use.
    pub protocol: Option<Protocol>,
    /// The answer to reset.
    pub atr: Vec<u8>,
}

type Work = Box<dyn FnOnce(&Context, &mut Option<Card>) + Send>;
type Use = Box<dyn FnOnce(Option<&Card>) + Send>;
type Told = SyncSender<Result<(), Error>>;

enum Order {
    /// A call of its context, or one that makes or ends its connection.
    Call(Work),
    /// A call of its connection, in a transaction or not.
    Use(Use),
    Begin(Told),
    End(Disposition, Told),
}

impl Client {
    /// A new client, for this reader.
    pub(super) fn open(reader: CString, crew: Arc<Crew>) -> Result<Self, Stop> {
        let (orders, work) = mpsc::channel();
        let (open, ended) = mpsc::channel::<()>();
        let (told, established) = mpsc::sync_channel(1);
        thread::Builder::new()
            .name("cns-client".to_owned())
            .spawn(move || {
                let context = Context::establish(Scope::User);
                let ours = context.as_ref().ok().cloned();
                let _ = told.send(context);
                if let Some(context) = ours {
                    serve(&context, &work);
                }
                drop(open);
            })
            .map_err(Stop::broken)?;
        let context = Pending::new("SCardEstablishContext", established);
        Ok(Self {
            orders: Some(orders),
            ended: Some(ended),
            context: context.come()?.ok()?,
            reader,
            crew,
        })
    }

    /// SCardListReaders.
    pub fn readers(&self) -> Result<Said<Vec<CString>>, Stop> {
        let pending = self.call("SCardListReaders", |context, _| {
            context.list_readers_owned()
        });
        pending.come()
    }

    /// SCardIsValidContext.
    pub fn is_valid(&self) -> Result<Said<()>, Stop> {
        self.call("SCardIsValidContext", |context, _| context.is_valid())
            .come()
    }

    /// SCardCancel, until the call that waits has come back: what it came to.
    pub fn cancel(&self, mut waiting: Pending<Seen>) -> Result<Said<Seen>, Stop> {
        for _ in 0..CANCELS_MAX {
            Said::new("SCardCancel", self.context.cancel()).ok()?;
            if waiting.has_come() {
                break;
            }
        }
        waiting.come_within(Duration::ZERO)
    }

    /// SCardGetStatusChange of its reader: returns when something is other than `known`, at once if
    /// nothing is known.
    pub fn news(&self, known: Option<&Seen>, limit: Duration) -> Pending<Seen> {
        self.news_of(self.reader.clone(), known, limit)
    }

    /// The same of any reader.
    pub fn news_of(&self, reader: CString, known: Option<&Seen>, limit: Duration) -> Pending<Seen> {
        let known = known.map_or(State::UNAWARE, Seen::as_known);
        self.call("SCardGetStatusChange", move |context, _| {
            let mut states = [ReaderState::new(reader, known)];
            context.get_status_change(limit, &mut states)?;
            let [state] = &states;
            Ok(Seen {
                state: state.event_state(),
                count: state.event_count(),
                atr: state.atr().to_vec(),
            })
        })
    }

    /// What the reader is like now.
    pub fn look(&self) -> Result<Seen, Stop> {
        self.news(None, Duration::ZERO).come()?.ok()
    }

    /// SCardConnect.
    pub fn connect(&self, share: ShareMode) -> Result<Said<()>, Stop> {
        self.connect_to(self.reader.clone(), share, Protocols::ANY)
    }

    /// The same where it may be held up by others: it fails when that takes too long.
    pub fn connect_within(&self, share: ShareMode, limit: Duration) -> Result<Said<()>, Stop> {
        self.begin_to_connect(self.reader.clone(), share, Protocols::ANY)
            .come_within(limit)
    }

    /// The same with any reader and protocols.
    pub fn connect_to(
        &self,
        reader: CString,
        share: ShareMode,
        protocols: Protocols,
    ) -> Result<Said<()>, Stop> {
        self.begin_to_connect(reader, share, protocols).come()
    }

    fn begin_to_connect(
        &self,
        reader: CString,
        share: ShareMode,
        protocols: Protocols,
    ) -> Pending<()> {
        self.call("SCardConnect", move |context, card| {
            *card = Some(context.connect(&reader, share, protocols)?);
            Ok(())
        })
    }

    /// SCardReconnect.
    pub fn reconnect(&self, share: ShareMode, before: Disposition) -> Result<Said<()>, Stop> {
        self.begin_to_reconnect(share, before).come()
    }

    /// The same where it may wait for others.
    pub fn begin_to_reconnect(&self, share: ShareMode, before: Disposition) -> Pending<()> {
        self.call("SCardReconnect", move |_, card| match card {
            Some(card) => card.reconnect(share, Protocols::ANY, before),
            None => Err(Error::InvalidHandle),
        })
    }

    /// SCardDisconnect.
    pub fn disconnect(&self, after: Disposition) -> Result<Said<()>, Stop> {
        let pending = self.call("SCardDisconnect", move |_, card| match card.take() {
            Some(open) => open.disconnect(after).map_err(|(open, error)| {
                *card = Some(open);
                error
            }),
            None => Err(Error::InvalidHandle),
        });
        pending.come()
    }

    /// SCardBeginTransaction, which waits for the end of another's.
    pub fn begin(&self) -> Pending<()> {
        self.tell("SCardBeginTransaction", Order::Begin)
    }

    /// SCardEndTransaction.
    pub fn end(&self, after: Disposition) -> Result<Said<()>, Stop> {
        self.tell("SCardEndTransaction", |told| Order::End(after, told))
            .come()
    }

    /// SCardStatus.
    pub fn status(&self) -> Result<Said<CardStatus>, Stop> {
        let pending = self.using("SCardStatus", |card| {
            let status = card.status2_owned()?;
            Ok(CardStatus {
                readers: status.reader_names().to_vec(),
                status: status.status(),
                protocol: status.protocol2(),
                atr: status.atr().to_vec(),
            })
        });
        pending.come()
    }

    /// SCardGetAttrib.
    pub fn attribute(&self, attribute: Attribute) -> Result<Said<Vec<u8>>, Stop> {
        self.using("SCardGetAttrib", move |card| {
            // Not every driver tells the length alone.
            let mut buffer = [0; MAX_BUFFER_SIZE];
            card.get_attribute(attribute, &mut buffer)
                .map(<[u8]>::to_vec)
        })
        .come()
    }

    /// SCardTransmit.
    pub fn transmit(&self, command: &[u8]) -> Result<Said<Vec<u8>>, Stop> {
        self.transmit_into(command, MAX_BUFFER_SIZE_EXTENDED)
    }

    /// The same with a buffer of so many bytes for the response.
    pub fn transmit_into(&self, command: &[u8], space: usize) -> Result<Said<Vec<u8>>, Stop> {
        self.begin_to_transmit(command, space).come()
    }

    /// The same without waiting for the response.
    pub fn begin_to_transmit(&self, command: &[u8], space: usize) -> Pending<Vec<u8>> {
        let (command, crew) = (command.to_vec(), Arc::clone(&self.crew));
        self.using("SCardTransmit", move |card| {
            let mut buffer = vec![0; space];
            let response = card.transmit(&command, &mut buffer)?.to_vec();
            lock(&crew.record).push(Exchange {
                command,
                response: response.clone(),
            });
            Ok(response)
        })
    }

    fn call<T: Send + 'static>(
        &self,
        function: &'static str,
        act: impl FnOnce(&Context, &mut Option<Card>) -> Result<T, Error> + Send + 'static,
    ) -> Pending<T> {
        let (told, result) = mpsc::sync_channel(1);
        self.order(Order::Call(Box::new(move |context, card| {
            // Who asked may have given up.
            let _ = told.send(act(context, card));
        })));
        Pending::new(function, result)
    }

    fn using<T: Send + 'static>(
        &self,
        function: &'static str,
        act: impl FnOnce(&Card) -> Result<T, Error> + Send + 'static,
    ) -> Pending<T> {
        let (told, result) = mpsc::sync_channel(1);
        self.order(Order::Use(Box::new(move |card| {
            let _ = told.send(card.ok_or(Error::InvalidHandle).and_then(act));
        })));
        Pending::new(function, result)
    }

    fn tell(&self, function: &'static str, order: impl FnOnce(Told) -> Order) -> Pending<()> {
        let (told, result) = mpsc::sync_channel(1);
        self.order(order(told));
        Pending::new(function, result)
    }

    fn order(&self, order: Order) {
        if let Some(orders) = &self.orders {
            // A thread that has ended shows in the answer that does not come.
            let _ = orders.send(order);
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        drop(self.orders.take());
        if let Some(ended) = self.ended.take()
            && ended.recv_timeout(GONE_LIMIT) == Err(RecvTimeoutError::Timeout)
        {
            lock(&self.crew.stragglers).push(ended);
        }
    }
}

impl Crew {
    /// What was said since the last time.
    pub(super) fn take_record(&self) -> Vec<Exchange> {
        std::mem::take(&mut *lock(&self.record))
    }

    /// Waits for those that were left in a call. False if one of them does not come back.
    pub(super) fn has_gone(&self) -> bool {
        let mut stragglers = lock(&self.stragglers);
        stragglers.retain(|straggler| {
            straggler.recv_timeout(STRAGGLER_LIMIT) == Err(RecvTimeoutError::Timeout)
        });
        stragglers.is_empty()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Seen {
    /// As a client hands it in again: with the count in the upper half.
    fn as_known(&self) -> State {
        let count = pcsc::ffi::DWORD::from(self.count) << 16;
        State::from_bits_retain((self.state - State::CHANGED).bits() | count)
    }
}

/// Makes a client's calls until it has gone.
fn serve(context: &Context, orders: &Receiver<Order>) {
    let mut card = None;
    let mut left_over = None;
    while let Some(order) = left_over.take().or_else(|| orders.recv().ok()) {
        match (order, &mut card) {
            (Order::Call(work), card) => work(context, card),
            (Order::Use(work), card) => work(card.as_ref()),
            (Order::Begin(told) | Order::End(_, told), None) => {
                let _ = told.send(Err(Error::InvalidHandle));
            }
            (Order::Begin(told), Some(card)) => match card.transaction() {
                Ok(transaction) => {
                    let _ = told.send(Ok(()));
                    left_over = serve_within(transaction, orders);
                }
                Err(error) => drop(told.send(Err(error))),
            },
            // The bindings know no end of what was not begun.
            (Order::End(_, told), Some(_)) => drop(told.send(Err(Error::NotTransacted))),
        }
    }
}

/// Makes its calls until the transaction ends, or it has gone. A call that is not one of the connection's
/// uses is returned: it is made with the transaction still open, which only the connection's end ends
/// then, for the bindings have no other way to say it.
fn serve_within(transaction: Transaction<'_>, orders: &Receiver<Order>) -> Option<Order> {
    for order in orders {
        match order {
            Order::Use(work) => work(Some(&transaction)),
            Order::End(after, told) => {
                let ended = transaction.end(after).map_err(|(_, error)| error);
                let _ = told.send(ended);
                return None;
            }
            other => {
                std::mem::forget(transaction);
                return Some(other);
            }
        }
    }
    None
}
