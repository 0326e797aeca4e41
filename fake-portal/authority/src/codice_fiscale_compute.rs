//! How a codice fiscale is made from personal data, and how omocodia rewrites it.

use time::Date;

use crate::belfiore_code::BelfioreCode;
use crate::codice_fiscale::Sex;

type Code = [u8; 16];

/// The letters of January to December.
pub(crate) const MONTH_LETTERS: &[u8; 12] = b"ABCDEHLMPRST";

/// What each digit 0 to 9 becomes under omocodia.
const OMOCODIA_LETTERS: &[u8; 10] = b"LMNPQRSTUV";

/// Places (from 0) of the digits, in the order in which omocodia replaces them.
const OMOCODIA_PLACES: [usize; 7] = [14, 13, 12, 10, 9, 7, 6];

pub(crate) fn codice_fiscale(
    surname: &str,
    name: &str,
    birth_date: Date,
    sex: Sex,
    birth_place: &BelfioreCode,
) -> Code {
    let year = birth_date.year().rem_euclid(100) as u8;
    let month = MONTH_LETTERS
        .get(usize::from(u8::from(birth_date.month())) - 1)
        .copied()
        .unwrap_or(b'A');
    let day = birth_date.day()
        + match sex {
            Sex::Female => 40,
            Sex::Male => 0,
        };

    let [s1, s2, s3] = surname_code(surname);
    let [n1, n2, n3] = name_code(name);
    let [y1, y2] = decimal(year);
    let [d1, d2] = decimal(day);
    let [b1, b2, b3, b4] = birth_place.to_ascii();
    with_check_character([
        s1, s2, s3, n1, n2, n3, y1, y2, month, d1, d2, b1, b2, b3, b4, 0,
    ])
}

/// Writes the `level` rightmost digits of `code` as letters and the others as digits.
pub(crate) fn omocodia(code: Code, level: u8) -> Code {
    let mut rewritten = without_omocodia(code);
    for place in OMOCODIA_PLACES.into_iter().take(usize::from(level)) {
        if let Some(byte) = rewritten.get_mut(place) {
            let digit = usize::from(byte.wrapping_sub(b'0'));
            *byte = OMOCODIA_LETTERS.get(digit).copied().unwrap_or(*byte);
        }
    }
    with_check_character(rewritten)
}

/// The code as it was before any omocodia; a code without omocodia comes back unchanged.
pub(crate) fn without_omocodia(code: Code) -> Code {
    let mut plain = code;
    for place in OMOCODIA_PLACES {
        if let Some(byte) = plain.get_mut(place)
            && let Some(digit) = OMOCODIA_LETTERS.iter().position(|letter| letter == byte)
        {
            *byte = b'0' + digit as u8;
        }
    }
    with_check_character(plain)
}

/// The check character that the first fifteen characters call for.
pub(crate) fn check_character(code: &Code) -> u8 {
    // Values of 0 to 9, or of A to J, in the odd places counted from 1; K to Z follow.
    const ODD_VALUES: [u32; 26] = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24,
        23,
    ];
    let sum: u32 = code
        .iter()
        .take(15)
        .enumerate()
        .map(|(place, &byte)| {
            let rank = if byte.is_ascii_digit() {
                byte - b'0'
            } else {
                byte.wrapping_sub(b'A')
            };
            if place % 2 == 0 {
                ODD_VALUES.get(usize::from(rank)).copied().unwrap_or(0)
            } else {
                u32::from(rank)
            }
        })
        .sum();
    b'A' + (sum % 26) as u8
}

fn with_check_character(mut code: Code) -> Code {
    let right = check_character(&code);
    let [.., last] = &mut code;
    *last = right;
    code
}

/// Consonants, then vowels, then X, up to three letters.
fn surname_code(surname: &str) -> [u8; 3] {
    let (consonants, vowels) = consonants_and_vowels(surname);
    first_three(consonants.into_iter().chain(vowels))
}

/// As a surname, except that of four or more consonants the second is left out.
fn name_code(name: &str) -> [u8; 3] {
    let (mut consonants, vowels) = consonants_and_vowels(name);
    if consonants.len() > 3 {
        consonants.remove(1);
    }
    first_three(consonants.into_iter().chain(vowels))
}

fn consonants_and_vowels(text: &str) -> (Vec<u8>, Vec<u8>) {
    text.chars()
        .flat_map(folded)
        .partition(|letter| !b"AEIOU".contains(letter))
}

fn first_three(letters: impl Iterator<Item = u8>) -> [u8; 3] {
    let mut code = *b"XXX";
    for (place, letter) in code.iter_mut().zip(letters) {
        *place = letter;
    }
    code
}

/// The capital letters A to Z that a character counts as; none for what is not a Latin letter.
fn folded(character: char) -> impl Iterator<Item = u8> {
    // A few letters have two capitals ("ß" gives "SS"), and each of those is folded.
    character
        .to_uppercase()
        .flat_map(|capital| folded_capital(capital).iter().copied())
}

fn folded_capital(capital: char) -> &'static [u8] {
    const LETTERS: &[u8; 26] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    match capital {
        'A'..='Z' => {
            let rank = capital as usize - 'A' as usize;
            LETTERS.get(rank..=rank).unwrap_or_default()
        }
        'À' | 'Á' | 'Â' | 'Ã' | 'Ä' | 'Å' | 'Ā' | 'Ă' | 'Ą' => b"A",
        'Æ' => b"AE",
        'Ç' | 'Ć' | 'Ĉ' | 'Ċ' | 'Č' => b"C",
        'Ď' | 'Đ' | 'Ð' => b"D",
        'È' | 'É' | 'Ê' | 'Ë' | 'Ē' | 'Ĕ' | 'Ė' | 'Ę' | 'Ě' => b"E",
        'Ĝ' | 'Ğ' | 'Ġ' | 'Ģ' => b"G",
        'Ĥ' | 'Ħ' => b"H",
        'Ì' | 'Í' | 'Î' | 'Ï' | 'Ĩ' | 'Ī' | 'Į' | 'İ' => b"I",
        'Ĵ' => b"J",
        'Ķ' => b"K",
        'Ĺ' | 'Ļ' | 'Ľ' | 'Ł' => b"L",
        'Ñ' | 'Ń' | 'Ņ' | 'Ň' => b"N",
        'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ö' | 'Ø' | 'Ō' | 'Ŏ' | 'Ő' => b"O",
        'Œ' => b"OE",
        'Ŕ' | 'Ŗ' | 'Ř' => b"R",
        'Ś' | 'Ŝ' | 'Ş' | 'Š' | 'Ș' => b"S",
        'ẞ' => b"SS",
        'Ţ' | 'Ť' | 'Ț' => b"T",
        'Þ' => b"TH",
        'Ù' | 'Ú' | 'Û' | 'Ü' | 'Ũ' | 'Ū' | 'Ŭ' | 'Ů' | 'Ű' | 'Ų' => b"U",
        'Ŵ' => b"W",
        'Ý' | 'Ÿ' | 'Ŷ' => b"Y",
        'Ź' | 'Ż' | 'Ž' => b"Z",
        _ => b"",
    }
}

fn decimal(value: u8) -> [u8; 2] {
    [b'0' + value / 10, b'0' + value % 10]
}
