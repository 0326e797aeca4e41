//! The operating system's random bytes.

use cns_card::{Entropy, EntropyFault};
use ring::rand::{SecureRandom, SystemRandom};

/// Random bytes for a card in a reader.
#[derive(Clone, Debug)]
pub struct SystemEntropy(SystemRandom);

impl SystemEntropy {
    /// The source.
    pub fn new() -> Self {
        Self(SystemRandom::new())
    }
}

impl Default for SystemEntropy {
    fn default() -> Self {
        Self::new()
    }
}

impl Entropy for SystemEntropy {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), EntropyFault> {
        self.0.fill(bytes).map_err(|_| EntropyFault)
    }
}
