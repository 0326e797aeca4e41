//! The checks that a login must pass, with the words that explain them.

use cns_authority::CNS_POLICY;

/// Policies that stand for a CNS: the national one, and the two of the regional card of
/// Lombardia, which the regulation declares equivalent.
pub(crate) const CNS_POLICIES: [&str; 3] =
    [CNS_POLICY, "1.3.159.6.1.3.2.10", "1.3.76.12.1.1.10.2.2.10"];

/// A check. Each has an identifier that never changes, for tests and logs to rely on.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Check {
    /// `cert.syntax`
    CertificateSyntax,
    /// `chain.trusted`
    ChainTrusted,
    /// `cert.time`
    CertificateTime,
    /// `ku.digital_signature`
    DigitalSignature,
    /// `ku.no_nonrepudiation`
    NoNonRepudiation,
    /// `eku.client_auth`
    ClientAuthentication,
    /// `policy.cns_oid`
    CnsPolicy,
    /// `cn.grammar`
    CommonNameGrammar,
}

/// A check that failed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reason {
    /// Which check.
    pub check: Check,
    /// What the certificate says, in Italian.
    pub seen: String,
}

impl Check {
    /// The identifier.
    pub fn id(self) -> &'static str {
        match self {
            Self::CertificateSyntax => "cert.syntax",
            Self::ChainTrusted => "chain.trusted",
            Self::CertificateTime => "cert.time",
            Self::DigitalSignature => "ku.digital_signature",
            Self::NoNonRepudiation => "ku.no_nonrepudiation",
            Self::ClientAuthentication => "eku.client_auth",
            Self::CnsPolicy => "policy.cns_oid",
            Self::CommonNameGrammar => "cn.grammar",
        }
    }

    /// What is required, in Italian.
    pub fn rule(self) -> &'static str {
        match self {
            Self::CertificateSyntax => "Il certificato deve essere un certificato X.509 leggibile.",
            Self::ChainTrusted => {
                "Il certificato deve essere emesso da un ente che il portale riconosce."
            }
            Self::CertificateTime => {
                "Il certificato deve essere valido nel momento in cui ci si collega."
            }
            Self::DigitalSignature => {
                "L'uso della chiave deve comprendere la firma digitale (digitalSignature)."
            }
            Self::NoNonRepudiation => {
                "La chiave di autenticazione non deve servire a firmare documenti (nonRepudiation)."
            }
            Self::ClientAuthentication => {
                "L'uso esteso della chiave deve comprendere l'autenticazione del client \
                 (clientAuth)."
            }
            Self::CnsPolicy => {
                "Il certificato deve contenere la politica delle CNS, 1.3.76.16.2.1 o equivalente."
            }
            Self::CommonNameGrammar => {
                "Il nome comune deve essere codice fiscale, «/», numero della carta, «.», impronta \
                 dei dati personali."
            }
        }
    }

    /// What the visitor can do about it, in Italian.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::CertificateSyntax => "Leggere il certificato della carta con un altro programma.",
            Self::ChainTrusted => {
                "Scegliere il certificato di autenticazione della carta, oppure avviare il portale \
                 con l'ente che ha emesso la carta."
            }
            Self::CertificateTime => {
                "Controllare la scadenza della carta e l'orologio del portale; una carta scaduta va \
                 sostituita."
            }
            Self::DigitalSignature | Self::NoNonRepudiation | Self::ClientAuthentication => {
                "Scegliere il certificato di autenticazione, non quello di firma."
            }
            Self::CnsPolicy => "Usare una CNS: altri certificati non bastano per accedere.",
            Self::CommonNameGrammar => "Far emettere di nuovo il certificato con dati corretti.",
        }
    }

    pub(crate) fn failed(self, seen: String) -> Reason {
        Reason { check: self, seen }
    }
}
