//! The clients whose users see something, and how each is brought to a portal.

use std::fs;

use super::{CERTIFICATE, KEY, NSS_FOLDER};
use crate::action::ActionError;
use crate::client_suite::Attempt;
use crate::clients::{Program, chromium, firefox};
use crate::login::PATH;
use crate::workbench::Workbench;

/// A client whose users see something.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Onlooker {
    /// Firefox.
    Firefox,
    /// Chromium.
    Chromium,
    /// curl, which repeats what OpenSSL says.
    Curl,
    /// `tstclnt`, which repeats what NSS says.
    Tstclnt,
}

const CHROMIUM_SAW_NOTHING: [&str; 2] = ["ERR_SOCKET_NOT_CONNECTED", "no_certificate"];
const CHROMIUM_TRIES: usize = 8;

impl Onlooker {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Firefox, Self::Chromium, Self::Curl, Self::Tstclnt];

    /// What `data/symptoms.toml` calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Firefox => "firefox",
            Self::Chromium => "chromium",
            Self::Curl => "curl",
            Self::Tstclnt => "tstclnt",
        }
    }

    /// `curl 7.88.1`
    ///
    /// # Errors
    /// It is not installed, or tells no version.
    pub fn version(self, workbench: &Workbench) -> Result<String, ActionError> {
        let program = match self {
            Self::Firefox => Program::asked("firefox-esr", &["--version"]),
            Self::Chromium => Program::asked("chromium", &["--version"]),
            Self::Curl => Program::asked("curl", &["--version"]),
            Self::Tstclnt => Program::packaged("libnss3-tools"),
        };
        program.version(workbench)
    }

    pub(super) fn visit(
        self,
        workbench: &Workbench,
        host: &str,
        port: u16,
        shows: bool,
    ) -> Result<String, ActionError> {
        let url = format!("https://{host}:{port}{PATH}");
        let shown = |attempt: Attempt| attempt.text;
        match self {
            Self::Firefox => {
                let holder = firefox::Holder::AnswersDialog("");
                firefox::browse(workbench, NSS_FOLDER, &url, holder).map(shown)
            }
            Self::Chromium => {
                // An alert of TLS 1.3 comes after the handshake: if the end of the connection comes with
                // it, Chromium may see the end alone. On a busy machine it was also seen to come without
                // its certificate. Its user loads the page again.
                let mut seen = chromium::browse(workbench, &url, "").map(shown)?;
                for _ in 1..CHROMIUM_TRIES {
                    if !CHROMIUM_SAW_NOTHING.iter().any(|it| seen.contains(it)) {
                        break;
                    }
                    seen = chromium::browse(workbench, &url, "").map(shown)?;
                }
                Ok(seen)
            }
            Self::Curl => {
                let mut client = workbench
                    .client("curl")
                    .arguments(["--silent", "--show-error", "--cacert"])
                    .argument(workbench.certifier_path())
                    .arguments(["--resolve", &format!("{host}:{port}:127.0.0.1"), &url]);
                if shows {
                    client = client.arguments(["--cert", CERTIFICATE, "--key", KEY]);
                }
                let finished = client.run()?;
                Ok(finished.text() + &finished.complaint())
            }
            Self::Tstclnt => {
                fs::write(workbench.folder().join("request"), crate::login::request())?;
                let database = format!("sql:{NSS_FOLDER}");
                let mut client = workbench
                    .client("tstclnt")
                    .arguments(["-h", "127.0.0.1", "-p", &port.to_string()])
                    .arguments(["-a", host, "-d", &database, "-A", "request"]);
                if shows {
                    client = client.arguments(["-n", "client", "-w", ""]);
                }
                let finished = client.run()?;
                Ok(finished.text() + &finished.complaint())
            }
        }
    }
}
