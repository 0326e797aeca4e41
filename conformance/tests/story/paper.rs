//! A document as other people's programs read it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::browser::PICTURES;

/// A PDF without a fault, in a folder of its own.
pub(crate) struct Paper {
    folder: TempDir,
}

impl Paper {
    pub(crate) fn new(pdf: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let paper = Self { folder };
        fs::write(paper.path(), pdf).unwrap();
        run("qpdf", "qpdf", &["--check".as_ref(), &paper.path()]);
        paper
    }

    /// Its words; what was broken into lines is put together.
    pub(crate) fn text(&self) -> String {
        let arguments =
            ["-layout".as_ref(), self.path().as_path(), "-".as_ref()].map(Path::to_owned);
        let arguments: Vec<&Path> = arguments.iter().map(PathBuf::as_path).collect();
        let text = run("pdftotext", "poppler-utils", &arguments);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Keeps a picture of its first page.
    pub(crate) fn keep_picture(&self, name: &str) {
        fs::create_dir_all(PICTURES).unwrap();
        let picture = Path::new(PICTURES).join(format!("story-{name}"));
        let arguments = "-r 80 -png -singlefile".split(' ').map(Path::new);
        let path = self.path();
        let arguments: Vec<&Path> = arguments.chain([path.as_path(), &picture]).collect();
        run("pdftoppm", "poppler-utils", &arguments);
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("document.pdf")
    }
}

fn run(program: &str, package: &str, arguments: &[&Path]) -> String {
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|error| {
        panic!("{program} cannot be run: {error}\nhint: apt-get install {package}")
    });
    assert!(output.status.success(), "{program}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}
