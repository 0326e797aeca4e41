//! What a whole machine looks like otherwise: without libpcsclite, or with our driver installed for its
//! own pcscd. Both in namespaces, so that the machine that the tests run on stays as it is.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use rustix::process::geteuid;

use crate::support::transcript;

#[derive(Clone, Copy)]
enum Network {
    /// This machine's.
    Shared,
    /// None, so that no port is taken: a driver of this machine's listens at always the same.
    None,
}

/// Runs a script as root of a machine that looks like this one, with an empty `/run`. What it mounts and
/// starts is gone when it ends. Its first argument is our program.
fn on_a_machine_like_this(folder: &Path, network: Network, script: &str) -> Output {
    const PREPARE: &str = "set -eu; export PATH=\"$PATH:/usr/sbin:/sbin\" LC_ALL=C; \
                           mount -t tmpfs tmpfs /run; mkdir /run/pcscd; ";
    // Whoever is not root of the machine is root of a user namespace.
    let user: &[&str] = match geteuid().is_root() {
        true => &[],
        false => &["--user", "--map-root-user"],
    };
    let network: &[&str] = match network {
        Network::Shared => &[],
        Network::None => &["--net"],
    };
    Command::new("timeout")
        .args(["120", "unshare"])
        .args(user)
        .args(["--mount", "--pid", "--fork", "--kill-child"])
        .args(network)
        .args(["sh", "-c", &format!("{PREPARE}{script}"), "sh"])
        .arg(env!("CARGO_BIN_EXE_cns"))
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env_remove("RUST_LOG")
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    let all = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&all).into_owned()
}

#[test]
fn no_library_of_pcsc_is_linked() {
    let read = Command::new("readelf")
        .args(["--dynamic", env!("CARGO_BIN_EXE_cns")])
        .output()
        .expect("readelf is installed (package binutils)");
    let read = text(&read);
    let needed: Vec<&str> = read.lines().filter(|it| it.contains("NEEDED")).collect();
    assert!(needed.iter().any(|it| it.contains("libc.so")), "{read}");
    assert!(!needed.iter().any(|it| it.contains("pcsc")), "{needed:?}");
}

#[test]
fn where_libpcsclite_is_missing_everything_runs_that_needs_none() {
    const SCRIPT: &str = r#"
for library in /usr/lib/*/libpcsclite* /usr/lib/libpcsclite* /usr/lib64/libpcsclite*; do
    if [ -e "$library" ]; then mount --bind /dev/null "$library"; fi
done
"$1" demo --reader daemonless
"$1" conform run pcsc || echo "exit $?"
"#;
    let folder = tempfile::tempdir().unwrap();
    let ran = on_a_machine_like_this(folder.path(), Network::Shared, SCRIPT);
    let said = text(&ran);
    assert!(ran.status.success(), "{said}");
    assert!(said.contains(" ok\n") && !said.contains("failed"), "{said}");
    assert!(said.contains("error: PC/SC does not answer: "), "{said}");
    assert!(said.contains("\nexit 2\n"), "{said}");
}

#[test]
fn the_machines_own_pcscd_finds_the_installed_driver_until_it_is_removed() {
    // Copies of what is changed, which belong to whoever runs this; secrets that he cannot read stay out.
    const SCRIPT: &str = r#"
for folder in /etc /usr/lib/pcsc; do
    mkdir -p "copy$folder"
    cp -R "$folder/." "copy$folder" 2>/dev/null || true
    mount --bind "copy$folder" "$folder"
done
find copy | sort >before
soon() { for _ in $(seq 100); do if "$@"; then return; fi; sleep 0.1; done; return 1; }
shows() { opensc-tool --list-readers | grep "$1"; }

"$1" reader install --system --pinpad
cat /etc/reader.conf.d/cns
pcscd --foreground >pcscd.log 2>&1 &
pcscd=$!
soon shows "CNS Virtual Reader 00 00"
"$1" card insert --reader ifd maria-rossi.cns &
soon shows "Yes .*CNS Virtual Reader 00 00"
opensc-tool --name

"$1" reader remove --system
kill $pcscd
wait $pcscd || true
pcscd --foreground >>pcscd.log 2>&1 &
soon opensc-tool --list-readers
if shows "CNS Virtual Reader"; then exit 1; fi
find copy | sort | diff before -
test ! -e /run/cns
"#;
    let folder = tempfile::tempdir().unwrap();
    let issue = ["card", "issue", "--citizen", "maria-rossi"];
    transcript(folder.path(), &issue);
    let before = machine();
    let ran = on_a_machine_like_this(folder.path(), Network::None, SCRIPT);
    let log = fs::read_to_string(folder.path().join("pcscd.log")).unwrap_or_default();
    let said = text(&ran);
    assert!(ran.status.success(), "{said}\npcscd says:\n{log}");
    assert!(said.contains("\nCNS card\n"), "{said}");
    assert!(said.contains("PIN pad"), "{said}");
    assert_eq!(machine(), before);
}

/// What an installation would have changed here.
fn machine() -> Vec<String> {
    let names = |folder: &str| {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.path().display().to_string())
    };
    let folders = ["/etc", "/etc/reader.conf.d", "/usr/lib/pcsc/drivers/serial"];
    let mut ours: Vec<String> = folders.into_iter().flat_map(names).collect();
    ours.retain(|name| name.contains("cns"));
    ours.sort();
    ours
}
