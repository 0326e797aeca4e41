//! Which crate of the workspace may depend on which, read from the manifests.

use crate::Finding;

/// The floors of the house, lowest first: a crate, and the crates of the workspace that it may
/// depend on. Only what a crate is made of is meant; its tests may use what they like.
const ARROWS: &[(&str, &[&str])] = &[
    // The card half.
    ("cns-apdu", &[]),
    ("cns-card", &["cns-apdu"]),
    ("vsmartcard", &[]),
    ("cns-reader", &["cns-apdu", "cns-card", "vsmartcard"]),
    (
        "cns-ifd",
        &["cns-apdu", "cns-card", "cns-reader", "vsmartcard"],
    ),
    (
        "cns-pcsc",
        &["cns-apdu", "cns-card", "cns-reader", "vsmartcard"],
    ),
    ("cns-pcsc-library", &["cns-pcsc", "vsmartcard"]),
    // The portal half.
    ("cns-language", &[]),
    ("cns-authority", &[]),
    ("cns-services", &["cns-authority", "cns-language"]),
    (
        "cns-documents",
        &["cns-authority", "cns-language", "cns-services"],
    ),
    (
        "cns-portal",
        &[
            "cns-authority",
            "cns-language",
            "cns-services",
            "cns-documents",
        ],
    ),
    // What knows both halves.
    (
        "cns-fixtures",
        &["cns-apdu", "cns-card", "cns-authority", "cns-services"],
    ),
    ("cns-conformance", BOTH_HALVES),
    ("cns-do-nothing-driver", &["vsmartcard"]),
    ("cns-benches", TOP),
    ("cns", VERY_TOP),
    ("cns-fuzz", TOP),
    // It installs what the others need to be built, so it must not need them.
    ("xtask", &[]),
];

const BOTH_HALVES: &[&str] = &[
    "cns-apdu",
    "cns-card",
    "vsmartcard",
    "cns-reader",
    "cns-language",
    "cns-authority",
    "cns-services",
    "cns-documents",
    "cns-portal",
    "cns-fixtures",
    "cns-ifd",
    "cns-pcsc",
];

const TOP: &[&str] = &[
    "cns-apdu",
    "cns-card",
    "vsmartcard",
    "cns-reader",
    "cns-language",
    "cns-authority",
    "cns-services",
    "cns-documents",
    "cns-portal",
    "cns-fixtures",
    "cns-conformance",
    "cns-ifd",
    "cns-pcsc",
];

const VERY_TOP: &[&str] = &[
    "cns-apdu",
    "cns-card",
    "vsmartcard",
    "cns-reader",
    "cns-language",
    "cns-authority",
    "cns-services",
    "cns-documents",
    "cns-portal",
    "cns-fixtures",
    "cns-conformance",
    "cns-ifd",
    "cns-pcsc",
    "cns-benches",
];

/// What a crate is called and what it is made of.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Manifest {
    pub(crate) path: String,
    pub(crate) name: String,
    /// The line, counted from 1, and the name of each dependency that is not for tests.
    pub(crate) dependencies: Vec<(usize, String)>,
}

impl Manifest {
    /// Reads as much of TOML as the project's manifests use: tables, and one `key = value` a line.
    pub(crate) fn parse(path: &str, text: &str) -> Self {
        let mut table = "";
        let mut name = String::new();
        let mut dependencies = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.starts_with('[') {
                table = line
                    .trim_start_matches('[')
                    .split(']')
                    .next()
                    .unwrap_or_default();
                if let Some(dependency) = dependency_of_its_own_table(table) {
                    dependencies.push((index + 1, dependency.to_owned()));
                }
                continue;
            }
            let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) else {
                continue;
            };
            if table == "package" && key.trim() == "name" {
                name = value.trim().trim_matches('"').to_owned();
            }
            if is_dependency_table(table) {
                // `cns-card.workspace = true` and `cns-card = { workspace = true }` alike.
                let dependency = key.split('.').next().unwrap_or_default().trim();
                dependencies.push((index + 1, dependency.trim_matches('"').to_owned()));
            }
        }
        Self {
            path: path.to_owned(),
            name,
            dependencies,
        }
    }
}

/// The dependencies of a crate that the table of floors does not allow.
pub(crate) fn forbidden_arrows(manifest: &Manifest) -> Vec<Finding> {
    let finding = |line: usize, what: String| Finding {
        path: manifest.path.clone(),
        line,
        what,
    };
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == manifest.name) else {
        return vec![finding(
            1,
            format!("`{}` has no floor in the table", manifest.name),
        )];
    };
    let of_this_workspace = |name: &str| ARROWS.iter().any(|(member, _)| *member == name);
    manifest
        .dependencies
        .iter()
        .filter(|(_, name)| of_this_workspace(name) || manifest.name == "xtask")
        .filter(|(_, name)| !allowed.contains(&name.as_str()))
        .map(|(line, name)| finding(*line, format!("`{}` depends on `{name}`", manifest.name)))
        .collect()
}

/// `dependencies`, `build-dependencies`, and either for one target; not `dev-dependencies`.
fn is_dependency_table(table: &str) -> bool {
    let kind = table.rsplit('.').next().unwrap_or_default();
    kind == "dependencies" || kind == "build-dependencies"
}

/// `dependencies.NAME`: the table of one dependency.
fn dependency_of_its_own_table(table: &str) -> Option<&str> {
    let (kind, name) = table.rsplit_once('.')?;
    is_dependency_table(kind).then_some(name)
}

#[test]
fn dependencies_are_read_with_their_lines() {
    let text = "[package]\nname = \"cns-card\"\n\n[dependencies]\ncns-apdu.workspace = true\n\
                # a = comment\nring = { workspace = true }\n\n[dev-dependencies]\n\
                cns-fixtures.workspace = true\n\n[target.'cfg(unix)'.dependencies]\nlibc = \"1\"\n\
                [dependencies.subtle]\nversion = \"2\"\n";
    let manifest = Manifest::parse("emulator/card/Cargo.toml", text);
    assert_eq!(manifest.name, "cns-card");
    let expected = [(5, "cns-apdu"), (7, "ring"), (13, "libc"), (14, "subtle")];
    let found: Vec<(usize, &str)> = manifest
        .dependencies
        .iter()
        .map(|(line, name)| (*line, name.as_str()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn an_arrow_that_points_up_is_found() {
    let check = |name: &str, dependency: &str, expected: &[&str]| {
        let text = format!("[package]\nname = \"{name}\"\n[dependencies]\n{dependency} = \"1\"\n");
        let findings = forbidden_arrows(&Manifest::parse("Cargo.toml", &text));
        let found: Vec<&str> = findings
            .iter()
            .map(|finding| finding.what.as_str())
            .collect();
        assert_eq!(found, expected);
    };
    check("cns-card", "cns-apdu", &[]);
    check("cns-card", "serde", &[]);
    check(
        "cns-card",
        "cns-reader",
        &["`cns-card` depends on `cns-reader`"],
    );
    check(
        "cns-portal",
        "cns-apdu",
        &["`cns-portal` depends on `cns-apdu`"],
    );
    check("xtask", "clap", &["`xtask` depends on `clap`"]);
    check("cns-new", "serde", &["`cns-new` has no floor in the table"]);
}

#[test]
fn no_arrow_of_the_table_leads_back() {
    for (floor, (name, allowed)) in ARROWS.iter().enumerate() {
        for dependency in *allowed {
            let below = ARROWS[..floor].iter().any(|(lower, _)| lower == dependency);
            assert!(
                below,
                "`{name}` may depend on `{dependency}`, which is not below it"
            );
        }
    }
}
