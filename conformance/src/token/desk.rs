//! The one thread that calls the module, and the patience of those who wait for it.
//!
//! A module waits for its card for as long as the card is silent, and nothing can interrupt it. So
//! every call is made by a thread that may be given up; after that the module is not called again.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::case::Stop;

/// How long a call may take. Signatures of slow cards take a second.
const CALL_LIMIT: Duration = Duration::from_secs(20);

type Job = Box<dyn FnOnce() + Send>;

/// Where calls are handed in. Clones are the same desk.
#[derive(Clone)]
pub(super) struct Desk {
    jobs: Arc<Mutex<Sender<Job>>>,
    gave_up: Arc<AtomicBool>,
    limit: Duration,
}

impl Desk {
    /// A thread that waits for calls, and ends when nobody can make one any more.
    pub(super) fn open() -> std::io::Result<Self> {
        Self::with_limit(CALL_LIMIT)
    }

    fn with_limit(limit: Duration) -> std::io::Result<Self> {
        let (jobs, waiting) = mpsc::channel::<Job>();
        thread::Builder::new()
            .name("cns-pkcs11".to_owned())
            .spawn(move || waiting.into_iter().for_each(|job| job()))?;
        Ok(Self {
            jobs: Arc::new(Mutex::new(jobs)),
            gave_up: Arc::default(),
            limit,
        })
    }

    /// Makes a call and waits for what comes of it.
    pub(super) fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Stop> {
        if self.gave_up.load(Ordering::Relaxed) {
            return Err(Stop::broken(
                "the module has not come back from an earlier call",
            ));
        }
        let (answer, answered) = mpsc::sync_channel(1);
        self.hand_in(Box::new(move || {
            // Who asked may have gone.
            let _ = answer.send(work());
        }))?;
        answered.recv_timeout(self.limit).map_err(|error| {
            self.gave_up.store(true, Ordering::Relaxed);
            match error {
                RecvTimeoutError::Timeout => Stop::broken(format!(
                    "the module did not come back within {:?}",
                    self.limit
                )),
                RecvTimeoutError::Disconnected => Stop::broken("the call itself failed"),
            }
        })
    }

    /// Makes a call whose end nobody waits for.
    pub(super) fn leave(&self, work: impl FnOnce() + Send + 'static) {
        // A thread that has ended has nothing left to do.
        let _ = self.hand_in(Box::new(work));
    }

    fn hand_in(&self, job: Job) -> Result<(), Stop> {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.send(job)
            .map_err(|_| Stop::broken("the thread that calls the module has ended"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_does_not_come_back_is_given_up_and_so_is_the_module() {
        let desk = Desk::with_limit(Duration::from_millis(50)).unwrap();
        assert_eq!(desk.call(|| 7), Ok(7));
        let (release, held) = mpsc::channel::<()>();
        let late = desk.call(move || {
            let _ = held.recv_timeout(Duration::from_secs(10));
        });
        assert!(matches!(late, Err(Stop::Broken(_))), "{late:?}");
        drop(release);
        let after = desk.call(|| 7);
        assert!(matches!(after, Err(Stop::Broken(_))), "{after:?}");
    }
}
