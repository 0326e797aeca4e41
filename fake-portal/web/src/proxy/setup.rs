//! Configurations with which real proxies ask for the card's certificate and pass it on.
//!
//! Each is whole: the program runs with it as it is, as any user, in a folder of its own, with no other
//! file of the system's but its modules. What matters for cards in it is commented.

use std::net::SocketAddr;
use std::path::PathBuf;

use askama::Template;

use super::Dialect;

/// A program that terminates TLS.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ProxyProgram {
    /// Apache httpd 2.4.
    Apache,
    /// nginx 1.22 or later.
    Nginx,
    /// HAProxy 2.6 or later.
    Haproxy,
}

/// Where things are.
#[derive(Clone, Debug)]
pub struct ProxySetup {
    /// Where clients connect.
    pub listen: SocketAddr,
    /// The name that the server's certificate is for.
    pub server_name: String,
    /// The server's certificate and what leads to its certifier, PEM.
    pub certificate: PathBuf,
    /// Its key, PEM. HAProxy wants both in one file, and reads [`Self::certificate`] only.
    pub private_key: PathBuf,
    /// The certifiers whose cards may log in, PEM.
    pub certifiers: PathBuf,
    /// The application.
    pub application: SocketAddr,
    /// Where the proxy writes: process number, logs, temporary files.
    pub folder: PathBuf,
    /// Where Apache's modules are.
    pub apache_modules: PathBuf,
}

impl ProxyProgram {
    /// How it passes the certificate on.
    pub const fn dialect(self) -> Dialect {
        match self {
            Self::Apache => Dialect::Apache,
            Self::Nginx => Dialect::Nginx,
            Self::Haproxy => Dialect::Haproxy,
        }
    }

    /// The command that starts it in the foreground with a configuration file.
    pub fn command(self, file: &str) -> Vec<String> {
        let words: &[&str] = match self {
            Self::Apache => &["apache2", "-DFOREGROUND", "-f", file],
            Self::Nginx => &["nginx", "-e", "stderr", "-c", file],
            Self::Haproxy => &["haproxy", "-db", "-f", file],
        };
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    /// The configuration.
    ///
    /// # Errors
    /// The text cannot be rendered, which does not happen.
    pub fn configuration(self, setup: &ProxySetup) -> Result<String, askama::Error> {
        let text = match self {
            Self::Apache => ApacheTemplate { setup }.render(),
            Self::Nginx => NginxTemplate { setup }.render(),
            Self::Haproxy => HaproxyTemplate { setup }.render(),
        }?;
        // A template ends before its last line end, without which HAProxy takes a file for cut off.
        Ok(text + "\n")
    }
}

impl ProxySetup {
    /// The headers of all dialects but one.
    fn others(&self, own: Dialect) -> impl Iterator<Item = &'static str> {
        let all = Dialect::ALL.into_iter().filter(move |other| *other != own);
        all.flat_map(Dialect::headers)
    }
}

#[derive(Template)]
#[template(path = "proxy/apache.conf", escape = "none")]
struct ApacheTemplate<'a> {
    setup: &'a ProxySetup,
}

#[derive(Template)]
#[template(path = "proxy/nginx.conf", escape = "none")]
struct NginxTemplate<'a> {
    setup: &'a ProxySetup,
}

#[derive(Template)]
#[template(path = "proxy/haproxy.cfg", escape = "none")]
struct HaproxyTemplate<'a> {
    setup: &'a ProxySetup,
}
