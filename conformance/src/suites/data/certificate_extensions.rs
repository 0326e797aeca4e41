//! What the certificate may be used for (RFC 5280 §4.2, and the profile of CNS certificates).
//!
//! ```text
//! keyUsage, critical: digitalSignature, never nonRepudiation     extKeyUsage: clientAuth
//! certificatePolicies: 1.3.76.16.2.1 with a notice               key identifiers, CRL
//! ```

use cns_fixtures::KeyPurpose;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{CertificatePolicies, ParsedExtension, PolicyInformation};

use super::reading::{certificate, looks, must};
use crate::applies::Needs;
use crate::case::{Case, Level, Stop, Verdict};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::test_card::TestCard;

const KEY: &[Needs] = &[Needs::Key(KeyPurpose::Authentication)];
const SECOND: &[Needs] = &[Needs::Key(KeyPurpose::Signature)];
const USAGE: Source = source(Document::CnsCertificate, "keyUsage", Grade::Web);
const POLICY: Source = source(Document::CnsCertificate, "certificatePolicies", Grade::Web);
const REMEMBERED: Source = source(Document::CnsCertificate, "extensions", Grade::Remembered);

/// The policy of CNS certificates, and those that Lombardy has declared equivalent.
const CNS_POLICIES: [&str; 3] = [
    "1.3.76.16.2.1",
    "1.3.159.6.1.3.2.10",
    "1.3.76.12.1.1.10.2.2.10",
];
const USER_NOTICE: &str = "1.3.6.1.5.5.7.2.2";

