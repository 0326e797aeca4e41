//! How the portal behaves to a client: one profile a server name, as data.
//!
//! The first label of the name that the client asks for (SNI) chooses: `tls12.cns.test` and
//! `tls12.portale.test` are the profile `tls12`. An unknown name, or none, is the default.

use rustls::{SignatureScheme, SupportedProtocolVersion, version};

use cns_language::{Text, text};

/// What a client meets.
#[derive(Debug)]
pub struct Profile {
    /// The first label of its server names.
    pub name: &'static str,
    /// What it is for.
    pub purpose: Text,
    /// Versions of TLS that it speaks.
    pub versions: &'static [&'static SupportedProtocolVersion],
    /// Signatures that it asks for in CertificateRequest, the most wanted first.
    pub schemes: &'static [SignatureScheme],
    /// Certifiers that it names in CertificateRequest.
    pub hints: Hints,
    /// What happens to a client without a certificate.
    pub without_certificate: WithoutCertificate,
    /// How a certificate is refused.
    pub refusal: Refusal,
    /// Smallest RSA key that it lets in, in bits.
    pub key_bits_min: u16,
    /// Smallest RSA key whose signature it verifies at all, in bits.
    pub key_bits_verified: u16,
}

/// Which names of certifiers a client is told (RFC 8446 §4.2.4), by which it chooses its certificate.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Hints {
    /// Those that the portal trusts.
    Trusted,
    /// None: the client may offer whatever it has.
    None,
    /// One that nobody has a card of: many clients then offer nothing.
    Wrong,
    /// Those that the portal trusts, and after them hundreds of others: more than 32 KiB of names, over
    /// which some clients stumble.
    Huge,
}

/// What happens to a client without a certificate.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum WithoutCertificate {
    /// It gets a page.
    Page,
    /// Its handshake ends with the alert `certificate_required`.
    Alert,
}

/// How a certificate that is no login is refused. Either way nobody is logged in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Refusal {
    /// With a page that says why: the portal is *diagnostic*.
    Page,
    /// With the alert that a real portal sends: the portal is *strict*.
    Alert,
}

impl Profile {
    /// The profile of a server name.
    pub fn of_server_name(server_name: Option<&str>) -> &'static Self {
        let label = server_name.and_then(|name| name.split('.').next());
        let named = |profile: &&Self| label.is_some_and(|it| it.eq_ignore_ascii_case(profile.name));
        let [default, others @ ..] = &PROFILES;
        others.iter().find(named).unwrap_or(default)
    }
}

use SignatureScheme as Scheme;

const ECDSA: [Scheme; 3] = [
    Scheme::ECDSA_NISTP384_SHA384,
    Scheme::ECDSA_NISTP256_SHA256,
    Scheme::ED25519,
];
const PSS: [Scheme; 3] = [
    Scheme::RSA_PSS_SHA512,
    Scheme::RSA_PSS_SHA384,
    Scheme::RSA_PSS_SHA256,
];
const PKCS1: [Scheme; 3] = [
    Scheme::RSA_PKCS1_SHA512,
    Scheme::RSA_PKCS1_SHA384,
    Scheme::RSA_PKCS1_SHA256,
];
const MODERN: &[Scheme] = &[
    ECDSA[0], ECDSA[1], ECDSA[2], PSS[0], PSS[1], PSS[2], PKCS1[0], PKCS1[1], PKCS1[2],
];
/// What ring verifies with 1024 bits. RSA-PSS is not among it, so no other scheme may be asked for:
/// OpenSSL would choose RSA-PSS, and end with decrypt_error.
const LEGACY: &[Scheme] = &[
    Scheme::RSA_PKCS1_SHA256,
    Scheme::RSA_PKCS1_SHA512,
    Scheme::RSA_PKCS1_SHA1,
];
/// Whatever ring verifies. OpenSSL's clients take the first that they can make, so what a key of 1024
/// bits can make comes before RSA-PSS.
const ALL: &[Scheme] = &[
    ECDSA[0],
    ECDSA[1],
    ECDSA[2],
    PKCS1[2],
    PKCS1[0],
    PKCS1[1],
    PSS[0],
    PSS[1],
    PSS[2],
    Scheme::RSA_PKCS1_SHA1,
];

static BOTH: [&SupportedProtocolVersion; 2] = [&version::TLS13, &version::TLS12];
static TLS12: [&SupportedProtocolVersion; 1] = [&version::TLS12];
static TLS13: [&SupportedProtocolVersion; 1] = [&version::TLS13];

/// What a portal should be: the row that the others differ from.
const DEFAULT: Profile = Profile {
    name: "default",
    purpose: text(
        "TLS 1.2 e 1.3, certificato facoltativo, una pagina spiega ogni rifiuto",
        "TLS 1.2 and 1.3, certificate optional, a page explains each refusal",
        "TLS 1.2 und 1.3, Zertifikat freigestellt, eine Seite erklärt jede Ablehnung",
    ),
    versions: &BOTH,
    schemes: MODERN,
    hints: Hints::Trusted,
    without_certificate: WithoutCertificate::Page,
    refusal: Refusal::Page,
    key_bits_min: 2_048,
    key_bits_verified: 2_048,
};

