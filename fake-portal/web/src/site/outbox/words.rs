//! What the pages of the post call what programs have names for.

use cns_language::{Text, text};

/// Ways to send something that holders choose from.
pub(in crate::site) const CHANNELS: [(&str, Text); 4] = [
    ("sms", text("SMS", "SMS", "SMS")),
    ("email", text("E-mail", "E-mail", "E-Mail")),
    ("pec", text("PEC", "PEC", "PEC")),
    (
        "blind-envelope",
        text("Busta cieca", "Blind envelope", "Blindumschlag"),
    ),
];

/// The way of what is handed over at the counter.
pub(super) const PAPER_SLIP: (&str, Text) = (
    "paper-slip",
    text("Foglio cartaceo", "Paper slip", "Papierzettel"),
);

const PURPOSES_AND_STATES: [(&str, Text); 6] = [
    (
        "second-part",
        text("seconda parte", "second part", "zweiter Teil"),
    ),
    (
        "one-time-code",
        text("codice usa e getta", "one-time code", "Einmalcode"),
    ),
    ("notice", text("avviso", "notice", "Mitteilung")),
    ("queued", text("in viaggio", "on its way", "unterwegs")),
    ("delivered", text("arrivato", "delivered", "zugestellt")),
    ("bounced", text("tornato", "came back", "zurückgekommen")),
];

/// A channel, a purpose or a state of a message, in words.
pub(super) fn words(name: &str) -> Option<Text> {
    let mut known = CHANNELS
        .iter()
        .chain([&PAPER_SLIP])
        .chain(&PURPOSES_AND_STATES);
    known.find(|(known, _)| *known == name).map(|(_, it)| *it)
}

#[cfg(test)]
mod tests {
    use cns_services::outbox::{MessageState, Purpose};

    use super::super::faults;
    use super::words;

    #[test]
    fn everything_that_is_shown_has_words() {
        let channels = faults::CHANNELS.map(|(name, _)| name);
        let purposes = [Purpose::SecondPart, Purpose::OneTimeCode, Purpose::Notice];
        let states = [
            MessageState::Queued,
            MessageState::Delivered,
            MessageState::Bounced,
        ];
        let names = channels
            .into_iter()
            .chain(purposes.map(Purpose::name))
            .chain(states.map(MessageState::name));
        for name in names {
            assert!(words(name).is_some(), "{name}");
        }
    }
}
