//! The names of certifiers that CertificateRequest carries (RFC 8446 §4.2.4), right and wrong.

use rustls::DistinguishedName;

use crate::der;
use crate::profile::Hints;

/// The names for every kind of profile, made once.
#[derive(Debug)]
pub(crate) struct HintLists {
    trusted: Vec<DistinguishedName>,
    wrong: Vec<DistinguishedName>,
    huge: Vec<DistinguishedName>,
}

/// With so many names of some 90 bytes, the list is longer than the 32 KiB that some clients take.
const INVENTED: usize = 400;

impl HintLists {
    pub(crate) fn new(trusted: &[DistinguishedName]) -> Self {
        let invented = (1..=INVENTED).map(|number| {
            invented(&format!(
                "Regione Inventata {number:03} - CA Cittadini di un ente che non esiste COLLAUDO"
            ))
        });
        Self {
            trusted: trusted.to_vec(),
            wrong: vec![invented_one()],
            huge: trusted.iter().cloned().chain(invented).collect(),
        }
    }

    pub(crate) fn of(&self, hints: Hints) -> &[DistinguishedName] {
        match hints {
            Hints::Trusted => &self.trusted,
            Hints::None => &[],
            Hints::Wrong => &self.wrong,
            Hints::Huge => &self.huge,
        }
    }
}

fn invented_one() -> DistinguishedName {
    invented("Regione Inesistente - CA Cittadini COLLAUDO")
}

/// A name of one common name (RFC 5280 §4.1.2.4).
fn invented(common_name: &str) -> DistinguishedName {
    let identifier = der::write(der::OBJECT_IDENTIFIER, &[0x55, 0x04, 0x03]);
    let value = der::write(der::UTF8_STRING, common_name.as_bytes());
    let attribute = der::write(der::SEQUENCE, &[identifier, value].concat());
    let name = der::write(der::SEQUENCE, &der::write(der::SET, &attribute));
    DistinguishedName::from(name)
}

#[cfg(test)]
mod tests {
    use x509_parser::prelude::FromDer as _;
    use x509_parser::x509::X509Name;

    use super::*;

    #[test]
    fn invented_names_are_names_and_many_of_them_are_too_many() {
        let lists = HintLists::new(&[]);
        let huge = lists.of(Hints::Huge);
        for name in huge.iter().chain(lists.of(Hints::Wrong)) {
            let (rest, name) = X509Name::from_der(name.as_ref()).unwrap();
            assert!(rest.is_empty());
            assert!(name.to_string().ends_with("COLLAUDO"), "{name}");
        }
        let length: usize = huge.iter().map(|name| name.as_ref().len()).sum();
        assert!(32_768 < length && length < 65_000, "{length}");
    }
}
