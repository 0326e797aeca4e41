//! Agendas and bookings as JSON: who has which time is found out anew when it is read.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Agenda, AgendaNumber, Booking, Bookings};

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Calendar<A, B> {
    agendas: A,
    bookings: B,
}

impl Serialize for Bookings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Calendar {
            agendas: &self.agendas,
            bookings: &self.ledger,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Bookings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let error = serde::de::Error::custom;
        let calendar: Calendar<Vec<Agenda>, Vec<Booking>> = Calendar::deserialize(deserializer)?;
        if usize::from(u16::MAX) < calendar.agendas.len() {
            return Err(error("there are more than 65535 agendas".to_owned()));
        }
        let mut bookings = Self {
            agendas: calendar.agendas,
            ..Self::default()
        };
        for booking in calendar.bookings {
            let (AgendaNumber(agenda), starts) = (booking.agenda, booking.starts);
            bookings.add(booking).ok_or_else(|| {
                error(format!(
                    "two bookings have the time {starts} of agenda {agenda}, or one prescription"
                ))
            })?;
        }
        Ok(bookings)
    }
}
