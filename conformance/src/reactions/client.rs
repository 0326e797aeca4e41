//! Clients of TLS, each told to show the certificates in `client.pem` with the key in `key.pem`, to trust
//! the certifiers in `trusted.pem`, and to fetch one page.

use std::fs;
use std::path::Path;

use cns_authority::zoo::SERVER_NAME;

use super::{Ended, run};
use crate::openssl_judge::{JudgeError, Opinion};
use crate::portal::Address;

/// What `s_server -www` answers everybody whom it lets in.
const ANSWER: &str = "HTTP/1.0 200 ok";

const REQUEST: &str = "GET / HTTP/1.0\r\n\r\n";

/// A client of TLS.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Client {
    /// `curl`, with OpenSSL.
    Curl,
    /// `openssl s_client`.
    SClient,
    /// `gnutls-cli`.
    GnutlsCli,
    /// `tstclnt`, of the family of Firefox.
    Tstclnt,
}

impl Client {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::SClient => "s_client",
            Self::GnutlsCli => "gnutls-cli",
            Self::Tstclnt => "tstclnt",
        }
    }

    pub(super) fn visit(self, folder: &Path, address: &Address) -> Result<Opinion, JudgeError> {
        let (ended, words): (Ended, fn(&str) -> Option<String>) = match self {
            Self::Curl => (curl(folder, address)?, words_of_curl),
            Self::SClient => (s_client(folder, address)?, words_of_openssl),
            Self::GnutlsCli => (gnutls_cli(folder, address)?, words_of_gnutls),
            Self::Tstclnt => (tstclnt(folder, address)?, words_of_nss),
        };
        let accepts = ended.text.contains(ANSWER);
        let says = match accepts {
            true => "OK".to_owned(),
            false => words(&ended.text).unwrap_or_else(|| "nothing that is known".to_owned()),
        };
        Ok(Opinion { says, accepts })
    }
}

fn curl(folder: &Path, address: &Address) -> Result<Ended, JudgeError> {
    let Address { dial, port, .. } = address;
    let at = format!("{SERVER_NAME}:{port}:{dial}");
    let url = format!("https://{SERVER_NAME}:{port}/");
    let arguments = [
        "--silent",
        "--show-error",
        "--include",
        "--cacert",
        "trusted.pem",
        "--cert",
        "client.pem",
        "--key",
        "key.pem",
        "--resolve",
        &at,
        &url,
    ];
    run(folder, "curl", &arguments, "")
}

fn s_client(folder: &Path, address: &Address) -> Result<Ended, JudgeError> {
    let at = format!("{}:{}", address.dial, address.port);
    let mut arguments = vec![
        "s_client",
        "-connect",
        &at,
        "-servername",
        SERVER_NAME,
        "-verify_hostname",
        SERVER_NAME,
        "-verify_return_error",
        "-CAfile",
        "trusted.pem",
        "-cert",
        "client.pem",
        "-key",
        "key.pem",
        "-ign_eof",
    ];
    // What comes after the first certificate is a file of its own here.
    let sent = fs::read_to_string(folder.join("client.pem"))?;
    if let Some((_, rest)) = sent.split_once("-----END CERTIFICATE-----\n")
        && !rest.is_empty()
    {
        fs::write(folder.join("chain.pem"), rest)?;
        arguments.extend(["-cert_chain", "chain.pem"]);
    }
    run(folder, "openssl", &arguments, REQUEST)
}

fn gnutls_cli(folder: &Path, address: &Address) -> Result<Ended, JudgeError> {
    let port = address.port.to_string();
    let arguments = [
        "--x509cafile",
        "trusted.pem",
        "--x509certfile",
        "client.pem",
        "--x509keyfile",
        "key.pem",
        "--sni-hostname",
        SERVER_NAME,
        "--verify-hostname",
        SERVER_NAME,
        "--port",
        &port,
        &address.dial,
    ];
    run(folder, "gnutls-cli", &arguments, REQUEST)
}

/// With the certificate and the key in a database, where NSS wants them.
fn tstclnt(folder: &Path, address: &Address) -> Result<Ended, JudgeError> {
    const DATABASE: &str = "sql:.";
    const NO_PASSWORD: &str = "pass:";
    let trust = fs::read_to_string(folder.join("trusted.pem"))?;
    let new = ["-N", "-d", DATABASE, "--empty-password"];
    run(folder, "certutil", &new, "")?;
    let blocks = trust.split_inclusive("-----END CERTIFICATE-----\n");
    for (number, block) in blocks.enumerate() {
        fs::write(folder.join("one.pem"), block)?;
        let nickname = format!("certifier {number}");
        let add = [
            "-A", "-d", DATABASE, "-n", &nickname, "-t", "CT,,", "-i", "one.pem",
        ];
        run(folder, "certutil", &add, "")?;
    }
    let pack = [
        "pkcs12",
        "-export",
        "-in",
        "client.pem",
        "-inkey",
        "key.pem",
        "-name",
        "client",
        "-out",
        "client.p12",
        "-passout",
        NO_PASSWORD,
    ];
    run(folder, "openssl", &pack, "")?;
    let import = ["-i", "client.p12", "-d", DATABASE, "-W", "", "-K", ""];
    run(folder, "pk12util", &import, "")?;
    fs::write(folder.join("request"), REQUEST)?;
    let port = address.port.to_string();
    let arguments = [
        "-h",
        &address.dial,
        "-p",
        &port,
        "-a",
        SERVER_NAME,
        "-d",
        DATABASE,
        "-n",
        "client",
        "-w",
        "",
        "-A",
        "request",
    ];
    run(folder, "tstclnt", &arguments, "")
}

/// `curl: (60) SSL certificate problem: certificate has expired`
fn words_of_curl(text: &str) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with("curl: "))?;
    // Where in its source OpenSSL found out is nobody's business.
    Some(line.split(", errno").next().unwrap_or(line).to_owned())
}

/// `verify error:num=10:certificate has expired`, or a line of OpenSSL's errors: thread, `error`, code,
/// library, function, reason, file, line.
fn words_of_openssl(text: &str) -> Option<String> {
    let verified = text
        .lines()
        .find_map(|line| line.strip_prefix("verify error:num="));
    if let Some(verified) = verified {
        return verified.split_once(':').map(|(_, why)| why.to_owned());
    }
    let error = text.lines().find(|line| line.contains(":error:"));
    match error {
        Some(error) => error.split(':').nth(5).map(str::to_owned),
        // Before it connects, its complaint is all that it says.
        None => text.lines().next().map(str::to_owned),
    }
}

/// `*** Received alert [42]: ...`, or what it found out before: `- Status: ...`.
fn words_of_gnutls(text: &str) -> Option<String> {
    let status = text
        .lines()
        .find_map(|line| line.strip_prefix("- Status: "));
    let found = match status {
        Some(status) if !status.starts_with("The certificate is trusted") => status,
        _ => text
            .lines()
            .find_map(|line| line.strip_prefix("*** Received "))?,
    };
    Some(found.trim().to_owned())
}

/// `tstclnt: ...: SEC_ERROR_EXPIRED_CERTIFICATE: Peer's Certificate has expired.`
fn words_of_nss(text: &str) -> Option<String> {
    let line = text.lines().find(|line| line.contains("_ERROR_"))?;
    let start = line
        .find("SEC_ERROR_")
        .or_else(|| line.find("SSL_ERROR_"))?;
    line.get(start..).map(|words| words.trim().to_owned())
}
