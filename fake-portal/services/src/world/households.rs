//! Who lives in a generated world: household by household, adults before their children.

use cns_authority::{BelfioreCode, CodiceFiscale, Sex};
use fastrand::Rng;
use time::{Date, Duration};

use super::{World, names, places};
use crate::doctors::{DoctorKind, DoctorNumber, Domicile, Enrolment};
use crate::person::{Mandate, Person, Representation, months_later};
use crate::version::Version;

/// Settles households until there are so many citizens.
pub(super) fn settle(world: &mut World, rng: &mut Rng, citizens: u32, today: Date) {
    let mut settlement = Settlement {
        world,
        rng,
        citizens: citizens as usize,
        today,
        codes: places::codes(),
        abroad: "Z999".parse().ok(),
        household: 0,
        last_adult: None,
    };
    while settlement.has_room() {
        settlement.settle_household();
        settlement.household += 1;
    }
}

/// Whoever is not registered yet.
#[derive(Clone)]
struct Draft {
    surname: &'static str,
    given_name: &'static str,
    sex: Sex,
    birth_date: Date,
    birth_place: BelfioreCode,
}

struct Settlement<'a> {
    world: &'a mut World,
    rng: &'a mut Rng,
    citizens: usize,
    today: Date,
    codes: Vec<BelfioreCode>,
    abroad: Option<BelfioreCode>,
    household: u32,
    last_adult: Option<Draft>,
}

