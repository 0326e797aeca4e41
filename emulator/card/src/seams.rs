//! The back door: what a card holds, taken out and put back behind its back.
//!
//! The conformance suite proves with it that it can fail: it makes cards that forget to charge a
//! try, keep a right over a reset, lose a change. No reader, no program and no command of the card
//! uses it; without the feature `seams` it does not exist.

use crate::card::Card;
use crate::image::CardImage;
use crate::session::Session;

/// What the card had proven, selected and set at a moment.
#[derive(Clone, Debug)]
pub struct SessionSnapshot(Session);

impl Card {
    /// What is proven, selected and set now.
    pub fn snapshot_session(&self) -> SessionSnapshot {
        SessionSnapshot(self.session().clone())
    }

    /// Makes it so again, whatever has happened since.
    pub fn restore_session(&mut self, SessionSnapshot(session): SessionSnapshot) {
        *self.session_mut() = session;
    }

    /// Changes what survives power-off without telling the memory.
    pub fn edit_image(&mut self, edit: impl FnOnce(&mut CardImage)) {
        edit(self.image_mut());
    }
}

impl CardImage {
    /// Sets the tries that are left of the PIN, PUK or key with this identifier in the master file.
    pub fn edit_tries_left(&mut self, id: u8, left: u8) {
        let mut data = self.master_file.reference_data.iter_mut();
        if let Some(datum) = data.find(|datum| datum.id == id) {
            datum.set_tries_left(left);
        }
    }
}
