//! Something that runs on a thread of its own until it is no longer wanted.

use std::future::Future;
use std::io;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::oneshot;

/// How long the work may take to end. The portal says farewell to open connections for two seconds.
const STOP_LIMIT: Duration = Duration::from_secs(5);

/// Work on a thread of its own. Dropping it stops the work.
#[derive(Debug)]
pub(crate) struct Background<T> {
    stop: Option<oneshot::Sender<()>>,
    result: Receiver<T>,
}

/// Resolves when the work is to end.
pub(crate) type Stop = oneshot::Receiver<()>;

impl<T: Send + 'static> Background<T> {
    /// Runs what `work` returns on `runtime`, in a thread called `name`.
    pub(crate) fn start<F: Future<Output = T>>(
        name: &str,
        runtime: Runtime,
        work: impl FnOnce(Stop) -> F + Send + 'static,
    ) -> io::Result<Self> {
        let (stop, stopped) = oneshot::channel();
        let (sender, result) = mpsc::sync_channel(1);
        thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                let value = runtime.block_on(work(stopped));
                // What the work holds, such as sockets, is gone before anybody hears of its end.
                drop(runtime);
                // Nobody may be there to hear it.
                let _ = sender.send(value);
            })?;
        Ok(Self {
            stop: Some(stop),
            result,
        })
    }
}

impl<T> Background<T> {
    /// The result, if the work has ended by itself.
    pub(crate) fn ended(&self) -> Option<T> {
        self.result.try_recv().ok()
    }
}

impl<T> Drop for Background<T> {
    fn drop(&mut self) {
        drop(self.stop.take());
        // An error is either the thread's end by a panic, which it has reported itself, or one that
        // does not end, which cannot be helped.
        let _ = self.result.recv_timeout(STOP_LIMIT);
    }
}

/// A runtime for one thread.
pub(crate) fn runtime() -> io::Result<Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}
