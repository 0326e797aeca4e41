//! A poll that waits until something has arrived, so that a test need not ask again and again.

use std::time::Duration;

use cns_services::outbox::{MessageFilter, MessageId, Wait};
use cns_services::{Refusal, Role};
use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::time::{Instant, sleep};

use super::super::answer::Answer;
use super::super::typed;
use super::super::visit::{Dialogue, Visit};
use super::{Post, letter_data};
use crate::town::{Town, TownHall};

/// Longest wait, whatever was asked for.
const SECONDS_MAX: u32 = 60;
/// How often the post is looked at: the town's clock may be set by whoever waits.
const POLL: Duration = Duration::from_millis(50);

/// The first message of this kind, when it has arrived; or nothing, when the time is over.
pub(in crate::site) async fn wait(visit: &Visit<'_>, hall: &TownHall) -> Answer {
    if visit.posted.is_some() || visit.form == Dialogue::Pages {
        return Answer::Absent;
    }
    let (filter, seconds) = match asked(visit) {
        Ok(asked) => asked,
        Err(refusal) => {
            let page = Post { visit, hall }.whole_page();
            return Answer::Refused { page, refusal };
        }
    };
    let deadline = Instant::now() + Duration::from_secs(seconds.min(SECONDS_MAX).into());
    loop {
        let seen = hall.with(|town, now| match town.outbox.wait_for(&filter, now) {
            Wait::Arrived(id) => Some(arrived(town, &filter, id, now)),
            Wait::Until(_) | Wait::NothingSent => None,
        });
        if seen.is_some() || deadline <= Instant::now() {
            let data = seen.unwrap_or_else(|| json!({"arrived": false}));
            return Answer::Shown {
                page: Post { visit, hall }.whole_page(),
                data,
            };
        }
        sleep(POLL).await;
    }
}

fn asked(visit: &Visit<'_>) -> Result<(MessageFilter, u32), Refusal> {
    let query = &visit.query;
    let filter = MessageFilter {
        to: typed::optional(query, "contact", typed::contact)?,
        channel: typed::optional(query, "channel", |query, field| {
            typed::choice(query, field, &super::faults::CHANNELS)
        })?,
        card: typed::optional(query, "card", typed::card_number)?,
        since: typed::optional(query, "since", typed::instant)?,
    };
    let seconds = typed::optional(query, "seconds", typed::number)?;
    Ok((filter, seconds.unwrap_or(10)))
}

/// The message, and what it says if it was asked for by the phone or mailbox that it is in.
fn arrived(town: &Town, filter: &MessageFilter, id: MessageId, now: OffsetDateTime) -> Value {
    let messages = town.outbox.list(filter, now);
    let message = messages.into_iter().find(|message| message.id == id.0);
    let letters = filter
        .to
        .as_ref()
        .and_then(|contact| town.outbox.mailbox(Role::Tester, contact, now).ok());
    let letter = letters
        .into_iter()
        .flatten()
        .rfind(|letter| letter.id == id);
    json!({
        "arrived": true,
        "message": message,
        "letter": letter.as_ref().map(letter_data),
    })
}
