//! What stands where at the `pki` listener.

use crate::trusted_list::TRUSTED_LIST_PATH;

/// What a path leads to. `certifier` is the name of an office, as its addresses have it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Address<'a> {
    /// `/tsl/TSL-IT.xml`
    TrustedList,
    /// `/crl/ID.crl`
    RevocationList { certifier: &'a str },
    /// `/ca/ID.cer`
    Certificate { certifier: &'a str },
    /// `/ocsp/ID`, to which requests are posted.
    Responder { certifier: &'a str },
    /// `/ocsp/ID/BASE64`, where the request is in the path.
    ResponderByGet {
        certifier: &'a str,
        request: &'a str,
    },
}

impl<'a> Address<'a> {
    /// Nothing, if a path leads nowhere, or where nothing is posted or nothing is fetched.
    pub(crate) fn of(path: &'a str, is_posted: bool) -> Option<Self> {
        if path == TRUSTED_LIST_PATH && !is_posted {
            return Some(Self::TrustedList);
        }
        let (kind, rest) = path.strip_prefix('/')?.split_once('/')?;
        match (kind, is_posted) {
            ("crl", false) => Some(Self::RevocationList {
                certifier: rest.strip_suffix(".crl")?,
            }),
            ("ca", false) => Some(Self::Certificate {
                certifier: rest.strip_suffix(".cer")?,
            }),
            ("ocsp", true) => Some(Self::Responder { certifier: rest }),
            ("ocsp", false) => {
                let (certifier, request) = rest.split_once('/')?;
                Some(Self::ResponderByGet { certifier, request })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_one_thing() {
        let check = |path, is_posted, expected| {
            assert_eq!(Address::of(path, is_posted), expected, "{path}");
        };
        let certifier = "lombardia";
        let list = Some(Address::RevocationList { certifier });
        check("/crl/lombardia.crl", false, list);
        check("/crl/lombardia.crl", true, None);
        check("/crl/lombardia", false, None);
        let certificate = Some(Address::Certificate { certifier });
        check("/ca/lombardia.cer", false, certificate);
        let responder = Some(Address::Responder { certifier });
        check("/ocsp/lombardia", true, responder);
        check("/ocsp/lombardia", false, None);
        let request = "MA/A=";
        let by_get = Some(Address::ResponderByGet { certifier, request });
        check("/ocsp/lombardia/MA/A=", false, by_get);
        check("/tsl/TSL-IT.xml", false, Some(Address::TrustedList));
        check("/tsl/TSL-IT.xml", true, None);
        check("/", false, None);
        check("", false, None);
        check("crl/lombardia.crl", false, None);
    }
}
