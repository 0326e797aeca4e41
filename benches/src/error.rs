//! Why nothing could be measured.

/// Why nothing could be measured. None of these is a matter of speed.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// A card could not be made.
    #[error("the test card could not be made: {0}")]
    Card(String),
    /// No latency model.
    #[error("no latency model: {0}")]
    Latency(String),
    /// What a layer stands on is missing, or did not start.
    #[error("{layer}: {reason}")]
    Layer {
        /// The layer.
        layer: &'static str,
        /// What is wrong with it, and what to do.
        reason: String,
    },
    /// The client that was started for it has said why.
    #[error("{0}")]
    Client(String),
    /// The operation failed in the middle.
    #[error("the operation failed: {0}")]
    Operation(String),
    /// Somebody else's card signs with its PIN alone, and nobody has said it.
    #[error(
        "{target} is not a card of this program's own, and its PIN is not known\nhint: --pin-file FILE, with the PIN in it; it is tried once"
    )]
    NoPin {
        /// The target.
        target: String,
    },
    /// The card did not take the PIN. It is not tried again.
    #[error("{target} refused the PIN, which was tried once: {answer}")]
    PinRefused {
        /// The target.
        target: String,
        /// What it answered.
        answer: String,
    },
    /// The PIN is not worth the risk.
    #[error(
        "{target} has no more than one try of its PIN left, so it was not tried\nhint: enter the right PIN elsewhere first, which gives all tries back"
    )]
    LastTry {
        /// The target.
        target: String,
    },
    /// The page could not be made.
    #[error("the page could not be made: {0}")]
    Page(String),
}

impl BenchError {
    /// A card could not be made.
    pub fn card(reason: impl std::fmt::Display) -> Self {
        Self::Card(reason.to_string())
    }

    /// What a layer stands on is missing, or did not start.
    pub fn layer(layer: &'static str, reason: impl std::fmt::Display) -> Self {
        let reason = reason.to_string();
        Self::Layer { layer, reason }
    }

    /// The operation failed in the middle.
    pub fn operation(reason: impl std::fmt::Display) -> Self {
        Self::Operation(reason.to_string())
    }
}
