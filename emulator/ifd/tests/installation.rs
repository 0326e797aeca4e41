//! The driver is installed as a whole, and removed exactly.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cns_ifd::configuration::{Configuration, Origin};
use cns_ifd::installation::{Installation, InstallationError, Plan};
use cns_reader::PrivatePcscd;

const PLAN: Plan = Plan {
    slots: 2,
    pinpad: true,
    silence_max_ms: 1_000,
};

/// All files below a folder.
fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => drop(found.insert(path)),
            }
        }
    }
    found
}

#[test]
fn the_systems_files_come_and_go() {
    let root = tempfile::tempdir().unwrap();
    let others = root.path().join("etc/reader.conf.d/libccidtwin");
    fs::create_dir_all(others.parent().unwrap()).unwrap();
    fs::write(&others, "somebody else's").unwrap();
    let installation = Installation::of_system(root.path());
    installation.install(&common::library(), PLAN).unwrap();

    let names = [
        "etc/cns/installed",
        "etc/cns/reader.toml",
        "etc/reader.conf.d/cns",
        "etc/reader.conf.d/libccidtwin",
        "usr/lib/pcsc/drivers/serial/libcns_ifd.so",
    ];
    let expected: BTreeSet<PathBuf> = names.iter().map(|name| root.path().join(name)).collect();
    assert_eq!(files(root.path()), expected);
    let entry = fs::read_to_string(root.path().join("etc/reader.conf.d/cns")).unwrap();
    assert_eq!(
        entry,
        "# Written by `cns reader install`; `cns reader remove` takes it away.\n\
         FRIENDLYNAME \"CNS Virtual Reader\"\n\
         DEVICENAME /etc/cns/reader.toml\n\
         LIBPATH /usr/lib/pcsc/drivers/serial/libcns_ifd.so\n\
         CHANNELID 0\n"
    );
    let configuration = Configuration::read(&root.path().join("etc/cns/reader.toml")).unwrap();
    assert_eq!(
        configuration.control.unwrap(),
        Path::new("/run/cns/control")
    );
    let second = configuration.slots.get(1).unwrap();
    assert_eq!(second.origin, Origin::Socket("/run/cns/slot-1".into()));
    assert!(second.pinpad);

    // sha256sum(1) reads the list, once the root is the system's.
    let list = fs::read_to_string(root.path().join("etc/cns/installed")).unwrap();
    let list = list.replace("  /", &format!("  {}/", root.path().display()));
    fs::write(root.path().join("list"), list).unwrap();
    let checked = Command::new("sha256sum")
        .args(["--check", "--strict"])
        .arg(root.path().join("list"))
        .output()
        .unwrap();
    assert!(checked.status.success(), "{checked:?}");
    fs::remove_file(root.path().join("list")).unwrap();

    // Again, with another plan: what is ours is replaced.
    let one = Plan { slots: 1, ..PLAN };
    installation.install(&common::library(), one).unwrap();
    installation.remove().unwrap();
    assert_eq!(files(root.path()), BTreeSet::from([others]));
    assert!(!root.path().join("etc/cns").exists());
    let nothing = installation.remove().unwrap_err();
    assert!(
        matches!(nothing, InstallationError::Nothing(_)),
        "{nothing}"
    );
}

#[test]
fn what_is_not_ours_is_neither_overwritten_nor_removed() {
    let root = tempfile::tempdir().unwrap();
    let installation = Installation::of_system(root.path());
    let entry = root.path().join("etc/reader.conf.d/cns");
    fs::create_dir_all(entry.parent().unwrap()).unwrap();
    fs::write(&entry, "mine").unwrap();
    let refused = installation.install(&common::library(), PLAN).unwrap_err();
    assert!(
        matches!(refused, InstallationError::NotOurs(_)),
        "{refused}"
    );
    assert_eq!(files(root.path()), BTreeSet::from([entry.clone()]));

    fs::remove_file(&entry).unwrap();
    installation.install(&common::library(), PLAN).unwrap();
    let before = files(root.path());
    fs::write(&entry, "changed").unwrap();
    for refused in [
        installation.install(&common::library(), PLAN).unwrap_err(),
        installation.remove().unwrap_err(),
    ] {
        assert!(
            matches!(refused, InstallationError::Changed(_)),
            "{refused}"
        );
        assert!(refused.to_string().contains("hint: move it away"));
    }
    assert_eq!(files(root.path()), before);
    fs::remove_file(&entry).unwrap();
    installation.remove().unwrap();
    assert_eq!(files(root.path()), BTreeSet::new());
}

#[test]
fn an_installation_that_fails_leaves_nothing() {
    let root = tempfile::tempdir().unwrap();
    // A file where a folder must be, for root may write everywhere.
    fs::create_dir_all(root.path().join("etc")).unwrap();
    let blocked = root.path().join("etc/reader.conf.d");
    fs::write(&blocked, "").unwrap();
    let installation = Installation::of_system(root.path());
    installation.install(&common::library(), PLAN).unwrap_err();
    assert_eq!(files(root.path()), BTreeSet::from([blocked]));
    let long = Installation::in_folder(&root.path().join("x".repeat(100))).unwrap_err();
    assert!(matches!(long, InstallationError::TooLong(_)), "{long}");
}

#[test]
fn a_folder_is_all_that_a_pcscd_of_ones_own_needs() {
    let folder = tempfile::tempdir().unwrap();
    let installation = Installation::in_folder(&folder.path().join("reader")).unwrap();
    installation.install(&common::library(), PLAN).unwrap();
    let pcscd = PrivatePcscd::start_with(&installation.driver()).unwrap();
    let (variable, socket) = pcscd.environment();
    let listed = Command::new("opensc-tool")
        .arg("--list-readers")
        .env(variable, socket)
        .output()
        .expect("opensc-tool is installed (package opensc)");
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    for reader in ["CNS Virtual Reader 00 00", "CNS Virtual Reader 00 01"] {
        assert!(listed.contains(reader), "{listed}\n{}", pcscd.log());
    }
    assert!(listed.contains("PIN pad"), "{listed}");
    assert!(installation.socket(1).exists() && installation.control().exists());
    drop(pcscd);
    installation.remove().unwrap();
    assert_eq!(files(folder.path()), BTreeSet::new());
    assert!(!folder.path().join("reader").exists());
}
