//! A program that runs, the leader of a process group, and its end.

use std::fs::File;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const POLL: Duration = Duration::from_millis(1);

/// A child that is not left behind, whatever happens here.
pub(crate) struct Running(Child);

impl Running {
    pub(crate) fn new(child: Child) -> Self {
        Self(child)
    }

    /// Starts a server in this folder, which writes what it says to the file `log` there, and is ended with
    /// whatever it has started.
    pub(crate) fn logged(command: &mut Command, folder: &Path, log: &str) -> io::Result<Self> {
        let log = File::create(folder.join(log))?;
        let child = command
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0)
            .spawn()?;
        Ok(Self(child))
    }

    /// Waits until it takes connections there; no if it ends before, or has not come so far in this time.
    pub(crate) fn listens_at(&mut self, address: SocketAddr, limit: Duration) -> bool {
        let deadline = Instant::now() + limit;
        while TcpStream::connect(address).is_err() {
            if self.has_ended() || deadline < Instant::now() {
                return false;
            }
            thread::sleep(POLL);
        }
        true
    }

    /// What it reads.
    pub(crate) fn take_stdin(&mut self) -> Option<ChildStdin> {
        self.0.stdin.take()
    }

    /// What it writes.
    pub(crate) fn take_stdout(&mut self) -> Option<ChildStdout> {
        self.0.stdout.take()
    }

    /// Whether it has ended by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(Some(_)))
    }

    /// Waits for the end; nothing if it has not come by the deadline.
    pub(crate) fn wait(&mut self, deadline: Instant) -> io::Result<Option<ExitStatus>> {
        loop {
            let status = self.0.try_wait()?;
            if status.is_some() || deadline <= Instant::now() {
                return Ok(status);
            }
            thread::sleep(POLL);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.has_ended() {
            return;
        }
        let _ = Command::new("sh")
            .args(["-c", "kill -s KILL -- \"-$1\"", "sh"])
            .arg(self.0.id().to_string())
            .stderr(Stdio::null())
            .status();
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_client_ends_when_its_lifeline_is_cut() {
    use std::os::unix::process::CommandExt;

    let mut client = Running::new(
        Command::new("sh")
            .args(["-c", super::LIFELINE, "sh"])
            .args(["sh", "-c", "sleep 60 & sleep 60"])
            .stdin(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap(),
    );
    assert!(!client.has_ended());
    drop(client.take_stdin());
    let limit = Instant::now() + Duration::from_secs(10);
    assert!(client.wait(limit).unwrap().is_some());
}
