//! Certificates as text: PEM, Base64, and the Byte Sequences of structured header fields.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The longest certificate that is read, in bytes of DER. One of a card has some 1,200.
const CERTIFICATE_MAX: usize = 16 * 1024;

const PEM_BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const PEM_END: &str = "-----END CERTIFICATE-----";

/// Base64 (RFC 4648 §4).
pub(super) fn base64(der: &[u8]) -> String {
    STANDARD.encode(der)
}

/// A certificate in PEM (RFC 7468) whose lines end with `end`.
pub(super) fn lines(der: &[u8], end: &str) -> String {
    const LINE: usize = 64;
    let base64 = STANDARD.encode(der);
    let rows = base64.as_bytes().chunks(LINE).map(String::from_utf8_lossy);
    let rows: Vec<_> = rows.collect();
    format!("{PEM_BEGIN}{end}{}{end}{PEM_END}{end}", rows.join(end))
}

/// A certificate in PEM, whatever white space its lines end with.
pub(super) fn pem(text: &str) -> Option<Vec<u8>> {
    let base64 = text.trim().strip_prefix(PEM_BEGIN)?;
    let base64 = base64.trim_end().strip_suffix(PEM_END)?;
    let base64: String = base64.split_whitespace().collect();
    der(&base64)
}

/// A certificate in Base64; none that is empty or too long.
pub(super) fn der(base64: &str) -> Option<Vec<u8>> {
    let der = STANDARD.decode(base64).ok()?;
    (1..=CERTIFICATE_MAX).contains(&der.len()).then_some(der)
}

/// A Byte Sequence (RFC 8941 §3.3.5).
pub(super) fn byte_sequence(der: &[u8]) -> String {
    format!(":{}:", STANDARD.encode(der))
}

/// A list of Byte Sequences.
pub(super) fn byte_sequences(value: &str) -> Option<Vec<Vec<u8>>> {
    let items = value.split(',').map(str::trim);
    items
        .map(|item| der(item.strip_prefix(':')?.strip_suffix(':')?))
        .collect()
}
