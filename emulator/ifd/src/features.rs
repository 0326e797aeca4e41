//! What a reader says of itself through SCardControl (PC/SC part 10).
//!
//! ```text
//! GET FEATURE REQUEST (3400)    feature | 04 | control code, 4 bytes big-endian, once a feature
//! GET TLV PROPERTIES            property | length | value, little-endian, once a property
//! IFD PIN PROPERTIES            wLcdLayout, 2 bytes | bEntryValidationCondition | bTimeOut2
//! ```

use vsmartcard::handler::bindings::{
    FEATURE_GET_TLV_PROPERTIES, FEATURE_IFD_PIN_PROPERTIES, FEATURE_MODIFY_PIN_DIRECT,
    FEATURE_VERIFY_PIN_DIRECT, PCSCv2_PART10_PROPERTY_bMaxPINSize,
    PCSCv2_PART10_PROPERTY_bMinPINSize, PCSCv2_PART10_PROPERTY_dwMaxAPDUDataSize,
};
use vsmartcard::handler::control_code;

/// The longest data field that an APDU may have: what extended length can say, in bytes.
pub const APDU_DATA_MAX: u32 = 0x1_0000;

/// What a host may ask with SCardControl.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Request {
    /// Which features there are, and their control codes.
    Features,
    /// Properties, among them the longest APDU.
    Properties,
    /// What the pinpad looks like.
    PinProperties,
    /// The PIN is typed on the pinpad, and VERIFY sent with it.
    VerifyPin,
    /// Both PINs are typed on the pinpad, and a command sent with them.
    ModifyPin,
}

/// Number of the request for features.
const GET_FEATURE_REQUEST: u32 = 3400;

/// Features have the control codes from here on; any that nobody else uses would do.
const FEATURES_FROM: u32 = 0x0033_0000;

impl Request {
    /// What this control code asks of a reader with or without a pinpad.
    pub fn from_code(code: u32, has_pinpad: bool) -> Option<Self> {
        if code == control_code(GET_FEATURE_REQUEST) {
            return Some(Self::Features);
        }
        Self::offered(has_pinpad)
            .find(|(feature, _)| code == code_of(*feature))
            .map(|(_, request)| request)
    }

    fn offered(has_pinpad: bool) -> impl Iterator<Item = (u32, Self)> {
        let always = [(FEATURE_GET_TLV_PROPERTIES, Self::Properties)];
        let pinpad = [
            (FEATURE_VERIFY_PIN_DIRECT, Self::VerifyPin),
            (FEATURE_MODIFY_PIN_DIRECT, Self::ModifyPin),
            (FEATURE_IFD_PIN_PROPERTIES, Self::PinProperties),
        ];
        always
            .into_iter()
            .chain(pinpad.into_iter().filter(move |_| has_pinpad))
    }
}

/// The answer to [`Request::Features`].
pub fn features(has_pinpad: bool) -> Vec<u8> {
    Request::offered(has_pinpad)
        .flat_map(|(feature, _)| {
            let [a, b, c, d] = code_of(feature).to_be_bytes();
            [feature as u8, 4, a, b, c, d]
        })
        .collect()
}

/// The answer to [`Request::Properties`].
pub fn properties(has_pinpad: bool) -> Vec<u8> {
    let mut answer = vec![PCSCv2_PART10_PROPERTY_dwMaxAPDUDataSize as u8, 4];
    answer.extend(APDU_DATA_MAX.to_le_bytes());
    if has_pinpad {
        answer.extend([PCSCv2_PART10_PROPERTY_bMinPINSize as u8, 1, PIN_LENGTH_MIN]);
        answer.extend([PCSCv2_PART10_PROPERTY_bMaxPINSize as u8, 1, PIN_LENGTH_MAX]);
    }
    answer
}

const PIN_LENGTH_MIN: u8 = 4;
const PIN_LENGTH_MAX: u8 = 8;

/// The answer to [`Request::PinProperties`]: no display; the PIN ends with the key "ok"; no second
/// time limit.
pub fn pin_properties() -> Vec<u8> {
    const KEY_PRESSED: u8 = 2;
    vec![0, 0, KEY_PRESSED, 0]
}

fn code_of(feature: u32) -> u32 {
    control_code(FEATURES_FROM + feature)
}
