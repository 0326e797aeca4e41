//! Where cards lie: in files of a folder, or at hand, to be put into a reader.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cns_authority::CardNumber;
use cns_card::CardImage;
use cns_portal::town::WorkshopError;
use cns_reader::ImageFile;

use super::failed;
use crate::target::OwnCard;

/// Keeps cards.
pub trait CardDrawer: Send + Sync {
    /// The certificate (DER) of a card that is there from before, under the name that people call it by.
    fn certificate(&self, name: &str) -> Option<Vec<u8>>;

    /// A card is there from before, under this name.
    fn take_up(&self, card: CardNumber, name: &str);

    /// Puts a new card in, under the name that people call it by.
    ///
    /// # Errors
    /// It cannot be kept.
    fn add(
        &self,
        card: CardNumber,
        name: &str,
        image: &CardImage,
        certificate_der: &[u8],
    ) -> Result<(), WorkshopError>;

    /// A card as it is now, with what its holder did to it.
    ///
    /// # Errors
    /// It is not here, or cannot be read.
    fn image(&self, card: CardNumber) -> Result<CardImage, WorkshopError>;

    /// Changes a card.
    ///
    /// # Errors
    /// It is not here, or somebody uses it.
    fn replace(&self, card: CardNumber, image: &CardImage) -> Result<(), WorkshopError>;
}

/// A folder with a file for each card, `maria-rossi.cns`, and its certificate beside it,
/// `maria-rossi.cer`. Clones are the same folder.
#[derive(Clone, Debug)]
pub struct CardFolder {
    folder: PathBuf,
    names: Arc<Mutex<BTreeMap<CardNumber, String>>>,
}

impl CardFolder {
    /// This folder, made if it is not there. `names` says whose cards may lie there from before.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn open(
        folder: PathBuf,
        names: impl IntoIterator<Item = (CardNumber, String)>,
    ) -> std::io::Result<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self {
            folder,
            names: Arc::new(Mutex::new(names.into_iter().collect())),
        })
    }

    fn file(&self, card: CardNumber) -> Result<PathBuf, WorkshopError> {
        let name = lock(&self.names).get(&card).cloned();
        let name = name.ok_or_else(|| WorkshopError(format!("card {card} is not here")))?;
        Ok(self.folder.join(format!("{name}.cns")))
    }
}

impl CardDrawer for CardFolder {
    fn certificate(&self, name: &str) -> Option<Vec<u8>> {
        let card = self.folder.join(format!("{name}.cns"));
        let certificate = fs::read(self.folder.join(format!("{name}.cer"))).ok()?;
        card.exists().then_some(certificate)
    }

    fn take_up(&self, card: CardNumber, name: &str) {
        lock(&self.names).insert(card, name.to_owned());
    }

    fn add(
        &self,
        card: CardNumber,
        name: &str,
        image: &CardImage,
        certificate_der: &[u8],
    ) -> Result<(), WorkshopError> {
        self.take_up(card, name);
        let certificate = self.folder.join(format!("{name}.cer"));
        ImageFile::create(&self.file(card)?, image, None).map_err(failed)?;
        fs::write(certificate, certificate_der).map_err(failed)
    }

    fn image(&self, card: CardNumber) -> Result<CardImage, WorkshopError> {
        ImageFile::read(&self.file(card)?, None).map_err(failed)
    }

    fn replace(&self, card: CardNumber, image: &CardImage) -> Result<(), WorkshopError> {
        ImageFile::create(&self.file(card)?, image, None).map_err(failed)?;
        Ok(())
    }
}

/// Cards that lie on the table, and go into a reader of this process. Clones are the same cards.
#[derive(Clone, Default)]
pub struct CardsAtHand(Arc<Mutex<BTreeMap<CardNumber, CardAtHand>>>);

struct CardAtHand {
    card: OwnCard,
    certificate_der: Vec<u8>,
}

impl CardsAtHand {
    /// A card, to be put into a reader. What is changed here is seen there after it was put in again.
    pub fn card(&self, card: CardNumber) -> Option<OwnCard> {
        lock(&self.0).get(&card).map(|it| it.card.clone())
    }

    /// The certificate on a card, DER.
    pub fn certificate_of(&self, card: CardNumber) -> Option<Vec<u8>> {
        lock(&self.0)
            .get(&card)
            .map(|it| it.certificate_der.clone())
    }

    /// All of their numbers, in their order.
    pub fn numbers(&self) -> Vec<CardNumber> {
        lock(&self.0).keys().copied().collect()
    }
}

impl CardDrawer for CardsAtHand {
    fn certificate(&self, _name: &str) -> Option<Vec<u8>> {
        None
    }

    fn take_up(&self, _card: CardNumber, _name: &str) {}

    fn add(
        &self,
        card: CardNumber,
        _name: &str,
        image: &CardImage,
        certificate_der: &[u8],
    ) -> Result<(), WorkshopError> {
        let made = CardAtHand {
            card: OwnCard::new(image.clone(), fastrand::u64(..)),
            certificate_der: certificate_der.to_owned(),
        };
        lock(&self.0).insert(card, made);
        Ok(())
    }

    fn image(&self, card: CardNumber) -> Result<CardImage, WorkshopError> {
        let own = self.card(card);
        let own = own.ok_or_else(|| WorkshopError(format!("card {card} is not here")))?;
        Ok(own.image())
    }

    fn replace(&self, card: CardNumber, image: &CardImage) -> Result<(), WorkshopError> {
        let own = self.card(card);
        let own = own.ok_or_else(|| WorkshopError(format!("card {card} is not here")))?;
        own.replace(image.clone(), fastrand::u64(..), &[]);
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
