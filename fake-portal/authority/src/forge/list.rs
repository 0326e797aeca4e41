//! A revocation list, taken apart and changed.

use time::OffsetDateTime;

use super::extension::{Extension, ExtensionType};
use super::name::Name;
use super::sign::{ForgeError, Forgeable, Signing};
use crate::der::read::{DerError, only};
use crate::der::{tag, write as der};
use crate::signature_algorithm::SignatureAlgorithm;

/// What a certifier signs of a list (RFC 5280 §5.1), each part apart; the layout is in
/// [`revocation_list`](crate::revocation_list).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RevocationListParts {
    /// The issuer.
    pub issuer: Name,
    /// thisUpdate, a whole element.
    pub this_update_der: Vec<u8>,
    /// nextUpdate, a whole element. Every list has one (RFC 5280 §5.1.2.5).
    pub next_update_der: Option<Vec<u8>>,
    /// The lines, a whole SEQUENCE OF.
    pub revoked_der: Option<Vec<u8>>,
    /// The extensions of the list in their order.
    pub extensions: Vec<Extension>,
}

/// One thing done to a revocation list. Several are done in their order.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ListChange {
    /// Another issuer than who signs.
    Issuer(Name),
    /// Made at another time.
    ThisUpdate(OffsetDateTime),
    /// Without a word on when there will be another: who has it may believe it for ever.
    RemoveNextUpdate,
    /// This extension for the one of its type, in its place; at the end if there is none.
    Extension(Extension),
    /// Without extensions of this type.
    RemoveExtension(ExtensionType),
    /// Signed with this, truly.
    SignedWith(SignatureAlgorithm),
    /// One bit of the signature turned.
    DamagedSignature,
}

impl RevocationListParts {
    /// Takes a list apart. Its signature is not looked at, and forgotten.
    ///
    /// # Errors
    /// It is not a list of version 2 in DER.
    pub fn read(list_der: &[u8]) -> Result<Self, ForgeError> {
        Self::parse(list_der).map_err(ForgeError::Template)
    }

    fn parse(list_der: &[u8]) -> Result<Self, DerError> {
        let mut fields = only(list_der)?.reader().expect(tag::SEQUENCE)?.reader();
        fields.expect(tag::INTEGER)?;
        fields.expect(tag::SEQUENCE)?;
        let issuer = Name::read(fields.expect(tag::SEQUENCE)?)?;
        let this_update_der = fields.element()?.der.to_vec();
        // Both times are of either type, and tell themselves apart from the lines by that.
        let next_update_der = match fields.peek() {
            Some(tag::UTC_TIME | tag::GENERALIZED_TIME) => Some(fields.element()?.der.to_vec()),
            _ => None,
        };
        let revoked_der = fields.optional(tag::SEQUENCE)?.map(|it| it.der.to_vec());
        let extensions = match fields.explicit(0)? {
            None => Vec::new(),
            Some(list) => Extension::read_all(list)?,
        };
        fields.end()?;
        Ok(Self {
            issuer,
            this_update_der,
            next_update_der,
            revoked_der,
            extensions,
        })
    }
}

impl Forgeable for RevocationListParts {
    type Change = ListChange;

    fn apply(&mut self, change: &ListChange, signing: &mut Signing) {
        match change {
            ListChange::Issuer(name) => self.issuer.clone_from(name),
            ListChange::ThisUpdate(instant) => {
                self.this_update_der = der::certificate_time(*instant);
            }
            ListChange::RemoveNextUpdate => self.next_update_der = None,
            ListChange::Extension(extension) => extension.put_into(&mut self.extensions),
            ListChange::RemoveExtension(kind) => self.extensions.retain(|it| !it.is(*kind)),
            ListChange::SignedWith(algorithm) => signing.algorithm = *algorithm,
            ListChange::DamagedSignature => signing.damaged = true,
        }
    }

    fn to_der(&self, algorithm_identifier: &[u8]) -> Vec<u8> {
        let mut fields = vec![
            der::unsigned_integer(&[1]),
            algorithm_identifier.to_vec(),
            self.issuer.to_der(),
            self.this_update_der.clone(),
        ];
        fields.extend(self.next_update_der.clone());
        fields.extend(self.revoked_der.clone());
        if !self.extensions.is_empty() {
            fields.push(der::explicit(0, &Extension::all_to_der(&self.extensions)));
        }
        der::sequence(&fields)
    }
}
