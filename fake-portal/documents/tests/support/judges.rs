//! Programs of other people that read what is written here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A PDF in a folder of its own.
pub(crate) struct Pdf {
    folder: TempDir,
}

impl Pdf {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("document.pdf"), bytes).unwrap();
        Self { folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("document.pdf")
    }

    /// qpdf reads all of it, and finds nothing.
    pub(crate) fn has_no_fault(&self) {
        let talk = run("qpdf", "qpdf", &["--check".as_ref(), &self.path()]);
        assert!(
            talk.contains("No syntax or stream encoding errors found"),
            "{talk}"
        );
    }

    /// What poppler says about it: title, tags, pages.
    pub(crate) fn information(&self) -> String {
        run("pdfinfo", "poppler-utils", &[&self.path()])
    }

    /// What it is for those who do not see it.
    pub(crate) fn structure(&self) -> String {
        run(
            "pdfinfo",
            "poppler-utils",
            &["-struct".as_ref(), &self.path()],
        )
    }

    /// Its words as they stand on the page.
    pub(crate) fn text(&self) -> String {
        let text = run(
            "pdftotext",
            "poppler-utils",
            &["-layout".as_ref(), &self.path(), "-".as_ref()],
        );
        // What was broken into lines is put together, so that a sentence is found wherever it was broken.
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What a scanner reads on the printed first page: `CODE-39:TEXT` and `QR-Code:TEXT`, in no order.
    pub(crate) fn codes(&self) -> Vec<String> {
        let picture = self.folder.path().join("page");
        let arguments = "-r 200 -gray -png -singlefile".split(' ').map(Path::new);
        let path = self.path();
        let arguments: Vec<&Path> = arguments.chain([path.as_path(), &picture]).collect();
        run("pdftoppm", "poppler-utils", &arguments);
        let read = run(
            "zbarimg",
            "zbar-tools",
            &["-q".as_ref(), &picture.with_extension("png")],
        );
        read.lines().map(str::to_owned).collect()
    }
}

/// What stands at a place of an XML document, which is well-formed then.
pub(crate) fn xpath(document: &[u8], path: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("document.xml");
    fs::write(&file, document).unwrap();
    let asked = format!("string({path})");
    let arguments = ["--xpath".as_ref(), asked.as_ref(), file.as_path()];
    let answer = run("xmllint", "libxml2-utils", &arguments);
    answer.trim().to_owned()
}

fn run(program: &str, package: &str, arguments: &[&Path]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| {
            panic!("{program} cannot be run: {error}\nhint: apt-get install {package}")
        });
    let talk = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{program}: {} {talk}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What a script of ours says of each document, with the judges that `cargo xtask setup` installs: `fhir` and
/// `cda` have a `judge.py` each, whose head says whom it asks.
pub(crate) fn verdict(judge: &str, documents: &[Vec<u8>]) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = (0..documents.len())
        .map(|number| folder.path().join(number.to_string()))
        .collect();
    for (path, document) in paths.iter().zip(documents) {
        fs::write(path, document).unwrap();
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = here.join("../../target/judges/bin/python");
    let output = Command::new(&python)
        .arg(here.join("tests").join(judge).join("judge.py"))
        .args(&paths)
        .output()
        .unwrap_or_else(|error| {
            panic!(
                "{} cannot be run: {error}\nhint: cargo xtask setup",
                python.display()
            )
        });
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    match output.status.success() {
        true => Ok(said.trim().to_owned()),
        false => Err(said + &String::from_utf8_lossy(&output.stderr)),
    }
}

/// The judge finds nothing in any document.
pub(crate) fn have_no_fault(judge: &str, documents: &[Vec<u8>]) {
    let expected = format!("{} documents without a fault", documents.len());
    assert_eq!(verdict(judge, documents), Ok(expected));
}
