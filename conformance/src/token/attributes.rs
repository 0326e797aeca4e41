//! What objects say of themselves: C_GetAttributeValue, one attribute at a time.

use cryptoki::object::{Attribute, AttributeInfo, AttributeType, ObjectHandle};
use cryptoki::session::Session;

use super::{Said, TokenSession};
use crate::case::Stop;

impl TokenSession {
    /// An attribute that is a byte string.
    pub fn bytes_of(&mut self, object: ObjectHandle, kind: AttributeType) -> Result<Vec<u8>, Stop> {
        match self.attribute(object, kind)? {
            Attribute::Id(bytes)
            | Attribute::Issuer(bytes)
            | Attribute::Label(bytes)
            | Attribute::Modulus(bytes)
            | Attribute::PublicExponent(bytes)
            | Attribute::SerialNumber(bytes)
            | Attribute::Subject(bytes)
            | Attribute::Value(bytes) => Ok(bytes),
            other => Err(Stop::broken(format!("{other:?} is no byte string"))),
        }
    }

    /// An attribute that is true or false.
    pub fn flag_of(&mut self, object: ObjectHandle, kind: AttributeType) -> Result<bool, Stop> {
        match self.attribute(object, kind)? {
            Attribute::AlwaysSensitive(flag)
            | Attribute::Decrypt(flag)
            | Attribute::Extractable(flag)
            | Attribute::NeverExtractable(flag)
            | Attribute::Private(flag)
            | Attribute::Sensitive(flag)
            | Attribute::Sign(flag)
            | Attribute::Token(flag)
            | Attribute::Unwrap(flag) => Ok(flag),
            other => Err(Stop::broken(format!("{other:?} is not true or false"))),
        }
    }

    /// Whether an attribute can be had, without its value.
    pub fn availability_of(
        &mut self,
        object: ObjectHandle,
        kind: AttributeType,
    ) -> Result<AttributeInfo, Stop> {
        let all: Said<Vec<AttributeInfo>> = self
            .call("C_GetAttributeValue", move |session: &Session| {
                session.get_attribute_info(object, &[kind])
            })?;
        let first = all.ok()?.into_iter().next();
        first.ok_or_else(|| Stop::broken("one attribute was asked for, and none answered"))
    }

    fn attribute(&mut self, object: ObjectHandle, kind: AttributeType) -> Result<Attribute, Stop> {
        let all = self.call("C_GetAttributeValue", move |session: &Session| {
            session.get_attributes(object, &[kind])
        })?;
        let first = all.ok()?.into_iter().next();
        first.ok_or_else(|| Stop::fail(format!("the attribute {kind}"), "it cannot be had"))
    }
}
