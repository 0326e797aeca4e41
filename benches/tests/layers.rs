//! Operations in this process: what a card answers, and what a login at a real portal comes to.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use cns_benches::cards::Make;
use cns_benches::latency::Model;
use cns_benches::{BenchError, Ladder, Layer, Load, Operation, Pace, Step, Target, Task};
use cns_conformance::TlsVersion;
use cns_fixtures::{citizen, profile, profiles};

fn task(profile_id: &str) -> Task {
    Task {
        make: Make::new(
            profile(profile_id).unwrap(),
            citizen("maria-rossi").unwrap(),
        )
        .unwrap(),
        operation: Operation::Sign,
        cards: 2,
        first: 0,
        clients: cns_benches::task::Clients::default(),
        load: Load {
            duration: Duration::from_millis(20),
            warm_up: Duration::ZERO,
            pace: Pace::Closed,
        },
        latency: None,
        pin: None,
        portal: None,
    }
}

fn climb(steps: &[Step], task: &Task) -> Result<Ladder, BenchError> {
    let nobody = |_: &[String]| Err(std::io::ErrorKind::Unsupported.into());
    Ladder::climb(steps, task, &nobody, |_, _| ())
}

#[test]
fn cards_of_every_profile_do_every_operation() {
    let layers = [Layer::Engine, Layer::InProcess, Layer::Socket].map(Target::Layer);
    for profile in profiles() {
        let mut operations = vec![Operation::Select, Operation::Challenge, Operation::Sign];
        // Whichever card it is, a login is the same but for the signature.
        if profile.id == cns_fixtures::DEFAULT_PROFILE {
            let versions = [TlsVersion::Tls12, TlsVersion::Tls13];
            operations.extend(versions.map(Operation::Login));
        }
        let steps: Vec<Step> = operations
            .into_iter()
            .flat_map(|operation| Step::each(&layers, operation))
            .collect();
        let ladder = climb(&steps, &task(&profile.id))
            .unwrap_or_else(|error| panic!("{}: {error}", profile.id));
        assert_eq!(ladder.rungs.len(), steps.len(), "{}", profile.id);
        for rung in &ladder.rungs {
            let is_login = matches!(rung.step.operation, Operation::Login(_));
            let share = rung.summary.card_share;
            assert_eq!(share.is_some(), is_login, "{rung:?}");
            assert!(
                share.is_none_or(|share| 0.0 < share && share < 1.0),
                "{rung:?}"
            );
            assert!(
                2 <= rung.summary.count && rung.summary.workers == 2,
                "{rung:?}"
            );
        }
    }
}

#[test]
fn a_card_of_1024_bits_logs_in_nowhere() {
    let operation = Operation::Login(TlsVersion::Tls12);
    let steps = Step::each(&[Target::Layer(Layer::InProcess)], operation);
    let task = task("cns10-siemens");
    assert!(!task.make.logs_in());
    let error = climb(&steps, &task).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the operation failed: the card's key has 1024 bits, and portals let in 2048 and more"
    );
}

#[test]
fn a_slow_card_takes_at_least_what_its_model_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.toml");
    let text = "[latency]\nclock_hz = 3571200\n\n\
                [[latency.processing]]\ncommand = \"*\"\nmin_ms = 20\nmax_ms = 20\n";
    std::fs::write(&path, text).unwrap();
    let mut task = task(cns_fixtures::DEFAULT_PROFILE);
    task.latency = Some(Model::named(path.to_str().unwrap()).unwrap());
    let steps = Step::each(
        &[Layer::InProcess, Layer::Socket].map(Target::Layer),
        Operation::Challenge,
    );
    let ladder = climb(&steps, &task).unwrap();
    for rung in &ladder.rungs {
        assert!(20_000.0 <= rung.summary.p50_us, "{rung:?}");
    }
    let error = Model::named("no-such-model").unwrap_err();
    assert!(error.to_string().contains("no-such-model"), "{error}");
}
