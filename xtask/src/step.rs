//! Steps: programs that are run one after the other, their output shown as it comes.

use std::path::Path;
use std::process::{Command, ExitStatus};
use std::time::Instant;

use crate::failure::{COULD_NOT_RUN, Failure, NOT_PASSED};

/// A command line of the project, run in the folder of the workspace.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Step {
    pub(crate) program: String,
    pub(crate) arguments: Vec<String>,
    /// Variables set for this step only.
    pub(crate) environment: Vec<(&'static str, &'static str)>,
    /// What the step is for, in a few words.
    pub(crate) purpose: &'static str,
}

impl Step {
    /// `cargo` with these arguments, parted by spaces.
    pub(crate) fn cargo(arguments: &str, purpose: &'static str) -> Self {
        Self::program("cargo", arguments, purpose)
    }

    pub(crate) fn program(
        program: impl Into<String>,
        arguments: &str,
        purpose: &'static str,
    ) -> Self {
        let arguments = arguments.split_whitespace().map(str::to_owned).collect();
        Self {
            program: program.into(),
            arguments,
            environment: Vec::new(),
            purpose,
        }
    }

    pub(crate) fn with_environment(mut self, name: &'static str, value: &'static str) -> Self {
        self.environment.push((name, value));
        self
    }

    /// The step as it is typed in a shell.
    pub(crate) fn command_line(&self) -> String {
        self.environment
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .chain([quoted(&self.program)])
            .chain(self.arguments.iter().map(|argument| quoted(argument)))
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Whether the program ends well, with nothing said about it.
    pub(crate) fn succeeds_silently(&self) -> bool {
        self.command()
            .output()
            .is_ok_and(|output| output.status.success())
    }

    /// Runs the program on this terminal and gives its exit status.
    pub(crate) fn status(&self) -> Result<ExitStatus, Failure> {
        self.command().status().map_err(|error| {
            Failure::could_not_run(format!("{} could not be started: {error}", self.program))
        })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .envs(self.environment.iter().copied());
        command.current_dir(workspace());
        command
    }
}

/// Runs the steps in order and stops at the first that does not pass.
pub(crate) fn run_all(steps: &[Step]) -> Result<(), Failure> {
    let start = Instant::now();
    for step in steps {
        run(step)?;
    }
    if 1 < steps.len() {
        eprintln!("== all {} steps passed in {}", steps.len(), seconds(start));
    }
    Ok(())
}

fn run(step: &Step) -> Result<(), Failure> {
    let command_line = step.command_line();
    eprintln!("== {command_line}");
    let start = Instant::now();
    let status = step.status()?;
    if status.success() {
        eprintln!("== passed in {}: {}", seconds(start), step.purpose);
        return Ok(());
    }
    Err(Failure {
        // A program that a signal ended has judged nothing.
        code: if status.code().is_some() {
            NOT_PASSED
        } else {
            COULD_NOT_RUN
        },
        message: format!(
            "not passed after {}: {} ({status})",
            seconds(start),
            step.purpose
        ),
        hint: Some(format!("to repeat this step alone: {command_line}")),
    })
}

fn seconds(start: Instant) -> String {
    format!("{:.1} s", start.elapsed().as_secs_f64())
}

/// The workspace's folder: the one above xtask's own.
pub(crate) fn workspace() -> &'static Path {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own)
}

/// An argument as a shell takes it back.
fn quoted(argument: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_=./:,@+%".contains(letter);
    if !argument.is_empty() && argument.chars().all(plain) {
        return argument.to_owned();
    }
    format!("'{}'", argument.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::{Step, quoted, run_all};
    use crate::failure::{COULD_NOT_RUN, NOT_PASSED};

    #[test]
    fn a_command_line_can_be_pasted_into_a_shell() {
        let step = Step::cargo("doc --workspace", "the documentation")
            .with_environment("RUSTDOCFLAGS", "-Dwarnings");
        assert_eq!(
            step.command_line(),
            "RUSTDOCFLAGS=-Dwarnings cargo doc --workspace"
        );
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn the_first_step_that_does_not_pass_ends_the_run_with_its_command_line() {
        let steps = [
            Step::program("true", "", "always passes"),
            Step::program("false", "--why", "never passes"),
            Step::program("no-such-program", "", "is never reached"),
        ];
        let failure = run_all(&steps).unwrap_err();
        assert_eq!(failure.code, NOT_PASSED);
        assert!(
            failure.message.contains("never passes"),
            "{}",
            failure.message
        );
        assert_eq!(
            failure.hint.as_deref(),
            Some("to repeat this step alone: false --why")
        );
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let failure = run_all(&[Step::program("no-such-program", "", "")]).unwrap_err();
        assert_eq!(failure.code, COULD_NOT_RUN);
        assert!(
            failure
                .message
                .starts_with("no-such-program could not be started")
        );
    }

    #[test]
    fn the_environment_of_a_step_reaches_its_program() {
        let step = Step {
            arguments: vec!["-c".to_owned(), "test \"$XTASK_TEST\" = yes".to_owned()],
            ..Step::program("sh", "", "asks for the variable")
        };
        assert!(!step.succeeds_silently());
        assert!(
            step.with_environment("XTASK_TEST", "yes")
                .succeeds_silently()
        );
    }
}
