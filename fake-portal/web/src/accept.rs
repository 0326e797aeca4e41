//! The loop in front of every listener: how many connections there are, and which one has to go when
//! there is no more room.
//!
//! Whoever opens connections and says nothing costs a socket each, and so does whoever shakes hands and then
//! writes a request for ever. So that a thousand of them do not keep a citizen out, one that only waits makes
//! room for the next that comes.

use std::collections::BTreeMap;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::timeout;
use tracing::{debug, warn};

/// Most connections at one time on one listener.
pub(crate) const CONNECTIONS_MAX: usize = 256;
/// Longest wait for open connections after the order to stop.
const FAREWELL_TIME_MAX: Duration = Duration::from_secs(2);

/// A new connection, with what it needs to be a good guest.
pub(crate) struct Arrival {
    pub(crate) stream: TcpStream,
    pub(crate) peer: SocketAddr,
    pub(crate) place: Place,
    /// Changes, or closes, when the portal stops.
    pub(crate) stopping: watch::Receiver<()>,
}

/// Accepts until `stopping` changes, then lets open connections finish for a moment.
pub(crate) async fn serve<F, S>(
    listener: TcpListener,
    mut stopping: watch::Receiver<()>,
    serve_one: F,
) where
    F: Fn(Arrival) -> S,
    S: Future<Output = ()> + Send + 'static,
{
    let room = WaitingRoom::default();
    let mut connections = JoinSet::new();
    let for_guests = stopping.clone();
    loop {
        tokio::select! {
            _ = stopping.changed() => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = listener.accept(), if connections.len() < CONNECTIONS_MAX || room.can_evict() => {
                match accepted {
                    Ok((stream, peer)) => {
                        if CONNECTIONS_MAX <= connections.len() && room.evict() {
                            // Whichever task ends now, there is room again.
                            connections.join_next().await;
                        }
                        let stopping = for_guests.clone();
                        let arrive = |place| serve_one(Arrival { stream, peer, place, stopping });
                        room.seat(&mut connections, arrive);
                    }
                    // Out of file descriptors, most likely: wait for some to come back.
                    Err(error) => {
                        warn!(%error, "a connection could not be accepted");
                        room.evict();
                        tokio::time::sleep(Duration::from_millis(50)).await;
                    }
                }
            }
        }
    }
    drop(listener);
    let farewell = async { while connections.join_next().await.is_some() {} };
    if timeout(FAREWELL_TIME_MAX, farewell).await.is_err() {
        connections.shutdown().await;
    }
}

/// Who is connected, and what they wait for.
#[derive(Clone, Debug, Default)]
struct WaitingRoom(Arc<Mutex<Waiting>>);

#[derive(Debug, Default)]
struct Waiting {
    /// Counts whatever happens, so that what happened first has the smaller number.
    events: u64,
    guests: BTreeMap<u64, Guest>,
}

#[derive(Debug)]
struct Guest {
    handle: AbortHandle,
    state: State,
    /// The event that brought it into this state.
    since: u64,
}

/// What a connection has come to; those that are missed least come first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum State {
    /// It has said nothing.
    Silent,
    /// It has been answered, or has shaken hands, and its next request has not come whole.
    Resting,
    /// It has said hello, and is still shaking hands. Somebody may be looking for a PIN.
    Greeted,
}

/// The place of a connection in the waiting room, until it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    number: u64,
    room: WaitingRoom,
}

impl WaitingRoom {
    fn seat<S>(&self, connections: &mut JoinSet<()>, arrive: impl FnOnce(Place) -> S)
    where
        S: Future<Output = ()> + Send + 'static,
    {
        // Locked until the connection has its entry, so that it cannot leave before it came.
        let mut waiting = self.waiting();
        let number = waiting.next_event();
        let place = Place {
            number,
            room: self.clone(),
        };
        let guest = Guest {
            handle: connections.spawn(arrive(place)),
            state: State::Silent,
            since: number,
        };
        waiting.guests.insert(number, guest);
    }

    fn can_evict(&self) -> bool {
        !self.waiting().guests.is_empty()
    }

    /// Ends the connection that is missed least and, of those, has waited longest. None is in the middle of
    /// an answer: that is made in one go.
    fn evict(&self) -> bool {
        let mut waiting = self.waiting();
        let least = waiting
            .guests
            .iter()
            .min_by_key(|(_, guest)| (guest.state, guest.since))
            .map(|(number, _)| *number);
        let evicted = least.and_then(|number| waiting.guests.remove(&number));
        if let Some(guest) = &evicted {
            debug!(state = ?guest.state, "a connection that only waited made room for another");
            guest.handle.abort();
        }
        evicted.is_some()
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn next_event(&mut self) -> u64 {
        self.events += 1;
        self.events
    }
}

impl Place {
    /// The client has said hello.
    pub(crate) fn greeted(&self) {
        self.is_now(State::Greeted);
    }

    /// The client's next request is waited for.
    pub(crate) fn rests(&self) {
        self.is_now(State::Resting);
    }

    fn is_now(&self, state: State) {
        let mut waiting = self.room.waiting();
        let since = waiting.next_event();
        if let Some(guest) = waiting.guests.get_mut(&self.number) {
            (guest.state, guest.since) = (state, since);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.room.waiting().guests.remove(&self.number);
    }
}
