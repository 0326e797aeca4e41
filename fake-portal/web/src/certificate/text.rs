//! Names as text, in whichever of the string types of X.520 somebody wrote them.

use x509_parser::asn1_rs::Tag;
use x509_parser::objects::{oid_registry, oid2abbrev, oid2sn};
use x509_parser::x509::{AttributeTypeAndValue, X509Name};

/// A name as `C=IT, O=..., CN=...`, attributes that are one name together with ` + `.
pub(super) fn of_name(name: &X509Name<'_>) -> String {
    let attribute = |attribute: &AttributeTypeAndValue<'_>| {
        let kind = attribute.attr_type();
        let kind =
            oid2abbrev(kind, oid_registry()).map_or_else(|_| kind.to_id_string(), str::to_owned);
        format!("{kind}={}", of_attribute(attribute).unwrap_or_default())
    };
    let names = name.iter_rdn().map(|names| {
        let attributes: Vec<String> = names.iter().map(attribute).collect();
        attributes.join(" + ")
    });
    names.collect::<Vec<_>>().join(", ")
}

/// The value of an attribute. None if it is no text.
pub(super) fn of_attribute(attribute: &AttributeTypeAndValue<'_>) -> Option<String> {
    let value = attribute.attr_value();
    decoded(value.tag(), value.data).or_else(|| attribute.as_str().ok().map(str::to_owned))
}

/// The attributes of a name with bytes that their string type does not have, each with that type.
pub(super) fn misencoded(name: &X509Name<'_>) -> Vec<String> {
    let wrong = name.iter_attributes().filter_map(|attribute| {
        let value = attribute.attr_value();
        let kind = oid2sn(attribute.attr_type(), oid_registry());
        let kind = kind.map_or_else(|_| attribute.attr_type().to_id_string(), str::to_owned);
        let string_type = violated(value.tag(), value.data)?;
        Some(format!("{kind} ({string_type})"))
    });
    wrong.collect()
}

/// The string type whose characters these bytes are not (X.680 §41, RFC 5280 §4.1.2.4). None if they are,
/// or if it is no string.
fn violated(tag: Tag, bytes: &[u8]) -> Option<&'static str> {
    let every = |allowed: fn(&u8) -> bool| bytes.iter().all(allowed);
    let (name, is_right) = match tag {
        Tag::PrintableString => (
            "PrintableString",
            every(|byte| byte.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(byte)),
        ),
        Tag::NumericString => (
            "NumericString",
            every(|byte| byte.is_ascii_digit() || *byte == b' '),
        ),
        Tag::VisibleString => ("VisibleString", every(|byte| (0x20..0x7F).contains(byte))),
        Tag::Ia5String => ("IA5String", bytes.is_ascii()),
        Tag::Utf8String => ("UTF8String", std::str::from_utf8(bytes).is_ok()),
        Tag::BmpString => ("BMPString", decoded(tag, bytes).is_some()),
        Tag::UniversalString => ("UniversalString", decoded(tag, bytes).is_some()),
        _ => return None,
    };
    (!is_right).then_some(name)
}

/// The types that are not written in ASCII or UTF-8. None for those that are.
fn decoded(tag: Tag, bytes: &[u8]) -> Option<String> {
    match tag {
        Tag::BmpString => {
            let (pairs, []) = bytes.as_chunks::<2>() else {
                return None;
            };
            let units = pairs.iter().copied().map(u16::from_be_bytes);
            char::decode_utf16(units).collect::<Result<_, _>>().ok()
        }
        // T.61 has signs of its own for accents. Nobody wrote those: everybody wrote Latin-1.
        Tag::T61String => Some(bytes.iter().copied().map(char::from).collect()),
        Tag::UniversalString => {
            let (quadruples, []) = bytes.as_chunks::<4>() else {
                return None;
            };
            let units = quadruples.iter().copied().map(u32::from_be_bytes);
            units.map(char::from_u32).collect()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_of_string_is_read() {
        let check = |tag, bytes: &[u8], text: Option<&str>| {
            assert_eq!(decoded(tag, bytes).as_deref(), text, "{bytes:02X?}");
        };
        check(Tag::BmpString, &[0, b'D', 0, 0xD2], Some("DÒ"));
        check(Tag::BmpString, &[0xD8, 0x3C, 0xDF, 0x55], Some("🍕"));
        check(Tag::BmpString, &[0xD8, 0x3C], None);
        check(Tag::BmpString, &[0], None);
        check(Tag::T61String, &[b'D', 0xD2], Some("DÒ"));
        check(Tag::UniversalString, &[0, 0, 0, 0xD2], Some("Ò"));
        check(Tag::UniversalString, &[0xFF; 4], None);
        check(Tag::Utf8String, "DÒ".as_bytes(), None);
    }

    #[test]
    fn every_type_of_string_has_its_characters() {
        let check = |tag, bytes: &[u8], wrong: Option<&str>| {
            assert_eq!(violated(tag, bytes), wrong, "{bytes:02X?}");
        };
        let in_utf8 = "D'AMICÒ".as_bytes();
        let name = b"DMCNCL80A01F205S/6030000000001009.A+b/c=";
        check(Tag::PrintableString, name, None);
        check(Tag::PrintableString, in_utf8, Some("PrintableString"));
        check(Tag::PrintableString, b"a_b", Some("PrintableString"));
        check(Tag::NumericString, b"12 34", None);
        check(Tag::NumericString, b"12a", Some("NumericString"));
        check(Tag::VisibleString, b"a\n", Some("VisibleString"));
        check(Tag::Ia5String, in_utf8, Some("IA5String"));
        check(Tag::Utf8String, in_utf8, None);
        check(Tag::Utf8String, &[0xD2], Some("UTF8String"));
        check(Tag::BmpString, &[0, b'D', 0, 0xD2], None);
        check(Tag::BmpString, &[0], Some("BMPString"));
        check(Tag::UniversalString, &[0xFF; 4], Some("UniversalString"));
        check(Tag::T61String, &[0xD2], None);
    }
}
