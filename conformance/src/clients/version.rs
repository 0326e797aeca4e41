//! Which version of a program is installed.

use crate::action::ActionError;
use crate::workbench::Workbench;

/// A program whose version matters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Program {
    name: &'static str,
    program: &'static str,
    arguments: &'static [&'static str],
}

/// OpenSC, through which most clients reach the card.
pub(crate) const OPENSC: Program = Program {
    name: "OpenSC",
    program: "opensc-tool",
    arguments: &["--info"],
};

impl Program {
    /// One that tells its version when it is called so.
    pub(crate) const fn asked(program: &'static str, arguments: &'static [&'static str]) -> Self {
        Self {
            name: program,
            program,
            arguments,
        }
    }

    /// One that does not tell: the package manager does.
    pub(crate) const fn packaged(package: &'static str) -> Self {
        Self {
            name: package,
            program: "dpkg-query",
            arguments: &["--show", "--showformat=${Version}"],
        }
    }

    /// `curl 7.88.1`
    pub(crate) fn version(self, workbench: &Workbench) -> Result<String, ActionError> {
        let mut client = workbench.client(self.program).arguments(self.arguments);
        if self.program == "dpkg-query" {
            client = client.argument(self.name);
        }
        let finished = client.run()?.succeeded()?;
        let text = finished.text() + &finished.complaint();
        let number = number(&text)
            .ok_or_else(|| finished.wrong(format!("tells no version:{}", finished.last_words())))?;
        Ok(format!("{} {number}", self.name))
    }
}

/// The first number with a dot in it.
fn number(text: &str) -> Option<&str> {
    text.split(|letter: char| !letter.is_ascii_digit() && letter != '.')
        .map(|word| word.trim_matches('.'))
        .find(|word| word.contains('.'))
}

#[test]
fn a_version_is_the_first_number_with_a_dot() {
    for (text, expected) in [
        ("p11tool 3.7.9\nCopyright (C) 2000", Some("3.7.9")),
        ("OpenSC 0.23.0 [gcc  12.2.0]", Some("0.23.0")),
        ("Mozilla Firefox 153.7.0esr", Some("153.7.0")),
        ("2:3.87.1-1+deb12u4", Some("3.87.1")),
        ("no version 5", None),
    ] {
        assert_eq!(number(text), expected, "{text}");
    }
}