/// All profiles, the default first.
pub static PROFILES: [Profile; 12] = [
    DEFAULT,
    Profile {
        name: "tls12",
        purpose: text("soltanto TLS 1.2", "TLS 1.2 alone", "nur TLS 1.2"),
        versions: &TLS12,
        ..DEFAULT
    },
    Profile {
        name: "tls13",
        purpose: text("soltanto TLS 1.3", "TLS 1.3 alone", "nur TLS 1.3"),
        versions: &TLS13,
        ..DEFAULT
    },
    Profile {
        name: "strict",
        purpose: text(
            "un certificato che non basta riceve l'allarme TLS di un portale vero",
            "a certificate that is not enough gets the TLS alert of a real portal",
            "ein ungenügendes Zertifikat erhält den TLS-Alarm eines echten Portals",
        ),
        refusal: Refusal::Alert,
        ..DEFAULT
    },
    Profile {
        name: "require",
        purpose: text(
            "come strict, e il certificato è obbligatorio",
            "as strict, and the certificate is required",
            "wie strict, und das Zertifikat ist Pflicht",
        ),
        without_certificate: WithoutCertificate::Alert,
        refusal: Refusal::Alert,
        ..DEFAULT
    },
    Profile {
        name: "diagnostic",
        purpose: text(
            "esamina anche chiavi corte e firme SHA-1, e le rifiuta con una pagina",
            "looks at short keys and SHA-1 signatures too, and refuses them with a page",
            "prüft auch kurze Schlüssel und SHA-1-Signaturen und lehnt sie mit einer Seite ab",
        ),
        schemes: ALL,
        key_bits_verified: 1_024,
        ..DEFAULT
    },
    Profile {
        name: "legacy1024",
        purpose: text(
            "carte con chiave RSA di 1024 bit: TLS 1.2, firme PKCS#1 v1.5",
            "cards with an RSA key of 1024 bits: TLS 1.2, PKCS #1 v1.5 signatures",
            "Karten mit RSA-Schlüssel von 1024 Bit: TLS 1.2, PKCS#1-v1.5-Signaturen",
        ),
        versions: &TLS12,
        schemes: LEGACY,
        key_bits_min: 1_024,
        key_bits_verified: 1_024,
        ..DEFAULT
    },
    Profile {
        name: "pkcs1-only",
        purpose: text(
            "middleware senza RSA-PSS: TLS 1.2, firme PKCS#1 v1.5",
            "middleware without RSA-PSS: TLS 1.2, PKCS #1 v1.5 signatures",
            "Middleware ohne RSA-PSS: TLS 1.2, PKCS#1-v1.5-Signaturen",
        ),
        versions: &TLS12,
        schemes: &PKCS1,
        ..DEFAULT
    },
    Profile {
        name: "pss-only",
        purpose: text(
            "soltanto firme RSA-PSS, anche con TLS 1.2",
            "RSA-PSS signatures alone, in TLS 1.2 too",
            "nur RSA-PSS-Signaturen, auch mit TLS 1.2",
        ),
        schemes: &PSS,
        ..DEFAULT
    },
    Profile {
        name: "hints-none",
        purpose: text(
            "non nomina alcun ente: il browser propone tutti i certificati",
            "names no certifier: the browser offers every certificate",
            "nennt keine Zertifizierungsstelle: der Browser bietet alle Zertifikate an",
        ),
        hints: Hints::None,
        ..DEFAULT
    },
    Profile {
        name: "hints-wrong",
        purpose: text(
            "nomina un ente che nessuna carta ha: il browser non propone nulla",
            "names a certifier that no card has: the browser offers nothing",
            "nennt eine Zertifizierungsstelle, die keine Karte hat: der Browser bietet nichts an",
        ),
        hints: Hints::Wrong,
        ..DEFAULT
    },
    Profile {
        name: "hints-huge",
        purpose: text(
            "nomina centinaia di enti, più di 32 KiB",
            "names hundreds of certifiers, more than 32 KiB",
            "nennt Hunderte Zertifizierungsstellen, mehr als 32 KiB",
        ),
        hints: Hints::Huge,
        ..DEFAULT
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_label_chooses() {
        let name = |server_name| Profile::of_server_name(server_name).name;
        assert_eq!(name(Some("tls12.cns.test")), "tls12");
        assert_eq!(name(Some("PSS-only.portale.test")), "pss-only");
        assert_eq!(name(Some("portale.test")), "default");
        assert_eq!(name(Some("x.tls12.test")), "default");
        assert_eq!(name(None), "default");
    }

    #[test]
    fn what_tls_1_3_cannot_say_is_not_asked_for_in_tls_1_3_alone() {
        for profile in &PROFILES {
            let speaks_tls13 = profile.versions.contains(&&version::TLS13);
            let fits = profile
                .schemes
                .iter()
                .any(|scheme| crate::possession::in_tls13(*scheme));
            assert!(fits || !speaks_tls13, "{}", profile.name);
        }
    }
}