pub(super) const CASES: &[Case<TestCard>] = &[
    looks(
        "data.extensions.digital-signature",
        "The key may make digital signatures.",
        &[USAGE],
        Level::Must,
        KEY,
        |card| {
            authentication(card, |certificate| {
                let usage = certificate.key_usage().ok().flatten();
                let may = usage.is_some_and(|usage| usage.value.digital_signature());
                must(may, "digitalSignature", "a key usage without it")
            })
        },
    ),
    looks(
        "data.extensions.critical-key-usage",
        "Key usage is critical.",
        &[USAGE],
        Level::Must,
        KEY,
        |card| {
            authentication(card, |certificate| {
                let usage = certificate.key_usage().ok().flatten();
                must(
                    usage.is_some_and(|usage| usage.critical),
                    "critical",
                    "not critical",
                )
            })
        },
    ),
    looks(
        "data.extensions.no-non-repudiation",
        "The authentication key never makes signatures that \
        bind: nonRepudiation is forbidden.",
        &[USAGE],
        Level::Must,
        KEY,
        |card| {
            authentication(card, |certificate| {
                let usage = certificate.key_usage().ok().flatten();
                let may_not = usage.is_none_or(|usage| !usage.value.non_repudiation());
                must(may_not, "no nonRepudiation", "nonRepudiation")
            })
        },
    ),
    looks(
        "data.extensions.client-authentication",
        "The key is for client authentication.",
        &[source(Document::CnsCertificate, "extKeyUsage", Grade::Web)],
        Level::Must,
        KEY,
        |card| {
            authentication(card, |certificate| {
                let purposes = certificate.extended_key_usage().ok().flatten();
                let is_for = purposes.is_some_and(|purposes| purposes.value.client_auth);
                must(is_for, "clientAuth", "other purposes")
            })
        },
    ),
    looks(
        "data.extensions.policy",
        "The certificate has the policy of the CNS.",
        &[POLICY],
        Level::Must,
        KEY,
        |card| {
            authentication(card, |certificate| {
                must(
                    cns_policy(certificate).is_some(),
                    "1.3.76.16.2.1",
                    "other policies",
                )
            })
        },
    ),
    looks(
        "data.extensions.notice",
        "The policy of the CNS has a notice for whoever reads it.",
        &[POLICY],
        Level::Should,
        KEY,
        |card| {
            authentication(card, |certificate| {
                let policy = cns_policy(certificate);
                let policy = policy.ok_or_else(|| Stop::fail("1.3.76.16.2.1", "no such policy"))?;
                let qualifiers = policy.policy_qualifiers.iter().flatten();
                let mut oids = qualifiers.map(|q| q.policy_qualifier_id.to_id_string());
                must(oids.any(|oid| oid == USER_NOTICE), "a user notice", "none")
            })
        },
    ),
    looks(
        "data.extensions.subject-key-identifier",
        "The certificate names its key.",
        &[read(Document::X509, "4.2.1.2"), REMEMBERED],
        Level::Should,
        KEY,
        |card| {
            has(card, |parsed| {
                matches!(parsed, ParsedExtension::SubjectKeyIdentifier(_))
            })
        },
    ),
    looks(
        "data.extensions.authority-key-identifier",
        "The certificate names its certifier's key.",
        &[read(Document::X509, "4.2.1.1"), REMEMBERED],
        Level::Must,
        KEY,
        |card| {
            has(card, |parsed| {
                matches!(parsed, ParsedExtension::AuthorityKeyIdentifier(_))
            })
        },
    ),
    looks(
        "data.extensions.revocation-list",
        "The certificate says where revoked ones are listed.",
        &[REMEMBERED],
        Level::Should,
        &[Needs::Key(KeyPurpose::Authentication)],
        |card| {
            if card.issue().is_ok() {
                return Err(Stop::skip("the suite's own certifier publishes no list"));
            }
            has(card, |parsed| {
                matches!(parsed, ParsedExtension::CRLDistributionPoints(_))
            })
        },
    ),
    looks(
        "data.extensions.no-certifier",
        "The holder is no certifier.",
        &[read(Document::X509, "4.2.1.9")],
        Level::Must,
        KEY,
        |card| {
            authentication(card, |certificate| {
                must(!certificate.is_ca(), "no certifier", "a certifier")
            })
        },
    ),
    looks(
        "data.extensions.signature-key",
        "The second certificate is for signatures that bind, and \
        not for logins.",
        &[read(Document::X509, "4.2.1.3")],
        Level::Must,
        SECOND,
        |card| {
            certificate(card, KeyPurpose::Signature, |certificate, _| {
                let usage = certificate.key_usage().ok().flatten();
                let binds = usage.is_some_and(|usage| usage.value.non_repudiation());
                let purposes = certificate.extended_key_usage().ok().flatten();
                let logs_in = purposes.is_some_and(|purposes| purposes.value.client_auth);
                must(
                    binds && !logs_in,
                    "nonRepudiation without clientAuth",
                    "something else",
                )
            })
        },
    ),
];

fn authentication(
    card: &mut TestCard,
    judge: impl FnOnce(&X509Certificate<'_>) -> Verdict,
) -> Verdict {
    certificate(card, KeyPurpose::Authentication, |certificate, _| {
        judge(certificate)
    })
}

fn has(card: &mut TestCard, is_it: impl Fn(&ParsedExtension<'_>) -> bool) -> Verdict {
    authentication(card, |certificate| {
        let mut extensions = certificate.extensions().iter();
        must(
            extensions.any(|e| is_it(e.parsed_extension())),
            "the extension",
            "none",
        )
    })
}

fn cns_policy<'a>(certificate: &'a X509Certificate<'a>) -> Option<&'a PolicyInformation<'a>> {
    let policies = |parsed: &'a ParsedExtension<'a>| -> Option<&'a CertificatePolicies<'a>> {
        match parsed {
            ParsedExtension::CertificatePolicies(policies) => Some(policies),
            _ => None,
        }
    };
    let extensions = certificate.extensions().iter();
    extensions
        .filter_map(|extension| policies(extension.parsed_extension()))
        .flatten()
        .find(|policy| CNS_POLICIES.contains(&policy.policy_id.to_id_string().as_str()))
}
