//! Names of constants as standards write them, from those of the bindings.

/// `CKR_PIN_INCORRECT` of `CKR` and `PinIncorrect`.
pub(crate) fn constant_name(prefix: &str, camel: &str) -> String {
    let mut name = prefix.to_owned();
    for letter in camel.chars() {
        if letter.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}
