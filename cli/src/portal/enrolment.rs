//! `--enrolment`: what the portal's operator has written down of the cards that were handed out.

use std::fs;

use anyhow::Context as _;
use cns_fixtures::{citizens, common_name};
use cns_portal::Enrolment;
use time::OffsetDateTime;

/// In place of a file: the synthetic citizens.
const CITIZENS: &str = "citizens";

/// The record in this file, or that of all synthetic citizens, whose cards are made today.
pub(super) fn read(file: &str) -> anyhow::Result<Enrolment> {
    if file == CITIZENS {
        return of_citizens();
    }
    let text = fs::read_to_string(file)
        .with_context(|| format!("{file} cannot be read\nhint: `{CITIZENS}` needs no file"))?;
    text.parse()
        .with_context(|| format!("{file} cannot be used"))
}

fn of_citizens() -> anyhow::Result<Enrolment> {
    let today = OffsetDateTime::now_utc().date();
    let mut enrolment = Enrolment::default();
    for citizen in citizens() {
        let name = common_name(&citizen, today)?;
        enrolment.enter(name.card_number, name.personal_data_hash);
    }
    Ok(enrolment)
}
