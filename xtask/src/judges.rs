//! Installs the judges that are no Debian packages: Python programs, in an environment of their own, and what
//! npm has, beside it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::step::{Step, workspace};

/// What to install. The heads of the lists say why it is so; the lock of npm's has the hash of each package.
const LIST: &str = concat!(
    include_str!("../../conformance/data/judges.txt"),
    include_str!("../../conformance/data/judges-from-source.txt"),
    include_str!("../../conformance/data/judges-from-npm/package.json"),
    include_str!("../../conformance/data/judges-from-npm/package-lock.json")
);

/// What npm must find where it installs.
const NPM_LISTS: [&str; 2] = ["package.json", "package-lock.json"];

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
    for step in python_steps() {
        take(&step)?;
    }
    for list in NPM_LISTS {
        let from = workspace().join("conformance/data/judges-from-npm");
        let to = folder().join(list);
        fs::copy(from.join(list), &to).map_err(|error| not_written(&to, &error))?;
    }
    take(&npm_step())?;
    fs::write(&installed, LIST).map_err(|error| not_written(&installed, &error))
}

fn take(step: &Step) -> Result<(), Failure> {
    eprintln!("== {}", step.command_line());
    let status = step.status()?;
    if status.success() {
        return Ok(());
    }
    Err(
        Failure::could_not_run(format!("{} did not work ({status})", step.purpose))
            .hint(format!("to repeat: {}", step.command_line())),
    )
}

fn not_written(path: &Path, error: &io::Error) -> Failure {
    Failure::could_not_run(format!("{} cannot be written: {error}", path.display()))
}

/// Debian's own Python, not one that the user has put before it: `python3-venv` is for that one.
fn python_steps() -> [Step; 3] {
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

/// The npm that came with the Python packages. No package runs code of its own when it is installed.
fn npm_step() -> Step {
    let npm = folder().join("bin/npm").display().to_string();
    let install =
        format!("ci --prefix {ENVIRONMENT} --ignore-scripts --no-audit --no-fund --loglevel error");
    Step::program(npm, &install, "installing the judges that npm has")
}

fn folder() -> PathBuf {
    workspace().join(ENVIRONMENT)
}

#[cfg(test)]
mod tests {
    use super::LIST;

    #[test]
    fn every_judge_is_of_one_version() {
        let (python, npm) = LIST.split_once('{').unwrap();
        let lines: Vec<&str> = python
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .collect();
        assert!(lines.iter().any(|line| line.starts_with("pkilint==")));
        for line in lines {
            assert_eq!(line.matches("==").count(), 1, "{line}");
        }
        let (wanted, _lock) = npm.split_once("lockfileVersion").unwrap();
        assert!(
            !wanted.contains(['^', '~']),
            "a range of versions: {wanted}"
        );
    }
}
