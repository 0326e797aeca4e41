//! The names of certifiers that CertificateRequest carries (RFC 8446 §4.2.4), right and wrong.

use cns_authority::der::write;
use rustls::DistinguishedName;

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
    let attribute = write::sequence(&[
        write::object_identifier(&ID_AT_COMMON_NAME),
        write::utf8_string(common_name),
    ]);
    let name = write::sequence(&[write::set(&[attribute])]);
    DistinguishedName::from(name)
}

const ID_AT_COMMON_NAME: [u64; 4] = [2, 5, 4, 3];

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
