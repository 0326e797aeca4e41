//! Who may put a number, and who may use the key.

use cns_card::{Card, LifeCycle, RsaPartKind};
use cns_fixtures::KeySize;

use crate::common::{PIN, card_in, converse, counting, image, send};
use crate::host::{
    EXPONENT, MODULUS, OF_PIN, change, committed, number, part, put, put_value, sign, value,
};

#[test]
fn the_key_has_the_conditions_of_its_exponent() {
    let key = committed(KeySize::Rsa1024);
    for [first, second] in [[MODULUS, EXPONENT], [EXPONENT, MODULUS]] {
        let mut card = card_in(LifeCycle::Personalisation);
        for class in [first, second] {
            // The modulus is put as something that everybody may use.
            let conditions = if class == MODULUS { "00 00" } else { "10 FF" };
            let command = put_value(class, conditions, &value(&number(&key, class)));
            assert_eq!(send(&mut card, &command), "9000");
        }
        send(&mut card, "0022F1B603830107");
        assert_eq!(send(&mut card, "002A9E9A033031 3200"), "6982");
        assert_eq!(sign(&mut card, &key), "9000");
        let number = number(&key, MODULUS);
        assert_eq!(send(&mut card, &change(MODULUS, &number)), "6982");
    }
}

/// Of an operational folder: byte 2 is for objects in the place of others, byte 3 for new ones.
#[test]
fn the_counterpart_is_a_new_object_and_any_other_number_is_not() {
    let key = committed(KeySize::Rsa1024);
    let [modulus, exponent] = [MODULUS, EXPONENT].map(|class| put(class, &number(&key, class)));
    let blank = put(EXPONENT, &[0xFF; 128]);
    let card_with = |update: u8, append: u8| {
        let mut image = image();
        image.life_cycle = LifeCycle::Operational;
        image.master_file.access.0[1] = update;
        image.master_file.access.0[2] = append;
        Card::volatile(image, counting())
    };
    converse(
        &mut card_with(0xFF, 0x10),
        &[
            (&modulus, "6982"),
            (&format!("0020001008{PIN}"), "9000"),
            (&modulus, "9000"),
            (&modulus, "6982"),
            (&blank, "6982"),
            (&exponent, "9000"),
            (&exponent, "6982"),
            (&modulus, "6982"),
        ],
    );
    let mut card = card_with(0x10, 0x00);
    converse(
        &mut card,
        &[
            (&modulus, "9000"),
            (&modulus, "6982"),
            (&exponent, "9000"),
            (&exponent, "6982"),
            (&format!("0020001008{PIN}"), "9000"),
            (&exponent, "9000"),
        ],
    );
    assert_eq!(part(&card), Some(RsaPartKind::PrivateExponent));
    converse(&mut card_with(0x00, 0xFF), &[(&modulus, "6982")]);
}

#[test]
fn a_number_is_changed_by_whom_the_key_allows_and_only_of_rsa_keys() {
    let key = committed(KeySize::Rsa1024);
    let [modulus, exponent] = [MODULUS, EXPONENT].map(|class| change(class, &number(&key, class)));
    let of_master_file = exponent.replacen("90242187", "90242107", 1);
    let of_no_class = exponent.replacen("90242187", "90242287", 1);
    converse(
        &mut card_in(LifeCycle::Personalisation),
        &[
            ("00A4000C02 1100", "9000"),
            (&modulus, "6A88"),
            (&put(MODULUS, &number(&key, MODULUS)), "9000"),
            (&exponent, "6982"),
            (&format!("0020001008{PIN}"), "9000"),
            (&of_master_file, "6A88"),
            (&of_no_class, "6A86"),
            (&exponent, "9000"),
            (
                "00DA016E(83(1007) 85(02 03 03 00 FF 00 00 00) 86(10 00 FF) \
                 8F(000102030405060708090A0B0C0D0E0F))",
                "9000",
            ),
            (&exponent, "6A88"),
        ],
    );
}

#[test]
fn a_number_needs_an_rsa_algorithm_and_a_class_of_its_own() {
    let key = committed(KeySize::Rsa1024);
    let modulus = put(MODULUS, &number(&key, MODULUS)).replace(' ', "");
    converse(
        &mut card_in(LifeCycle::Personalisation),
        &[
            (&modulus.replacen("2200880F", "2200030F", 1), "6A80"),
            (&modulus.replacen("2200880F", "2200870F", 1), "6A80"),
            (&modulus.replacen("83022007", "83022207", 1), "6A80"),
            (&modulus.replacen("83022007", "83021007", 1), "6A80"),
            (&modulus.replacen("83022007", "83022020", 1), "6A80"),
            // No place is made by an exponent that is missing.
            (&put_value(EXPONENT, OF_PIN, &[]), "6A80"),
            (&put_value(MODULUS, OF_PIN, &[]), "9000"),
        ],
    );
}
