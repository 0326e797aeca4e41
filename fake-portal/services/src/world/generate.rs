//! A world of people who do not exist, the same for the same seed and day.

use fastrand::Rng;
use time::Date;

use super::World;
use super::{history, households, places};
use crate::doctors::DoctorKind;

impl World {
    /// A world with so many citizens: families, minors with their parents, homonyms with omocodia, people
    /// from abroad, some who have died, moved, or stay elsewhere for a time; each with a history up to
    /// `today`. The same seed, number and day give the same world.
    pub fn generate(seed: u64, citizens: u32, today: Date) -> Self {
        let mut rng = Rng::with_seed(seed);
        let mut world = Self::default();
        places::found(&mut world, &mut rng, citizens);
        households::settle(&mut world, &mut rng, citizens, today);
        close_some_lists(&mut world);
        let people: Vec<_> = world.people.iter().cloned().collect();
        for person in &people {
            // Each person's history hangs on the seed and on them alone.
            let mut rng = Rng::with_seed(rng.u64(..));
            history::live(&mut world, &mut rng, person, today);
        }
        world
    }
}

/// In every district one doctor of each kind takes nobody else, so that there is a full one to try.
fn close_some_lists(world: &mut World) {
    let mut closed = Vec::new();
    for (number, doctor) in world.doctors.iter() {
        let place = (doctor.district, doctor.kind == DoctorKind::Paediatrician);
        let has_patients = 0 < world.doctors.patients(number);
        if has_patients && !closed.iter().any(|(other, _)| *other == place) {
            closed.push((place, number));
        }
    }
    for (_, number) in closed {
        world.doctors.close_list(number);
    }
}
