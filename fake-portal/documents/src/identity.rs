//! Identifiers and codes that are made of values, so that the same values have the same ones.

use ring::digest::{Context, Digest, SHA256};

/// A digest of parts, each with its length before it: `ab` and `c` are not `a` and `bc`.
pub(crate) fn digest(parts: &[&str]) -> Digest {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part.as_bytes());
    }
    context.finish()
}

/// A UUID of version 8 (RFC 9562): one whose bits are its maker's business, here those of a digest.
pub(crate) fn uuid(parts: &[&str]) -> String {
    let hexadecimal = hexadecimal(&digest(parts));
    let part = |from, to| hexadecimal.get(from..to).unwrap_or_default();
    // `8` is the version, `a` has the bits of the variant.
    format!(
        "{}-{}-8{}-a{}-{}",
        part(0, 8),
        part(8, 12),
        part(13, 16),
        part(17, 20),
        part(20, 32)
    )
}

/// So many decimal digits, at most 32; the first is never 0.
pub(crate) fn decimal_digits(parts: &[&str], count: usize) -> String {
    digest(parts)
        .as_ref()
        .iter()
        .take(count)
        .enumerate()
        .map(|(place, byte)| match place {
            0 => char::from(b'1' + byte % 9),
            _ => char::from(b'0' + byte % 10),
        })
        .collect()
}

/// The digest in small letters.
pub(crate) fn hexadecimal(digest: &Digest) -> String {
    let bytes = digest.as_ref().iter();
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_has_its_version_and_its_variant() {
        let uuid = uuid(&["report", "1"]);
        assert_eq!(uuid.len(), 36);
        assert_eq!(uuid.get(14..15), Some("8"));
        assert_eq!(uuid.get(19..20), Some("a"));
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(uuid(&["ab", "c"]), uuid(&["a", "bc"]));
    }

    #[test]
    fn digits_do_not_begin_with_zero() {
        for number in 0..100 {
            let digits = decimal_digits(&[&number.to_string()], 20);
            assert_eq!(digits.len(), 20);
            assert!(!digits.starts_with('0'), "{digits}");
        }
    }
}
