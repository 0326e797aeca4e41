//! The world, looked at from outside.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::*;
use cns_authority::{CardNumber, CertificateStatus, CodiceFiscale, SerialNumber, StatusRegister};
use cns_services::Role;
use cns_services::desk::{
    Applicant, Cause, CertificateChange, Declaration, DossierView, Form, FormKind, Identified,
    Papers, RequestId, Revocation, SpidLevel,
};
use cns_services::outbox::{Fault, OutboxFault};
use time::Duration;
use time::macros::date;

use super::action::{Action, Decision, Shape};

/// The world, and what is remembered of it from outside.
pub struct Witness {
    pub world: World,
    /// Who has been identified by anything.
    identified: BTreeSet<CodiceFiscale>,
    over: BTreeMap<String, &'static str>,
    register: StatusRegister,
    told: usize,
    /// The post has been told to swap messages at least once.
    post_swaps: bool,
}

impl Witness {
    pub fn new() -> Self {
        let mut register = StatusRegister::new();
        for number in 1..400 {
            register.enter(SerialNumber::from(number)).unwrap();
        }
        Self {
            world: World::new(),
            identified: BTreeSet::new(),
            over: BTreeMap::new(),
            register,
            told: 0,
            post_swaps: false,
        }
    }

    /// Most actions are refused; all that the desk is asked is in its log.
    pub fn experience(&mut self, action: &Action) {
        let entries = self.world.audit().entries().len();
        self.happen(action);
        let asks_nothing = matches!(
            action,
            Action::Armed(_) | Action::Minute | Action::NextMonday
        );
        let logged = entries < self.world.audit().entries().len();
        assert!(
            asks_nothing || logged,
            "nothing is in the log of {action:?}"
        );
    }

    fn happen(&mut self, action: &Action) {
        match *action {
            Action::Ask { who, form, phone } => self.ask(who, form, phone),
            Action::HandOver(request) => drop(self.world.hand_over(RequestId(request))),
            Action::SendAgain {
                who,
                card: number,
                phone,
            } => {
                let Some(who) = self.identify(who, false) else {
                    return;
                };
                let to = phone.map(|owner| phone_of(&everybody()[owner]));
                let now = self.world.now;
                let effects = self.world.desk.send_again(&who, card(number), to, now);
                self.world.execute(effects.unwrap_or_default());
            }
            Action::Decide {
                who,
                card,
                decision,
                online,
            } => self.decide(who, card, decision, online),
            Action::Event(number, event) => {
                let now = self.world.now;
                drop(self.world.desk.card_event(card(number), event, now));
            }
            Action::Armed(fault) => {
                self.post_swaps |= fault == Fault::Swapped;
                self.world.outbox.arm(OutboxFault::next(fault));
            }
            Action::Minute => self.world.pass(Duration::MINUTE),
            Action::NextMonday => {
                let weeks = (self.world.now - MONDAY).whole_weeks() + 1;
                let until = MONDAY + Duration::weeks(weeks) - self.world.now;
                self.world.pass(until);
            }
        }
    }

    fn identify(&mut self, who: usize, online: bool) -> Option<Identified> {
        let person: Applicant = everybody()[who].clone();
        let now = self.world.now;
        let identified = if online {
            self.world
                .desk
                .identify_by_spid(&person, SpidLevel::Two, now)
        } else {
            self.world.identify(&person)
        };
        self.identified
            .extend(identified.as_ref().ok().map(|_| person.codice_fiscale));
        identified.ok()
    }

    fn ask(&mut self, who: usize, shape: Shape, phone: usize) {
        let online = matches!(shape, Shape::Online(_));
        let Some(who) = self.identify(who, online) else {
            return;
        };
        let form = match shape {
            Shape::Own(number) => own_card(number),
            Shape::Online(number) => Form {
                kind: FormKind::Online,
                papers: Papers::default(),
                ..own_card(number)
            },
            Shape::Sofia => for_sofia(),
            Shape::Rosa => for_rosa(),
            Shape::Delegation => by_delegation(),
        };
        let form = Form {
            contact: phone_of(&everybody()[phone]),
            ..form
        };
        drop(self.world.desk.take_form(who, form, self.world.now));
    }

    /// What is decided is done if the one who decides acts for the holder, and the card is in the
    /// right state: said again here, in other words.
    fn decide(&mut self, who: usize, number: u32, decision: Decision, online: bool) {
        let Some(identified) = self.identify(who, online) else {
            return;
        };
        let before = self.view(card(number));
        let acts = match number {
            0 => who == 0,
            1 | 2 => who == 2,
            3 => who == 3,
            4 => who == 3 || who == 4,
            // The operator's own card, at her own counter.
            _ => who == 5 && online,
        };
        let suspended = before
            .suspended_since
            .is_some_and(|since| self.world.now - since <= Duration::days(30));
        let expected = acts
            && match decision {
                Decision::Suspend => before.state == "active",
                Decision::Reactivate => before.state == "suspended" && suspended && !online,
                Decision::Revoke => {
                    ["delivered", "active", "suspended"].contains(&before.state) && !online
                }
                Decision::Replace => return self.replace(&identified, number),
            };
        let done = self.decided(&identified, number, decision);
        assert_eq!(done, expected, "{decision:?} by {who} of {before:?}");
    }

