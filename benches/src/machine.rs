//! What a run was measured on: without that, its numbers are nobody's.

use std::fs;
use std::process::Command;

/// A machine, as a page describes it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Machine {
    /// The name of its processor.
    pub processor: String,
    /// How many threads can work at once.
    pub cores: usize,
    /// The kernel.
    pub kernel: String,
    /// What it runs, each with its version; what is not installed says so.
    pub programs: Vec<Program>,
}

/// A program and its version.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Program {
    /// What it is called.
    pub name: &'static str,
    /// Its version.
    pub version: String,
}

/// Debian's packages of what stands between a client and the card.
const PACKAGES: [&str; 3] = ["pcscd", "vsmartcard-vpcd", "opensc-pkcs11"];

impl Machine {
    /// The one that this runs on.
    #[must_use]
    pub fn of_this() -> Self {
        let mut programs = vec![Program {
            name: "OpenSSL",
            version: openssl::version::version()
                .trim_start_matches("OpenSSL ")
                .to_owned(),
        }];
        programs.extend(PACKAGES.map(|name| Program {
            name,
            version: packaged(name),
        }));
        Self {
            processor: processor().unwrap_or_else(|| "unknown".to_owned()),
            cores: crate::fleet::cores(),
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease")
                .map_or_else(|_| "unknown".to_owned(), |text| text.trim().to_owned()),
            programs,
        }
    }
}

/// `model name` of the first processor (proc(5)).
fn processor() -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// What the package manager says, where there is one.
fn packaged(name: &str) -> String {
    let asked = Command::new("dpkg-query")
        .args(["--show", "--showformat=${Version}", name])
        .output();
    match asked {
        Ok(said) if said.status.success() && !said.stdout.is_empty() => {
            String::from_utf8_lossy(&said.stdout).into_owned()
        }
        _ => "not installed as a package".to_owned(),
    }
}
