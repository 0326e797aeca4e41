//! The project's own files: those that git knows or would add.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::Finding;

/// A text file of the project.
pub(crate) struct File {
    /// From the workspace's folder, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    pub(crate) fn finding(&self, line: usize, what: String) -> Finding {
        Finding {
            path: self.path.clone(),
            line,
            what,
        }
    }
}

/// The files whose path passes, in the order of their paths.
pub(crate) fn project_files(wanted: impl Fn(&str) -> bool) -> Vec<File> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let listing = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(&workspace)
        .output()
        .expect("git can be started; it is in the package git");
    let complaint = String::from_utf8_lossy(&listing.stderr);
    assert!(listing.status.success(), "git ls-files: {complaint}");
    let paths = String::from_utf8(listing.stdout).expect("the project's paths are UTF-8");
    paths
        .split_terminator('\0')
        .filter(|path| wanted(path))
        // A file that was deleted but is still in git's index breaks no rule any more.
        .filter(|path| workspace.join(path).exists())
        .map(|path| File {
            path: path.to_owned(),
            text: fs::read_to_string(workspace.join(path)).expect("a source file is UTF-8"),
        })
        .collect()
}
