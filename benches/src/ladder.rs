//! All layers in one run, and how far each is from the one below.

use serde::{Deserialize, Serialize};

use crate::BenchError;
use crate::layers::{Again, Layer, Task};
use crate::load::Summary;

/// A run over several layers.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Ladder {
    /// What was done.
    pub operation: String,
    /// On cards of which make.
    pub profile: String,
    /// The layers, lowest first.
    pub rungs: Vec<Rung>,
}

/// A layer, and what was measured there.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Rung {
    /// The layer.
    pub layer: Layer,
    /// What it did.
    pub summary: Summary,
    /// Its rate over that of the layer before it.
    pub to_below: Option<f64>,
    /// Its rate over that of the lowest: the engine, for signatures.
    pub to_floor: Option<f64>,
}

impl Ladder {
    /// Measures layer after layer, and tells `observe` of each before it begins.
    pub fn climb(
        layers: &[Layer],
        task: &Task,
        again: Again<'_>,
        mut observe: impl FnMut(usize, Layer),
    ) -> Result<Self, BenchError> {
        let mut rungs: Vec<Rung> = Vec::new();
        let possible = layers.iter().filter(|layer| layer.does(task.operation));
        for (place, layer) in possible.enumerate() {
            observe(place, *layer);
            let summary = layer.measure(task, again)?;
            let ratio = |other: Option<&Rung>| {
                other.map(|other| summary.rate / other.summary.rate.max(f64::MIN_POSITIVE))
            };
            let (to_below, to_floor) = (ratio(rungs.last()), ratio(rungs.first()));
            rungs.push(Rung {
                layer: *layer,
                summary,
                to_below,
                to_floor,
            });
        }
        Ok(Self {
            operation: task.operation.name().to_owned(),
            profile: task.make.profile.id.clone(),
            rungs,
        })
    }

    /// The layers whose ratio to the lowest one has fallen below `gate` times what it was in `before`:
    /// the layer, then, now.
    pub fn falls_below(&self, before: &Self, gate: f64) -> Vec<(Layer, f64, f64)> {
        let ratio_of = |ladder: &Self, layer| {
            let mut rungs = ladder.rungs.iter();
            rungs.find(|rung| rung.layer == layer)?.to_floor
        };
        self.rungs
            .iter()
            .filter_map(|rung| {
                let then = ratio_of(before, rung.layer)?;
                let now = rung.to_floor?;
                (now < gate * then).then_some((rung.layer, then, now))
            })
            .collect()
    }

    /// One line a layer, with a head: comma-separated values.
    pub fn to_csv(&self) -> String {
        let mut csv = String::from(
            "operation,layer,workers,count,seconds,rate,p50_us,p95_us,p99_us,max_us,to_below,to_floor\n",
        );
        for Rung {
            layer,
            summary: s,
            to_below,
            to_floor,
        } in &self.rungs
        {
            let ratio = |ratio: &Option<f64>| ratio.map_or(String::new(), |r| format!("{r:.4}"));
            csv.push_str(&format!(
                "{},{layer},{},{},{:.3},{:.1},{:.3},{:.3},{:.3},{:.3},{},{}\n",
                self.operation,
                s.workers,
                s.count,
                s.seconds,
                s.rate,
                s.p50_us,
                s.p95_us,
                s.p99_us,
                s.max_us,
                ratio(to_below),
                ratio(to_floor),
            ));
        }
        csv
    }
}
