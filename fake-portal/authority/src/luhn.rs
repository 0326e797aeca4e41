//! The Luhn check digit (ISO/IEC 7812-1, annex B) of card and TEAM numbers.

/// The digit that makes `digits` followed by it a Luhn number. Each element is 0..=9.
pub(crate) fn check_digit(digits: &[u8]) -> u8 {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(distance, &digit)| {
            // The digit next to the check digit is doubled, then every second one leftwards.
            let weighted = u32::from(digit) * if distance % 2 == 0 { 2 } else { 1 };
            weighted / 10 + weighted % 10
        })
        .sum();
    ((10 - sum % 10) % 10) as u8
}

/// The value of each decimal digit, or the place (from 0) and the character that is not one.
pub(crate) fn digits<const N: usize>(text: &str) -> Result<[u8; N], NotDigits> {
    let length = text.chars().count();
    if length != N {
        return Err(NotDigits::Length(length));
    }
    let mut values = [0; N];
    for (position, (value, character)) in values.iter_mut().zip(text.chars()).enumerate() {
        *value = character.to_digit(10).ok_or(NotDigits::Character {
            position,
            character,
        })? as u8;
    }
    Ok(values)
}

/// Why a text is not a number of the expected length.
pub(crate) enum NotDigits {
    Length(usize),
    Character { position: usize, character: char },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digit_of_known_numbers() {
        assert_eq!(check_digit(&[7, 9, 9, 2, 7, 3, 9, 8, 7, 1]), 3);
        assert_eq!(
            check_digit(&[6, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]),
            9
        );
    }
}
