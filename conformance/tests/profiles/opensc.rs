//! OpenSC's tools, asked for one key set of a card.

use std::fs;

use cns_conformance::packages::locate;
use cns_conformance::{Finished, Invocation, Workbench};
use ring::signature::{
    RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey,
};
use x509_parser::pem::parse_x509_pem;

/// A key set as OpenSC shows it: a PIN, a private key and a certificate.
pub(crate) struct Token {
    /// What the objects are called.
    pub(crate) name: &'static str,
    /// Their number, in hexadecimal.
    pub(crate) id: &'static str,
    /// Where PKCS#11 shows them.
    pub(crate) slot: u8,
}

const MESSAGE: &[u8] = b"Documento di collaudo, senza valore.\n";

pub(crate) fn version(workbench: &Workbench) -> (u32, u32) {
    let client = workbench.client("opensc-tool").argument("--info");
    let text = client.run().unwrap().text();
    // OpenSC 0.23.0 [gcc ...]
    let version = text.split_whitespace().nth(1).unwrap();
    let mut numbers = version.split('.').map(|number| number.parse().unwrap());
    (numbers.next().unwrap(), numbers.next().unwrap())
}

pub(crate) fn dump(workbench: &Workbench) -> Finished {
    let client = workbench.client("pkcs15-tool").argument("--dump");
    client.run().unwrap()
}

/// Certificate, key, PIN and PUK are listed, and the key has the length that it has.
pub(crate) fn lists(workbench: &Workbench, token: &Token) {
    let id = &workbench.profile().id;
    let dump = dump(workbench);
    assert!(dump.status.success(), "{id}: {dump:?}");
    let text = dump.text();
    for kind in [
        "PIN [PIN ",
        "PIN [PUK ",
        "Private RSA Key [",
        "X.509 Certificate [",
    ] {
        let object = format!("{kind}{}]", token.name);
        assert!(text.contains(&object), "{id}: no {object} in {text}");
    }
    let bits = 8 * modulus_length(&certificate(workbench, token));
    assert!(
        text.contains(&format!("ModLength      : {bits}")),
        "{id}: {text}"
    );
}

pub(crate) fn tests_itself(workbench: &Workbench, token: &Token, pin: &str) {
    workbench.reset_card().unwrap();
    let client = logged_in(workbench, token.slot, pin).argument("--test");
    let client = client.run().unwrap();
    let is_good = client.status.success() && client.text().contains("No errors");
    assert!(is_good, "{}: {client:?}", workbench.profile().id);
}

/// Signs, and lets ring check it with the certificate that the card shows.
pub(crate) fn signs(workbench: &Workbench, token: &Token, pin: &str) {
    workbench.reset_card().unwrap();
    let folder = workbench.folder();
    fs::write(folder.join("message"), MESSAGE).unwrap();
    let client = logged_in(workbench, token.slot, pin)
        .arguments(["--sign", "--mechanism", "SHA256-RSA-PKCS", "--id", token.id])
        .arguments(["--input-file", "message", "--output-file", "signature"])
        .run()
        .unwrap();
    let id = &workbench.profile().id;
    assert!(client.status.success(), "{id}: {client:?}");
    let signature = fs::read(folder.join("signature")).unwrap();
    fs::remove_file(folder.join("signature")).unwrap();

    let certificate = certificate(workbench, token);
    let (_, parsed) = x509_parser::parse_x509_certificate(&certificate).unwrap();
    let parameters = match modulus_length(&certificate) {
        128 => &RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
        _ => &RSA_PKCS1_2048_8192_SHA256,
    };
    UnparsedPublicKey::new(parameters, &parsed.public_key().subject_public_key.data)
        .verify(MESSAGE, &signature)
        .unwrap_or_else(|_| panic!("{id}: ring says that the signature is wrong"));
}

/// The certificate of the key set, DER, as OpenSC reads it.
pub(crate) fn certificate(workbench: &Workbench, token: &Token) -> Vec<u8> {
    let client = workbench
        .client("pkcs15-tool")
        .arguments(["--read-certificate", token.id])
        .run()
        .unwrap();
    let (_, pem) = parse_x509_pem(&client.stdout).unwrap();
    pem.contents
}

pub(crate) fn verify_pin(workbench: &Workbench, token: &Token, pin: &str) -> Finished {
    workbench
        .client("pkcs15-tool")
        .arguments(["--verify-pin", "--auth-id", token.id, "--pin", pin])
        .run()
        .unwrap()
}

pub(crate) fn log_in(workbench: &Workbench, token: &Token, pin: &str) -> Finished {
    log_in_by_slot(workbench, token.slot, pin)
}

pub(crate) fn log_in_by_slot(workbench: &Workbench, slot: u8, pin: &str) -> Finished {
    let client = logged_in(workbench, slot, pin).argument("--list-objects");
    client.run().unwrap()
}

pub(crate) fn list_slots(workbench: &Workbench) -> Finished {
    let client = pkcs11_tool(workbench).argument("--list-slots");
    client.run().unwrap()
}

fn logged_in<'workbench>(
    workbench: &'workbench Workbench,
    slot: u8,
    pin: &str,
) -> Invocation<'workbench> {
    pkcs11_tool(workbench)
        .argument("--slot")
        .argument(slot.to_string())
        .arguments(["--login", "--pin", pin])
}

fn pkcs11_tool(workbench: &Workbench) -> Invocation<'_> {
    workbench
        .client("pkcs11-tool")
        .argument("--module")
        .argument(locate("opensc-pkcs11.so").unwrap())
}

/// In bytes.
fn modulus_length(certificate: &[u8]) -> usize {
    let (_, certificate) = x509_parser::parse_x509_certificate(certificate).unwrap();
    let key = certificate.public_key().parsed().unwrap();
    key.key_size() / 8
}
