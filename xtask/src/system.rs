//! The machine as the set-up sees it: which files and programs are there.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::packages::{Component, Package, Proof};

/// Where to look.
pub(crate) struct System {
    /// What absolute paths start from: `/`, but for tests.
    pub(crate) root: PathBuf,
    /// The folders that programs are looked for in.
    pub(crate) program_folders: Vec<PathBuf>,
}

impl System {
    /// This machine.
    pub(crate) fn this_machine() -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default();
        // Services such as pcscd are in sbin, which Debian leaves out of a plain user's PATH.
        let services = ["/usr/local/sbin", "/usr/sbin", "/sbin"].map(PathBuf::from);
        Self {
            root: PathBuf::from("/"),
            program_folders: std::env::split_paths(&path).chain(services).collect(),
        }
    }

    pub(crate) fn has(&self, package: &Package<'_>) -> bool {
        package.proofs.iter().all(|proof| match proof {
            Proof::Program(name) => self.has_program(name),
            Proof::File(components) => has_file(&self.root, components),
        })
    }

    pub(crate) fn has_program(&self, name: &str) -> bool {
        self.program_folders
            .iter()
            .any(|folder| is_program(&folder.join(name)))
    }

    /// Whether apt-get was ever told which packages there are. A container image often was not.
    pub(crate) fn has_package_lists(&self) -> bool {
        names_in(&self.root.join("var/lib/apt/lists")).any(|name| name.contains("_Packages"))
    }
}

/// Whether this process may install packages: whether its effective user is root.
pub(crate) fn is_root() -> bool {
    // The kernel gives a process's folder to its effective user.
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn has_file(folder: &Path, components: &[Component<'_>]) -> bool {
    let Some((component, rest)) = components.split_first() else {
        return folder.exists();
    };
    match component {
        Component::Name(name) => has_file(&folder.join(name), rest),
        Component::Pattern { .. } => names_in(folder)
            .filter(|name| component.matches(name))
            .any(|name| has_file(&folder.join(name), rest)),
    }
}

/// The names in a folder; none when there is no such folder.
fn names_in(folder: &Path) -> impl Iterator<Item = String> {
    fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
}

fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::System;
    use crate::packages::parse;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::{Path, PathBuf};

    /// A machine in a folder of its own, gone when dropped.
    struct Machine(PathBuf);

    impl Machine {
        fn new(name: &str) -> Self {
            let folder = format!("xtask-{name}-{}", std::process::id());
            Self(std::env::temp_dir().join(folder))
        }

        fn with_file(self, path: &str, mode: u32) -> Self {
            let path = self.0.join(path);
            fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).unwrap();
            fs::write(&path, "").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            self
        }

        fn system(&self) -> System {
            System {
                root: self.0.clone(),
                program_folders: vec![self.0.join("usr/bin"), self.0.join("usr/sbin")],
            }
        }

        fn has(&self, proofs: &str) -> bool {
            let line = format!("package | test | {proofs} | purpose");
            parse(&line)
                .unwrap()
                .iter()
                .all(|package| self.system().has(package))
        }
    }

    impl Drop for Machine {
        fn drop(&mut self) {
            // A folder left in the temporary directory is no reason to fail a test.
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_package_is_there_when_all_its_proofs_are() {
        let machine = Machine::new("proofs")
            .with_file("usr/sbin/pcscd", 0o755)
            .with_file("usr/bin/curl", 0o755)
            .with_file("usr/bin/notes", 0o644)
            .with_file("usr/lib/aarch64-linux-gnu/engines-3/pkcs11.so", 0o644)
            .with_file("usr/lib/llvm-19/lib/libclang.so", 0o644);
        assert!(machine.has("pcscd"));
        assert!(machine.has("pcscd curl"));
        assert!(!machine.has("pcscd wget"));
        assert!(
            !machine.has("notes"),
            "a file that cannot be run is no program"
        );
        assert!(machine.has("/usr/lib/*/engines-3/pkcs11.so"));
        assert!(machine.has("/usr/lib/llvm-*/lib/libclang.so"));
        assert!(
            !machine.has("/usr/lib/*/libclang.so"),
            "a star does not cross a folder"
        );
        assert!(!machine.has("/opt/*/libclang.so"));
    }

    #[test]
    fn package_lists_are_there_once_apt_has_fetched_them() {
        let bare = Machine::new("bare").with_file("var/lib/apt/lists/lock", 0o644);
        assert!(!bare.system().has_package_lists());
        let fetched = Machine::new("fetched").with_file(
            "var/lib/apt/lists/host_dists_stable_main_binary-amd64_Packages",
            0o644,
        );
        assert!(fetched.system().has_package_lists());
    }
}
