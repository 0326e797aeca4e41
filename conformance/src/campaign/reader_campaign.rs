//! Campaigns on cards in readers of PC/SC.

use super::{Campaign, On, OpenError, Options, card_campaign, own_card, own_subjects};
use crate::own_reader::OwnReader;
use crate::private_reader::{Place, Way};
use crate::reader_stage::TestReader;
use crate::subject::Subject;
use crate::suites;
use crate::target::{InReader, Target, TargetName};

/// The suite's own cards, one after the other in the reader of this process's own PC/SC.
pub(super) fn own(way: Way, options: &Options) -> Result<Vec<Box<dyn Campaign>>, OpenError> {
    let door = Place::of_this_process().map(|place| place.door);
    let door = door.filter(|door| door.way() == way);
    let door = door.ok_or(OpenError::NotAtAPlace(TargetName::Own(way)))?;
    let mut campaigns: Vec<Box<dyn Campaign>> = Vec::new();
    let subjects = own_subjects(options)?;
    let Some(first) = subjects.first() else {
        return Ok(campaigns);
    };
    let reader = OwnReader::insert(own_card(first, options), &door)?;
    let mut target = InReader::own(reader.clone())?;
    let name = target.reader()?;
    target.rest();
    // One card is enough to judge the reader by.
    let stage = TestReader::own(&name, reader, first.clone())?;
    let judges_reader = reader_campaign(stage, &target);
    for subject in subjects {
        campaigns.push(Box::new(card_campaign(target.clone(), subject, options)));
    }
    campaigns.push(Box::new(judges_reader));
    Ok(campaigns)
}

/// Whatever card is in the first reader whose name contains `reader`.
pub(super) fn foreign(
    reader: Option<&str>,
    options: &Options,
) -> Result<Vec<Box<dyn Campaign>>, OpenError> {
    let mut target = InReader::foreign(reader)?;
    let told = options.profiles.first().cloned();
    let (pin, puk) = (options.pin.clone(), options.puk.clone());
    let subject = Subject::foreign(told, &target.atr()?, pin, puk);
    let name = target.reader()?;
    target.rest();
    let stage = TestReader::foreign(&name, subject.clone(), options.permission)?;
    let judges_reader = reader_campaign(stage, &target);
    Ok(vec![
        Box::new(card_campaign(target, subject, options)),
        Box::new(judges_reader),
    ])
}

fn reader_campaign(stage: TestReader, target: &InReader) -> On<TestReader> {
    On {
        target: target.name(),
        profile: Some(stage.subject().profile.id.clone()),
        stage,
        cases: suites::reader_cases(),
    }
}
