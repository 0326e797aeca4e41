//! Decisions that come to nothing, because nobody could carry them out.

use time::OffsetDateTime;

use super::Desk;
use crate::audit::{AuditLog, Matter};
use crate::refusal::Refusal;
use crate::role::Role;

/// What a desk knew before a decision, but for its log, which only ever grows.
#[derive(Debug)]
pub struct Before(Desk);

impl Desk {
    /// What the desk knows now.
    pub fn before(&self) -> Before {
        Before(Self {
            policy: self.policy,
            dossiers: self.dossiers.clone(),
            requests: self.requests.clone(),
            requests_ever: self.requests_ever,
            orders: self.orders.clone(),
            orders_ever: self.orders_ever,
            codes: self.codes.clone(),
            address_book: self.address_book.clone(),
            audit: AuditLog::default(),
        })
    }

    /// Takes back what was decided since then: it was not carried out, not even in part. The log has the
    /// decision, and that it came to nothing.
    pub fn take_back(&mut self, before: Before, why: &Refusal, now: OffsetDateTime) {
        let audit = std::mem::take(&mut self.audit);
        let Before(desk) = before;
        *self = Self { audit, ..desk };
        let matter = Matter {
            at: now,
            who: Role::System,
            what: "take-back",
            card: None,
            why: "nobody could carry out what was decided last".to_owned(),
        };
        self.audit.append(matter, Some(why));
    }
}
