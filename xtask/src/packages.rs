//! The list of system packages, parsed: who needs what, and how its presence is proved.

use crate::failure::Failure;

/// The project's list. Its format is described in its head, and it is read in two places, here and
/// by `cns doctor`: a change of the format must be made in both.
const LIST: &str = include_str!("../../conformance/data/packages.txt");

/// The packages of the project.
pub(crate) fn list() -> Result<Vec<Package<'static>>, Failure> {
    parse(LIST).map_err(|error| {
        Failure::could_not_run(format!(
            "conformance/data/packages.txt, line {}: {}",
            error.line, error.reason
        ))
        .hint("the columns are described in the head of that file")
    })
}

/// What somebody wants to do, and needs packages for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Job {
    Build,
    Demo,
    Test,
}

impl Job {
    pub(crate) const ALL: &'static [Self] = &[Self::Build, Self::Demo, Self::Test];
}

#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Package<'list> {
    /// The name that apt-get knows.
    pub(crate) name: &'list str,
    pub(crate) needed_to: Vec<Job>,
    /// All of these must be there. Never empty.
    pub(crate) proofs: Vec<Proof<'list>>,
    pub(crate) purpose: &'list str,
}

/// Something that is on the machine when the package is installed.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Proof<'list> {
    /// The name of a program, without a folder.
    Program(&'list str),
    /// An absolute path, component by component, from the root.
    File(Vec<Component<'list>>),
}

/// One name in a path.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Component<'list> {
    Name(&'list str),
    /// Any name that starts and ends so, written `start*end`.
    Pattern {
        start: &'list str,
        end: &'list str,
    },
}

impl Component<'_> {
    pub(crate) fn matches(self, name: &str) -> bool {
        match self {
            Self::Name(own) => own == name,
            // The length keeps start and end from overlapping: `ab*bc` is not `abc`.
            Self::Pattern { start, end } => {
                start.len() + end.len() <= name.len()
                    && name.starts_with(start)
                    && name.ends_with(end)
            }
        }
    }
}

/// A line of the list that cannot be understood.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct ParseError {
    /// Counted from 1.
    pub(crate) line: usize,
    pub(crate) reason: String,
}

/// Reads a list of packages.
pub(crate) fn parse(text: &str) -> Result<Vec<Package<'_>>, ParseError> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|(index, line)| {
            package(line).map_err(|reason| ParseError {
                line: index + 1,
                reason,
            })
        })
        .collect()
}

fn package(line: &str) -> Result<Package<'_>, String> {
    let columns: Vec<&str> = line.split('|').map(str::trim).collect();
    let [name, jobs, proofs, purpose] = columns[..] else {
        return Err(format!(
            "{} columns, expected 4, parted by `|`",
            columns.len()
        ));
    };
    if name.is_empty() || name.contains(char::is_whitespace) {
        return Err(format!("`{name}` is no package name"));
    }
    if purpose.is_empty() {
        return Err(format!("it is not said what {name} is for"));
    }
    let needed_to = jobs
        .split_whitespace()
        .map(job)
        .collect::<Result<Vec<_>, _>>()?;
    let proofs = proofs
        .split_whitespace()
        .map(proof)
        .collect::<Result<Vec<_>, _>>()?;
    if needed_to.is_empty() || proofs.is_empty() {
        return Err(format!("{name} needs at least one job and one proof"));
    }
    Ok(Package {
        name,
        needed_to,
        proofs,
        purpose,
    })
}

fn job(word: &str) -> Result<Job, String> {
    match word {
        "build" => Ok(Job::Build),
        "demo" => Ok(Job::Demo),
        "test" => Ok(Job::Test),
        other => Err(format!("`{other}` is none of build, demo, test")),
    }
}

