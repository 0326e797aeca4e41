//! The command line: which commands there are, and what each needs.

use std::ffi::OsString;

use crate::failure::{COULD_NOT_RUN, Failure};
use crate::judges;
use crate::packages::Job;
use crate::setup;
use crate::step::{self, Step};
use crate::steps;

const USAGE: &str = "\
Set-up, demo, tests and checks for people who work on the project

usage: cargo xtask COMMAND

  demo [ARGS...]  install what is missing, build, and run `cns demo ARGS...`
  test            install what is missing, and run everything that CI runs
  check           the same without the tests, benches and fuzzing
  fuzz            fuzz each target for a minute, or for `--seconds N`
  soak            ten thousand logins and a hundred thousand requests to one portal: a few minutes
  setup           install what is missing, and nothing else
  advisories      look the dependencies up in the RustSec advisory database (needs the network)
  bindings        make emulator/vsmartcard's bindings anew from the system's headers
  help            this text

`cargo xtask test --help` lists the steps of test; the same goes for the other commands.
";

/// What the command line asks for.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Command {
    Help(String),
    Setup,
    /// With the arguments for `cns demo`.
    Demo(Vec<String>),
    Test,
    Check,
    /// For so many seconds each target.
    Fuzz(u32),
    Soak,
    Advisories,
    Bindings,
}

/// Reads the arguments after `cargo xtask`.
pub(crate) fn parse(arguments: Vec<OsString>) -> Result<Command, Failure> {
    let arguments = arguments
        .into_iter()
        .map(OsString::into_string)
        .collect::<Result<Vec<String>, OsString>>()
        .map_err(|argument| Failure::could_not_run(format!("{argument:?} is not UTF-8")))?;
    let Some((name, rest)) = arguments.split_first() else {
        return Ok(Command::Help(USAGE.to_owned()));
    };
    let command = match name.as_str() {
        "help" | "--help" | "-h" => return Ok(Command::Help(USAGE.to_owned())),
        // All its arguments, `--help` too, are for `cns demo`.
        "demo" => return Ok(Command::Demo(rest.to_vec())),
        "setup" => Command::Setup,
        "test" => Command::Test,
        "check" => Command::Check,
        "fuzz" => return parse_fuzz(rest),
        "soak" => Command::Soak,
        "advisories" => Command::Advisories,
        "bindings" => Command::Bindings,
        unknown => {
            return Err(
                Failure::could_not_run(format!("there is no command `{unknown}`"))
                    .hint("`cargo xtask help` lists the commands"),
            );
        }
    };
    match rest.first().map(String::as_str) {
        None => Ok(command),
        Some("--help" | "-h") => Ok(Command::Help(command.explanation())),
        Some(argument) => Err(Failure::could_not_run(format!(
            "`{name}` takes no argument, but got `{argument}`"
        ))
        .hint(format!("`cargo xtask {name} --help` explains it"))),
    }
}

fn parse_fuzz(arguments: &[String]) -> Result<Command, Failure> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let seconds = match arguments[..] {
        [] => Some(steps::FUZZ_SECONDS),
        ["--help" | "-h"] => {
            return Ok(Command::Help(
                Command::Fuzz(steps::FUZZ_SECONDS).explanation(),
            ));
        }
        // libFuzzer takes zero seconds for no limit.
        ["--seconds", seconds] => seconds.parse().ok().filter(|seconds| *seconds != 0),
        _ => None,
    };
    seconds.map(Command::Fuzz).ok_or_else(|| {
        Failure::could_not_run(format!(
            "`fuzz` takes `--seconds N`, but got `{}`",
            arguments.join(" ")
        ))
        .hint("`cargo xtask fuzz --help` explains it")
    })
}

/// Does what the command line asks for.
pub(crate) fn run(command: Command) -> Result<(), Failure> {
    if !command.jobs().is_empty() {
        setup::run(command.jobs())?;
    }
    if command.uses_judges() {
        judges::run()?;
    }
    if command.uses_cargo_deny() {
        steps::provide_cargo_deny()?;
    }
    if command.uses_cargo_fuzz() {
        steps::provide_cargo_fuzz()?;
    }
    match command {
        Command::Help(text) => {
            help(&text);
            Ok(())
        }
        Command::Demo(arguments) => run_demo(&arguments),
        other => step::run_all(&other.steps()),
    }
}

