//! Certificates that are good for something else than to log in with a CNS.

use super::{changed, policies, purposes, usage};
use crate::forge::KeyUsageBit::{DigitalSignature, KeyEncipherment, NonRepudiation};
use crate::forge::{Change, ExtensionType as E, KeyPurpose, Policy};
use crate::zoo::Verdict::Refuse;
use crate::zoo::{Animal, animal_row as row};

const POLICY: &str = "CNS certificate profile, certificatePolicies";
const USAGE: &str = "CNS certificate profile, keyUsage";
const PURPOSE: &str = "CNS certificate profile, extKeyUsage";

#[rustfmt::skip]
pub(in crate::zoo) const ANIMALS: &[Animal] = &[
    // Policies.
    row("cert.no-policy", Refuse("policy.cns_oid"), "It has no policy.",
        "Nothing says that it is a CNS: any certificate of the certifier would do.", POLICY, changed(|_| vec![Change::RemoveExtension(E::CertificatePolicies)])),
    row("cert.cie-policy", Refuse("policy.cns_oid"), "It has the policy of the electronic identity card, 1.3.76.47.4.",
        "A CIE is another card, with other rules.", POLICY, changed(|_| policies(&[Policy::Cie]))),
    row("cert.certifier-policy-only", Refuse("policy.cns_oid"), "It has the certifier's own policy alone.",
        "That policy says nothing of a CNS.", POLICY, changed(|_| policies(&[Policy::Certifier]))),
    row("cert.any-policy", Refuse("policy.cns_oid"), "It has anyPolicy, which path validation takes for all policies.",
        "The profile wants the policy of the CNS itself in the certificate.", POLICY, changed(|_| policies(&[Policy::Any]))),
    row("cert.lookalike-policy", Refuse("policy.cns_oid"), "It has the policy 1.3.76.16.211, which matches the pattern 1.3.76.16.2.1 whose dots are not escaped.",
        "An identifier is compared arc by arc, not as a pattern.", POLICY, changed(|_| policies(&[Policy::CnsLookalike]))),
    row("cert.policy-below-cns", Refuse("policy.cns_oid"), "It has the policy 1.3.76.16.2.1.1, which begins as that of the CNS does.",
        "An identifier is compared as a whole: what is below another is another.", POLICY, changed(|_| policies(&[Policy::BelowCns]))),

    // Key usage.
    row("cert.signature-certificate", Refuse("ku.digital_signature"), "It is for signatures that bind: keyUsage has nonRepudiation alone.",
        "Who logs in must not sign a contract by it.", USAGE, changed(|_| usage(&[NonRepudiation]))),
    row("cert.both-usages", Refuse("ku.no_nonrepudiation"), "It is for logins and for signatures that bind.",
        "The profile forbids nonRepudiation: what a login signs could be taken for a contract.", USAGE, changed(|_| usage(&[DigitalSignature, NonRepudiation]))),
    row("cert.encipherment-only", Refuse("ku.digital_signature"), "keyUsage has keyEncipherment alone.",
        "A login is a signature, which the key is not for.", USAGE, changed(|_| usage(&[KeyEncipherment]))),
    row("cert.no-key-usage", Refuse("ku.digital_signature"), "It has no keyUsage.",
        "The profile wants one, critical.", USAGE, changed(|_| vec![Change::RemoveExtension(E::KeyUsage)])),

    // Purposes.
    row("cert.mail-only", Refuse("eku.client_auth"), "It is to sign mail with: extKeyUsage has emailProtection alone.",
        "clientAuth must be among the purposes.", PURPOSE, changed(|_| purposes(&[KeyPurpose::EmailProtection]))),
    row("cert.server-purpose", Refuse("eku.client_auth"), "It is a server's: extKeyUsage has serverAuth alone.",
        "clientAuth must be among the purposes.", PURPOSE, changed(|_| purposes(&[KeyPurpose::ServerAuth]))),
    row("cert.any-purpose", Refuse("eku.client_auth"), "It is for any purpose, and names none.",
        "The profile wants clientAuth by name.", PURPOSE, changed(|_| purposes(&[KeyPurpose::Any]))),
    row("cert.no-extended-key-usage", Refuse("eku.client_auth"), "It has no extKeyUsage, which elsewhere allows everything.",
        "The profile wants clientAuth by name.", PURPOSE, changed(|_| vec![Change::RemoveExtension(E::ExtendedKeyUsage)])),
];
