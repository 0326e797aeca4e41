//! Those whose identity was established, while they ask for something.
//!
//! An [`Identified`] is kept here by value and never leaves the server: at a counter under who works there,
//! online under a ticket that only the page of this visitor has.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cns_services::desk::Identified;
use ring::rand::{SecureRandom as _, SystemRandom};
use time::{Duration, OffsetDateTime};

/// Most of them at one time; who was identified first goes first.
const IDENTIFIED_MAX: usize = 1_000;

/// Who was identified, by counter or ticket.
#[derive(Debug, Default)]
pub(crate) struct IdentifiedVisitors(Mutex<BTreeMap<String, Identified>>);

impl IdentifiedVisitors {
    /// Keeps somebody under a name, in the place of who was there.
    pub(crate) fn keep(&self, name: String, identified: Identified) {
        let mut all = self.all();
        if IDENTIFIED_MAX <= all.len() {
            let first = all.iter().min_by_key(|(_, identified)| identified.at());
            if let Some(first) = first.map(|(name, _)| name.clone()) {
                all.remove(&first);
            }
        }
        all.insert(name, identified);
    }

    /// Keeps somebody under a new ticket. Nothing, if the machine has no randomness.
    pub(crate) fn keep_by_ticket(&self, identified: Identified) -> Option<String> {
        let mut bytes = [0; 16];
        SystemRandom::new().fill(&mut bytes).ok()?;
        let ticket = URL_SAFE_NO_PAD.encode(bytes);
        self.keep(ticket.clone(), identified);
        Some(ticket)
    }

    /// Does something with who is kept under a name. What is taken out is kept no longer; so is who was
    /// identified longer ago than `lifetime`.
    pub(crate) fn with<T>(
        &self,
        name: &str,
        (now, lifetime): (OffsetDateTime, Duration),
        work: impl FnOnce(&mut Option<Identified>) -> T,
    ) -> T {
        let mut all = self.all();
        all.retain(|_, identified| now - identified.at() <= lifetime);
        let mut identified = all.remove(name);
        let done = work(&mut identified);
        if let Some(identified) = identified {
            all.insert(name.to_owned(), identified);
        }
        done
    }

    /// Sends somebody away.
    pub(crate) fn forget(&self, name: &str) {
        self.all().remove(name);
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<String, Identified>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
