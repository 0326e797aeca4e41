//! What the client shows: the good certificate, or what an animal of the zoo shows.

use cns_authority::SerialNumber;
use cns_authority::zoo::{Animal, ZooError, animal};

use super::Portal;
use crate::case::Stop;

/// Which certificates the client sends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Papers {
    /// The one on the card.
    OnCard,
    /// Those of what [`cns_authority::zoo`] calls so.
    Zoo(&'static str),
}

impl Portal {
    /// The certificates that the client sends, DER, in their order.
    pub fn certificates(&self, papers: Papers) -> Result<Vec<Vec<u8>>, Stop> {
        match papers {
            Papers::OnCard => Ok(vec![self.issue()?.certificate_der.clone()]),
            Papers::Zoo(id) => {
                let unknown = || Stop::broken(format!("there is no animal {id:?} in the zoo"));
                let animal = animal(id).ok_or_else(unknown)?;
                self.shown_by(animal).map_err(Stop::broken)
            }
        }
    }

    fn shown_by(&self, animal: &Animal) -> Result<Vec<Vec<u8>>, ZooError> {
        // The nonce is of a question to an OCSP responder, which no client's certificate is about.
        let habitat = self.enclosure.habitat(&self.authority, [0; 16]);
        Ok(animal.make(&habitat, SerialNumber::random()?)?.sent)
    }
}
