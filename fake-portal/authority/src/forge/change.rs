//! What can be done to a certificate.

use super::extension::{Extension, ExtensionType};
use super::name::{Attribute, AttributeType, Name, StringType};
use super::parts::{CertificateParts, CertificateVersion};
use super::sign::Signing;
use crate::der::write as der;
use crate::signature_algorithm::SignatureAlgorithm;
use crate::validity::Validity;

/// One thing done to a certificate. Several are done in their order.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Change {
    /// Another version, with the extensions left as they are.
    Version(CertificateVersion),
    /// Another serial number, the content of an INTEGER: `[0x80]` is -128, 21 bytes are too many.
    SerialNumber(Vec<u8>),
    /// Another issuer than who signs.
    Issuer(Name),
    /// Another time.
    Validity(Validity),
    /// Another key, a whole SubjectPublicKeyInfo: whoever has it did not ask for this certificate.
    PublicKey(Vec<u8>),

    /// All texts of the subject but the country, written in another way.
    SubjectStrings(StringType),
    /// Another text in the first attribute of this type; at the end of the subject if it has none.
    SubjectText(AttributeType, String),
    /// The subject without attributes of this type.
    RemoveFromSubject(AttributeType),
    /// The subject with all attributes of this type twice.
    RepeatInSubject(AttributeType),
    /// Attributes of these types in one relative name, where everybody expects one each.
    JoinInSubject(Vec<AttributeType>),

    /// This extension for the one of its type, in its place; at the end if there is none.
    Extension(Extension),
    /// Without extensions of this type.
    RemoveExtension(ExtensionType),
    /// The extension of this type twice (RFC 5280 §4.2 forbids it).
    RepeatExtension(ExtensionType),
    /// The extension of this type critical, or not.
    Criticality(ExtensionType, bool),
    /// No extension at all.
    RemoveExtensions,

    /// Signed with this, truly.
    SignedWith(SignatureAlgorithm),
    /// Says inside that it is signed with this, and outside with what it is signed with
    /// (RFC 5280 §4.1.1.2 wants both the same).
    SaysSignedWith(SignatureAlgorithm),
    /// One bit of the signature turned.
    DamagedSignature,
    /// A byte after the end of the certificate.
    TrailingByte,
}

/// What a change does to the parts, or to how they will be signed.
pub(super) fn apply(change: &Change, parts: &mut CertificateParts, signing: &mut Signing) {
    use Change as C;
    match change {
        C::Version(version) => parts.version = *version,
        C::SerialNumber(content) => parts.serial_number.clone_from(content),
        C::Issuer(name) => parts.issuer.clone_from(name),
        C::Validity(validity) => parts.validity_der = validity_der(*validity),
        C::PublicKey(public_key) => parts.public_key_der.clone_from(public_key),

        C::SubjectStrings(string_type) => rewrite(&mut parts.subject, *string_type),
        C::SubjectText(kind, text) => set_text(&mut parts.subject, *kind, text),
        C::RemoveFromSubject(kind) => parts.subject.remove(*kind),
        C::RepeatInSubject(kind) => parts.subject.repeat(*kind),
        C::JoinInSubject(kinds) => parts.subject.join(kinds),

        C::Extension(extension) => extension.put_into(&mut parts.extensions),
        C::RemoveExtension(kind) => parts.extensions.retain(|it| !it.is(*kind)),
        C::RepeatExtension(kind) => {
            let again = parts.extensions.iter().find(|it| it.is(*kind)).cloned();
            parts.extensions.extend(again);
        }
        C::Criticality(kind, critical) => parts
            .extensions
            .iter_mut()
            .filter(|extension| extension.is(*kind))
            .for_each(|extension| extension.critical = *critical),
        C::RemoveExtensions => parts.extensions.clear(),

        C::SignedWith(algorithm) => signing.algorithm = *algorithm,
        C::SaysSignedWith(algorithm) => signing.said_inside = Some(*algorithm),
        C::DamagedSignature => signing.damaged = true,
        C::TrailingByte => signing.trailing_byte = true,
    }
}

fn validity_der(validity: Validity) -> Vec<u8> {
    der::sequence(&[
        der::certificate_time(validity.not_before()),
        der::certificate_time(validity.not_after()),
    ])
}

fn rewrite(name: &mut Name, string_type: StringType) {
    // The country is a PrintableString by definition (RFC 5280 appendix A.1): nobody writes another.
    name.attributes_mut()
        .filter(|attribute| !attribute.is(AttributeType::CountryName))
        .for_each(|attribute| attribute.rewrite(string_type));
}

fn set_text(name: &mut Name, kind: AttributeType, text: &str) {
    let new = Attribute::new(kind, text, StringType::Utf8);
    let old = name.attributes_mut().find(|attribute| attribute.is(kind));
    match old {
        Some(old) => *old = new,
        None => name.0.push(vec![new]),
    }
}
