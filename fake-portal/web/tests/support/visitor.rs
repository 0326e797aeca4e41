//! Somebody who comes with a card, by curl.

use std::fs;

use cns_authority::{CnsCommonName, CnsSubject, CodiceFiscale, SerialNumber};
use serde_json::Value;

use super::{Bench, openssl, succeed, years};

/// Somebody with a card. All cards of the tests have one key.
pub(crate) struct Visitor<'a> {
    bench: &'a Bench,
    pub(crate) codice_fiscale: CodiceFiscale,
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    /// Where it says to go on.
    pub(crate) location: String,
    pub(crate) body: String,
}

impl<'a> Visitor<'a> {
    pub(crate) fn with_card(bench: &'a Bench, codice_fiscale: CodiceFiscale) -> Self {
        let subject = CnsSubject {
            common_name: CnsCommonName {
                codice_fiscale,
                ..super::maria_rossi().common_name
            },
            ..super::maria_rossi()
        };
        let serial = SerialNumber::from(0x1234);
        let validity = years(2026, 2027);
        let der = bench
            .certifier
            .issue_cns(&subject, &bench.spki, validity, serial)
            .unwrap();
        let folder = bench.folder.path();
        fs::write(folder.join(format!("{codice_fiscale}.der")), der).unwrap();
        succeed(openssl(
            folder,
            &format!("x509 -inform DER -in {codice_fiscale}.der -out {codice_fiscale}.pem"),
        ));
        Self {
            bench,
            codice_fiscale,
        }
    }

    /// A page, in English.
    pub(crate) fn see(&self, path: &str) -> Reply {
        self.ask(path, &["--header", "Accept-Language: en"])
    }

    /// A form, posted as its page posts it.
    pub(crate) fn post(&self, path: &str, fields: &[(&str, String)]) -> Reply {
        let token = self.token();
        let mut fields = fields.to_vec();
        fields.push(("token", token));
        self.post_raw(path, &fields, &[])
    }

    /// A form, posted as somebody else may post it.
    pub(crate) fn post_raw(
        &self,
        path: &str,
        fields: &[(&str, String)],
        headers: &[&str],
    ) -> Reply {
        let encoded: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut options = vec!["--header", "Accept-Language: en", "--request", "POST"];
        for field in &encoded {
            options.extend(["--data-urlencode", field]);
        }
        for header in headers {
            options.extend(["--header", header]);
        }
        self.ask(path, &options)
    }

    /// What programs see.
    pub(crate) fn json(&self, path: &str) -> (u16, Value) {
        let reply = self.ask(&format!("/api{path}"), &[]);
        (reply.status, reply.json())
    }

    /// The API answers what programs ask for.
    pub(crate) fn post_json(&self, path: &str, fields: &[(&str, String)]) -> Reply {
        let members = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str())));
        let body = Value::Object(members.collect()).to_string();
        let options = ["--header", "Content-Type: application/json", "--data"];
        self.ask(&format!("/api{path}"), &[&options[..], &[&body]].concat())
    }

    /// The token of this visitor's forms.
    pub(crate) fn token(&self) -> String {
        let page = self.see("/area/exemptions").body;
        let (_, rest) = page.split_once(r#"name="token" value=""#).unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    }

    pub(crate) fn ask(&self, path: &str, options: &[&str]) -> Reply {
        let certificate = format!("{}.pem", self.codice_fiscale);
        let url = format!("https://cns.test:{}{path}", self.bench.port);
        let resolve = format!("cns.test:{}:127.0.0.1", self.bench.port);
        // What is written out comes after the body, on lines of its own.
        let card = [
            "--resolve",
            &resolve,
            "--cert",
            &certificate,
            "--key",
            "card.key",
            "--write-out",
            "\n%{http_code}\n%{content_type}\n%header{location}",
        ];
        let output = self.bench.curl_url(&url, &[&card[..], options].concat());
        assert!(output.status.success(), "{path}: {output:?}");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut lines = text.rsplitn(4, '\n');
        let mut line = || lines.next().unwrap().to_owned();
        let (location, content_type, status) = (line(), line(), line());
        Reply {
            status: status.parse().unwrap(),
            content_type,
            location,
            body: line(),
        }
    }
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// Whether a page shows these words.
    pub(crate) fn shows(&self, words: &str) -> bool {
        self.body.contains(words)
    }
}
