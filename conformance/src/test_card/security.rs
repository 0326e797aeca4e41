//! What cases say often of keys: set one, let it sign, judge what comes out.

use cns_apdu::{Command, Le};
use cns_fixtures::{KeyPurpose, Source};
use x509_parser::num_bigint::BigUint;
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::public_key::PublicKey as SubjectKey;

use super::{Answer, TestCard};
use crate::case::Stop;

/// CLA to P2 of PSO DECIPHER and PSO COMPUTE DIGITAL SIGNATURE.
pub const DECIPHER: [u8; 4] = [0x00, 0x2A, 0x80, 0x86];
/// The same of PSO COMPUTE DIGITAL SIGNATURE.
pub const SIGN: [u8; 4] = [0x00, 0x2A, 0x9E, 0x9A];

/// An RSA public key, which judges what the private one has made. The arithmetic is not the card's.
#[derive(Clone, Debug)]
pub struct PublicKey {
    modulus: BigUint,
    exponent: BigUint,
}

impl PublicKey {
    /// Big-endian numbers.
    pub fn new(modulus: &[u8], exponent: &[u8]) -> Self {
        Self {
            modulus: BigUint::from_bytes_be(modulus),
            exponent: BigUint::from_bytes_be(exponent),
        }
    }

    /// The length of the modulus, in bytes.
    pub fn length(&self) -> usize {
        self.modulus.to_bytes_be().len()
    }

    /// Whether the private key has made `signature` of `block`.
    pub fn accepts(&self, block: &[u8], signature: &[u8]) -> bool {
        let opened = BigUint::from_bytes_be(signature).modpow(&self.exponent, &self.modulus);
        signature.len() == self.length() && opened == BigUint::from_bytes_be(block)
    }

    /// A block as long as the modulus and below it: PKCS #1 type 1 around these bytes
    /// (RFC 8017 §9.2).
    pub fn block(&self, inner: &[u8]) -> Vec<u8> {
        let padding = self.length().saturating_sub(inner.len() + 3);
        [&[0x00, 0x01][..], &vec![0xFF; padding], &[0x00], inner].concat()
    }
}

impl TestCard {
    /// The public half of the authentication key, from its certificate.
    pub fn public_key(&mut self) -> Result<PublicKey, Stop> {
        let der = match self.issue() {
            Ok(issue) => issue.certificate_der.clone(),
            Err(_) => self.read_file(Source::Certificate)?,
        };
        let (_, certificate) = X509Certificate::from_der(&der)
            .map_err(|error| Stop::broken(format!("the certificate cannot be read: {error}")))?;
        match certificate.public_key().parsed() {
            Ok(SubjectKey::RSA(key)) => {
                let modulus = BigUint::from_bytes_be(key.modulus).to_bytes_be();
                Ok(PublicKey::new(&modulus, key.exponent))
            }
            _ => Err(Stop::broken("the certificate's key is not RSA")),
        }
    }

    /// Proves the PIN and sets the authentication key for a template: B8 decipher, B6 signature.
    pub fn prepare_key(&mut self, template: u8) -> Result<(), Stop> {
        let key = self.key(KeyPurpose::Authentication)?;
        self.verify_pin()?;
        self.prepare_with("00 22 F3 03")?;
        self.prepare_with(&format!("00 22 F1 {template:02X} (83 ({:02X}))", key.id))?;
        Ok(())
    }

    /// A block for the authentication key to sign, other in each case.
    pub fn block(&mut self, key: &PublicKey) -> Vec<u8> {
        let inner = self.random(32);
        key.block(&inner)
    }

    /// PSO DECIPHER of a block, in the form that OpenSC sends: one short command where it fits, else
    /// a chain.
    pub fn decipher(&mut self, block: &[u8]) -> Result<Answer, Stop> {
        let data = [&[0x00], block].concat();
        self.send_chain(DECIPHER, &data, Command::SHORT_DATA_MAX, Le::Maximum)
    }

    /// PSO COMPUTE DIGITAL SIGNATURE of a block, in the same form.
    pub fn sign(&mut self, block: &[u8]) -> Result<Answer, Stop> {
        self.send_chain(SIGN, block, Command::SHORT_DATA_MAX, Le::Maximum)
    }

    /// Sends data in links of so many bytes; each link but the last must be answered 9000 alone.
    pub fn send_chain(
        &mut self,
        header: [u8; 4],
        data: &[u8],
        link: usize,
        le: Le,
    ) -> Result<Answer, Stop> {
        let [class, instruction, p1, p2] = header;
        let mut rest = data;
        while rest.len() > link {
            let (first, more) = rest.split_at(link);
            let header = [class | 0x10, instruction, p1, p2];
            let link = self.send_command(&Command::new(header, first, Le::Absent))?;
            link.is_ok()?.is_bare()?;
            rest = more;
        }
        self.send_command(&Command::new(header, rest, le))
    }
}

impl Answer {
    /// 9000, and what the private key makes of the block.
    pub fn is_signature_of(self, block: &[u8], key: &PublicKey) -> Result<Self, Stop> {
        let answer = self.is_ok()?.has_length(key.length())?;
        let is_right = key.accepts(block, &answer.data);
        answer.must(is_right, "what the private key makes of the block")
    }
}
