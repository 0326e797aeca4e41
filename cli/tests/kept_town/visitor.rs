//! Who visits: curl, one request after the other on one connection.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::ops::Range;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

use serde_json::Value;

const QUIET: [&str; 7] = [
    "--disable",
    "--silent",
    "--insecure",
    "--noproxy",
    "*",
    "--max-time",
    "60",
];

/// A curl that posts.
pub(crate) struct Visitor {
    curl: RefCell<Child>,
    said: RefCell<Lines<BufReader<ChildStderr>>>,
}

impl Visitor {
    /// Arms a fault for each of these numbers, in their order.
    pub(crate) fn posting(folder: &Path, url: &str, numbers: Range<u64>) -> Self {
        let mut config = String::new();
        for number in numbers {
            let body = format!(r#"{{\"fault\":\"late\",\"seconds\":\"{number}\"}}"#);
            write!(
                config,
                "url = \"{url}\"\ndata = \"{body}\"\nheader = \"Content-Type: application/json\"\n\
                 output = \"/dev/null\"\nwrite-out = \"%{{stderr}}%{{http_code}}\\n\"\ninsecure\nnext\n"
            )
            .unwrap();
        }
        let file = folder.join("visits.txt");
        fs::write(&file, config).unwrap();
        let mut curl = Command::new("curl")
            .args(QUIET)
            .arg("--config")
            .arg(file)
            .stdout(Stdio::null())
            // Which is written at once, as nothing else of a pipe is.
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program `curl` runs: it is in the Debian package curl");
        let said = BufReader::new(curl.stderr.take().unwrap()).lines();
        Self {
            curl: RefCell::new(curl),
            said: RefCell::new(said),
        }
    }

    /// Waits for so many answers.
    pub(crate) fn answered(&self, count: u64) -> u64 {
        (0..count).filter(|_| self.next_is_good()).count() as u64
    }

    /// All answers that there are still, once the portal is gone.
    pub(crate) fn rest(&self) -> u64 {
        let mut count = 0;
        while self.next_is_good() {
            count += 1;
        }
        let _ = self.curl.borrow_mut().kill();
        let _ = self.curl.borrow_mut().wait();
        count
    }

    fn next_is_good(&self) -> bool {
        let line = self.said.borrow_mut().next();
        line.is_some_and(|line| line.unwrap() == "200")
    }

    pub(crate) fn get(url: &str) -> Value {
        let curl = Command::new("curl").args(QUIET).arg(url).output();
        let said = curl.expect("the program `curl` runs: it is in the Debian package curl");
        serde_json::from_slice(&said.stdout).unwrap()
    }

    /// The status, and what is told.
    pub(crate) fn put(url: &str, body: &str) -> (u16, Value) {
        let mut curl = Command::new("curl")
            .args(QUIET)
            .args([
                "--request",
                "PUT",
                "--header",
                "Content-Type: application/json",
            ])
            .args(["--data-binary", "@-", "--write-out", "\n%{http_code}"])
            .arg(url)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program `curl` runs: it is in the Debian package curl");
        curl.stdin
            .take()
            .unwrap()
            .write_all(body.as_bytes())
            .unwrap();
        let said = String::from_utf8(curl.wait_with_output().unwrap().stdout).unwrap();
        let (told, status) = said.rsplit_once('\n').unwrap();
        (status.parse().unwrap(), serde_json::from_str(told).unwrap())
    }
}
