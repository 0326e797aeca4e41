//! Records as the model sees them.

use crate::files::{
    APPEND, Content, NO_FILE, NO_ROOM, Order, READ, UPDATE, WRONG_P1_P2, WRONG_STRUCTURE,
};
use crate::model::{Answer, Model, WRONG_LENGTH, refused};

const NO_RECORD: u16 = 0x6A83;

impl Model {
    pub fn read_record(&mut self, p1: u8, p2: u8) -> Answer {
        let Content::Records { records, .. } = self.current(READ)? else {
            return refused(WRONG_STRUCTURE);
        };
        let number = self.record_number(records, p1, p2)?;
        let record = number.checked_sub(1).and_then(|index| records.get(index));
        let record = record.ok_or(NO_RECORD)?.clone();
        self.session.record = Some(number);
        Ok((record, 0x9000))
    }

    pub fn update_record(&mut self, p1: u8, p2: u8, data: &[u8]) -> Answer {
        let mut content = self.current(UPDATE)?.clone();
        let Content::Records {
            length,
            size,
            records,
            ..
        } = &mut content
        else {
            return refused(WRONG_STRUCTURE);
        };
        let number = self.record_number(records, p1, p2)?;
        if length.is_some_and(|length| usize::from(length) != data.len()) {
            return refused(WRONG_LENGTH);
        }
        if number == 0 || number > records.len() {
            return refused(NO_RECORD);
        }
        records[number - 1] = data.to_vec();
        if records.concat().len() > usize::from(*size) {
            return refused(NO_ROOM);
        }
        self.replace(content);
        self.session.record = Some(number);
        Ok((vec![], 0x9000))
    }

    pub fn append_record(&mut self, data: &[u8]) -> Answer {
        let mut content = self.current(APPEND)?.clone();
        let Content::Records {
            order,
            length,
            size,
            records,
        } = &mut content
        else {
            return refused(WRONG_STRUCTURE);
        };
        if length.is_some_and(|length| usize::from(length) != data.len()) {
            return refused(WRONG_LENGTH);
        }
        let size = usize::from(*size);
        let number = match order {
            Order::NewestFirst => {
                records.insert(0, data.to_vec());
                while records.concat().len() > size {
                    records.pop();
                }
                1
            }
            Order::OldestFirst => {
                records.push(data.to_vec());
                records.len()
            }
        };
        if records.is_empty() || records.concat().len() > size {
            return refused(NO_ROOM);
        }
        self.replace(content);
        self.session.record = Some(number);
        Ok((vec![], 0x9000))
    }

    /// Which record P1 and P2 mean, counted from 1.
    fn record_number(&self, records: &[Vec<u8>], p1: u8, p2: u8) -> Result<usize, u16> {
        let current = self.session.record;
        let candidates: Vec<usize> = (1..=records.len())
            .filter(|number| p1 == 0 || records[number - 1].first() == Some(&p1))
            .collect();
        let first = candidates.first().copied();
        let last = candidates.last().copied();
        let number = match (p2, current) {
            (0x04, _) if p1 != 0 => Some(usize::from(p1)),
            (0x04, current) => current,
            (0x00, _) | (0x02, None) => first,
            (0x01, _) | (0x03, None) => last,
            (0x02, Some(now)) => candidates.into_iter().find(|number| *number > now),
            (0x03, Some(now)) => candidates.into_iter().rfind(|number| *number < now),
            (0x05..=0x07, _) => return Err(WRONG_P1_P2),
            // A short file identifier, and there are none.
            (0x08.., _) => return Err(NO_FILE),
        };
        number.ok_or(NO_RECORD)
    }
}
