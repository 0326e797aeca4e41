//! The extensions of a CNS certificate that rcgen has no builder for.

use rcgen::CustomExtension;

use crate::certificate_profile::RevocationUrls;
use crate::der::write as der;

/// The notice that the CNS certificate profile prescribes, word for word.
const CNS_NOTICE: &str = "Identifies X.509 authentication certificates issued for the italian \
                          National Service Card (CNS) project in according to the italian \
                          regulation";

/// The CNS authentication policy, 1.3.76.16.2.1.
const CNS_POLICY: [u64; 6] = [1, 3, 76, 16, 2, 1];

/// The test certifier's own policy, in the arc that RFC 5612 keeps for documentation.
const CERTIFIER_POLICY: [u64; 9] = [1, 3, 6, 1, 4, 1, 32_473, 1, 1];
const CERTIFIER_CPS: &str = "https://collaudo.example/cps";

const ID_CE_SUBJECT_KEY_IDENTIFIER: [u64; 4] = [2, 5, 29, 14];
const ID_CE_CERTIFICATE_POLICIES: [u64; 4] = [2, 5, 29, 32];
const ID_QT_CPS: [u64; 9] = [1, 3, 6, 1, 5, 5, 7, 2, 1];
const ID_QT_UNOTICE: [u64; 9] = [1, 3, 6, 1, 5, 5, 7, 2, 2];
const ID_PE_AUTHORITY_INFO_ACCESS: [u64; 9] = [1, 3, 6, 1, 5, 5, 7, 1, 1];
const ID_PKIX_OCSP_NOCHECK: [u64; 10] = [1, 3, 6, 1, 5, 5, 7, 48, 1, 5];
const ID_AD_OCSP: [u64; 9] = [1, 3, 6, 1, 5, 5, 7, 48, 1];
const ID_AD_CA_ISSUERS: [u64; 9] = [1, 3, 6, 1, 5, 5, 7, 48, 2];

/// certificatePolicies (RFC 5280 §4.2.1.4): the CNS policy with its notice, then the certifier's
/// own policy with a pointer to its practice statement.
pub(crate) fn certificate_policies() -> CustomExtension {
    let notice = der::sequence(&[
        der::object_identifier(&ID_QT_UNOTICE),
        der::sequence(&[der::utf8_string(CNS_NOTICE)]),
    ]);
    let practice_statement = der::sequence(&[
        der::object_identifier(&ID_QT_CPS),
        der::ia5_string(CERTIFIER_CPS),
    ]);
    let policy = |arcs: &[u64], qualifier| {
        der::sequence(&[der::object_identifier(arcs), der::sequence(&[qualifier])])
    };
    CustomExtension::from_oid_content(
        &ID_CE_CERTIFICATE_POLICIES,
        der::sequence(&[
            policy(&CNS_POLICY, notice),
            policy(&CERTIFIER_POLICY, practice_statement),
        ]),
    )
}

/// subjectKeyIdentifier (RFC 5280 §4.2.1.2), which rcgen writes for certifiers only.
pub(crate) fn subject_key_identifier(identifier: &[u8]) -> CustomExtension {
    CustomExtension::from_oid_content(&ID_CE_SUBJECT_KEY_IDENTIFIER, der::octet_string(identifier))
}

/// id-pkix-ocsp-nocheck (RFC 6960 §4.2.2.2.1), whose value is NULL.
pub(crate) fn ocsp_no_check() -> CustomExtension {
    CustomExtension::from_oid_content(&ID_PKIX_OCSP_NOCHECK, der::null())
}

/// authorityInfoAccess (RFC 5280 §4.2.2.1), or nothing when there is no address to give.
pub(crate) fn authority_info_access(urls: &RevocationUrls) -> Option<CustomExtension> {
    let description = |method: &[u64], url: &str| {
        der::sequence(&[
            der::object_identifier(method),
            der::uniform_resource_identifier(url),
        ])
    };
    let descriptions: Vec<_> = urls
        .ocsp
        .iter()
        .map(|url| description(&ID_AD_OCSP, url))
        .chain(
            urls.ca_issuers
                .iter()
                .map(|url| description(&ID_AD_CA_ISSUERS, url)),
        )
        .collect();
    (!descriptions.is_empty()).then(|| {
        CustomExtension::from_oid_content(
            &ID_PE_AUTHORITY_INFO_ACCESS,
            der::sequence(&descriptions),
        )
    })
}
