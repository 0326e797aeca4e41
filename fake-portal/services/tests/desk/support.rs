//! A small country around the desk: people, cards, a printer, a certifier and phones.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use cns_authority::{CardNumber, CodiceFiscale, RegionCode, Sex};
use cns_language::Language;
use cns_services::Role;
use cns_services::audit::AuditLog;
use cns_services::desk::{
    Applicant, CardState, CertificateChange, Chip, Contact, CourtPaper, CredentialState, Desk,
    Document, DocumentKind, Effect, Enrolment, Form, FormKind, Identified, Impediment, Kinship,
    Office, Operator, OrderId, Papers, Policy, RequestId, SignIn, SignedForm,
};
use cns_services::outbox::{Letter, Outbox};
use cns_services::{EntropyFault, Refusal};
use time::macros::{date, datetime};
use time::{Date, Duration, OffsetDateTime};

/// A Monday, ten o'clock in Italy: every office is open.
pub const MONDAY: OffsetDateTime = datetime!(2026-11-23 9:00 UTC);

pub struct World {
    pub desk: Desk,
    pub outbox: Outbox,
    pub now: OffsetDateTime,
    random: fastrand::Rng,
    /// What is on the cards: PIN and PUK.
    pub chips: BTreeMap<CardNumber, (String, String)>,
    /// What was printed: for whom, for which card, what.
    pub slips: Vec<(CodiceFiscale, CardNumber, String)>,
    /// What the certifier was told, in its order.
    pub told: Vec<(CardNumber, CertificateChange)>,
    /// What is to be produced.
    pub orders: Vec<OrderId>,
}

impl World {
    /// Everybody's card has been delivered, and nobody has a PIN.
    pub fn new() -> Self {
        Self::seeded(7, Policy::default())
    }

    pub fn seeded(seed: u64, policy: Policy) -> Self {
        let mut world = Self {
            desk: Desk::new(policy),
            outbox: Outbox::default(),
            now: MONDAY,
            random: fastrand::Rng::with_seed(seed),
            chips: BTreeMap::new(),
            slips: Vec::new(),
            told: Vec::new(),
            orders: Vec::new(),
        };
        for (number, holder) in everybody().into_iter().enumerate() {
            let contact = phone_of(&holder);
            let owner = holder.codice_fiscale;
            world.desk.register_contact(contact, owner, MONDAY).unwrap();
            let enrolment = Enrolment {
                card: card(u32::try_from(number).unwrap()),
                holder,
                chip: Chip::Present,
                expires: date!(2031 - 12 - 31),
                state: CardState::Delivered,
                credential: CredentialState::None,
            };
            world.desk.enrol(enrolment, MONDAY).unwrap();
        }
        world
    }

    pub fn pass(&mut self, duration: Duration) {
        self.now += duration;
        self.desk.pass(self.now);
        self.deliver_post();
    }

    /// What the post has to say, to the desk.
    pub fn deliver_post(&mut self) {
        for report in self.outbox.reports(self.now) {
            self.desk.post_report(&report, self.now).unwrap();
        }
    }

