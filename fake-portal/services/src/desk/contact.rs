//! Where the second part is sent.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::rules;
use crate::Refusal;

/// A way to reach somebody, which is a channel of the post as well.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Contact {
    channel: Channel,
    address: String,
}

/// How something is sent.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// A text message to a mobile phone.
    Sms,
    /// E-mail.
    Email,
    /// Posta elettronica certificata, which has the force of a registered letter.
    Pec,
    /// A letter that cannot be read without tearing it open: nobody at the desk knows what is in it.
    BlindEnvelope,
    /// A sheet that is printed at the desk for everybody to see: notices only, never digits.
    PaperSlip,
}

impl Channel {
    /// What programs call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Email => "email",
            Self::Pec => "pec",
            Self::BlindEnvelope => "blind-envelope",
            Self::PaperSlip => "paper-slip",
        }
    }
}

impl Contact {
    /// An Italian mobile number, with or without `+39`, spaces allowed: `+39 320 0000001`.
    pub fn mobile(number: &str) -> Result<Self, Refusal> {
        let number: String = number.chars().filter(|letter| *letter != ' ').collect();
        let national = number.strip_prefix("+39").unwrap_or(&number);
        let is_mobile = national.starts_with('3')
            && (9..=10).contains(&national.len())
            && national.bytes().all(|digit| digit.is_ascii_digit());
        rules::CONTACT_INVALID.unless(is_mobile)?;
        Ok(Self::new(Channel::Sms, format!("+39{national}")))
    }

    /// An e-mail address: `maria.rossi@posta.test`.
    pub fn email(address: &str) -> Result<Self, Refusal> {
        mail_address(address).map(|address| Self::new(Channel::Email, address))
    }

    /// An address of certified mail.
    pub fn pec(address: &str) -> Result<Self, Refusal> {
        mail_address(address).map(|address| Self::new(Channel::Pec, address))
    }

    /// A postal address, for a blind envelope.
    pub fn letter(address: &str) -> Result<Self, Refusal> {
        let address = address.trim();
        let is_address = 5 <= address.len() && !address.chars().any(char::is_control);
        rules::CONTACT_INVALID.unless(is_address)?;
        Ok(Self::new(Channel::BlindEnvelope, address.to_owned()))
    }

    /// A sheet for whoever is at the counter of this office. No secret can be sent there.
    pub(crate) fn counter(office: &str) -> Self {
        Self::new(Channel::PaperSlip, office.to_owned())
    }

    fn new(channel: Channel, address: String) -> Self {
        Self { channel, address }
    }

    /// By what it is reached.
    pub fn channel(&self) -> Channel {
        self.channel
    }

    /// The number or address, whole.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// As much as its owner needs to know it again: `*********0001`, `m***@posta.test`.
    pub fn masked(&self) -> String {
        if let Some((user, domain)) = self.address.split_once('@') {
            let first: String = user.chars().take(1).collect();
            return format!("{first}***@{domain}");
        }
        let letters = self.address.chars().count();
        let shown = letters.min(12) / 3;
        let tail: String = self.address.chars().skip(letters - shown).collect();
        format!("{}{tail}", "*".repeat(letters - shown))
    }
}

impl fmt::Display for Contact {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.channel.name(), self.address)
    }
}

/// As it is shown: `sms:+393200000001`.
impl FromStr for Contact {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let (channel, address) = text.split_once(':').unwrap_or((text, ""));
        let contact = match channel {
            "sms" => Self::mobile(address),
            "email" => Self::email(address),
            "pec" => Self::pec(address),
            "blind-envelope" => Self::letter(address),
            "paper-slip" if !address.is_empty() => Ok(Self::counter(address)),
            _ => Err(rules::CONTACT_INVALID.refuse()),
        }?;
        // What is read is written the one way that there is.
        rules::CONTACT_INVALID.unless(contact.address == address)?;
        Ok(contact)
    }
}

/// One `@` with something before it and a domain of two labels or more behind. Whether the address
/// exists, only a message tells.
fn mail_address(address: &str) -> Result<String, Refusal> {
    let address = address.trim();
    let is_address = address.split_once('@').is_some_and(|(user, domain)| {
        let labels: Vec<&str> = domain.split('.').collect();
        !user.is_empty()
            && 2 <= labels.len()
            && labels.iter().all(|label| is_label(label))
            && address.chars().all(|letter| letter.is_ascii_graphic())
    });
    rules::CONTACT_INVALID.unless(is_address)?;
    Ok(address.to_ascii_lowercase())
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label
            .bytes()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_are_read_or_refused() {
        let shown = |contact: Result<Contact, Refusal>| match contact {
            Ok(contact) => format!("{contact} {}", contact.masked()),
            Err(refusal) => refusal.code.to_owned(),
        };
        let mobile = |number: &str| shown(Contact::mobile(number));
        assert_eq!(mobile("320 000 0001"), "sms:+393200000001 *********0001");
        assert_eq!(mobile("+39 320 0000001"), mobile("3200000001"));
        assert_eq!(mobile("0371 000001"), "DESK-107");
        assert_eq!(mobile("+44 320 0000001"), "DESK-107");
        assert_eq!(mobile("32000000012345"), "DESK-107");
        let email = |address: &str| shown(Contact::email(address));
        assert_eq!(
            email("Maria@Posta.test"),
            "email:maria@posta.test m***@posta.test"
        );
        assert_eq!(email("maria@posta"), "DESK-107");
        assert_eq!(email("maria@@posta.test"), "DESK-107");
        assert_eq!(email("@posta.test"), "DESK-107");
        assert_eq!(shown(Contact::letter("Via")), "DESK-107");
        assert_eq!(shown(Contact::letter("Via A\nB 12")), "DESK-107");
    }
}
