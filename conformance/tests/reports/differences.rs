//! Two runs, compared.

use cns_conformance::report::diff::{CutOff, Ended, ExchangeDifference, in_words};
use cns_conformance::report::model::Ending;
use cns_conformance::report::{Comparison, RunReport};

use crate::{WRONG, assert_golden, run};

const CASES: &[&str] = &["pin.verify", "pin.counter.cut-after-a-wrong-value"];

fn sound() -> RunReport {
    run("in-process", CASES, "")
}

fn compare(a: &RunReport, b: &RunReport) -> Comparison {
    Comparison::of(Ended::new(a).unwrap(), Ended::new(b).unwrap())
}

#[test]
fn a_card_is_the_same_as_itself() {
    let comparison = compare(&sound(), &sound());
    assert!(comparison.is_same(), "{}", in_words(&comparison));
    assert_eq!(comparison.same, sound().results.len());
}

#[test]
fn a_wrong_card_differs_where_it_is_wrong() {
    let comparison = compare(&sound(), &run(WRONG, CASES, ""));
    assert_golden("diff", &in_words(&comparison));
    let json = serde_json::to_string_pretty(&comparison.differences[0]).unwrap();
    assert_golden("diff-json", &json);
}

#[test]
fn cases_that_ended_alike_differ_by_their_answers() {
    let mut other = sound();
    let counts_down = |report: &mut RunReport| {
        let id = "pin.verify.counts-down";
        report.results.iter().position(|it| it.id == id).unwrap()
    };
    let index = counts_down(&mut other);
    let exchange = &mut other.results[index].exchanges[1];
    exchange.sw = "6300".to_owned();
    let comparison = compare(&sound(), &other);
    let [difference] = comparison.differences.as_slice() else {
        panic!("{}", in_words(&comparison));
    };
    assert_eq!(difference.ends_alike(), Some(true));
    assert!(matches!(
        difference.exchanges.as_slice(),
        [ExchangeDifference::Answer { number: 2, .. }]
    ));
}

#[test]
fn a_case_of_one_run_alone_is_a_difference() {
    let all = sound();
    let mut fewer = sound();
    let gone = fewer.results.pop().unwrap();
    let comparison = compare(&all, &fewer);
    let [difference] = comparison.differences.as_slice() else {
        panic!("{}", in_words(&comparison));
    };
    assert_eq!(difference.id, gone.id);
    assert_eq!(
        difference.a.as_ref().map(|end| end.outcome),
        Some(Ending::Pass)
    );
    assert_eq!(difference.b, None);
    let words = in_words(&comparison);
    let only = format!("only in A\n  {} [cns11-st2021]\n", gone.id);
    assert!(words.contains(&only), "{words}");
}

#[test]
fn cards_of_two_makes_are_compared_case_by_case() {
    let mut other = sound();
    for result in &mut other.results {
        result.profile = Some("another".to_owned());
    }
    assert!(compare(&sound(), &other).is_same());
}

#[test]
fn a_run_that_was_cut_off_is_not_compared() {
    let mut cut = sound();
    cut.finished = None;
    let count = cut.results.len();
    assert_eq!(Ended::new(&cut).unwrap_err(), CutOff(count));
}
