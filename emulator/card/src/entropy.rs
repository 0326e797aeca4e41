//! Where the card's random bytes come from: outside.

/// A source of random bytes: the operating system's for a card in a reader, a seeded one in tests.
pub trait Entropy {
    /// Fills `bytes`.
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), EntropyFault>;
}

/// The source gave no bytes. The card answers 6985, "no random number available".
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the source of random bytes failed")]
pub struct EntropyFault;

impl<F: FnMut(&mut [u8]) -> Result<(), EntropyFault>> Entropy for F {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), EntropyFault> {
        self(bytes)
    }
}
