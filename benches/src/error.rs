//! Why nothing could be measured.

/// Why nothing could be measured. None of these is a matter of speed.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// A card could not be made.
    #[error("the test card could not be made: {0}")]
    Card(String),
    /// What a layer stands on is missing, or did not start.
    #[error("{layer}: {reason}")]
    Layer {
        /// The layer.
        layer: &'static str,
        /// What is wrong with it, and what to do.
        reason: String,
    },
    /// The operation failed in the middle.
    #[error("the operation failed: {0}")]
    Operation(String),
}

impl BenchError {
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
