//! Waiting without sleeping, for a moment.
//!
//! What an exchange between two processes takes is mostly the kernel putting one to sleep and waking it
//! again, some ten microseconds each time. Whoever expects the next bytes sooner than that looks for them
//! again and again instead, and sleeps only when they do not come.

use std::io;
use std::os::fd::AsFd;
use std::thread;
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::net::{RecvFlags, recv};

/// How long somebody stays awake: what sleeping and being woken takes at most on a busy machine.
const MOMENT: Duration = Duration::from_micros(40);

/// Somebody who waits at a socket, and whether it was worth staying awake the last time.
#[derive(Debug, Default)]
pub struct Awake {
    is_worth_it: bool,
}

impl Awake {
    /// Looks for bytes for a moment, if that was worth it the last time. None: it is time to sleep, and
    /// [`Awake::slept`] wants to know how long.
    pub fn look(&mut self, socket: impl AsFd, space: &mut [u8]) -> io::Result<Option<usize>> {
        if !self.is_worth_it {
            return Ok(None);
        }
        let start = Instant::now();
        loop {
            match recv(socket.as_fd(), &mut *space, RecvFlags::DONTWAIT) {
                Ok((length, _)) => return Ok(Some(length)),
                Err(Errno::AGAIN | Errno::INTR) if start.elapsed() < MOMENT => thread::yield_now(),
                Err(Errno::AGAIN | Errno::INTR) => return Ok(None),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// It took so long until bytes came. If that was soon, staying awake would have been better.
    pub fn slept(&mut self, time: Duration) {
        self.is_worth_it = time < MOMENT;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::io::Write;
    use std::os::unix::net::UnixStream;

    use super::*;

    #[test]
    fn it_looks_only_after_a_short_sleep_and_finds_what_is_there() {
        let (here, mut there) = UnixStream::pair().unwrap();
        let (mut awake, mut space) = (Awake::default(), [0; 8]);
        there.write_all(b"word").unwrap();
        assert_eq!(awake.look(&here, &mut space).unwrap(), None);
        awake.slept(Duration::ZERO);
        assert_eq!(awake.look(&here, &mut space).unwrap(), Some(4));
        assert_eq!(awake.look(&here, &mut space).unwrap(), None, "nothing more");
        drop(there);
        assert_eq!(awake.look(&here, &mut space).unwrap(), Some(0), "the end");
        awake.slept(Duration::from_secs(1));
        assert_eq!(awake.look(&here, &mut space).unwrap(), None);
    }
}
