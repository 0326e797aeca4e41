//! The example pipelines, as far as they are shell: each step runs here as a runner runs it, with the
//! built `cns` in PATH. What a runner does itself, such as keeping files, is looked up.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

const REPORTS: [&str; 4] = ["run.json", "junit.xml", "report.html", "summary.md"];

/// A wrong card that the suite must catch, so that the step must fail.
const WRONG: &str = "mutant:pin.counter-not-charged";

/// A target that is not there.
const NOWHERE: &str = "pkcs11:/nowhere/module.so";

/// What came of a job: whether it failed, and the folder that it ran in.
struct Job {
    is_green: bool,
    folder: tempfile::TempDir,
}

impl Job {
    fn has(&self, file: &str) -> bool {
        self.folder.path().join(file).exists()
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.folder.path().join(file)).unwrap()
    }
}

#[test]
fn on_github_a_card_that_conforms_is_green_and_its_reports_are_kept() {
    let job = github(None);
    assert!(job.is_green);
    assert!(REPORTS.iter().all(|file| job.has(file)));
    assert!(job.read("step-summary").contains("cns conform: conformant"));
}

#[test]
fn on_github_a_wrong_card_is_red_and_its_reports_are_kept_too() {
    let job = github(Some(WRONG));
    assert!(!job.is_green);
    assert!(REPORTS.iter().all(|file| job.has(file)));
    let summary = job.read("step-summary");
    assert!(summary.contains("cns conform: not conformant"), "{summary}");
}

#[test]
fn on_github_a_target_that_is_not_there_is_red_without_another_fault() {
    let job = github(Some(NOWHERE));
    assert!(!job.is_green);
    assert!(!job.has("summary.md"));
}

#[test]
fn on_gitlab_a_card_that_conforms_is_green_and_a_wrong_one_red() {
    for (target, is_green) in [(None, true), (Some(WRONG), false), (Some(NOWHERE), false)] {
        let job = gitlab(target);
        assert_eq!(job.is_green, is_green, "{target:?}");
        let kept = REPORTS.iter().all(|file| job.has(file));
        assert_eq!(kept, target != Some(NOWHERE), "{target:?}");
    }
}

/// A workflow of GitHub, as far as it is used.
#[derive(Deserialize)]
struct Workflow {
    env: Variables,
    jobs: BTreeMap<String, Steps>,
}

#[derive(Deserialize)]
struct Steps {
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    #[serde(rename = "if")]
    condition: Option<String>,
    #[serde(flatten)]
    what: What,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum What {
    Script { run: String },
    Action { uses: String, with: Upload },
}

#[derive(Deserialize)]
struct Upload {
    path: String,
}

/// A pipeline of GitLab.
#[derive(Deserialize)]
struct Pipeline {
    conformance: GitlabJob,
}

#[derive(Deserialize)]
struct GitlabJob {
    variables: Variables,
    before_script: Vec<String>,
    script: Vec<String>,
    artifacts: Artifacts,
}

#[derive(Deserialize)]
struct Artifacts {
    when: String,
    paths: Vec<String>,
    reports: BTreeMap<String, String>,
}

type Variables = BTreeMap<String, String>;

/// A runner of GitHub: each step is a script of its own for `bash -e`; after a failure only those run
/// that always do.
fn github(target: Option<&str>) -> Job {
    let text = include_str!("../../conformance/pipelines/github-actions.yml");
    let workflow: Workflow = serde_yaml_ng::from_str(text).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let variables = variables(workflow.env, target);
    let mut is_green = true;
    for Step { condition, what } in &workflow.jobs["conformance"].steps {
        assert!(matches!(condition.as_deref(), None | Some("always()")));
        match what {
            What::Action { uses, with } => {
                assert_eq!(uses, "actions/upload-artifact@v4");
                assert_eq!(with.path.lines().collect::<Vec<_>>(), REPORTS);
            }
            What::Script { run } if is_green || condition.is_some() => {
                let ran = bash(folder.path(), "-e", run, &variables);
                assert!(ran || condition.is_none(), "this must not fail: {run}");
                is_green &= ran;
            }
            What::Script { .. } => {}
        }
    }
    Job { is_green, folder }
}

/// A runner of GitLab: the lines of both scripts, one after the other, until one fails.
fn gitlab(target: Option<&str>) -> Job {
    let text = include_str!("../../conformance/pipelines/gitlab-ci.yml");
    let pipeline: Pipeline = serde_yaml_ng::from_str(text).unwrap();
    let job = pipeline.conformance;
    assert_eq!(job.artifacts.when, "always");
    assert_eq!(job.artifacts.reports["junit"], "junit.xml");
    assert_eq!(job.artifacts.paths, REPORTS);
    let folder = tempfile::tempdir().unwrap();
    let script = [job.before_script, job.script].concat().join("\n");
    let variables = variables(job.variables, target);
    let is_green = bash(folder.path(), "-eo pipefail", &script, &variables);
    Job { is_green, folder }
}

/// The variables of the file, but for the target if another one is wanted.
fn variables(mut variables: Variables, target: Option<&str>) -> Variables {
    let known = variables.get_mut("CNS_TARGET").unwrap();
    if let Some(target) = target {
        target.clone_into(known);
    }
    variables
}

/// Runs a script with nothing of this environment but PATH. Whether it succeeded.
fn bash(folder: &Path, options: &str, script: &str, variables: &Variables) -> bool {
    let output = Command::new("timeout")
        .args(["--kill-after=5", "120", "bash"])
        .args(options.split(' '))
        .args(["-c", script])
        .current_dir(folder)
        .env_clear()
        .env("PATH", path_with_cns())
        .env("HOME", folder)
        .env("GITHUB_STEP_SUMMARY", folder.join("step-summary"))
        .envs(variables)
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(matches!(output.status.code(), Some(0..=2)), "{complaint}");
    output.status.success()
}

fn path_with_cns() -> OsString {
    let cns = PathBuf::from(env!("CARGO_BIN_EXE_cns"));
    let own = cns.parent().unwrap().to_owned();
    let path = env::var_os("PATH").unwrap_or_default();
    env::join_paths([own].into_iter().chain(env::split_paths(&path))).unwrap()
}