fn proof(word: &str) -> Result<Proof<'_>, String> {
    match word.strip_prefix('/') {
        Some(path) => path
            .split('/')
            .map(component)
            .collect::<Result<_, _>>()
            .map(Proof::File),
        None if word.contains(['/', '*']) => Err(format!(
            "`{word}` is neither an absolute path nor a program's name"
        )),
        None => Ok(Proof::Program(word)),
    }
}

fn component(word: &str) -> Result<Component<'_>, String> {
    match word.split_once('*') {
        None if word.is_empty() => Err("a path has an empty component".to_owned()),
        None => Ok(Component::Name(word)),
        Some((_, end)) if end.contains('*') => Err(format!("`{word}` has more than one `*`")),
        Some((start, end)) => Ok(Component::Pattern { start, end }),
    }
}

#[cfg(test)]
mod tests {
    use super::{Component, Job, Package, ParseError, Proof, list, parse};

    #[test]
    fn a_line_says_package_jobs_proofs_and_purpose() {
        let text =
            "# a comment\n\nopensc | demo test | opensc-tool /usr/lib/*/x.so | reads cards\n";
        assert_eq!(
            parse(text),
            Ok(vec![Package {
                name: "opensc",
                needed_to: vec![Job::Demo, Job::Test],
                proofs: vec![
                    Proof::Program("opensc-tool"),
                    Proof::File(vec![
                        Component::Name("usr"),
                        Component::Name("lib"),
                        Component::Pattern { start: "", end: "" },
                        Component::Name("x.so"),
                    ]),
                ],
                purpose: "reads cards",
            }])
        );
    }

    #[test]
    fn a_line_that_cannot_be_understood_is_named_by_its_number() {
        let reason = |line: &str| match parse(&format!("# head\n{line}\n")) {
            Err(ParseError { line: 2, reason }) => reason,
            other => panic!("expected an error in line 2, got {other:?}"),
        };
        assert_eq!(
            reason("curl | demo | curl"),
            "3 columns, expected 4, parted by `|`"
        );
        assert_eq!(reason("a b | demo | curl | x"), "`a b` is no package name");
        assert_eq!(
            reason("curl | deploy | curl | x"),
            "`deploy` is none of build, demo, test"
        );
        assert_eq!(
            reason("curl | demo |  | x"),
            "curl needs at least one job and one proof"
        );
        assert_eq!(
            reason("curl |  | curl | x"),
            "curl needs at least one job and one proof"
        );
        assert_eq!(
            reason("curl | demo | curl |"),
            "it is not said what curl is for"
        );
        assert_eq!(
            reason("curl | demo | /usr//x | x"),
            "a path has an empty component"
        );
        assert_eq!(
            reason("curl | demo | /a*b*c | x"),
            "`a*b*c` has more than one `*`"
        );
        assert_eq!(
            reason("curl | demo | bin/curl | x"),
            "`bin/curl` is neither an absolute path nor a program's name"
        );
    }

    #[test]
    fn a_star_stands_for_any_characters_within_one_name() {
        let pattern = Component::Pattern {
            start: "llvm-",
            end: "",
        };
        assert!(pattern.matches("llvm-14"));
        assert!(pattern.matches("llvm-"));
        assert!(!pattern.matches("llvm"));
        let both_ends = Component::Pattern {
            start: "ab",
            end: "bc",
        };
        assert!(both_ends.matches("abbc"));
        assert!(!both_ends.matches("abc"));
        assert!(Component::Name("lib").matches("lib"));
        assert!(!Component::Name("lib").matches("lib64"));
    }

    #[test]
    fn the_projects_own_list_is_understood_and_names_each_package_once() {
        let packages = list().unwrap();
        let mut names: Vec<&str> = packages.iter().map(|package| package.name).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(
            names.len(),
            count,
            "a package stands in the list twice: {names:?}"
        );
        for job in Job::ALL {
            assert!(
                packages
                    .iter()
                    .any(|package| package.needed_to.contains(job)),
                "{job:?}"
            );
        }
    }
}
