//! What must be installed, and whether it is: `data/packages.txt`, whose head describes its format.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use thiserror::Error;

const LIST: &str = include_str!("../data/packages.txt");

/// Where services such as pcscd are. Debian leaves these folders out of a plain user's PATH.
const DAEMON_FOLDERS: [&str; 3] = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/// A Debian or Ubuntu package that the project uses.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Package {
    /// The name that apt-get knows.
    pub name: &'static str,
    /// Who needs it.
    pub needed_to: Vec<Job>,
    /// What is there when it is installed.
    pub proofs: Vec<Proof>,
    /// What it is for, on one line.
    pub purpose: &'static str,
}

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Job {
    /// Compile the workspace.
    Build,
    /// Run `cns demo`.
    Demo,
    /// Run every test.
    Test,
}

/// Something that is on the machine when a package is installed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Proof {
    /// The name of a program, without a folder.
    Program(&'static str),
    /// An absolute path, in which one `*` a component stands for any characters.
    File(&'static str),
}

/// A program or a file is not there.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{name} is not installed{}", .package.map(|package| format!("\nhint: apt-get install {package}")).unwrap_or_default())]
pub struct Missing {
    /// What was looked for.
    pub name: String,
    /// The package that has it, if the list knows.
    pub package: Option<&'static str>,
}

/// All packages, in the order of the list.
pub fn packages() -> Vec<Package> {
    parse(LIST).expect("the committed list parses, a test reads it")
}

/// The packages that are needed for a job and not installed.
pub fn missing(job: Job) -> Vec<Package> {
    let mut packages = packages();
    packages.retain(|package| package.needed_to.contains(&job) && !package.is_installed());
    packages
}

/// The one command that installs these packages.
pub fn install_command(packages: &[Package]) -> String {
    let names: Vec<&str> = packages.iter().map(|package| package.name).collect();
    format!("apt-get install {}", names.join(" "))
}

/// Where this machine has a program, or a file of the list: `curl`, `opensc-pkcs11.so`.
///
/// # Errors
/// [`Missing`], with the package that has it.
pub fn locate(name: &str) -> Result<PathBuf, Missing> {
    let owner = packages().into_iter().find_map(|package| {
        let proof = package.proofs.iter().find(|proof| proof.is_called(name))?;
        Some((package.name, *proof))
    });
    let found = match owner {
        Some((_, proof)) => proof.find(),
        None => find_program(name),
    };
    found.ok_or_else(|| Missing {
        name: name.to_owned(),
        package: owner.map(|(package, _)| package),
    })
}

impl Package {
    /// Whether all its proofs are there.
    pub fn is_installed(&self) -> bool {
        self.proofs.iter().all(|proof| proof.find().is_some())
    }
}

impl Proof {
    /// Where this machine has it; with a `*`, the first match in the order of names.
    pub fn find(self) -> Option<PathBuf> {
        match self {
            Self::Program(name) => find_program(name),
            Self::File(path) => find_file(PathBuf::from("/"), path.trim_start_matches('/')),
        }
    }

    fn is_called(self, name: &str) -> bool {
        match self {
            Self::Program(own) => own == name,
            Self::File(path) => path
                .strip_suffix(name)
                .is_some_and(|folder| folder.is_empty() || folder.ends_with('/')),
        }
    }
}

fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(DAEMON_FOLDERS.map(PathBuf::from))
        .map(|folder| folder.join(name))
        .find(|candidate| is_program(candidate))
}

fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

fn find_file(folder: PathBuf, path: &str) -> Option<PathBuf> {
    let (component, rest) = path.split_once('/').unwrap_or((path, ""));
    let below = |entry: PathBuf| match rest {
        "" => entry.exists().then_some(entry),
        rest => find_file(entry, rest),
    };
    let Some((start, end)) = component.split_once('*') else {
        return below(folder.join(component));
    };
    let mut names: Vec<String> = fs::read_dir(&folder)
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        // The length keeps start and end from overlapping: `ab*bc` is not `abc`.
        .filter(|name| start.len() + end.len() <= name.len())
        .filter(|name| name.starts_with(start) && name.ends_with(end))
        .collect();
    names.sort();
    names.into_iter().find_map(|name| below(folder.join(name)))
}

/// Reads the list; an error is the line that cannot be understood.
fn parse(text: &'static str) -> Result<Vec<Package>, &'static str> {
    text.lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|line| package(line).ok_or(line))
        .collect()
}

fn package(line: &'static str) -> Option<Package> {
    let columns: Vec<&str> = line.split('|').map(str::trim).collect();
    let &[name, jobs, proofs, purpose] = columns.as_slice() else {
        return None;
    };
    Some(Package {
        name,
        needed_to: jobs
            .split_whitespace()
            .map(|word| match word {
                "build" => Some(Job::Build),
                "demo" => Some(Job::Demo),
                "test" => Some(Job::Test),
                _ => None,
            })
            .collect::<Option<_>>()?,
        proofs: proofs
            .split_whitespace()
            .map(|word| match word.starts_with('/') {
                true => Proof::File(word),
                false => Proof::Program(word),
            })
            .collect(),
        purpose,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_says_what_the_clients_come_from() {
        let owner_of = |name: &str| {
            let packages = packages();
            let owner = packages
                .iter()
                .find(|package| package.proofs.iter().any(|proof| proof.is_called(name)));
            owner.map(|package| package.name)
        };
        assert_eq!(owner_of("gnutls-cli"), Some("gnutls-bin"));
        assert_eq!(owner_of("opensc-pkcs11.so"), Some("opensc-pkcs11"));
        assert_eq!(
            owner_of("engines-3/pkcs11.so"),
            Some("libengine-pkcs11-openssl")
        );
        assert_eq!(owner_of("pkcs11.so"), Some("libengine-pkcs11-openssl"));
        assert_eq!(owner_of("no-such-program"), None);
    }

    #[test]
    fn nothing_that_the_tests_need_is_missing() {
        let missing = missing(Job::Test);
        assert!(missing.is_empty(), "hint: {}", install_command(&missing));
    }

    #[test]
    fn what_is_missing_is_named_with_its_package() {
        let missing = Missing {
            name: "curl".to_owned(),
            package: Some("curl"),
        };
        assert_eq!(
            missing.to_string(),
            "curl is not installed\nhint: apt-get install curl"
        );
        assert_eq!(
            locate("no-such-program").unwrap_err().to_string(),
            "no-such-program is not installed"
        );
    }

    #[test]
    fn a_star_stands_for_any_characters_within_one_name() {
        let folder = tempfile::tempdir().unwrap();
        let multiarch = folder.path().join("lib/riscv64-linux-gnu");
        fs::create_dir_all(&multiarch).unwrap();
        fs::create_dir(folder.path().join("lib/empty")).unwrap();
        fs::write(multiarch.join("module.so"), "").unwrap();
        let find = |path: &str| find_file(folder.path().to_owned(), path);
        assert_eq!(find("lib/*/module.so"), Some(multiarch.join("module.so")));
        assert_eq!(
            find("lib/riscv64-*/mod*.so"),
            Some(multiarch.join("module.so"))
        );
        assert_eq!(find("*/module.so"), None);
        assert_eq!(find("lib/riscv64-linux*linux-gnu/module.so"), None);
    }
}
