//! Certificates of the card's key: the good one, and those that no portal should take for a login.

use cns_authority::{
    CertificationAuthority, CertifierError, CertifierName, CnsSubject, SerialNumber, Validity,
    ValidityError,
};
use rcgen::{
    CertificateParams, CustomExtension, DistinguishedName, DnType, ExtendedKeyUsagePurpose, Issuer,
    KeyPair, KeyUsagePurpose, SubjectPublicKeyInfo,
};
use time::{Duration, OffsetDateTime};

/// Which certificate the client sends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Papers {
    /// The one on the card.
    OnCard,
    /// By a certifier that the portal has never heard of.
    UnknownCertifier,
    /// By another certifier that has the same name as the portal's.
    NamesakeCertifier,
    /// Valid until yesterday.
    Expired,
    /// Valid from tomorrow on.
    NotYetValid,
    /// Without any policy.
    WithoutPolicy,
    /// With the policy of the electronic identity card instead.
    CiePolicy,
    /// With the policy of the card of Lombardy, which is as good.
    LombardyPolicy,
    /// For signatures that bind, and not for logins.
    NonRepudiation,
    /// For logins and for signatures that bind.
    BothUsages,
    /// Without clientAuth.
    WithoutClientAuth,
    /// Whose codice fiscale has a wrong check character.
    WrongCodiceFiscale,
    /// Whose common name is no CNS name at all.
    PlainName,
}

/// Why a certificate could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PapersError {
    /// The certifier does not issue.
    #[error(transparent)]
    Certifier(#[from] CertifierError),
    /// The certificate cannot be written.
    #[error(transparent)]
    Encoding(#[from] rcgen::Error),
    /// There is no such time.
    #[error(transparent)]
    Validity(#[from] ValidityError),
}

/// What every certificate of the card has in common.
pub(super) struct Office<'a> {
    pub(super) certifier: &'a CertificationAuthority,
    pub(super) subject: CnsSubject,
    pub(super) spki: Vec<u8>,
    pub(super) now: OffsetDateTime,
}

const CLIENT: ExtendedKeyUsagePurpose = ExtendedKeyUsagePurpose::ClientAuth;
const SIGNS_IN: KeyUsagePurpose = KeyUsagePurpose::DigitalSignature;
const SIGNS: KeyUsagePurpose = KeyUsagePurpose::ContentCommitment;
/// The content octets of 1.3.76.16.2.1, of 1.3.76.47.4 and of 1.3.159.6.1.3.2.10.
const CNS: &[u8] = &[0x2B, 0x4C, 0x10, 0x02, 0x01];
const CIE: &[u8] = &[0x2B, 0x4C, 0x2F, 0x04];
const LOMBARDY: &[u8] = &[0x2B, 0x81, 0x1F, 0x06, 0x01, 0x03, 0x02, 0x0A];

impl Office<'_> {
    /// The certificate, DER.
    pub(super) fn issue(&self, papers: Papers, on_card: &[u8]) -> Result<Vec<u8>, PapersError> {
        let year = Duration::days(365);
        let day = Duration::days(1);
        let around = || Validity::new(self.now - year, self.now + year);
        let name = self.subject.common_name.to_string();
        let good = |policy| self.odd(&name, policy, vec![SIGNS_IN], vec![CLIENT]);
        match papers {
            Papers::OnCard => Ok(on_card.to_vec()),
            Papers::UnknownCertifier => {
                self.by(&new_certifier("Regione Ignota", self.now)?, around()?)
            }
            Papers::NamesakeCertifier => {
                self.by(&new_certifier("Regione Collaudo", self.now)?, around()?)
            }
            Papers::Expired => self.by(
                self.certifier,
                Validity::new(self.now - year, self.now - day)?,
            ),
            Papers::NotYetValid => self.by(
                self.certifier,
                Validity::new(self.now + day, self.now + year)?,
            ),
            Papers::WithoutPolicy => good(None),
            Papers::CiePolicy => good(Some(CIE)),
            Papers::LombardyPolicy => good(Some(LOMBARDY)),
            Papers::NonRepudiation => self.odd(&name, Some(CNS), vec![SIGNS], vec![CLIENT]),
            Papers::BothUsages => self.odd(&name, Some(CNS), vec![SIGNS_IN, SIGNS], vec![CLIENT]),
            Papers::WithoutClientAuth => {
                let mail = ExtendedKeyUsagePurpose::EmailProtection;
                self.odd(&name, Some(CNS), vec![SIGNS_IN], vec![mail])
            }
            Papers::WrongCodiceFiscale => self.odd(
                &with_wrong_check(&name),
                Some(CNS),
                vec![SIGNS_IN],
                vec![CLIENT],
            ),
            Papers::PlainName => self.odd("MARIO BIANCHI", Some(CNS), vec![SIGNS_IN], vec![CLIENT]),
        }
    }

    fn by(
        &self,
        certifier: &CertificationAuthority,
        validity: Validity,
    ) -> Result<Vec<u8>, PapersError> {
        let serial = SerialNumber::from(0x55);
        Ok(certifier.issue_cns(&self.subject, &self.spki, validity, serial)?)
    }

    /// What the certifier itself would not issue.
    fn odd(
        &self,
        common_name: &str,
        policy: Option<&[u8]>,
        usages: Vec<KeyUsagePurpose>,
        purposes: Vec<ExtendedKeyUsagePurpose>,
    ) -> Result<Vec<u8>, PapersError> {
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params
            .distinguished_name
            .push(DnType::CommonName, common_name);
        params.serial_number = Some(0x55_u64.into());
        params.not_before = self.now - Duration::days(365);
        params.not_after = self.now + Duration::days(365);
        params.key_usages = usages;
        params.extended_key_usages = purposes;
        params.custom_extensions = policy.map(policies).into_iter().collect();

        let pair = self.certifier.to_pem_pair();
        let key = KeyPair::from_pem(&pair.private_key)?;
        let issuer = Issuer::from_ca_cert_pem(&pair.certificate, key)?;
        let subject = SubjectPublicKeyInfo::from_der(&self.spki)?;
        Ok(params.signed_by(&subject, &issuer)?.der().to_vec())
    }
}

/// A certifier of this region, with a key of its own.
fn new_certifier(region: &str, now: OffsetDateTime) -> Result<CertificationAuthority, PapersError> {
    let years = Duration::days(3_652);
    let validity = Validity::new(now - years, now + years)?;
    Ok(CertificationAuthority::new(
        &CertifierName::regional(region),
        validity,
    )?)
}

/// The sixteenth character of a codice fiscale is its check character.
fn with_wrong_check(common_name: &str) -> String {
    let wrong = |(place, letter): (usize, char)| match (place, letter) {
        (15, 'A') => 'B',
        (15, _) => 'A',
        _ => letter,
    };
    common_name.chars().enumerate().map(wrong).collect()
}

/// certificatePolicies (RFC 5280 §4.2.1.4) with one policy, given as its content octets.
fn policies(identifier: &[u8]) -> CustomExtension {
    let length = u8::try_from(identifier.len()).unwrap_or(0);
    let head = [0x30, length + 4, 0x30, length + 2, 0x06, length];
    CustomExtension::from_oid_content(&[2, 5, 29, 32], [&head, identifier].concat())
}
