//! Certificates of the card's key: the good one, and those of the zoo.

use cns_authority::SerialNumber;
use cns_authority::zoo::{ZooError, animal};

use super::Portal;
use crate::case::Stop;

/// Which certificate the client sends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Papers {
    /// The one on the card.
    OnCard,
    /// The one that [`cns_authority::zoo`] calls so.
    Zoo(&'static str),
}

impl Portal {
    /// A certificate of the card's key, DER.
    pub fn certificate(&self, papers: Papers) -> Result<Vec<u8>, Stop> {
        match papers {
            Papers::OnCard => Ok(self.issue()?.certificate_der.clone()),
            Papers::Zoo(id) => self
                .of_zoo(id)
                .map_err(Stop::broken)?
                .ok_or_else(|| Stop::broken(format!("there is no animal {id:?} in the zoo"))),
        }
    }

    fn of_zoo(&self, id: &str) -> Result<Option<Vec<u8>>, ZooError> {
        let Some(animal) = animal(id) else {
            return Ok(None);
        };
        // The nonce is of a question to an OCSP responder, which no certificate is about.
        let habitat = self.enclosure.habitat(&self.authority, [0; 16]);
        let specimen = animal.make(&habitat, SerialNumber::random()?)?;
        Ok(Some(specimen.certificate_der))
    }
}
