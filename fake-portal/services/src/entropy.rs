//! Where unpredictable digits come from: a one-method seam.

use thiserror::Error;

/// Unpredictable bytes. A portal asks the system for them, a test computes them from a seed.
pub trait Entropy {
    /// Fills `bytes`.
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), EntropyFault>;
}

/// The source gave no bytes.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("the source of random bytes failed")]
pub struct EntropyFault;

impl<F: FnMut(&mut [u8]) -> Result<(), EntropyFault>> Entropy for F {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), EntropyFault> {
        self(bytes)
    }
}