    /// Does what the desk wants done.
    pub fn execute(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::PersonaliseCard { card, secrets } => {
                    let (pin, puk) = secrets.into_pin_and_puk();
                    let text = |digits: &[u8]| String::from_utf8(digits.to_vec()).unwrap();
                    self.chips.insert(card, (text(&*pin), text(&*puk)));
                }
                Effect::ShowFirstPart(slip) => {
                    let (handed_to, card) = (slip.handed_to, slip.card);
                    self.slips.push((handed_to, card, slip.print().to_string()));
                }
                Effect::SetCertificateStatus { card, change } => self.told.push((card, change)),
                Effect::Send(message) => {
                    let report = self.outbox.send(message, self.now);
                    self.desk.post_report(&report, self.now).unwrap();
                }
                Effect::Resend { message, to } => {
                    let report = self.outbox.resend(message, to, self.now).unwrap();
                    self.desk.post_report(&report, self.now).unwrap();
                }
                Effect::ProduceCard { order, .. } => self.orders.push(order),
            }
        }
    }

    /// At the counter of the social services, with an identity card that is valid.
    pub fn identify(&mut self, person: &Applicant) -> Result<Identified, Refusal> {
        let document = document_of(person, date!(2030 - 06 - 30));
        self.desk
            .identify_at_counter(&olga(), office(), person, &document, self.now)
    }

    pub fn ask(&mut self, person: &Applicant, form: Form) -> Result<RequestId, Refusal> {
        let identified = self.identify(person)?;
        self.desk.take_form(identified, form, self.now)
    }

    pub fn hand_over(&mut self, request: RequestId) -> Result<(), Refusal> {
        let effects = self.effects_of_hand_over(request)?;
        self.execute(effects);
        Ok(())
    }

    pub fn effects_of_hand_over(&mut self, request: RequestId) -> Result<Vec<Effect>, Refusal> {
        let random = &mut self.random;
        let mut entropy = |bytes: &mut [u8]| -> Result<(), EntropyFault> {
            random.fill(bytes);
            Ok(())
        };
        self.desk.hand_over(request, None, &mut entropy, self.now)
    }

    /// Maria asks at the desk, and gets both parts.
    pub fn maria_has_a_pin(&mut self) {
        let request = self.ask(&maria(), own_card(0)).unwrap();
        self.hand_over(request).unwrap();
        self.pass(Duration::MINUTE);
    }

    pub fn send_code(&mut self, person: &Applicant, contact: &Contact) -> Result<(), Refusal> {
        let random = &mut self.random;
        let mut entropy = |bytes: &mut [u8]| -> Result<(), EntropyFault> {
            random.fill(bytes);
            Ok(())
        };
        let language = Language::English;
        let effects =
            self.desk
                .send_one_time_code(person, contact, language, &mut entropy, self.now)?;
        self.execute(effects);
        Ok(())
    }

    /// What is on somebody's phone.
    pub fn phone(&self, person: &Applicant) -> Vec<String> {
        let letters = self
            .outbox
            .mailbox(Role::Tester, &phone_of(person), self.now);
        let words = |letter: Letter| letter.words.to_string();
        letters.unwrap().into_iter().map(words).collect()
    }

    pub fn audit(&self) -> &AuditLog {
        self.desk.audit(Role::Tester).unwrap()
    }

    /// The states of card, certificate and credential.
    pub fn states(&self, number: u32) -> String {
        let view = self
            .desk
            .view(Role::Tester, card(number), self.now)
            .unwrap();
        format!("{}, {}, {}", view.state, view.certificate, view.credential)
    }
}

/// Maria 0, Sofia the minor 1, Paolo her father 2, Luca 3, Rosa the ward 4, Olga the operator 5.
pub fn everybody() -> Vec<Applicant> {
    static EVERYBODY: LazyLock<Vec<Applicant>> = LazyLock::new(|| {
        vec![
            maria(),
            sofia(),
            paolo(),
            luca(),
            rosa(),
            operator_as_citizen(),
        ]
    });
    EVERYBODY.clone()
}

pub fn maria() -> Applicant {
    person("Rossi", "Maria", date!(1985 - 03 - 15), Sex::Female)
}

pub fn sofia() -> Applicant {
    Applicant {
        parents: vec![paolo().codice_fiscale],
        ..person("Conti", "Sofia", date!(2015 - 05 - 04), Sex::Female)
    }
}

pub fn paolo() -> Applicant {
    person("Conti", "Paolo", date!(1980 - 01 - 20), Sex::Male)
}

pub fn luca() -> Applicant {
    person("Marino", "Luca", date!(1990 - 07 - 07), Sex::Male)
}

