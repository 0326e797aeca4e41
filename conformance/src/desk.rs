//! The one thread that calls a library, and the patience of those who wait for it.
//!
//! A PKCS #11 module and libpcsclite wait for a card for as long as the card is silent, and nothing can
//! interrupt them. So every call is made by a thread that may be given up; after that the library is
//! not called again from there.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::case::Stop;

type Job = Box<dyn FnOnce() + Send>;

/// Where calls are handed in. Clones are the same desk.
#[derive(Clone)]
pub(crate) struct Desk {
    /// What is called, for those who wait in vain: `the module`.
    what: &'static str,
    jobs: Arc<Mutex<Sender<Job>>>,
    gave_up: Arc<AtomicBool>,
    limit: Duration,
}

/// Why a call has no answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum NoAnswer {
    /// It did not come back in time.
    Late(&'static str, Duration),
    /// An earlier one did not.
    GivenUp(&'static str),
    /// It panicked.
    Failed(&'static str),
}

impl Desk {
    /// A thread that waits for calls of `what`, and ends when nobody can make one any more. A call may
    /// take as long as `limit`.
    pub(crate) fn open(what: &'static str, limit: Duration) -> std::io::Result<Self> {
        let (jobs, waiting) = mpsc::channel::<Job>();
        thread::Builder::new()
            .name("cns-desk".to_owned())
            .spawn(move || waiting.into_iter().for_each(|job| job()))?;
        Ok(Self {
            what,
            jobs: Arc::new(Mutex::new(jobs)),
            gave_up: Arc::default(),
            limit,
        })
    }

    /// Makes a call and waits for what comes of it.
    pub(crate) fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, NoAnswer> {
        let answered = self.begin(work)?;
        self.wait(&answered)
            .inspect_err(|_| self.gave_up.store(true, Ordering::Relaxed))
    }

    /// The same; when the call does not come back in time, `rescue` does what may end its waiting, and
    /// the desk is given up only if that does not help within `notice`.
    pub(crate) fn call_or_rescue<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
        rescue: impl FnOnce(),
        notice: Duration,
    ) -> Result<T, NoAnswer> {
        let answered = self.begin(work)?;
        self.wait(&answered).inspect_err(|_| {
            rescue();
            let is_stuck = answered.recv_timeout(notice).is_err();
            self.gave_up.store(is_stuck, Ordering::Relaxed);
        })
    }

    /// Makes a call whose end nobody waits for.
    pub(crate) fn leave(&self, work: impl FnOnce() + Send + 'static) {
        // A thread that has ended has nothing left to do.
        let _ = self.hand_in(Box::new(work));
    }

    /// Makes a call whose end is waited for later, or not at all.
    pub(crate) fn begin<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<Receiver<T>, NoAnswer> {
        if self.gave_up.load(Ordering::Relaxed) {
            return Err(NoAnswer::GivenUp(self.what));
        }
        let (answer, answered) = mpsc::sync_channel(1);
        self.hand_in(Box::new(move || {
            // Who asked may have gone.
            let _ = answer.send(work());
        }))?;
        Ok(answered)
    }

    fn wait<T>(&self, answered: &Receiver<T>) -> Result<T, NoAnswer> {
        answered
            .recv_timeout(self.limit)
            .map_err(|error| match error {
                RecvTimeoutError::Timeout => NoAnswer::Late(self.what, self.limit),
                RecvTimeoutError::Disconnected => NoAnswer::Failed(self.what),
            })
    }

    fn hand_in(&self, job: Job) -> Result<(), NoAnswer> {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.send(job).map_err(|_| NoAnswer::Failed(self.what))
    }
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Late(what, limit) => write!(f, "{what} did not come back within {limit:?}"),
            Self::GivenUp(what) => write!(f, "{what} has not come back from an earlier call"),
            Self::Failed(what) => write!(f, "the call of {what} itself failed"),
        }
    }
}

impl From<NoAnswer> for Stop {
    fn from(no_answer: NoAnswer) -> Self {
        Self::broken(no_answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(50);
    const LONG: Duration = Duration::from_secs(10);

    #[test]
    fn a_call_that_does_not_come_back_is_given_up_and_so_is_the_library() {
        let desk = Desk::open("it", SHORT).unwrap();
        assert_eq!(desk.call(|| 7), Ok(7));
        let (release, held) = mpsc::channel::<()>();
        let late = desk.call(move || {
            let _ = held.recv_timeout(LONG);
        });
        assert_eq!(late, Err(NoAnswer::Late("it", SHORT)));
        drop(release);
        assert_eq!(desk.call(|| 7), Err(NoAnswer::GivenUp("it")));
    }

    #[test]
    fn a_call_that_is_rescued_is_late_and_the_next_is_made() {
        let desk = Desk::open("it", SHORT).unwrap();
        let (release, held) = mpsc::channel::<()>();
        let wait = move || {
            let _ = held.recv_timeout(LONG);
        };
        let late = desk.call_or_rescue(wait, || drop(release), LONG);
        assert_eq!(late, Err(NoAnswer::Late("it", SHORT)));
        assert_eq!(desk.call(|| 7), Ok(7));
    }
}
