//! What a proxy that ends TLS tells the application behind it of the subject.

use super::Opinion;
use crate::certificate::CertificateFacts;
use cns_language::text;

/// RFC 2253, as nginx (`$ssl_client_s_dn`) and Apache (`SSL_CLIENT_S_DN`) have it from OpenSSL. A plus
/// sign in the hash comes with a backslash, and whoever cuts the common name out as it stands has
/// another hash.
pub(super) fn rfc2253(facts: &CertificateFacts) -> Opinion {
    let names: Vec<String> = facts
        .subject_names
        .iter()
        .rev()
        .map(|attributes| {
            let attributes: Vec<String> = attributes
                .iter()
                .map(|(identifier, value)| format!("{}={}", short_name(identifier), escaped(value)))
                .collect();
            attributes.join("+")
        })
        .collect();
    Opinion {
        who: "proxy",
        about: text(
            "nginx $ssl_client_s_dn, Apache SSL_CLIENT_S_DN: «+» diventa «\\+», e il nome comune \
             ritagliato ha un'altra impronta",
            "nginx $ssl_client_s_dn, Apache SSL_CLIENT_S_DN: \"+\" becomes \"\\+\", and the common name \
             cut out of it has another hash",
            "nginx $ssl_client_s_dn, Apache SSL_CLIENT_S_DN: aus „+“ wird „\\+“, und der \
             ausgeschnittene allgemeine Name hat einen anderen Hash",
        ),
        accepts: None,
        says: names.join(","),
    }
}

/// The form with slashes, as Apache has it with `+LegacyDNStringFormat`: the common name has slashes of
/// its own.
pub(super) fn slashes(facts: &CertificateFacts) -> Opinion {
    let names = facts.subject_names.iter().flatten();
    let says = names
        .map(|(identifier, value)| format!("/{}={value}", short_name(identifier)))
        .collect();
    Opinion {
        who: "proxy-legacy",
        about: text(
            "Apache con +LegacyDNStringFormat: «/» separa i nomi, e sta anche nel nome comune",
            "Apache with +LegacyDNStringFormat: \"/\" separates the names, and is in the common name too",
            "Apache mit +LegacyDNStringFormat: „/“ trennt die Namen und steht auch im allgemeinen Namen",
        ),
        accepts: None,
        says,
    }
}

/// The names that OpenSSL has for types of attributes (RFC 4519 §2 has the identifiers).
fn short_name(identifier: &str) -> &str {
    match identifier {
        "2.5.4.3" => "CN",
        "2.5.4.4" => "SN",
        "2.5.4.5" => "serialNumber",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "2.5.4.12" => "title",
        "2.5.4.42" => "GN",
        "2.5.4.46" => "dnQualifier",
        "1.2.840.113549.1.9.1" => "emailAddress",
        other => other,
    }
}

/// RFC 2253 §2.4; what is not ASCII by its bytes in hexadecimal, as OpenSSL does.
fn escaped(value: &str) -> String {
    let last = value.len().saturating_sub(1);
    value
        .bytes()
        .enumerate()
        .map(|(place, byte)| match byte {
            b'"' | b'+' | b',' | b';' | b'<' | b'>' | b'\\' => format!("\\{}", char::from(byte)),
            b'#' if place == 0 => "\\#".to_owned(),
            b' ' if place == 0 || place == last => "\\ ".to_owned(),
            0x20..=0x7E => char::from(byte).to_string(),
            _ => format!("\\{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_meaning_is_escaped() {
        assert_eq!(escaped("a+b/c="), "a\\+b/c=");
        assert_eq!(escaped(" #x, "), "\\ #x\\,\\ ");
        assert_eq!(escaped("#x"), "\\#x");
        assert_eq!(escaped("Niccolò"), "Niccol\\C3\\B2");
    }
}
