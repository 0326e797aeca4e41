//! How much happened, as Prometheus reads it. Nobody has a name here.

use std::fmt;
use std::sync::Arc;

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::fault::{Listener, Strike};
use crate::journal::JournalEntry;

/// The media type of the text: OpenMetrics 1.0, which Prometheus reads.
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Counters of a portal. Clones count together.
#[derive(Clone)]
pub(crate) struct Metrics {
    registry: Arc<Registry>,
    connections: Family<ConnectionLabels, Counter>,
    failed_checks: Family<CheckLabels, Counter>,
    requests: Family<RequestLabels, Counter>,
    faults: Family<FaultLabels, Counter>,
    signing: Histogram,
    handshake: Histogram,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct ConnectionLabels {
    outcome: &'static str,
    profile: &'static str,
    version: String,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct CheckLabels {
    check: &'static str,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct RequestLabels {
    listener: &'static str,
    status: u16,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct FaultLabels {
    fault: &'static str,
}

/// Seconds. A card signs in a tenth of one or in two; the rest is somebody who looks for a PIN.
const SIGNING_BUCKETS: [f64; 9] = [0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0];
const HANDSHAKE_BUCKETS: [f64; 9] = [0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1.0, 10.0, 60.0];

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut metrics = Self {
            registry: Arc::default(),
            connections: Family::default(),
            failed_checks: Family::default(),
            requests: Family::default(),
            faults: Family::default(),
            signing: Histogram::new(SIGNING_BUCKETS),
            handshake: Histogram::new(HANDSHAKE_BUCKETS),
        };
        metrics.registry = Arc::new(metrics.registered());
        metrics
    }

    /// Counts a handshake that is over.
    pub(crate) fn count_connection(&self, entry: &JournalEntry) {
        let labels = ConnectionLabels {
            outcome: entry.outcome,
            profile: entry.handshake.profile,
            version: entry.handshake.version.clone().unwrap_or_default(),
        };
        self.connections.get_or_create(&labels).inc();
        for &check in &entry.failed_checks {
            let labels = CheckLabels { check };
            self.failed_checks.get_or_create(&labels).inc();
        }
        for strike in &entry.handshake.faults {
            self.count_strike(strike);
        }
        let seconds = |milliseconds: u64| milliseconds as f64 / 1_000.0;
        if let Some(time) = entry.handshake.signing_time_ms {
            self.signing.observe(seconds(time));
        }
        if let Some(time) = entry.handshake.handshake_time_ms {
            self.handshake.observe(seconds(time));
        }
    }

    /// Counts a request that was answered.
    pub(crate) fn count_request(&self, listener: Listener, status: u16, strike: Option<&Strike>) {
        let listener = listener.name();
        let labels = RequestLabels { listener, status };
        self.requests.get_or_create(&labels).inc();
        if let Some(strike) = strike {
            self.count_strike(strike);
        }
    }

    /// Counts a fault that happens to neither of them.
    pub(crate) fn count_strike(&self, strike: &Strike) {
        let fault = strike.fault.name();
        self.faults.get_or_create(&FaultLabels { fault }).inc();
    }

    /// All of it.
    pub(crate) fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        text::encode(&mut text, &self.registry)?;
        Ok(text)
    }

    fn registered(&self) -> Registry {
        let mut registry = Registry::with_prefix("cns_portal");
        registry.register(
            "connections",
            "Connections that asked for a login, by how their handshake ended",
            self.connections.clone(),
        );
        registry.register(
            "failed_checks",
            "Checks that kept a client out",
            self.failed_checks.clone(),
        );
        registry.register(
            "requests",
            "Requests that were answered",
            self.requests.clone(),
        );
        registry.register(
            "faults",
            "Faults that were ordered and happened",
            self.faults.clone(),
        );
        registry.register_with_unit(
            "signing_time",
            "From CertificateRequest to CertificateVerify: the card, whoever types its PIN, the way",
            Unit::Seconds,
            self.signing.clone(),
        );
        registry.register_with_unit(
            "handshake_time",
            "From the client's hello to the end of its handshake",
            Unit::Seconds,
            self.handshake.clone(),
        );
        registry
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Metrics").finish_non_exhaustive()
    }
}