    fn decided(&mut self, who: &Identified, number: u32, decision: Decision) -> bool {
        let (now, desk) = (self.world.now, &mut self.world.desk);
        let effects = match decision {
            Decision::Suspend => desk.suspend(who, card(number), Cause::Loss, now),
            Decision::Reactivate => desk.reactivate(who, card(number), now),
            Decision::Revoke | Decision::Replace => {
                let revocation = Revocation {
                    card: card(number),
                    cause: Cause::Theft,
                    declaration: Some(Declaration::SelfCertification),
                };
                desk.revoke(who, &revocation, None, now)
            }
        };
        let done = effects.is_ok();
        self.world.execute(effects.unwrap_or_default());
        done
    }

    fn replace(&mut self, who: &Identified, number: u32) {
        let (now, old) = (self.world.now, card(number));
        let ordered = self.world.desk.order_new_card(who, old, Some(old), now);
        let Ok((order, effects)) = ordered else {
            return;
        };
        self.world.execute(effects);
        let new = card(100 + order.0);
        let expires = date!(2032 - 12 - 31);
        self.world
            .desk
            .card_produced(order, new, expires, now)
            .unwrap();
        self.world.desk.card_shipped(new, now).unwrap();
        self.world.desk.card_delivered(new, now).unwrap();
    }

    /// Who knows both parts of what is on a card: the first from a slip, the second from a phone. The
    /// operator has seen every slip.
    pub fn users(&self, of: CardNumber) -> BTreeSet<CodiceFiscale> {
        let Some((pin, puk)) = self.world.chips.get(&of) else {
            return BTreeSet::new();
        };
        let first = format!("PIN: {} _ _ _ PUK: {} _", &pin[..2], &puk[..2]);
        let second = format!("PIN: _ _ {} PUK: _ _ {} ", &pin[2..], &puk[2..]);
        let slips = self.world.slips.iter();
        let mut know_first: BTreeSet<CodiceFiscale> = slips
            .filter(|(_, card, slip)| *card == of && slip.contains(&first))
            .map(|(handed_to, ..)| *handed_to)
            .collect();
        know_first.insert(olga().codice_fiscale);
        let people = everybody().into_iter();
        people
            .filter(|person| know_first.contains(&person.codice_fiscale))
            .filter(|person| {
                self.world
                    .phone(person)
                    .iter()
                    .any(|words| words.contains(&second))
            })
            .map(|person| person.codice_fiscale)
            .collect()
    }

    /// The holder, and who represents the holder: never a delegate, an operator or a stranger.
    ///
    /// A post that swaps messages may bring the second part of one card to whoever waits for that of
    /// another, and has seen the first part of both: a delegate, or the operator. No rule of a desk prevents
    /// that; strangers are kept out even then.
    pub fn nobody_else_can_use_a_pin(&self) {
        for of in self.world.chips.keys() {
            let holder = holder_of(&self.view(*of));
            for user in self.users(*of) {
                let acts =
                    user == holder.codice_fiscale || holder.is_represented_by(user, self.world.now);
                let has_seen_the_slip = user == olga().codice_fiscale
                    || self
                        .world
                        .slips
                        .iter()
                        .any(|(to, card, _)| (*to, *card) == (user, *of));
                assert!(
                    acts || (self.post_swaps && has_seen_the_slip),
                    "{user} can use the PIN of {}",
                    holder.name
                );
                assert!(
                    self.identified.contains(&user),
                    "{user} was never identified"
                );
            }
        }
    }

    pub fn what_is_over_stays_over(&mut self) {
        for view in self.views() {
            let is_over = ["revoked", "superseded", "expired"].contains(&view.state);
            let was = self.over.get(&view.card);
            assert!(
                was.is_none_or(|was| *was == view.state),
                "{view:?} was over"
            );
            if is_over {
                self.over.insert(view.card, view.state);
            }
        }
    }

    /// The certifier's own register takes every change that it is told, and ends where the desk is.
    pub fn the_three_lives_agree(&mut self) {
        let now = self.world.now;
        for (of, change) in &self.world.told[self.told..] {
            let serial = serial_of(*of);
            match *change {
                CertificateChange::Hold => self.register.hold(serial, now),
                CertificateChange::Release => self.register.release(serial),
                CertificateChange::Revoke(reason) => self.register.revoke(serial, reason, now),
            }
            .unwrap();
        }
        self.told = self.world.told.len();
        for view in self.views() {
            let serial = serial_of(view.card.parse().unwrap());
            let status = match self.register.status(serial).unwrap() {
                CertificateStatus::Good => "good",
                CertificateStatus::OnHold { .. } => "on-hold",
                CertificateStatus::Revoked { .. } => "revoked",
            };
            assert_eq!(view.certificate, status, "{view:?}");
            assert_eq!(view.state == "suspended", status == "on-hold", "{view:?}");
            let is_over = self.over.contains_key(&view.card);
            assert_eq!(is_over, status == "revoked", "{view:?}");
            assert_eq!(is_over, view.credential == "dead", "{view:?}");
            let is_suspended = view.suspended_since.is_some();
            assert!(view.state != "suspended" || is_suspended, "{view:?}");
        }
    }

    fn view(&self, of: CardNumber) -> DossierView {
        self.world
            .desk
            .view(Role::Tester, of, self.world.now)
            .unwrap()
    }

    pub fn views(&self) -> Vec<DossierView> {
        self.world.desk.views(Role::Tester, self.world.now)
    }
}

fn holder_of(view: &DossierView) -> Applicant {
    let mut people = everybody().into_iter();
    people
        .find(|person| Some(&person.name) == view.holder.as_ref())
        .unwrap()
}

/// The serial number of a card's certificate: what the card's own number has from its fifth digit on.
fn serial_of(of: CardNumber) -> SerialNumber {
    let serial: u64 = of.to_string()[4..13].parse().unwrap();
    SerialNumber::from(serial)
}
