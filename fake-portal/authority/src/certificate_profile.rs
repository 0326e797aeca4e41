//! What a CNS authentication certificate contains.
//!
//! Source: the AgID profile "strutturacertificatoautenticazionecns" v1.1 as public client
//! documentation restates it, and what published certificates show.

use rcgen::{
    CertificateParams, CrlDistributionPoint, DistinguishedName, DnType, DnValue,
    ExtendedKeyUsagePurpose, KeyUsagePurpose, PublicKeyData, SubjectPublicKeyInfo,
};

use crate::certificate_policies;
use crate::certifier::{CertifierError, checked_name};
use crate::common_name::CnsCommonName;
use crate::serial_number::SerialNumber;
use crate::validity::Validity;

/// The policy that every CNS authentication certificate carries.
pub const CNS_POLICY: &str = "1.3.76.16.2.1";

/// Whose certificate it is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CnsSubject {
    /// Person, card and personal data.
    pub common_name: CnsCommonName,
    /// Surname, with its accents; the certificate has it in capitals.
    pub surname: String,
    /// Given name, with its accents; the certificate has it in capitals.
    pub given_name: String,
    /// The administration that hands the card out, such as `Regione Collaudo`: at most 64
    /// characters.
    pub issuing_administration: String,
}

/// Where a certifier publishes the state of its certificates. What is empty is left out of the
/// certificates.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct RevocationUrls {
    /// Addresses of the revocation list, `http` or `ldap`.
    pub crl: Vec<String>,
    /// Address of the OCSP responder.
    pub ocsp: Option<String>,
    /// Address of the certifier's own certificate.
    pub ca_issuers: Option<String>,
}

impl RevocationUrls {
    /// The addresses of the certifier `id` on the listener that is at `base`, an `http` address without
    /// a path: `/crl/ID.crl`, `/ocsp/ID` and `/ca/ID.cer`.
    pub fn at(base: &str, id: &str) -> Self {
        let base = base.trim_end_matches('/');
        Self {
            crl: vec![format!("{base}/crl/{id}.crl")],
            ocsp: Some(format!("{base}/ocsp/{id}")),
            ca_issuers: Some(format!("{base}/ca/{id}.cer")),
        }
    }
}

/// The parameters of a card's certificate and the key that it certifies.
pub(crate) fn cns_certificate(
    subject: &CnsSubject,
    organization: &str,
    urls: &RevocationUrls,
    public_key_spki_der: &[u8],
    validity: Validity,
    serial: SerialNumber,
) -> Result<(CertificateParams, SubjectPublicKeyInfo), CertifierError> {
    let public_key = SubjectPublicKeyInfo::from_der(public_key_spki_der)
        .map_err(CertifierError::SubjectPublicKey)?;

    let mut params = base(&public_key, validity, serial);
    params.distinguished_name = distinguished_name(subject, organization)?;
    // The profile asks for digitalSignature and forbids nonRepudiation. keyEncipherment is common
    // but adds nothing: the card never decrypts for TLS, and OpenSC picks its signing command by
    // the extended key usage alone.
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    if !urls.crl.is_empty() {
        params.crl_distribution_points = vec![CrlDistributionPoint {
            uris: urls.crl.clone(),
        }];
    }
    params
        .custom_extensions
        .push(certificate_policies::certificate_policies());
    params
        .custom_extensions
        .extend(certificate_policies::authority_info_access(urls));
    Ok((params, public_key))
}

/// The parameters of a signature certificate and the key that it certifies: for signatures that bind
/// (nonRepudiation, which RFC 5280 §4.2.1.3 also calls contentCommitment), and for nothing else, so
/// that no portal takes it for a login. The subject is named as ETSI EN 319 412-1 §5.1.3 and
/// EN 319 412-2 §4.2.4 name a natural person.
pub(crate) fn signature_certificate(
    subject: &CnsSubject,
    public_key_spki_der: &[u8],
    validity: Validity,
    serial: SerialNumber,
) -> Result<(CertificateParams, SubjectPublicKeyInfo), CertifierError> {
    const ID_AT_SERIAL_NUMBER: [u64; 4] = [2, 5, 4, 5];

    let public_key = SubjectPublicKeyInfo::from_der(public_key_spki_der)
        .map_err(CertifierError::SubjectPublicKey)?;
    let mut name = DistinguishedName::new();
    push_country(&mut name)?;
    push_person(&mut name, subject);
    let fiscal_number = format!("TINIT-{}", subject.common_name.codice_fiscale)
        .try_into()
        .map_err(CertifierError::Encoding)?;
    // X.520 wants a PrintableString here too (RFC 5280 appendix A.1).
    name.push(
        DnType::from_oid(&ID_AT_SERIAL_NUMBER),
        DnValue::PrintableString(fiscal_number),
    );
    let person = format!("{} {}", subject.given_name, subject.surname).to_uppercase();
    name.push(DnType::CommonName, person);

    let mut params = base(&public_key, validity, serial);
    params.distinguished_name = name;
    params.key_usages = vec![KeyUsagePurpose::ContentCommitment];
    Ok((params, public_key))
}

/// What card and server certificates have in common: serial, time and the two key identifiers.
pub(crate) fn base(
    public_key: &impl PublicKeyData,
    validity: Validity,
    serial: SerialNumber,
) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.serial_number = Some(serial.to_bytes().to_vec().into());
    params.not_before = validity.not_before();
    params.not_after = validity.not_after();
    params.use_authority_key_identifier_extension = true;
    let identifier = params.key_identifier(public_key);
    params.custom_extensions = vec![certificate_policies::subject_key_identifier(&identifier)];
    params
}

/// `C=IT`, which X.520 wants as a PrintableString (RFC 5280 appendix A.1).
pub(crate) fn push_country(name: &mut DistinguishedName) -> Result<(), CertifierError> {
    let italy = "IT".try_into().map_err(CertifierError::Encoding)?;
    name.push(DnType::CountryName, DnValue::PrintableString(italy));
    Ok(())
}

fn distinguished_name(
    subject: &CnsSubject,
    organization: &str,
) -> Result<DistinguishedName, CertifierError> {
    let administration = checked_name("issuing administration", &subject.issuing_administration)?;
    let mut name = DistinguishedName::new();
    push_country(&mut name)?;
    name.push(DnType::OrganizationName, organization);
    name.push(DnType::OrganizationalUnitName, administration);
    push_person(&mut name, subject);
    name.push(DnType::CommonName, subject.common_name.to_string());
    Ok(name)
}

/// Given name and surname, in capitals.
fn push_person(name: &mut DistinguishedName, subject: &CnsSubject) {
    const ID_AT_SURNAME: [u64; 4] = [2, 5, 4, 4];
    const ID_AT_GIVEN_NAME: [u64; 4] = [2, 5, 4, 42];

    name.push(
        DnType::from_oid(&ID_AT_GIVEN_NAME),
        subject.given_name.to_uppercase(),
    );
    name.push(
        DnType::from_oid(&ID_AT_SURNAME),
        subject.surname.to_uppercase(),
    );
}
