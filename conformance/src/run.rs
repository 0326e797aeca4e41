//! Running one client: alone with the workbench, limited in time, its APDUs counted.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io::{self, Read, Seek, Write};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use thiserror::Error;

use crate::packages::{Missing, locate};
use crate::workbench::Workbench;

mod running;

pub(crate) use running::Running;

/// How long a client may take. None takes a second; one that waits for input would wait for ever.
const TIME_LIMIT: Duration = Duration::from_secs(30);

const LIFELINE: &str = include_str!("run/lifeline.sh");

/// A client and how it is to be called.
///
/// It sees nothing of the caller's environment but PATH: its home, its temporary folder and its
/// current folder are the workbench's, its language is none, and its pcscd is the workbench's.
/// There is no `Debug`, for the arguments hold PINs.
#[must_use = "nothing runs before `run`"]
pub struct Invocation<'workbench> {
    workbench: &'workbench Workbench,
    program: &'static str,
    arguments: Vec<OsString>,
    environment: Vec<(&'static str, OsString)>,
    input: Option<Vec<u8>>,
    time_limit: Duration,
}

/// A client that has ended.
#[derive(Clone)]
pub struct Finished {
    /// What it is called.
    pub program: &'static str,
    /// How it ended.
    pub status: ExitStatus,
    /// What it wrote to its standard output.
    pub stdout: Vec<u8>,
    /// What it wrote to its standard error.
    pub stderr: Vec<u8>,
    /// From its start to its end, a millisecond more or less.
    pub took: Duration,
    /// How many command APDUs the card answered in that time.
    pub commands: u64,
}

/// Why a client did not come to an end.
#[derive(Debug, Error)]
pub enum RunError {
    /// It is not installed.
    #[error(transparent)]
    Missing(#[from] Missing),
    /// The system did not let it start, or its output could not be kept.
    #[error("{program} could not be run: {source}")]
    Io {
        /// What it is called.
        program: &'static str,
        /// What the system says.
        source: io::Error,
    },
    /// It was killed because it took too long.
    #[error("{program} did not end within {limit:?} and was killed; its last words:{last_words}")]
    TimedOut {
        /// What it is called.
        program: &'static str,
        /// How long it was given.
        limit: Duration,
        /// The end of its output, a line each.
        last_words: String,
    },
}

impl<'workbench> Invocation<'workbench> {
    pub(crate) fn new(workbench: &'workbench Workbench, program: &'static str) -> Self {
        Self {
            workbench,
            program,
            arguments: Vec::new(),
            environment: Vec::new(),
            input: None,
            time_limit: TIME_LIMIT,
        }
    }

    /// One more argument.
    pub fn argument(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// Several more arguments.
    pub fn arguments<A: AsRef<OsStr>>(self, arguments: impl IntoIterator<Item = A>) -> Self {
        arguments.into_iter().fold(self, Self::argument)
    }

    /// One more environment variable.
    pub fn environment(mut self, name: &'static str, value: impl AsRef<OsStr>) -> Self {
        self.environment.push((name, value.as_ref().to_owned()));
        self
    }

    /// What the client reads from its standard input, at most what a pipe takes (64 KiB). The end of
    /// input is not shown to it: some clients leave as soon as they see it, without the answer.
    pub fn input(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = Some(input.into());
        self
    }

    /// How long it may take, if not 30 seconds.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// Runs the client to its end, whatever its exit status.
    ///
    /// # Errors
    /// It is not installed, does not start, or does not end in time.
    pub fn run(self) -> Result<Finished, RunError> {
        let path = locate(self.program)?;
        let program = self.program;
        self.run_at(path)
            .map_err(|source| RunError::Io { program, source })?
    }

    fn run_at(mut self, path: PathBuf) -> io::Result<Result<Finished, RunError>> {
        let folder = self.workbench.folder();
        // Files, for a pipe that nobody empties would stop the client.
        let mut stdout = tempfile::tempfile_in(folder)?;
        let mut stderr = tempfile::tempfile_in(folder)?;
        let stdin = match self.input {
            Some(_) => Stdio::piped(),
            None => Stdio::null(),
        };
        let (program, limit, input) = (self.program, self.time_limit, self.input.take());
        let journal = self.workbench.journal();
        let commands_before = journal.commands();
        let start = Instant::now();
        let mut client = Running::new(
            self.command(path)
                .stdin(stdin)
                .stdout(stdout.try_clone()?)
                .stderr(stderr.try_clone()?)
                .spawn()?,
        );
        // Held open until the client has ended.
        let mut input_end = client.take_stdin();
        if let (Some(pipe), Some(input)) = (&mut input_end, &input) {
            // A client that does not want its input says so itself.
            let _ = pipe.write_all(input);
        }
        let status = client.wait(start + limit)?;
        let took = start.elapsed();
        let commands = journal.commands() - commands_before;
        drop(client);

        let stdout = read(&mut stdout)?;
        let stderr = read(&mut stderr)?;
        Ok(match status {
            Some(status) => Ok(Finished {
                program,
                status,
                stdout,
                stderr,
                took,
                commands,
            }),
            None => Err(RunError::TimedOut {
                program,
                limit,
                last_words: last_words(&stdout, &stderr),
            }),
        })
    }

    /// Starts a client that goes on until it is dropped, such as a browser, or until this process has
    /// ended, however it does. Its standard output is a pipe, its standard error goes nowhere.
    pub(crate) fn start(mut self) -> Result<Running, RunError> {
        let mut arguments: Vec<OsString> = ["-c", LIFELINE, "sh"].map(OsString::from).into();
        arguments.push(locate(self.program)?.into());
        arguments.append(&mut self.arguments);
        self.arguments = arguments;
        self.spawn_piped(locate("sh")?)
    }

    /// The same for a client that reads its standard input, and ends with it.
    pub(crate) fn start_reading(self) -> Result<Running, RunError> {
        let path = locate(self.program)?;
        self.spawn_piped(path)
    }

    fn spawn_piped(self, path: PathBuf) -> Result<Running, RunError> {
        let program = self.program;
        self.command(path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map(Running::new)
            .map_err(|source| RunError::Io { program, source })
    }

    fn command(self, path: PathBuf) -> Command {
        let mut command = Command::new(path);
        command
            .args(self.arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(self.workbench.client_environment())
            .envs(self.environment)
            .current_dir(self.workbench.folder())
            // A terminal's interrupt is for us, and a client that hangs is killed with its own.
            .process_group(0);
        command
    }
}

impl Finished {
    /// Its standard output as text; bytes that are no UTF-8 are replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Its standard error as text, likewise.
    pub fn complaint(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }

    /// The end of what it wrote, a line each, for an error message.
    pub fn last_words(&self) -> String {
        last_words(&self.stdout, &self.stderr)
    }
}

/// Its output as text, for errors and tests.
impl fmt::Debug for Finished {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            program,
            status,
            took,
            commands,
            ..
        } = self;
        write!(
            formatter,
            "{program}: {status}, {took:?}, {commands} commands\n{}\n{}",
            self.text(),
            self.complaint()
        )
    }
}

/// The client has written to a copy of this file, which shares its position.
fn read(file: &mut std::fs::File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn last_words(stdout: &[u8], stderr: &[u8]) -> String {
    const LINES: usize = 12;
    let text = [stdout, stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let lines: Vec<&str> = text.iter().flat_map(|text| text.lines()).collect();
    lines
        .iter()
        .skip(lines.len().saturating_sub(LINES))
        .map(|line| format!("\n  {line}"))
        .collect()
}
