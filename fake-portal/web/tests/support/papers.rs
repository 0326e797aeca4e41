//! Certificates that no certifier issues: right ones to be changed in one thing, by rcgen; and odd ones,
//! by `openssl x509`.

use std::fs;

use rcgen::{
    CertificateParams, CustomExtension, DnType, ExtendedKeyUsagePurpose, Issuer, KeyPair,
    KeyUsagePurpose, SubjectPublicKeyInfo,
};

use super::{Bench, openssl, succeed, years};

/// The common name of Maria Rossi, whose hash has a slash in it.
pub(crate) const NAME: &str = "RSSMRA85C55F205Y/6030000000001009.9/6odo0auMV6VhLN03A5D/l0QiA=";

/// A certificate that is a login.
pub(crate) fn good() -> CertificateParams {
    let mut params = plain_certificate(NAME);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.custom_extensions = vec![policy(&CNS)];
    params
}

/// A certificate without any extension of the profile.
pub(crate) fn plain_certificate(common_name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, common_name);
    params.serial_number = Some(0x55_u64.into());
    params.not_before = years(2024, 2030).not_before();
    params.not_after = years(2024, 2030).not_after();
    params
}

/// 1.3.76.16.2.1, as the content octets of an object identifier.
pub(crate) const CNS: [u8; 5] = [0x2B, 0x4C, 0x10, 0x02, 0x01];
/// 1.3.76.47.4, of the electronic identity card.
pub(crate) const CIE: [u8; 4] = [0x2B, 0x4C, 0x2F, 0x04];

/// certificatePolicies with one policy, given as the content octets of its object identifier.
pub(crate) fn policy(identifier: &[u8]) -> CustomExtension {
    policies(&[identifier])
}

/// certificatePolicies with these.
pub(crate) fn policies(identifiers: &[&[u8]]) -> CustomExtension {
    let one = |identifier: &&[u8]| {
        let length = identifier.len() as u8;
        let head = [0x30, length + 2, 0x06, length];
        [&head, *identifier].concat()
    };
    let content: Vec<u8> = identifiers.iter().flat_map(one).collect();
    let content = [vec![0x30, content.len() as u8], content].concat();
    CustomExtension::from_oid_content(&[2, 5, 29, 32], content)
}

/// What the portal's certifier would never issue itself, for the bench's key.
pub(crate) fn issued_by_rcgen(bench: &Bench, params: &CertificateParams) -> Vec<u8> {
    let pair = bench.certifier.to_pem_pair();
    let key = KeyPair::from_pem(&pair.private_key).unwrap();
    let issuer = Issuer::from_ca_cert_pem(&pair.certificate, key).unwrap();
    let subject = SubjectPublicKeyInfo::from_der(&bench.spki).unwrap();
    params.signed_by(&subject, &issuer).unwrap().der().to_vec()
}

/// What makes `openssl x509` write a certificate of the profile.
pub(crate) const EXTENSIONS: &str = "keyUsage = critical, digitalSignature\n\
                                     extendedKeyUsage = clientAuth\n\
                                     certificatePolicies = 1.3.76.16.2.1\n";

/// Writes `card.pem` for `card.key` with `openssl x509`, which minds nothing: valid for two days from
/// the machine's today on, with these extensions and options.
pub(crate) fn issue_by_openssl(bench: &Bench, extensions: &str, options: &str) {
    let folder = bench.folder.path();
    fs::write(folder.join("extensions.conf"), extensions).unwrap();
    // A subject with slashes in it goes through a file.
    let subject = format!("[req]\ndistinguished_name = dn\nprompt = no\n[dn]\nCN = {NAME}\n");
    fs::write(folder.join("subject.conf"), subject).unwrap();
    succeed(openssl(
        folder,
        "req -new -key card.key -config subject.conf -out card.csr",
    ));
    let extensions = match extensions {
        "" => "",
        _ => "-extfile extensions.conf",
    };
    let sign = format!(
        "x509 -req -in card.csr -CA ca.pem -CAkey ca.key -days 2 -out card.pem {extensions} {options}"
    );
    succeed(openssl(folder, &sign));
    succeed(openssl(
        folder,
        "x509 -in card.pem -outform DER -out card.der",
    ));
}
