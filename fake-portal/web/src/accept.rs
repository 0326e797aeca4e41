//! The loop in front of every listener: how many connections there are, and which one has to go when
//! there is no more room.
//!
//! Whoever opens connections and says nothing costs a socket each. So that a thousand of them do not
//! keep a citizen out, the one that has waited longest for nothing makes room for the next that comes.

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

/// Connections that have not proven anything yet, in the order of their arrival.
#[derive(Clone, Debug, Default)]
struct WaitingRoom(Arc<Mutex<Waiting>>);

#[derive(Debug, Default)]
struct Waiting {
    arrivals: u64,
    /// Nothing has come from these.
    silent: BTreeMap<u64, AbortHandle>,
    /// These have said hello, and are still shaking hands. Somebody may be looking for a PIN.
    greeted: BTreeMap<u64, AbortHandle>,
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
        waiting.arrivals += 1;
        let number = waiting.arrivals;
        let place = Place {
            number,
            room: self.clone(),
        };
        let handle = connections.spawn(arrive(place));
        waiting.silent.insert(number, handle);
    }

    fn can_evict(&self) -> bool {
        let waiting = self.waiting();
        !waiting.silent.is_empty() || !waiting.greeted.is_empty()
    }

    /// Ends the connection that has waited longest, of those that said nothing if there is one.
    fn evict(&self) -> bool {
        let mut waiting = self.waiting();
        let longest = match waiting.silent.pop_first() {
            Some(silent) => Some(silent),
            None => waiting.greeted.pop_first(),
        };
        if let Some((number, handle)) = &longest {
            debug!(
                number,
                "a connection that only waited made room for another"
            );
            handle.abort();
        }
        longest.is_some()
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// The client has said hello.
    pub(crate) fn greeted(&self) {
        let mut waiting = self.room.waiting();
        if let Some(handle) = waiting.silent.remove(&self.number) {
            waiting.greeted.insert(self.number, handle);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut waiting = self.room.waiting();
        waiting.silent.remove(&self.number);
        waiting.greeted.remove(&self.number);
    }
}
