//! Whether the private key works: each mechanism is tried, and openssl judges with the public key.

use std::collections::BTreeMap;
use std::fs;

use super::{Object, in_slot, listing};
use crate::action::ActionError;
use crate::run::{Finished, Invocation};
use crate::workbench::Workbench;

const MESSAGE: &[u8] = b"Documento di collaudo, senza valore.\n";

/// A way to sign, and how openssl checks it.
struct Signing {
    mechanism: &'static str,
    options: &'static [&'static str],
    input: Input,
    digest: &'static str,
    padding: &'static [&'static str],
}

/// What the card's user gives to the module.
enum Input {
    /// The message; the module hashes it.
    Message,
    /// The digest, SHA-256.
    Digest,
    /// The digest in its DigestInfo (RFC 8017 §9.2).
    DigestInfo,
    /// That, padded to the length of the key.
    Block,
}

const PKCS1: &[&str] = &["-sigopt", "rsa_padding_mode:pkcs1"];
const PSS: &[&str] = &["-sigopt", "rsa_padding_mode:pss"];

const SIGNINGS: &[Signing] = &[
    hashed("SHA1-RSA-PKCS", "-sha1", PKCS1),
    hashed("SHA256-RSA-PKCS", "-sha256", PKCS1),
    hashed("SHA384-RSA-PKCS", "-sha384", PKCS1),
    hashed("SHA512-RSA-PKCS", "-sha512", PKCS1),
    hashed("SHA1-RSA-PKCS-PSS", "-sha1", PSS),
    hashed("SHA256-RSA-PKCS-PSS", "-sha256", PSS),
    hashed("SHA384-RSA-PKCS-PSS", "-sha384", PSS),
    hashed("SHA512-RSA-PKCS-PSS", "-sha512", PSS),
    prepared("RSA-PKCS", &[], Input::DigestInfo, PKCS1),
    prepared(
        "RSA-PKCS-PSS",
        &["--hash-algorithm", "SHA256", "--mgf", "MGF1-SHA256"],
        Input::Digest,
        PSS,
    ),
    prepared("RSA-X-509", &[], Input::Block, PKCS1),
];

const fn hashed(
    mechanism: &'static str,
    digest: &'static str,
    padding: &'static [&'static str],
) -> Signing {
    Signing {
        mechanism,
        options: &[],
        input: Input::Message,
        digest,
        padding,
    }
}

const fn prepared(
    mechanism: &'static str,
    options: &'static [&'static str],
    input: Input,
    padding: &'static [&'static str],
) -> Signing {
    Signing {
        mechanism,
        options,
        input,
        digest: "-sha256",
        padding,
    }
}

/// Ways to decrypt, and how openssl encrypts for them.
const DECRYPTIONS: [(&str, &str, &[&str]); 3] = [
    ("RSA-PKCS", "pkcs1", &[]),
    (
        "RSA-PKCS-OAEP",
        "oaep",
        &["--hash-algorithm", "SHA-1", "--mgf", "MGF1-SHA1"],
    ),
    ("RSA-X-509", "none", &[]),
];

/// Tries everything with this key.
pub(super) fn all(
    workbench: &Workbench,
    slot: u32,
    pin: &str,
    key: &Object,
) -> Result<BTreeMap<String, String>, ActionError> {
    let Some(length) = export_public_key(workbench, slot, key)? else {
        return Ok(BTreeMap::new());
    };
    fs::write(workbench.folder().join("message"), MESSAGE)?;
    let user = User {
        workbench,
        slot,
        pin,
        key,
        length,
    };
    let mut works = BTreeMap::new();
    for signing in SIGNINGS {
        works.insert(format!("sign {}", signing.mechanism), user.sign(signing)?);
    }
    for (mechanism, padding, options) in DECRYPTIONS {
        let outcome = user.decrypt(mechanism, padding, options)?;
        works.insert(format!("decrypt {mechanism}"), outcome);
    }
    Ok(works)
}

/// Somebody who knows the PIN.
struct User<'workbench> {
    workbench: &'workbench Workbench,
    slot: u32,
    pin: &'workbench str,
    key: &'workbench Object,
    /// Of the key's modulus, in bytes.
    length: usize,
}

