//! Installs the judges that are no Debian packages: Python programs, in an environment of their own.

use std::fs;
use std::path::PathBuf;

use crate::failure::Failure;
use crate::step::{Step, workspace};

/// What to install. Their heads say why it is so.
const LIST: &str = concat!(
    include_str!("../../conformance/data/judges.txt"),
    include_str!("../../conformance/data/judges-from-source.txt")
);

/// Where the tests look. It stands in the build folder, and goes with it.
const ENVIRONMENT: &str = "target/judges";

/// Sees to it that the judges of the list are installed, in the versions of the list.
pub(crate) fn run() -> Result<(), Failure> {
    // Written when all is installed: an installation that broke off is begun anew.
    let installed = folder().join("judges.txt");
    if fs::read_to_string(&installed).is_ok_and(|installed| installed == LIST) {
        eprintln!("== all judges are installed");
        return Ok(());
    }
    for step in steps() {
        eprintln!("== {}", step.command_line());
        let status = step.status()?;
        if !status.success() {
            return Err(Failure::could_not_run(format!(
                "{} did not work ({status})",
                step.purpose
            ))
            .hint(format!("to repeat: {}", step.command_line())));
        }
    }
    fs::write(&installed, LIST).map_err(|error| {
        Failure::could_not_run(format!(
            "{} cannot be written: {error}",
            installed.display()
        ))
    })
}

/// Debian's own Python, not one that the user has put before it: `python3-venv` is for that one.
fn steps() -> [Step; 3] {
    let make = format!("-m venv --clear {ENVIRONMENT}");
    // The list is complete, so that nothing is looked for that is not on it.
    let install = "-m pip install --quiet --disable-pip-version-check --no-deps \
                   --only-binary :all: --requirement conformance/data/judges.txt";
    // Built with the setuptools that the other list has just brought, not with one that is looked for.
    let build = "-m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
                 --requirement conformance/data/judges-from-source.txt";
    let python = folder().join("bin/python").display().to_string();
    [
        Step::program("/usr/bin/python3", &make, "making a Python environment"),
        Step::program(&python, install, "installing the judges into it"),
        Step::program(&python, build, "installing the judge that comes as source"),
    ]
}

fn folder() -> PathBuf {
    workspace().join(ENVIRONMENT)
}

#[cfg(test)]
mod tests {
    use super::LIST;

    #[test]
    fn every_judge_is_of_one_version() {
        let lines: Vec<&str> = LIST
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .collect();
        assert!(lines.iter().any(|line| line.starts_with("pkilint==")));
        for line in lines {
            assert_eq!(line.matches("==").count(), 1, "{line}");
        }
    }
}
