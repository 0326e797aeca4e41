//! Two judges of what the card signs, neither of which is the card's engine in this process: ring,
//! and the program openssl.

use std::fs;

use ring::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaParameters, UnparsedPublicKey,
};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::action::ActionError;
use crate::run::Finished;
use crate::workbench::Workbench;

/// How SHA-256 of a message is signed with RSA (RFC 8017 §8).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Scheme {
    /// RSASSA-PKCS1-v1_5.
    Pkcs1,
    /// RSASSA-PSS, MGF1 with SHA-256, 32 bytes of salt.
    Pss,
}

/// Checks the signature of `message` that `client` has made, with the key in the certificate.
pub(crate) fn judge(
    workbench: &Workbench,
    client: &Finished,
    scheme: Scheme,
    message: &[u8],
    signature: &[u8],
) -> Result<(), ActionError> {
    if !ring_accepts(workbench.certificate_der(), scheme, message, signature) {
        return Err(client.wrong("ring says that the signature is wrong"));
    }
    openssl_accepts(workbench, scheme, message, signature)
}

fn ring_accepts(certificate_der: &[u8], scheme: Scheme, message: &[u8], signature: &[u8]) -> bool {
    let parameters: &RsaParameters = match scheme {
        Scheme::Pkcs1 => &RSA_PKCS1_2048_8192_SHA256,
        Scheme::Pss => &RSA_PSS_2048_8192_SHA256,
    };
    X509Certificate::from_der(certificate_der).is_ok_and(|(_, certificate)| {
        let key = &certificate.public_key().subject_public_key.data;
        UnparsedPublicKey::new(parameters, key)
            .verify(message, signature)
            .is_ok()
    })
}

fn openssl_accepts(
    workbench: &Workbench,
    scheme: Scheme,
    message: &[u8],
    signature: &[u8],
) -> Result<(), ActionError> {
    let folder = workbench.folder();
    fs::write(folder.join("judged-message"), message)?;
    fs::write(folder.join("judged-signature"), signature)?;
    let key = workbench
        .client("openssl")
        .arguments(["x509", "-inform", "DER", "-noout", "-pubkey", "-in"])
        .argument(workbench.certificate_path())
        .run()?
        .succeeded()?;
    fs::write(folder.join("judged-key.pem"), &key.stdout)?;

    let padding: &[&str] = match scheme {
        Scheme::Pkcs1 => &["-sigopt", "rsa_padding_mode:pkcs1"],
        Scheme::Pss => &[
            "-sigopt",
            "rsa_padding_mode:pss",
            "-sigopt",
            "rsa_pss_saltlen:32",
        ],
    };
    workbench
        .client("openssl")
        .arguments(["dgst", "-sha256", "-verify", "judged-key.pem"])
        .arguments(["-signature", "judged-signature"])
        .arguments(padding)
        .argument("judged-message")
        .run()?
        .succeeded()?
        .saying("Verified OK")?;
    Ok(())
}