impl User<'_> {
    fn sign(&self, signing: &Signing) -> Result<String, ActionError> {
        let folder = self.workbench.folder();
        remove(&folder.join("signature"))?;
        fs::write(folder.join("input"), self.input(&signing.input)?)?;
        let client = self
            .with_key()?
            .arguments(["--sign", "--mechanism", signing.mechanism])
            .arguments(signing.options)
            .arguments(["--input-file", "input", "--output-file", "signature"])
            .run()?;
        if !client.status.success() {
            return Ok(listing::refusal(&client));
        }
        let judge = openssl(
            self.workbench,
            &[
                "dgst",
                signing.digest,
                "-verify",
                "key.pem",
                "-signature",
                "signature",
            ],
        )
        .arguments(signing.padding)
        .argument("message")
        .run()?;
        Ok(verdict(judge.status.success()))
    }

    fn decrypt(
        &self,
        mechanism: &str,
        padding: &str,
        options: &[&str],
    ) -> Result<String, ActionError> {
        let folder = self.workbench.folder();
        remove(&folder.join("decrypted"))?;
        // Without padding the message must be as long as the key, and its number smaller.
        let plain = match padding {
            "none" => {
                let mut block = vec![0; self.length - MESSAGE.len()];
                block.extend_from_slice(MESSAGE);
                block
            }
            _ => MESSAGE.to_vec(),
        };
        fs::write(folder.join("plain"), &plain)?;
        openssl(
            self.workbench,
            &[
                "pkeyutl", "-encrypt", "-pubin", "-inkey", "key.pem", "-in", "plain",
            ],
        )
        .arguments(["-out", "encrypted", "-pkeyopt"])
        .argument(format!("rsa_padding_mode:{padding}"))
        .run()?
        .succeeded()?;
        let client = self
            .with_key()?
            .arguments(["--decrypt", "--mechanism", mechanism])
            .arguments(options)
            .arguments(["--input-file", "encrypted", "--output-file", "decrypted"])
            .run()?;
        if !client.status.success() {
            return Ok(listing::refusal(&client));
        }
        Ok(verdict(fs::read(folder.join("decrypted"))? == plain))
    }

    fn with_key(&self) -> Result<Invocation<'_>, ActionError> {
        Ok(in_slot(self.workbench, self.slot)?
            .arguments(["--login", "--pin", self.pin])
            .arguments(["--id", self.key.id()]))
    }

    fn input(&self, input: &Input) -> Result<Vec<u8>, ActionError> {
        /// DigestInfo of SHA-256 up to the digest (RFC 8017 §9.2, note 1).
        const SHA256: [u8; 19] = [
            0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
            0x01, 0x05, 0x00, 0x04, 0x20,
        ];
        let digest = ring::digest::digest(&ring::digest::SHA256, MESSAGE);
        let info = [SHA256.as_slice(), digest.as_ref()].concat();
        Ok(match input {
            Input::Message => MESSAGE.to_vec(),
            Input::Digest => digest.as_ref().to_vec(),
            Input::DigestInfo => info,
            Input::Block => {
                let filler = vec![0xFF; self.length - info.len() - 3];
                [[0x00, 0x01].as_slice(), &filler, &[0x00], &info].concat()
            }
        })
    }
}

/// Writes the key of the certificate that goes with the private key to `key.pem`, and returns the
/// length of its modulus in bytes; none if there is no certificate.
fn export_public_key(
    workbench: &Workbench,
    slot: u32,
    key: &Object,
) -> Result<Option<usize>, ActionError> {
    let read = in_slot(workbench, slot)?
        .arguments(["--read-object", "--type", "cert", "--id", key.id()])
        .arguments(["--output-file", "certificate-read.der"])
        .run()?;
    if !read.status.success() {
        return Ok(None);
    }
    let public: Finished = openssl(
        workbench,
        &[
            "x509",
            "-inform",
            "DER",
            "-in",
            "certificate-read.der",
            "-noout",
        ],
    )
    .arguments(["-pubkey", "-modulus"])
    .run()?
    .succeeded()?;
    fs::write(workbench.folder().join("key.pem"), &public.stdout)?;
    let text = public.text();
    let modulus = text.lines().find_map(|line| line.strip_prefix("Modulus="));
    Ok(modulus.map(|digits| digits.len() / 2))
}

fn openssl<'workbench>(
    workbench: &'workbench Workbench,
    arguments: &[&str],
) -> Invocation<'workbench> {
    workbench.client("openssl").arguments(arguments)
}

/// What an earlier trial left must not be taken for this one's.
fn remove(path: &std::path::Path) -> Result<(), ActionError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn verdict(is_right: bool) -> String {
    match is_right {
        true => "right".to_owned(),
        false => "wrong".to_owned(),
    }
}
