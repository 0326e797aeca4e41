//! `cns bench`: how fast, layer by layer.

mod client;
mod fleet;
mod options;
mod progress;
mod report;

use clap::{Args, Subcommand};
use cns_benches::{Ladder, Layer, Operation, Step, Target};
use cns_conformance::TlsVersion;

use crate::Verdict;
use options::Options;
use progress::Progress;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// All layers in one run: engine, card, socket, PC/SC, PKCS #11, TLS login
    ///
    /// Each layer's rate is told as it is and as a ratio to the layer that it stands on and to the lowest
    /// one. Machines are noisy: only ratios of one run mean anything.
    Ladder(Climb),
    /// Signatures in a second, beside those of OpenSSL without a card
    Sign(One),
    /// Commands in a second, beside those of a card in this process
    Apdu(Apdu),
    /// Logins at a portal in a second, beside those with a key in this process
    ///
    /// Each is a full TLS handshake with the card's certificate at a portal that this program runs, and a
    /// request. The card's share is the time that the client waits for its signature.
    Login(Login),
    /// Many cards in one process, each of somebody else: what one takes of memory, and signatures
    Fleet(fleet::Arguments),
    /// The client that the others start, with a PC/SC of its own
    #[command(hide = true)]
    Worker(client::Worker),
}

#[derive(Args)]
pub(crate) struct Climb {
    /// What is done: select, challenge, sign, login-1.2 or login-1.3; with `sign`, logins are the top of
    /// the ladder
    #[arg(long, default_value = "sign")]
    operation: Operation,
    /// These targets only, lowest first; the lowest is what the others are compared with
    #[arg(long, value_name = "TARGET,...", value_delimiter = ',')]
    layers: Vec<Target>,
    /// Write a page with plots to this file
    #[arg(long, value_name = "FILE")]
    html: Option<std::path::PathBuf>,
    #[command(flatten)]
    options: Options,
}

#[derive(Args)]
pub(crate) struct One {
    /// Where: a layer (engine, in-process, socket, daemonless, daemonless-shared, ifd, vpcd,
    /// pkcs11-daemonless, pkcs11-ifd, pkcs11-vpcd), the machine's PC/SC (pcsc or pcsc:READER), or a token
    /// (pkcs11:MODULE)
    #[arg(default_value = "in-process")]
    target: Target,
    #[command(flatten)]
    options: Options,
}

#[derive(Args)]
pub(crate) struct Apdu {
    /// What is done: select or challenge
    #[arg(long, default_value = "challenge")]
    operation: Operation,
    #[command(flatten)]
    one: One,
}

#[derive(Args)]
pub(crate) struct Login {
    /// The version of TLS, 1.2 or 1.3; both if not said
    #[arg(long, value_name = "VERSION", value_parser = version)]
    tls: Option<TlsVersion>,
    #[command(flatten)]
    one: One,
}

pub(crate) fn run(command: &Command) -> anyhow::Result<Verdict> {
    match command {
        Command::Ladder(climb) => {
            let ladder = measure(&climb.steps()?, &climb.options)?;
            if let Some(path) = &climb.html {
                report::page(&ladder, path)?;
            }
            report::tell(&ladder, &climb.options)
        }
        Command::Sign(one) => one.measure(&[Operation::Sign], Layer::Engine),
        Command::Apdu(apdu) => {
            anyhow::ensure!(
                !apdu.operation.signs(),
                "{} is no single command\nhint: `cns bench sign` and `cns bench login` measure those",
                apdu.operation
            );
            apdu.one.measure(&[apdu.operation], Layer::InProcess)
        }
        Command::Login(login) => {
            let versions = match login.tls {
                Some(version) => vec![version],
                None => vec![TlsVersion::Tls12, TlsVersion::Tls13],
            };
            let operations: Vec<_> = versions.into_iter().map(Operation::Login).collect();
            login.one.measure(&operations, Layer::Engine)
        }
        Command::Fleet(arguments) => fleet::run(arguments),
        Command::Worker(worker) => client::work(worker),
    }
}

impl Climb {
    /// The operation on all layers, and logins above signatures.
    fn steps(&self) -> anyhow::Result<Vec<Step>> {
        let all: Vec<Target> = Layer::ALL.map(Target::Layer).to_vec();
        let targets = match self.layers.is_empty() {
            true => &all,
            false => &self.layers,
        };
        let mut steps = Step::each(targets, self.operation);
        let whole = self.layers.is_empty() && self.operation == Operation::Sign;
        if whole && self.options.make()?.logs_in() {
            let tokens = [Layer::Pkcs11Daemonless, Layer::Pkcs11Ifd, Layer::Pkcs11Vpcd];
            let login = Operation::Login(TlsVersion::Tls13);
            steps.extend(Step::each(&tokens.map(Target::Layer), login));
        }
        Ok(steps)
    }
}

impl One {
    /// Measures the operations on the target, each after the same on its floor: a ratio needs both.
    fn measure(&self, operations: &[Operation], floor: Layer) -> anyhow::Result<Verdict> {
        let mut targets = vec![Target::Layer(floor), self.target.clone()];
        targets.dedup();
        let steps: Vec<Step> = operations
            .iter()
            .flat_map(|operation| Step::each(&targets, *operation))
            .collect();
        let is_done = steps.iter().any(|step| step.target == self.target);
        anyhow::ensure!(
            is_done,
            "nothing to measure: that is not done on {}",
            self.target
        );
        let ladder = measure(&steps, &self.options)?;
        report::tell(&ladder, &self.options)
    }
}

fn measure(steps: &[Step], options: &Options) -> anyhow::Result<Ladder> {
    anyhow::ensure!(
        !steps.is_empty(),
        "nothing to measure: that is not done on these layers"
    );
    // A file that cannot be read is told before the measuring, not after it.
    options.before()?;
    let task = options.task()?;
    let progress = Progress::start(steps.len(), task.load.warm_up + task.load.duration);
    let ladder = Ladder::climb(steps, &task, &client::again, |place, step| {
        progress.begin(place, &step.words());
    })?;
    Ok(ladder)
}

fn version(text: &str) -> Result<TlsVersion, String> {
    match text {
        "1.2" => Ok(TlsVersion::Tls12),
        "1.3" => Ok(TlsVersion::Tls13),
        _ => Err("there are 1.2 and 1.3".to_owned()),
    }
}
