//! Blocks before the token, signatures after it: PKCS #1 on the caller's side.

use ring::digest::{SHA256, digest};
use ring::signature::{
    RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, RSA_PSS_2048_8192_SHA256, RsaParameters,
    UnparsedPublicKey,
};
use x509_parser::num_bigint::BigUint;
use x509_parser::public_key::PublicKey;

use super::objects::{certificate, number, parse};
use crate::case::{Stop, Verdict};
use crate::token::Token;

/// How a signature was padded, with SHA-256.
#[derive(Clone, Copy, Debug)]
pub(super) enum Padding {
    Pkcs1,
    Pss,
}

/// Judges a signature with the key in the token's certificate.
pub(super) fn judge(token: &Token, padding: Padding, message: &[u8], seen: &[u8]) -> Verdict {
    judge_with(&certificate(token)?, padding, message, seen)
}

/// Judges a signature with the key in this certificate.
pub(super) fn judge_with(der: &[u8], padding: Padding, message: &[u8], seen: &[u8]) -> Verdict {
    let parameters: &RsaParameters = match padding {
        // Cards of CNS 1.0 have 1024 bits.
        Padding::Pkcs1 => &RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
        Padding::Pss => &RSA_PSS_2048_8192_SHA256,
    };
    let certificate = parse(der)?;
    let key = &certificate.public_key().subject_public_key.data;
    UnparsedPublicKey::new(parameters, key)
        .verify(message, seen)
        .map_err(|_| Stop::fail("a signature that ring accepts", cns_apdu::hex::encode(seen)))
}

/// DigestInfo of the message's SHA-256 (RFC 8017 §9.2, note 1).
pub(super) fn digest_info(message: &[u8]) -> Vec<u8> {
    const SHA256_HEAD: [u8; 19] = [
        0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
        0x05, 0x00, 0x04, 0x20,
    ];
    [&SHA256_HEAD, digest(&SHA256, message).as_ref()].concat()
}

/// `00 01 FF .. FF 00 content`, as long as the modulus (RFC 8017 §9.2).
pub(super) fn padded(token: &Token, content: &[u8]) -> Result<Vec<u8>, Stop> {
    block(token, 0x01, content)
}

/// RSAES-PKCS1-v1_5 with the token's public key (RFC 8017 §7.2.1). The padding, which should be
/// random, may be anything but 00 here.
pub(super) fn encrypt(token: &Token, message: &[u8]) -> Result<Vec<u8>, Stop> {
    let block = block(token, 0x02, message)?;
    let (modulus, exponent) = public_key(token)?;
    let cryptogram = BigUint::from_bytes_be(&block)
        .modpow(
            &BigUint::from_bytes_be(&exponent),
            &BigUint::from_bytes_be(&modulus),
        )
        .to_bytes_be();
    let zeros = vec![0; modulus.len().saturating_sub(cryptogram.len())];
    Ok([zeros, cryptogram].concat())
}

fn block(token: &Token, kind: u8, content: &[u8]) -> Result<Vec<u8>, Stop> {
    let (modulus, _) = public_key(token)?;
    let filler = modulus.len().checked_sub(content.len() + 3);
    let filler = filler.ok_or_else(|| Stop::broken("the content is too long for the key"))?;
    Ok([
        &[0x00, kind],
        vec![0xFF; filler].as_slice(),
        &[0x00],
        content,
    ]
    .concat())
}

fn public_key(token: &Token) -> Result<(Vec<u8>, Vec<u8>), Stop> {
    let der = certificate(token)?;
    let certificate = parse(&der)?;
    match certificate.public_key().parsed() {
        Ok(PublicKey::RSA(key)) => {
            Ok((number(key.modulus).to_vec(), number(key.exponent).to_vec()))
        }
        _ => Err(Stop::fail("an RSA key in the certificate", "another one")),
    }
}
