//! Cards that were personalised wrongly: the holder, the numbers, the certificate.

use cns_card::{CardImage, Content};
use cns_fixtures::{DEFAULT_PROFILE, collaudo_authority};
use time::macros::date;

use super::image::{bytes, refill};
use super::{Mutant, Seam};

const PERSONAL_DATA: &[u16] = &[0x1100, 0x1102];
const CERTIFICATE: &[u16] = &[0x1100, 0x1101];
const CARD_NUMBER: &[u16] = &[0x1000, 0x1003];
const GDO: &[u16] = &[0x2F02];
const KEY_PUB: &[u16] = &[0x3F01];

#[rustfmt::skip]
pub(super) const MUTANTS: &[Mutant] = &[
    // EF.Dati_Personali
    mutant("data.length-without-itself", "The length in front does not count itself.", &[
        Seam::Made(|image| file(image, PERSONAL_DATA, |file| {
            let text = file.get(..6).map(String::from_utf8_lossy);
            let length = text.and_then(|text| usize::from_str_radix(&text, 16).ok()).unwrap_or(0);
            overwrite(file, 0, format!("{:06X}", length - 6).as_bytes());
        })),
    ]),
    mutant("data.no-slack", "The file ends with its last field.", &[
        Seam::Made(|image| file(image, PERSONAL_DATA, |file| {
            let end = file.iter().rposition(|byte| *byte != 0x00).unwrap_or(0);
            file.truncate(end + 1);
        })),
    ]),
    mutant("data.padded-with-ff", "FF follows the last field.", &[
        Seam::Made(|image| file(image, PERSONAL_DATA, |file| {
            let end = file.iter().rposition(|byte| *byte != 0x00).unwrap_or(0);
            file.iter_mut().skip(end + 1).for_each(|byte| *byte = 0xFF);
        })),
    ]),
    mutant("data.fifteen-fields", "The annotation is left out.", &[
        Seam::Made(|image| fields(image, |fields| drop(fields.pop()))),
    ]),
    mutant("data.no-name", "The given name is empty.", &[Seam::Made(|image| fields(image, |fields| set(fields, 4, "")))]),
    mutant("data.small-letters", "Names are as on paper.", &[Seam::Made(|image| fields(image, |fields| set(fields, 3, "Bianchi")))]),
    mutant("data.issuer-in-letters", "The issuer is a name.", &[Seam::Made(|image| fields(image, |fields| set(fields, 0, "COLL")))]),
    mutant("data.other-issuer", "The issuer is another region than the card number's.", &[
        Seam::Made(|image| fields(image, |fields| set(fields, 0, "6200"))),
    ]),
    mutant("data.american-dates", "Dates begin with the month.", &[Seam::Made(|image| fields(image, |fields| {
        for date in [1, 2, 5] { set(fields, date, "12311999"); }
    }))]),
    mutant("data.expires-before-issue", "The dates of issue and expiry are in each other's place.", &[
        Seam::Made(|image| fields(image, |fields| fields.swap(1, 2))),
    ]),
    mutant("data.sex-in-italian", "The sex of a woman is D for donna.", &[Seam::Made(|image| fields(image, |fields| set(fields, 6, "D")))]),
    mutant("data.other-sex", "The sex is the other one.", &[Seam::Made(|image| fields(image, |fields| set(fields, 6, "F")))]),
    mutant("data.birth-place-in-words", "The place of birth is written out.", &[Seam::Made(|image| fields(image, |fields| set(fields, 10, "MILANO")))]),
    mutant("data.birth-place-elsewhere", "The place of birth is the place of residence.", &[
        Seam::Made(|image| fields(image, |fields| set(fields, 10, "M901"))),
    ]),
    mutant("data.residence-in-words", "The place of residence is written out.", &[Seam::Made(|image| fields(image, |fields| set(fields, 13, "MILANO")))]),
    mutant("data.height", "The height is there.", &[Seam::Made(|image| fields(image, |fields| set(fields, 7, "175")))]),
    mutant("data.wrong-check-character", "The check character of the codice fiscale is wrong.", &[
        Seam::Made(|image| fields(image, |fields| edit(fields, 8, |code| {
            if let Some(last) = code.last_mut() { *last = if *last == b'A' { b'B' } else { b'A' }; }
        }))),
    ]),
    mutant("data.surname-after-name", "Surname and given name are in each other's place.", &[
        Seam::Made(|image| fields(image, |fields| fields.swap(3, 4))),
    ]),
    mutant("data.other-birthday", "The date of birth is a day off.", &[Seam::Made(|image| fields(image, |fields| set(fields, 5, "03111990")))]),

    // Numbers
    mutant("data.card-number-in-bcd", "EF.ID_Carta has two digits in a byte.", &[
        Seam::Made(|image| file(image, CARD_NUMBER, |file| {
            let (pairs, _) = file.as_chunks::<2>();
            let packed: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low & 0x0F).collect();
            overwrite(file, 0, &packed);
        })),
    ]),
    mutant("data.card-number-type-4", "The card number begins with a type that there is not.", &[
        Seam::Made(|image| file(image, CARD_NUMBER, |file| overwrite(file, 0, b"4"))),
    ]),
    mutant("data.card-number-check-digit", "The last digit of the card number is not its check digit.", &[
        Seam::Made(|image| file(image, CARD_NUMBER, |file| {
            if let Some(last) = file.get_mut(15) { *last = b'0' + (*last - b'0' + 1) % 10; }
        })),
    ]),
    mutant("data.card-number-region", "The card number has a region that there is not.", &[
        Seam::Made(|image| file(image, CARD_NUMBER, |file| overwrite(file, 1, b"999"))),
    ]),
    mutant_of("ace-2025", "data.card-number-bcd-shifted", "The digits in BCD come a byte too early.", &[
        Seam::Made(|image| file(image, &[0xD003], |file| file.rotate_left(1))),
    ]),
    mutant("data.gdo-bare", "EF.GDO has the digits without tag and length.", &[
        Seam::Made(|image| file(image, GDO, |file| file.rotate_left(2))),
    ]),
    mutant("data.gdo-hexadecimal", "EF.GDO is padded with F.", &[
        Seam::Made(|image| file(image, GDO, |file| overwrite(file, 11, &[0xFF]))),
    ]),
    mutant("data.gdo-check-digit", "The check digit of EF.GDO is wrong.", &[
        Seam::Made(|image| file(image, GDO, |file| {
            if let Some(last) = file.get_mut(11) { *last = *last & 0xF0 | (((*last & 0x0F) + 1) % 10); }
        })),
    ]),
    mutant("data.gdo-issuer", "EF.GDO begins with another country.", &[
        Seam::Made(|image| file(image, GDO, |file| overwrite(file, 3, &[0x27]))),
    ]),
    mutant("data.gdo-of-another-card", "EF.GDO has the digits of another card.", &[
        Seam::Made(|image| file(image, GDO, |file| overwrite(file, 9, &[0x99]))),
    ]),
    mutant("data.ef-atr-without-length", "EF.ATR is the answer to reset without its length.", &[
        Seam::Made(|image| file(image, &[0x2F01], |file| file.rotate_left(1))),
    ]),
    mutant("data.memoria-residua-4", "EF.Memoria_Residua has four bytes.", &[
        Seam::Made(|image| file(image, &[0x1200, 0x1202], |file| file.resize(4, 0x00))),
    ]),
    mutant("data.key-pub-reversed", "The modulus in EF.KeyPub comes least significant byte first.", &[
        Seam::Made(|image| record(image, 0, |record| if let Some(value) = record.get_mut(7..) { value.reverse(); })),
    ]),
    mutant("data.key-pub-exponent-3", "The exponent in EF.KeyPub is 3.", &[
        Seam::Made(|image| record(image, 1, |record| if let Some(last) = record.last_mut() { *last = 0x03; })),
    ]),
    mutant("data.key-pub-tags", "The records of EF.KeyPub are tagged 01 and 02.", &[
        Seam::Made(|image| record(image, 0, |record| overwrite(record, 0, &[0x01]))),
        Seam::Made(|image| record(image, 1, |record| overwrite(record, 0, &[0x02]))),
    ]),

    // The certificate
    mutant("data.certificate-behind-a-length", "Two bytes of length come before the certificate.", &[
        Seam::Made(|image| file(image, CERTIFICATE, |file| {
            file.rotate_right(2);
            overwrite(file, 0, &[0x07, 0x00]);
        })),
    ]),
    mutant("data.certificate-rest", "What an older certificate has left is behind this one.", &[
        Seam::Made(|image| file(image, CERTIFICATE, |file| {
            let end = file.len() - 3;
            overwrite(file, end, &[0x30, 0x82, 0x03]);
        })),
    ]),
    forged("data.certificate-version-2", "The certificate says version 2 and has extensions.",
        &[Seam::Made(|i| forge(i, &[0xA0, 0x03, 0x02, 0x01, 0x02], &[0xA0, 0x03, 0x02, 0x01, 0x01]))]),
    mutant("data.certificate-negative-serial", "The serial number has its highest bit set.", &[
        Seam::Made(|image| file(image, CERTIFICATE, |file| {
            let version = find(file, &[0xA0, 0x03, 0x02, 0x01, 0x02]).unwrap_or(0);
            if let Some(first) = file.get_mut(version + 7) { *first |= 0x80; }
        })),
    ]),
    forged("data.certificate-weak-hash", "The certifier signs with SHA-224.",
        &[Seam::Made(|i| forge(i, &[0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02], &[0x48, 0xCE, 0x3D, 0x04, 0x03, 0x01]))]),
    mutant("data.certificate-of-certifier", "The certifier's own certificate is on the card.", &[
        Seam::Made(|image| {
            let authority = collaudo_authority(date!(2026-01-01)).ok();
            let der = authority.map(|a| a.certificate_der().to_vec()).unwrap_or_default();
            file(image, CERTIFICATE, |file| overwrite(file, 0, &der));
        }),
    ]),
    forged("data.certificate-even-exponent", "The public exponent is 65536.",
        &[Seam::Made(|i| forge(i, &[0x02, 0x03, 0x01, 0x00, 0x01], &[0x02, 0x03, 0x01, 0x00, 0x00]))]),
    forged("data.certificate-no-slash", "The common name has a dash for its slash.",
        &[Seam::Made(|i| forge(i, b"/6", b"-6"))]),
    mutant("data.certificate-of-another-person", "The codice fiscale of the card is another than in \
        the certificate.", &[Seam::Made(|image| fields(image, |fields| set(fields, 8, "RSSMRA85C55F205Y")))]),
    mutant("data.certificate-of-another-card", "The card number is another than in the certificate.", &[
        Seam::Made(|image| file(image, CARD_NUMBER, |file| overwrite(file, 0, b"6030000000001009"))),
    ]),
    mutant("data.hash-of-other-data", "The holder has moved, and the certificate has the old hash.", &[
        Seam::Made(|image| fields(image, |fields| set(fields, 13, "M902"))),
    ]),
    forged("data.certificate-country", "The country is San Marino.",
        &[Seam::Made(|i| forge(i, &[0x06, 0x13, 0x02, b'I', b'T'], &[0x06, 0x13, 0x02, b'S', b'M']))]),
    forged("data.certificate-no-unit", "No organizational unit is named.",
        &[Seam::Made(|i| forge(i, &[0x55, 0x04, 0x0B], &[0x55, 0x04, 0x0D]))]),
    mutant("data.certificate-ends-before", "The certificate ends before it begins.", &[
        Seam::Made(|image| file(image, CERTIFICATE, |file| {
            let start = find(file, &[0x30, 0x1E, 0x17, 0x0D]).unwrap_or(0) + 2;
            if let Some(validity) = file.get_mut(start..start + 30) { validity.rotate_left(15); }
        })),
    ]),
    mutant("data.card-outlives-certificate", "The card expires years after its certificate.", &[
        Seam::Made(|image| fields(image, |fields| set(fields, 2, "31122099"))),
    ]),

    // Its extensions
    forged("data.certificate-other-usage", "The key is for key agreement alone.",
        &[Seam::Made(|i| forge(i, &[0x04, 0x04, 0x03, 0x02, 0x07, 0x80], &[0x04, 0x04, 0x03, 0x02, 0x03, 0x08]))]),
    forged("data.certificate-usage-not-critical", "Key usage is not critical.",
        &[Seam::Made(|i| forge(i, &[0x55, 0x1D, 0x0F, 0x01, 0x01, 0xFF], &[0x55, 0x1D, 0x0F, 0x01, 0x01, 0x00]))]),
    forged("data.certificate-non-repudiation", "The authentication key may sign contracts too.",
        &[Seam::Made(|i| forge(i, &[0x04, 0x04, 0x03, 0x02, 0x07, 0x80], &[0x04, 0x04, 0x03, 0x02, 0x06, 0xC0]))]),
    forged("data.certificate-email", "The key is for e-mail instead of client authentication.",
        &[Seam::Made(|i| forge(i, &[0x05, 0x05, 0x07, 0x03, 0x02], &[0x05, 0x05, 0x07, 0x03, 0x04]))]),
    forged("data.certificate-policy", "The policy is the next one to the CNS's.",
        &[Seam::Made(|i| forge(i, &[0x2B, 0x4C, 0x10, 0x02, 0x01], &[0x2B, 0x4C, 0x10, 0x02, 0x02]))]),
    forged("data.certificate-no-notice", "The notice is under another identifier.",
        &[Seam::Made(|i| forge(i, &[0x05, 0x05, 0x07, 0x02, 0x02], &[0x05, 0x05, 0x07, 0x02, 0x03]))]),
    forged("data.certificate-no-ski", "The certificate does not name its key.",
        &[Seam::Made(|i| forge(i, &[0x06, 0x03, 0x55, 0x1D, 0x0E], &[0x06, 0x03, 0x55, 0x1D, 0x7E]))]),
    forged("data.certificate-no-aki", "The certificate does not name its certifier's key.",
        &[Seam::Made(|i| forge(i, &[0x06, 0x03, 0x55, 0x1D, 0x23], &[0x06, 0x03, 0x55, 0x1D, 0x7F]))]),
    mutant_of("signing", "data.second-certificate-for-logins", "The second certificate is for digital \
        signatures of any kind.", &[
        Seam::Made(|image| file(image, &[0x1400, 0x9010], |file| {
            replace(file, &[0x04, 0x04, 0x03, 0x02, 0x06, 0x40], &[0x04, 0x04, 0x03, 0x02, 0x07, 0x80]);
        })),
    ]),
];