impl Settlement<'_> {
    fn has_room(&self) -> bool {
        self.world.people.len() < self.citizens
    }

    fn settle_household(&mut self) {
        let Some(residence) = self.rng.choice(&self.codes).copied() else {
            return;
        };
        let abroad = self.one_in(11);
        let parents = if self.one_in(3) { 1 } else { 2 };
        let age = self.rng.i64(20..95);
        let children = if age < 65 { self.rng.usize(0..4) } else { 0 };
        let mut adults = Vec::new();
        for parent in 0..parents {
            let sex = if (parent == 0) == self.one_in(2) {
                Sex::Female
            } else {
                Sex::Male
            };
            let draft = self.adult(sex, age, abroad, residence);
            adults.extend(self.register(draft.clone(), residence).zip(Some(draft)));
        }
        for _ in 0..children {
            self.settle_child(&adults, age, abroad, residence);
        }
        if let [(person, _), ..] = adults.as_slice()
            && 75 < age
        {
            self.name_representative(*person);
        }
        self.last_adult = adults.pop().map(|(_, draft)| draft);
    }

    fn settle_child(
        &mut self,
        parents: &[(CodiceFiscale, Draft)],
        parents_age: i64,
        abroad: bool,
        residence: BelfioreCode,
    ) {
        let Some((_, father)) = parents.last() else {
            return;
        };
        let age = self.rng.i64(0..(parents_age - 18).clamp(1, 25));
        let sex = if self.one_in(2) {
            Sex::Female
        } else {
            Sex::Male
        };
        let draft = Draft {
            surname: father.surname,
            given_name: names::given_name(self.rng, sex, abroad),
            sex,
            birth_date: self.birth_date(age),
            birth_place: residence,
        };
        let Some(child) = self.register(draft, residence) else {
            return;
        };
        for (parent, _) in parents {
            self.world.people.represent(Representation {
                person: child,
                by: *parent,
                mandate: Mandate::Parent,
                until: None,
            });
        }
    }

    /// An adult; one in two hundred has the name and birthday of somebody else.
    fn adult(&mut self, sex: Sex, age: i64, abroad: bool, residence: BelfioreCode) -> Draft {
        if self.one_in(200)
            && let Some(homonym) = self.last_adult.clone()
        {
            return homonym;
        }
        let birth_place = match self.abroad.filter(|_| abroad) {
            Some(abroad) => abroad,
            None => self.rng.choice(&self.codes).copied().unwrap_or(residence),
        };
        Draft {
            surname: names::surname(self.rng, abroad),
            given_name: names::given_name(self.rng, sex, abroad),
            sex,
            birth_date: self.birth_date(age),
            birth_place,
        }
    }

    /// Some of the old have a guardian by court, or have asked somebody to act for them.
    fn name_representative(&mut self, person: CodiceFiscale) {
        let mandate = match self.rng.u8(..20) {
            0 => Mandate::CourtGuardian,
            1..4 => Mandate::Delegate,
            _ => return,
        };
        let adult = self.last_adult.as_ref().map(|draft| {
            let Draft {
                surname,
                given_name,
                sex,
                birth_date,
                birth_place,
            } = draft;
            CodiceFiscale::compute(surname, given_name, *birth_date, *sex, birth_place)
        });
        let registered = adult.filter(|by| *by != person && self.world.people.get(*by).is_some());
        if let Some(by) = registered {
            self.world.people.represent(Representation {
                person,
                by,
                mandate,
                until: None,
            });
        }
    }

    fn birth_date(&mut self, age: i64) -> Date {
        let days = age * 365 + age / 4 + self.rng.i64(0..365);
        self.today.saturating_sub(Duration::days(days))
    }

    /// Registers and enrols somebody, with omocodia if the code is somebody's already. Of people with the
    /// same code the eighth finds no form of it free.
    fn register(&mut self, draft: Draft, residence: BelfioreCode) -> Option<CodiceFiscale> {
        if !self.has_room() {
            return None;
        }
        let plain = CodiceFiscale::compute(
            draft.surname,
            draft.given_name,
            draft.birth_date,
            draft.sex,
            &draft.birth_place,
        );
        let rewritten = (1..=7).filter_map(|level| plain.omocodia(level));
        let codice_fiscale = std::iter::once(plain)
            .chain(rewritten)
            .find(|code| self.world.people.get(*code).is_none())?;
        let moved = self.one_in(50);
        let person = Person {
            codice_fiscale,
            surname: draft.surname.to_owned(),
            given_name: draft.given_name.to_owned(),
            birth_date: draft.birth_date,
            residence,
            household: self.household,
            died: self.day_of_death(draft.birth_date),
        };
        let municipality = if moved {
            self.rng.choice(&self.codes).copied().unwrap_or(residence)
        } else {
            residence
        };
        let domicile = self.domicile();
        enrol(
            self.world,
            self.rng,
            &person,
            municipality,
            domicile,
            self.today,
        );
        self.world.people.put(person);
        Some(codice_fiscale)
    }

    fn day_of_death(&mut self, birth_date: Date) -> Option<Date> {
        let days = Duration::days(self.rng.i64(1..365));
        let died = self.today.saturating_sub(days);
        (self.one_in(150) && birth_date < died).then_some(died)
    }

    fn domicile(&mut self) -> Option<Domicile> {
        let municipality = self.rng.choice(&self.codes).copied()?;
        let until = months_later(self.today, self.rng.i32(1..12));
        self.one_in(100).then_some(Domicile {
            municipality,
            until,
        })
    }

    fn one_in(&mut self, times: u32) -> bool {
        self.rng.u32(..times) == 0
    }
}

/// Enrols somebody with a doctor of their municipality's district who has a place, if there is one.
pub(super) fn enrol(
    world: &mut World,
    rng: &mut Rng,
    person: &Person,
    municipality: BelfioreCode,
    domicile: Option<Domicile>,
    today: Date,
) {
    let age = person.age(today);
    let kind = match age {
        ..6 => DoctorKind::Paediatrician,
        6..14 if rng.bool() => DoctorKind::Paediatrician,
        _ => DoctorKind::GeneralPractitioner,
    };
    let since = today.saturating_sub(Duration::days(rng.i64(0..3_000)));
    let doctor = free_doctor(world, rng, municipality, kind);
    world.doctors.enrol(Enrolment {
        person: person.codice_fiscale,
        municipality,
        domicile,
        doctor,
        since: since.max(person.birth_date),
        version: Version::default(),
    });
}

fn free_doctor(
    world: &World,
    rng: &mut Rng,
    municipality: BelfioreCode,
    kind: DoctorKind,
) -> Option<DoctorNumber> {
    let district = world.doctors.district(municipality)?;
    let free: Vec<DoctorNumber> = world
        .doctors
        .iter()
        .filter(|(_, doctor)| doctor.district == district && doctor.kind == kind)
        .map(|(number, _)| number)
        .filter(|number| 0 < world.doctors.places(*number))
        .collect();
    rng.choice(free)
}
