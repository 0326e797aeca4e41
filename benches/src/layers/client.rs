//! Those who measure cards in readers: processes that this one starts, for a process cannot safely change by
//! what environment it finds its PC/SC.
//!
//! ```text
//! client   sets up its connections, then "ready"
//! we       a line, to all of them at once
//! client   its measurement, as JSON
//! ```

use std::fmt::Display;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use super::{Layer, Stage};
use crate::BenchError;
use crate::measurement::{Measurement, Summary};
use crate::task::{Again, Task};

/// Sets the cards up, starts the clients, and reads what they have measured.
pub(super) fn measure(layer: Layer, task: &Task, again: Again<'_>) -> Result<Summary, BenchError> {
    let stage = Stage::of(layer, task)?;
    let mut clients = task
        .of_each_client()
        .iter()
        .map(|task| Client::start(layer, task, &stage, again))
        .collect::<Result<Vec<Client>, BenchError>>()?;
    for client in &mut clients {
        client.wait_until_ready()?;
    }
    for client in &mut clients {
        client.begin()?;
    }
    let mut all = Measurement::empty()?;
    for client in &mut clients {
        all.add(&client.measurement()?)?;
    }
    Ok(all.summary(task.cards))
}

struct Client {
    layer: Layer,
    process: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Client {
    fn start(
        layer: Layer,
        task: &Task,
        stage: &Stage,
        again: Again<'_>,
    ) -> Result<Self, BenchError> {
        let failed = |error: &dyn Display| BenchError::layer(layer.name(), error);
        let mut process = again(&task.to_arguments(layer))
            .and_then(|mut command| {
                command
                    .envs(stage.environment())
                    .stdin(Stdio::piped())
                    .stderr(Stdio::piped())
                    .stdout(Stdio::piped())
                    .spawn()
            })
            .map_err(|error| failed(&error))?;
        let pipes = process.stdin.take().zip(process.stdout.take());
        let (orders, answers) = pipes.ok_or_else(|| failed(&"its client has no pipes"))?;
        Ok(Self {
            layer,
            process,
            orders,
            answers: BufReader::new(answers),
        })
    }

    fn wait_until_ready(&mut self) -> Result<(), BenchError> {
        let mut said = String::new();
        match self.answers.read_line(&mut said) {
            Ok(_) if said == "ready\n" => Ok(()),
            _ => Err(self.complaint()),
        }
    }

    fn begin(&mut self) -> Result<(), BenchError> {
        writeln!(self.orders).map_err(|error| BenchError::layer(self.layer.name(), error))
    }

    fn measurement(&mut self) -> Result<Measurement, BenchError> {
        let mut told = String::new();
        match self.answers.read_to_string(&mut told) {
            Ok(_) if !told.is_empty() => serde_json::from_str(&told)
                .map_err(|error| BenchError::layer(self.layer.name(), error)),
            _ => Err(self.complaint()),
        }
    }

    /// Why it has ended.
    fn complaint(&mut self) -> BenchError {
        let mut said = String::new();
        if let Some(mut stderr) = self.process.stderr.take() {
            let _ = stderr.read_to_string(&mut said);
        }
        let said = said.trim().trim_start_matches("error: ");
        BenchError::Client(said.to_owned())
    }
}

/// One that has told its measurement ends by itself; another is of no use any more.
impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
