//! Security environments: which key a security operation takes (ISO 7816-4 §5.6 and the CNS
//! specification's MSE commands).

/// A security environment stored on the card, a SEO.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SecurityEnvironment {
    /// The identifier that MSE RESTORE names.
    pub id: u8,
    /// Six key identifiers. Their order is not public, so they are kept and not interpreted.
    pub components: [u8; 6],
}

/// The environment that is in force in this session.
#[derive(Clone, Debug, Default)]
pub(crate) struct CurrentEnvironment {
    /// The key for PSO DECIPHER (confidentiality template, B8).
    pub(crate) decipher_key: Option<u8>,
    /// The key for PSO COMPUTE DIGITAL SIGNATURE (digital signature template, B6).
    pub(crate) signature_key: Option<u8>,
    /// The key for EXTERNAL AUTHENTICATE (authentication template, A4).
    pub(crate) authentication_key: Option<u8>,
}