impl Command {
    /// What the command needs system packages for.
    fn jobs(&self) -> &'static [Job] {
        match self {
            Self::Help(_) | Self::Advisories => &[],
            Self::Demo(_) => &[Job::Build, Job::Demo],
            Self::Check | Self::Soak => &[Job::Build],
            Self::Setup | Self::Test | Self::Fuzz(_) | Self::Bindings => Job::ALL,
        }
    }

    fn uses_judges(&self) -> bool {
        matches!(self, Self::Setup | Self::Test)
    }

    fn uses_cargo_deny(&self) -> bool {
        matches!(self, Self::Test | Self::Check | Self::Advisories)
    }

    fn uses_cargo_fuzz(&self) -> bool {
        matches!(self, Self::Test | Self::Fuzz(_))
    }

    fn steps(&self) -> Vec<Step> {
        match self {
            Self::Help(_) | Self::Setup => Vec::new(),
            Self::Demo(arguments) => vec![steps::build_demo(), steps::demo(arguments)],
            Self::Test => steps::test(),
            Self::Check => steps::check(),
            Self::Fuzz(seconds) => steps::fuzz(*seconds),
            Self::Soak => vec![steps::soak()],
            Self::Advisories => vec![steps::advisories()],
            Self::Bindings => vec![steps::bindings()],
        }
    }

    fn explanation(&self) -> String {
        let mut text = match (self.jobs().is_empty(), self.steps().is_empty()) {
            (true, _) => "Runs, from the workspace's folder:\n\n",
            (false, true) => {
                "Installs the system packages that are missing, as root; \
                 for anyone else it prints the command that does.\n"
            }
            (false, false) => {
                "Installs the system packages that are missing, then runs, \
                 from the workspace's folder:\n\n"
            }
        }
        .to_owned();
        for step in self.steps() {
            text.push_str(&format!(
                "  {}\n      {}\n",
                step.command_line(),
                step.purpose
            ));
        }
        if self.uses_judges() {
            text.push_str(
                "\nThe judges of conformance/data/judges* are installed into target/judges.\n",
            );
        }
        if self.uses_cargo_deny() {
            text.push_str(&format!(
                "\ncargo-deny {} is installed for the user when there is none.\n",
                steps::CARGO_DENY_VERSION
            ));
        }
        if self.uses_cargo_fuzz() {
            text.push_str(&format!(
                "\ncargo-fuzz {} is installed for the user when there is none.\n",
                steps::CARGO_FUZZ_VERSION
            ));
        }
        text.push_str("\nexit: 0 all passed, 1 a step did not pass, 2 could not run\n");
        text
    }
}

/// What `cns demo` says about its own end is enough; its exit code is handed on.
fn run_demo(arguments: &[String]) -> Result<(), Failure> {
    step::run_all(&[steps::build_demo()])?;
    let status = steps::demo(arguments).status()?;
    if status.success() {
        return Ok(());
    }
    Err(Failure {
        code: status
            .code()
            .and_then(|code| u8::try_from(code).ok())
            .unwrap_or(COULD_NOT_RUN),
        ..Failure::could_not_run(format!("the demo ended with {status}"))
    })
}

#[expect(
    clippy::print_stdout,
    reason = "help that was asked for is what the command gives"
)]
fn help(text: &str) {
    print!("{text}");
}

#[cfg(test)]
mod tests {
    use super::{Command, parse};
    use crate::failure::{COULD_NOT_RUN, Failure};
    use crate::steps;

    fn parsed(line: &str) -> Result<Command, Failure> {
        parse(line.split_whitespace().map(Into::into).collect())
    }

    #[test]
    fn every_command_of_the_usage_is_understood() {
        let Ok(Command::Help(usage)) = parsed("help") else {
            panic!("help is not understood");
        };
        let names: Vec<&str> = usage
            .lines()
            .filter_map(|line| line.strip_prefix("  "))
            .filter_map(|line| line.split_whitespace().next())
            .collect();
        assert_eq!(names.len(), 9, "{names:?}");
        for name in names {
            assert!(parsed(name).is_ok(), "{name} stands in the usage");
        }
    }

    #[test]
    fn everything_after_demo_is_for_the_demo() {
        let Ok(command) = parsed("demo --help -- x") else {
            panic!("demo is not understood");
        };
        let steps = command.steps();
        let last = steps.last().map(|step| step.command_line());
        let expected = "cargo run --release --locked --package cns -- demo --help -- x";
        assert_eq!(last.as_deref(), Some(expected));
    }

    #[test]
    fn help_of_a_command_shows_the_steps_that_it_runs() {
        let Ok(Command::Help(text)) = parsed("test --help") else {
            panic!("test --help is not understood");
        };
        for step in steps::test() {
            assert!(
                text.contains(&step.command_line()),
                "{}",
                step.command_line()
            );
        }
    }

    #[test]
    fn a_wrong_command_line_is_refused_with_a_hint() {
        for line in [
            "tset",
            "test --fast",
            "setup now",
            "advisories 1",
            "fuzz 10",
            "fuzz --seconds",
            "fuzz --seconds 0",
            "fuzz --seconds soon",
        ] {
            let failure = parsed(line).unwrap_err();
            assert_eq!(failure.code, COULD_NOT_RUN, "{line}");
            assert!(failure.hint.is_some(), "{line}");
        }
    }

    #[test]
    fn every_fuzz_target_of_its_manifest_is_run() {
        let manifest = include_str!("../../fuzz/Cargo.toml");
        let Ok(command) = parsed("fuzz --seconds 7") else {
            panic!("fuzz is not understood");
        };
        let lines: Vec<String> = command
            .steps()
            .iter()
            .map(|step| step.command_line())
            .filter(|line| line.contains("-max_total_time=7"))
            .collect();
        assert_eq!(
            lines.len(),
            manifest.matches("[[bin]]").count(),
            "{lines:?}"
        );
    }

    #[test]
    fn test_begins_with_all_that_check_runs() {
        assert!(steps::test().starts_with(&steps::check()));
        assert!(steps::check().len() < steps::test().len());
    }
}