const fn mutant(id: &'static str, wrong: &'static str, seams: &'static [Seam]) -> Mutant {
    mutant_of(DEFAULT_PROFILE, id, wrong, seams)
}

/// A mutant whose certificate was changed after it was signed.
const fn forged(id: &'static str, wrong: &'static str, seams: &'static [Seam]) -> Mutant {
    mutant(id, wrong, seams)
}

const fn mutant_of(
    profile: &'static str,
    id: &'static str,
    wrong: &'static str,
    seams: &'static [Seam],
) -> Mutant {
    Mutant {
        id,
        wrong,
        profile,
        seams,
    }
}

fn file(image: &mut CardImage, path: &[u16], edit: impl FnOnce(&mut Vec<u8>)) {
    refill(image, path, |content| edit(bytes(content)));
}

/// Changes the sixteen fields of EF.Dati_Personali, and the length in front.
fn fields(image: &mut CardImage, edit: impl FnOnce(&mut Vec<Vec<u8>>)) {
    const PREFIX: usize = 6;
    file(image, PERSONAL_DATA, |file| {
        let mut found = Vec::new();
        let mut rest = file.get(PREFIX..).unwrap_or_default();
        for _ in 0..16 {
            let Some((length, more)) = rest.split_first_chunk::<2>() else {
                return;
            };
            let length = usize::from_str_radix(&String::from_utf8_lossy(length), 16);
            let Some((value, more)) = more.split_at_checked(length.unwrap_or(0)) else {
                return;
            };
            found.push(value.to_vec());
            rest = more;
        }
        edit(&mut found);
        let mut written: Vec<u8> = found
            .iter()
            .flat_map(|value| [format!("{:02X}", value.len()).as_bytes(), value].concat())
            .collect();
        let prefix = format!("{:06X}", PREFIX + written.len());
        written.splice(..0, prefix.into_bytes());
        written.resize(file.len(), 0x00);
        *file = written;
    });
}

