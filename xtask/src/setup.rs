//! Installs the system packages that are missing, and says why.
//!
//! Debian's pcscd package may start the system's PC/SC service when it is installed. That is left
//! as it is: every run of this project has a pcscd of its own and never touches the system's.

use crate::failure::Failure;
use crate::packages::{self, Job, Package};
use crate::step::Step;
use crate::system::{self, System};

/// Waits for another package manager at work (a fresh machine's automatic updates) instead of
/// failing at once, but not for ever.
const APT_GET: &str = "-o DPkg::Lock::Timeout=300";

/// Recommended packages are documentation and desktop parts, which nothing here needs.
const INSTALL: &str = "install -y --no-install-recommends";

/// Sees to it that every package that one of these jobs needs is installed.
pub(crate) fn run(jobs: &[Job]) -> Result<(), Failure> {
    let packages = packages::list()?;
    let system = System::this_machine();
    let missing = missing(&packages, jobs, &system);
    if missing.is_empty() {
        eprintln!("== all needed system packages are installed");
        return Ok(());
    }
    eprint!("{}", description(&missing));
    install(&missing, Installer::of(&system), &system)?;
    still_missing(&missing, &system)
}

/// Who can install packages here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Installer {
    /// This process.
    Ourselves,
    /// The person at the terminal, as root.
    Person,
    /// Nobody by apt-get: this is no Debian or Ubuntu.
    Unknown,
}

impl Installer {
    fn of(system: &System) -> Self {
        match system.has_program("apt-get") {
            false => Self::Unknown,
            true if system::is_root() => Self::Ourselves,
            true => Self::Person,
        }
    }
}

fn missing<'list, 'text>(
    packages: &'list [Package<'text>],
    jobs: &[Job],
    system: &System,
) -> Vec<&'list Package<'text>> {
    packages
        .iter()
        .filter(|package| package.needed_to.iter().any(|job| jobs.contains(job)))
        .filter(|package| !system.has(package))
        .collect()
}

fn install(missing: &[&Package<'_>], installer: Installer, system: &System) -> Result<(), Failure> {
    match installer {
        Installer::Ourselves => install_as_root(missing, system),
        Installer::Person => Err(
            Failure::could_not_run("only root may install packages").hint(format!(
                "run this, then the same command again:\n\nsudo apt-get {INSTALL} {}",
                names(missing)
            )),
        ),
        Installer::Unknown => Err(Failure::could_not_run(
            "this system has no apt-get to install them with",
        )
        .hint(
            "install what your distribution calls these packages; \
                 conformance/data/packages.txt says which files and programs are looked for",
        )),
    }
}

fn install_as_root(missing: &[&Package<'_>], system: &System) -> Result<(), Failure> {
    let install = apt_get(
        &format!("{INSTALL} {}", names(missing)),
        "install the packages",
    );
    if system.has_package_lists() {
        eprintln!("== {}", install.command_line());
        if install.status()?.success() {
            return Ok(());
        }
        // Lists that are some weeks old name versions that the servers no longer have.
        eprintln!("== not installed; once more with fresh package lists");
    }
    let update = apt_get("update", "fetch the package lists");
    eprintln!("== {}", update.command_line());
    // One unreachable source of many fails the update, and may not be needed: go on in any case.
    update.status()?;
    eprintln!("== {}", install.command_line());
    match install.status()? {
        status if status.success() => Ok(()),
        status => Err(Failure::could_not_run(format!(
            "apt-get could not install the packages ({status})"
        ))
        .hint(format!("to repeat: {}", install.command_line()))),
    }
}

fn apt_get(arguments: &str, purpose: &'static str) -> Step {
    Step::program("apt-get", &format!("{APT_GET} {arguments}"), purpose)
        .with_environment("DEBIAN_FRONTEND", "noninteractive")
}

/// What apt-get installed need not be what was looked for: another release may keep it elsewhere.
fn still_missing(installed: &[&Package<'_>], system: &System) -> Result<(), Failure> {
    let without: Vec<_> = installed
        .iter()
        .copied()
        .filter(|package| !system.has(package))
        .collect();
    if without.is_empty() {
        eprintln!("== installed: {}", names(installed));
        return Ok(());
    }
    Err(Failure::could_not_run(format!(
        "installed, but not where conformance/data/packages.txt looks: {}",
        names(&without)
    ))
    .hint("correct the column `proved by` of that file for this release"))
}

fn names(packages: &[&Package<'_>]) -> String {
    packages
        .iter()
        .map(|package| package.name)
        .collect::<Vec<_>>()
        .join(" ")
}

fn description(missing: &[&Package<'_>]) -> String {
    let width = missing
        .iter()
        .map(|package| package.name.len())
        .max()
        .unwrap_or(0);
    let mut text = "These system packages are missing:\n".to_owned();
    for Package { name, purpose, .. } in missing {
        text.push_str(&format!("  {name:width$}  {purpose}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Installer, description, install, missing};
    use crate::failure::COULD_NOT_RUN;
    use crate::packages::{Job, parse};
    use crate::system::System;

    const LIST: &str = "\
        gcc | build | no-such-cc | compiles\n\
        curl | demo test | no-such-curl | logs in\n\
        git | test | no-such-git | lists files\n";

    fn empty_machine() -> System {
        System {
            root: "/no-such-root".into(),
            program_folders: Vec::new(),
        }
    }

    #[test]
    fn only_packages_of_the_asked_for_jobs_are_missing() {
        let packages = parse(LIST).unwrap();
        let names = |jobs: &[Job]| super::names(&missing(&packages, jobs, &empty_machine()));
        assert_eq!(names(&[Job::Build]), "gcc");
        assert_eq!(names(&[Job::Build, Job::Demo]), "gcc curl");
        assert_eq!(names(Job::ALL), "gcc curl git");
    }

    #[test]
    fn missing_packages_are_listed_with_their_purpose() {
        let packages = parse(LIST).unwrap();
        let missing = missing(&packages, &[Job::Build, Job::Demo], &empty_machine());
        assert_eq!(
            description(&missing),
            "These system packages are missing:\n  gcc   compiles\n  curl  logs in\n"
        );
    }

    #[test]
    fn who_may_not_install_gets_the_one_command() {
        let packages = parse(LIST).unwrap();
        let missing = missing(&packages, &[Job::Demo], &empty_machine());
        let failure = install(&missing, Installer::Person, &empty_machine()).unwrap_err();
        assert_eq!(failure.code, COULD_NOT_RUN);
        let hint = failure.hint.unwrap();
        assert!(
            hint.ends_with("\nsudo apt-get install -y --no-install-recommends curl"),
            "{hint}"
        );
    }

    #[test]
    fn without_apt_get_nothing_is_run() {
        assert_eq!(Installer::of(&empty_machine()), Installer::Unknown);
        let failure = install(&[], Installer::Unknown, &empty_machine()).unwrap_err();
        assert_eq!(failure.code, COULD_NOT_RUN);
    }
}
