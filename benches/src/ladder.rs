//! Several measurements in one run, and how far each is from the one below.

use serde::{Deserialize, Serialize};

use crate::BenchError;
use crate::layers::Layer;
use crate::measurement::Summary;
use crate::operation::Operation;
use crate::target::Target;
use crate::task::{Again, Task};

/// A run.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Ladder {
    /// On cards of which make.
    pub profile: String,
    /// As slow as which model; none: as fast as they can be.
    pub latency: Option<String>,
    /// What was measured, lowest first.
    pub rungs: Vec<Rung>,
}

/// What is done, and where.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Step {
    /// Where.
    pub target: Target,
    /// What.
    pub operation: Operation,
}

/// A step, and what was measured there.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Rung {
    /// The step.
    #[serde(flatten)]
    pub step: Step,
    /// What it did.
    pub summary: Summary,
    /// How many times as fast as the step that it stands on, if that was measured: the ratio of their p50.
    /// Whatever else the machine does in the middle slows some of the times, but not the faster half.
    pub to_below: Option<f64>,
    /// The same to its floor: the same operation by OpenSSL without a card if that was
    /// measured, else the lowest step of the run.
    pub to_floor: Option<f64>,
}

impl Step {
    /// The steps of a whole ladder: the operation on each of these targets that can do it.
    #[must_use]
    pub fn each(targets: &[Target], operation: Operation) -> Vec<Self> {
        targets
            .iter()
            .filter(|target| target.does(operation))
            .map(|target| Self {
                target: target.clone(),
                operation,
            })
            .collect()
    }

    /// What it stands on: a login on the signature in it, a layer on the one below.
    fn below(&self) -> Option<Self> {
        let of = |target, operation| Some(Self { target, operation });
        match (&self.target, self.operation) {
            (target, Operation::Login(_)) => of(target.clone(), Operation::Sign),
            (Target::Layer(layer), operation) => of(Target::Layer(layer.below()?), operation),
            (Target::Pcsc(_) | Target::Pkcs11(_), operation) => {
                of(Target::Layer(Layer::Engine), operation)
            }
        }
    }

    /// In words.
    #[must_use]
    pub fn words(&self) -> String {
        match self.operation {
            Operation::Login(version) => {
                format!("TLS {} login, {}", version.number(), self.target.words())
            }
            _ => self.target.words(),
        }
    }
}

impl Ladder {
    /// Measures step after step, and tells `observe` of each before it begins.
    pub fn climb(
        steps: &[Step],
        task: &Task,
        again: Again<'_>,
        mut observe: impl FnMut(usize, &Step),
    ) -> Result<Self, BenchError> {
        let mut ladder = Self {
            profile: task.make.profile.id.clone(),
            latency: task.latency.as_ref().map(|model| model.name.clone()),
            rungs: Vec::new(),
        };
        for (place, step) in steps.iter().enumerate() {
            observe(place, step);
            let task = Task {
                operation: step.operation,
                ..task.clone()
            };
            let summary = step.target.measure(&task, again)?;
            ladder.add(step.clone(), summary);
        }
        Ok(ladder)
    }

    fn add(&mut self, step: Step, summary: Summary) {
        let ratio = |other: &Rung| summary.speed_beside(&other.summary);
        let below = step.below().and_then(|below| self.rung(&below));
        let rung = Rung {
            to_below: below.map(ratio),
            to_floor: self.floor_of(&step).map(ratio),
            step,
            summary: summary.clone(),
        };
        self.rungs.push(rung);
    }

    fn floor_of(&self, step: &Step) -> Option<&Rung> {
        let engine = Step {
            target: Target::Layer(Layer::Engine),
            operation: step.operation,
        };
        self.rung(&engine).or(self.rungs.first())
    }

    /// What was measured on a step.
    #[must_use]
    pub fn rung(&self, step: &Step) -> Option<&Rung> {
        self.rungs.iter().find(|rung| rung.step == *step)
    }

