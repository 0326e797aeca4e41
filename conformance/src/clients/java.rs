//! Java: `javax.smartcardio` with APDUs of its own, and TLS by `SunPKCS11`. The programs are in
//! `clients/java`, one file each, which `java` compiles as it starts them.

use std::fs;

use super::{Driver, OPENSC, PKCS11_MODULE, Program};
use crate::action::ActionError;
use crate::client_suite::Attempt;
use crate::login::PATH;
use crate::packages::locate;
use crate::run::{Finished, Invocation};
use crate::workbench::{PORTAL_NAME, ReaderKind, Workbench};

pub(crate) const SMARTCARDIO: Driver = Driver {
    client: "java-smartcardio",
    does: "signs by APDUs of its own, extended",
    needs: &["java", "javac", "libpcsclite.so.1"],
    versions: &[JAVA],
    reader: ReaderKind::Vpcd,
    use_card: |workbench, pin| Attempt::of(sign(workbench, pin)),
};

pub(crate) const SUN_PKCS11: Driver = Driver {
    client: "java-sunpkcs11",
    does: "logs in to the portal",
    needs: &["java", "javac", PKCS11_MODULE],
    versions: &[JAVA, OPENSC],
    reader: ReaderKind::Vpcd,
    use_card: |workbench, pin| Attempt::of(log_in(workbench, pin)),
};

const JAVA: Program = Program::asked("java", &["--version"]);

const SIGN: &str = include_str!("../../clients/java/Sign.java");
const LOG_IN: &str = include_str!("../../clients/java/LogIn.java");

fn sign(workbench: &Workbench, pin: &str) -> Result<Finished, ActionError> {
    fs::write(workbench.folder().join("Sign.java"), SIGN)?;
    // Java's own default is a path that no distribution has.
    let library = match workbench.library() {
        Some(library) => library.to_owned(),
        None => locate("libpcsclite.so.1")?,
    };
    let library = format!("-Dsun.security.smartcardio.library={}", library.display());
    Ok(java(workbench)
        .argument(library)
        .arguments(["Sign.java", pin])
        .argument(workbench.certificate_path())
        .run()?)
}

fn log_in(workbench: &Workbench, pin: &str) -> Result<Finished, ActionError> {
    fs::write(workbench.folder().join("LogIn.java"), LOG_IN)?;
    let port = workbench.portal_address().port().to_string();
    Ok(java(workbench)
        .argument("LogIn.java")
        .argument(locate(PKCS11_MODULE)?)
        .argument(pin)
        .argument(workbench.certifier_path())
        .arguments([PORTAL_NAME, &port, PATH])
        .run()?)
}

/// It lives for a second: what helps only long lives is left out.
fn java(workbench: &Workbench) -> Invocation<'_> {
    let home = workbench.folder().display();
    workbench
        .client("java")
        .arguments([
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
        ])
        .argument("-XX:-UsePerfData")
        .argument(format!("-Duser.home={home}"))
        .argument(format!("-Djava.io.tmpdir={home}"))
}
