//! A PC/SC service with one thing wrong: it stands between clients and the sound one, and changes what
//! they say to each other.
//!
//! ```text
//! clients ── libpcsclite's place: our library ──► Service ──► Host ── readers, card
//!                                          hears, says └ one thing wrong
//! ```

use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use cns_pcsc::channel::Channel;
use cns_pcsc::message::{Reply, Request};

/// What is wrong with a service. Cases that need not fail may fail too.
pub(crate) struct Wrong {
    /// What is wrong, as one sentence.
    pub(crate) what: &'static str,
    /// What becomes of a request; none: it is not passed on, and answered as done.
    pub(crate) hears: fn(Request) -> Option<Request>,
    /// What becomes of the reply to a request.
    pub(crate) says: fn(&Request, Reply) -> Reply,
    /// The connection of a client that has gone stays.
    pub(crate) keeps_the_dead: bool,
    /// The cases that must notice.
    pub(crate) caught_by: &'static [&'static str],
}

/// Nothing is wrong.
pub(crate) const SOUND: Wrong = Wrong {
    what: "nothing",
    hears: Some,
    says: |_, reply| reply,
    keeps_the_dead: false,
    caught_by: &[],
};

/// The service, for as long as the process lives.
#[derive(Clone)]
pub(crate) struct Service(Arc<Inner>);

struct Inner {
    host: PathBuf,
    wrong: Mutex<&'static Wrong>,
    /// Connections to the host whose clients have gone.
    dead: Mutex<Vec<Channel>>,
}

impl Service {
    /// Serves clients at `socket`, with the host at `host` behind it.
    pub(crate) fn open(socket: &Path, host: &Path) -> Self {
        let listener = UnixListener::bind(socket).unwrap();
        let service = Self(Arc::new(Inner {
            host: host.to_owned(),
            wrong: Mutex::new(&SOUND),
            dead: Mutex::default(),
        }));
        let served = service.clone();
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let served = served.clone();
                thread::spawn(move || served.serve(Channel::over(client)));
            }
        });
        service
    }

    /// From now on this is wrong.
    pub(crate) fn become_wrong(&self, wrong: &'static Wrong) {
        *lock(&self.0.wrong) = wrong;
        self.bury();
    }

    /// Ends the connections that were kept.
    pub(crate) fn bury(&self) {
        lock(&self.0.dead).clear();
    }

    /// Passes on what a client says, until it has gone.
    fn serve(&self, mut client: Channel) {
        let Ok(host) = UnixStream::connect(&self.0.host) else {
            return;
        };
        let mut host = Channel::over(host);
        while let Ok(request) = client.receive::<Request>() {
            let wrong = *lock(&self.0.wrong);
            let reply = match (wrong.hears)(request) {
                None => Reply::Done,
                Some(request) => {
                    if host.send(&request).is_err() {
                        return;
                    }
                    match host.receive::<Reply>() {
                        Ok(reply) => (wrong.says)(&request, reply),
                        Err(_) => return,
                    }
                }
            };
            if client.send(&reply).is_err() {
                break;
            }
        }
        if lock(&self.0.wrong).keeps_the_dead {
            lock(&self.0.dead).push(host);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