    /// The steps whose ratio to their floor has fallen below `gate` times what it was in `before`:
    /// the step, then, now.
    #[must_use]
    pub fn falls_below(&self, before: &Self, gate: f64) -> Vec<(Step, f64, f64)> {
        self.rungs
            .iter()
            .filter_map(|rung| {
                let then = before.rung(&rung.step)?.to_floor?;
                let now = rung.to_floor?;
                (now < gate * then).then_some((rung.step.clone(), then, now))
            })
            .collect()
    }

    /// One line a step, with a head: comma-separated values (RFC 4180).
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut csv = String::from(
            "operation,target,workers,count,seconds,rate,p50_us,p90_us,p95_us,p99_us,max_us,card_share,to_below,to_floor\n",
        );
        for rung in &self.rungs {
            let Step { target, operation } = &rung.step;
            let s = &rung.summary;
            let ratio = |ratio: Option<f64>| ratio.map_or(String::new(), |r| format!("{r:.4}"));
            csv.push_str(&format!(
                "{operation},{},{},{},{:.3},{:.1},{:.3},{:.3},{:.3},{:.3},{:.3},{},{},{}\n",
                quoted(&target.to_string()),
                s.workers,
                s.count,
                s.seconds,
                s.rate,
                s.p50_us,
                s.p90_us,
                s.p95_us,
                s.p99_us,
                s.max_us,
                ratio(s.card_share),
                ratio(rung.to_below),
                ratio(rung.to_floor),
            ));
        }
        csv
    }
}

/// A reader's name may have a comma in it.
fn quoted(text: &str) -> String {
    match text.contains([',', '"', '\n']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn ladder(rates: &[(&str, &str, f64)]) -> Ladder {
        let mut ladder = Ladder {
            profile: "cns11-st2021".to_owned(),
            latency: None,
            rungs: Vec::new(),
        };
        for (target, operation, rate) in rates {
            let step = Step {
                target: target.parse().unwrap(),
                operation: operation.parse().unwrap(),
            };
            ladder.add(step, summary(*rate));
        }
        ladder
    }

    fn summary(rate: f64) -> Summary {
        Summary {
            workers: 1,
            count: 1,
            seconds: 1.0,
            rate,
            p50_us: 1e6 / rate,
            p90_us: 1.0,
            p95_us: 1.0,
            p99_us: 1.0,
            max_us: 1.0,
            card_share: None,
        }
    }

    #[test]
    fn a_step_is_compared_with_what_it_stands_on() {
        let ladder = ladder(&[
            ("engine", "sign", 1000.0),
            ("in-process", "sign", 900.0),
            ("daemonless", "sign", 450.0),
            ("pkcs11-daemonless", "sign", 300.0),
            ("pkcs11-ifd", "sign", 200.0),
            ("pkcs11-daemonless", "login-1.3", 150.0),
        ]);
        let below: Vec<Option<f64>> = ladder.rungs.iter().map(|rung| rung.to_below).collect();
        let third = 300.0 / 450.0;
        assert_eq!(
            below,
            [None, Some(0.9), Some(0.5), Some(third), None, Some(0.5)]
        );
        assert_eq!(ladder.rungs.last().unwrap().to_floor, Some(0.15));
    }

    #[test]
    fn a_run_that_is_read_again_is_the_same_and_falls_below_itself_by_nothing() {
        let run = ladder(&[("engine", "sign", 1000.0), ("pcsc:A, B", "sign", 900.0)]);
        let text = serde_json::to_string(&run).unwrap();
        assert_eq!(serde_json::from_str::<Ladder>(&text).unwrap(), run);
        assert!(run.falls_below(&run, 1.0).is_empty());
        assert!(
            run.to_csv().contains("sign,\"pcsc:A, B\",1,1,"),
            "{}",
            run.to_csv()
        );

        let slower = ladder(&[("engine", "sign", 500.0), ("pcsc:A, B", "sign", 300.0)]);
        let [(step, then, now)] = &slower.falls_below(&run, 0.9)[..] else {
            panic!("one step has fallen");
        };
        assert_eq!(
            (step.target.to_string().as_str(), *then, *now),
            ("pcsc:A, B", 0.9, 0.6)
        );
    }
}
