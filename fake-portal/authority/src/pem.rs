//! Text encoding of certificates (RFC 7468).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Base64 in lines of 64 characters between two lines that say what it is.
pub fn encode(label: &str, der: &[u8]) -> String {
    let mut text = format!("-----BEGIN {label}-----\n");
    for (place, character) in STANDARD.encode(der).chars().enumerate() {
        if place > 0 && place % 64 == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    text + &format!("\n-----END {label}-----\n")
}