/// Changes a record of EF.KeyPub.
fn record(image: &mut CardImage, number: usize, edit: impl FnOnce(&mut Vec<u8>)) {
    refill(image, KEY_PUB, |content| {
        if let Content::Records { records, .. } = content
            && let Some(record) = records.get_mut(number)
        {
            edit(record);
        }
    });
}

fn set(fields: &mut [Vec<u8>], place: usize, value: &str) {
    edit(fields, place, |field| *field = value.as_bytes().to_vec());
}

fn edit(fields: &mut [Vec<u8>], place: usize, edit: impl FnOnce(&mut Vec<u8>)) {
    if let Some(field) = fields.get_mut(place) {
        edit(field);
    }
}

fn overwrite(file: &mut [u8], place: usize, value: &[u8]) {
    for (byte, value) in file.iter_mut().skip(place).zip(value) {
        *byte = *value;
    }
}

/// Replaces bytes of the certificate by as many others, wherever they are.
fn forge(image: &mut CardImage, from: &[u8], to: &[u8]) {
    file(image, CERTIFICATE, |file| replace(file, from, to));
}

fn replace(file: &mut [u8], from: &[u8], to: &[u8]) {
    while let Some(place) = find(file, from) {
        overwrite(file, place, to);
    }
}

fn find(file: &[u8], bytes: &[u8]) -> Option<usize> {
    file.windows(bytes.len()).position(|window| window == bytes)
}
