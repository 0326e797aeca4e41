//! What `cns portal run` takes for testers: the control API, the clock, the seed, the
//! journal.

use std::net::SocketAddr;
use std::sync::Arc;

use clap::Args;
use cns_portal::{Exposure, JournalCapacity, SystemClock, VirtualClock};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

#[derive(Args)]
pub(super) struct Control {
    /// Where testers see what happens, and order what is to happen: the control API, over plain HTTP
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    pub(super) listen_control: SocketAddr,
    /// Let other machines use the control API. Whoever does can do what a tester can
    #[arg(long)]
    expose_control: bool,
    /// What chance goes by, in faults that strike by chance and in generated citizens: the same seed, the same
    /// faults and citizens
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub(super) seed: u64,
    /// The instant at which the portal's clock starts, as in 2026-11-24T12:00:00Z; the present otherwise
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    clock: Option<OffsetDateTime>,
    /// Logins that the journal keeps; older ones are forgotten, and counted
    #[arg(long, value_name = "NUMBER", default_value_t = JournalCapacity::default().connections)]
    journal_connections: usize,
    /// Requests that the journal keeps, at all listeners together
    #[arg(long, value_name = "NUMBER", default_value_t = JournalCapacity::default().requests)]
    journal_requests: usize,
}

impl Control {
    pub(super) fn exposure(&self) -> Exposure {
        match self.expose_control {
            true => Exposure::AnyAddress,
            false => Exposure::Loopback,
        }
    }

    pub(super) fn journal(&self) -> JournalCapacity {
        JournalCapacity {
            connections: self.journal_connections,
            requests: self.journal_requests,
        }
    }

    pub(super) fn clock(&self) -> VirtualClock {
        let clock = VirtualClock::over(Arc::new(SystemClock));
        if let Some(instant) = self.clock {
            clock.run_from(instant);
        }
        clock
    }
}

fn instant(text: &str) -> Result<OffsetDateTime, String> {
    let instant = OffsetDateTime::parse(text, &Rfc3339)
        .map_err(|_| "an instant is written as in 2026-11-24T12:00:00Z".to_owned())?;
    let years = VirtualClock::YEARS;
    match VirtualClock::goes_to(instant) {
        true => Ok(instant),
        false => Err(format!(
            "the clock goes from {} to {}",
            years.start(),
            years.end()
        )),
    }
}