pub fn rosa() -> Applicant {
    Applicant {
        guardians: vec![luca().codice_fiscale],
        ..person("Galli", "Rosa", date!(1940 - 02 - 29), Sex::Female)
    }
}

pub fn operator_as_citizen() -> Applicant {
    person("Sportelli", "Olga", date!(1975 - 10 - 10), Sex::Female)
}

pub fn olga() -> Operator {
    Operator {
        codice_fiscale: operator_as_citizen().codice_fiscale,
        sign_in: SignIn::Card,
    }
}

pub fn otto() -> Operator {
    Operator {
        codice_fiscale: person("Banchi", "Otto", date!(1982 - 12 - 01), Sex::Male).codice_fiscale,
        sign_in: SignIn::Password,
    }
}

fn person(surname: &str, name: &str, birth_date: Date, sex: Sex) -> Applicant {
    let place = "M901".parse().unwrap();
    Applicant {
        name: format!("{name} {surname}"),
        codice_fiscale: CodiceFiscale::compute(surname, name, birth_date, sex, &place),
        birth_date,
        parents: Vec::new(),
        guardians: Vec::new(),
    }
}

pub fn card(number: u32) -> CardNumber {
    CardNumber::compose(RegionCode::LOMBARDIA, number + 1).unwrap()
}

pub fn office() -> &'static Office {
    Office::of_id("social-services").unwrap()
}

pub fn document_of(person: &Applicant, expires: Date) -> Document {
    Document {
        kind: DocumentKind::IdentityCard,
        number: "CA00000AA".to_owned(),
        issuer: "Comune di Collaudo".to_owned(),
        holder: person.codice_fiscale,
        expires,
    }
}

/// Everybody has a phone; its number ends with the place in the list.
pub fn phone_of(person: &Applicant) -> Contact {
    let place = everybody().iter().position(|other| other == person);
    Contact::mobile(&format!("320000000{}", place.unwrap_or(9))).unwrap()
}

/// For the own card, which lies on the counter.
pub fn own_card(number: u32) -> Form {
    let people = everybody();
    let holder = people.get(usize::try_from(number).unwrap()).unwrap();
    Form {
        card: card(number),
        kind: FormKind::AtDesk,
        papers: Papers {
            card: Some(card(number)),
            ..Papers::default()
        },
        contact: phone_of(holder),
        language: Language::English,
    }
}

/// Paolo for Sofia, whose father he is.
pub fn for_sofia() -> Form {
    let form = own_card(1);
    Form {
        kind: FormKind::Minor,
        papers: Papers {
            form: Some(SignedForm {
                signed_by: paolo().codice_fiscale,
                delegate: None,
            }),
            ..form.papers
        },
        contact: phone_of(&paolo()),
        ..form
    }
}

/// Luca for Rosa, by order of a court.
pub fn for_rosa() -> Form {
    let form = own_card(4);
    Form {
        kind: FormKind::Ward,
        papers: Papers {
            form: Some(SignedForm {
                signed_by: luca().codice_fiscale,
                delegate: None,
            }),
            court_paper: Some(CourtPaper {
                number: "RG 1/2026".to_owned(),
                guardian: luca().codice_fiscale,
                ward: rosa().codice_fiscale,
            }),
            ..form.papers
        },
        contact: phone_of(&luca()),
        ..form
    }
}

/// Luca for Maria, whose brother he is for today, and who is ill.
pub fn by_delegation() -> Form {
    let form = own_card(0);
    Form {
        kind: FormKind::Delegate(Kinship::Relative { degree: 2 }),
        papers: Papers {
            form: Some(SignedForm {
                signed_by: maria().codice_fiscale,
                delegate: Some(luca().codice_fiscale),
            }),
            holder_document: Some(document_of(&maria(), date!(2030 - 06 - 30))),
            impediment: Some(Impediment {
                from: date!(2026 - 11 - 01),
                until: date!(2026 - 12 - 31),
            }),
            ..form.papers
        },
        ..form
    }
}
