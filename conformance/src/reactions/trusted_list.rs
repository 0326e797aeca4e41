//! `xmllint` as a script uses it that fetches the trusted list and asks, with XPath, what it says of the
//! certifier of a card; and `xmlsec1`, which such a script asks first who signed that.

use std::fs;
use std::path::Path;

use cns_authority::zoo::Animal;
use time::OffsetDateTime;

use super::run;
use crate::openssl_judge::{Judge, JudgeError, Opinion};

const LIST: &str = "TSL-IT.xml";

/// Of a kind and a status, their last word says all.
const RECOGNISED: &str = "IdV recognisedatnationallevel";

pub(super) fn look(judge: &Judge, animal: &Animal) -> Result<Opinion, JudgeError> {
    let folder = judge.write(animal)?;
    let parsed = run(&folder, "xmllint", &["--noout", LIST], "")?;
    if !parsed.is_success {
        let mark = "parser error : ";
        let line = parsed.text.lines().find_map(|line| line.split_once(mark));
        let why = line.map_or("it is no XML", |(_, why)| before_the_tag(why));
        return Ok(Opinion {
            says: format!("{mark}{why}"),
            accepts: false,
        });
    }
    let says = questions(&folder)?;
    let accepts = says == [RECOGNISED];
    Ok(Opinion {
        says: says.join("; "),
        accepts,
    })
}

/// Whether the publisher signed the list. xmlsec1 is told which attribute is an identifier: the list has no
/// schema with it that says so.
pub(super) fn verify(judge: &Judge, animal: &Animal) -> Result<Opinion, JudgeError> {
    let folder = judge.write(animal)?;
    let arguments = [
        "--verify",
        "--enabled-key-data",
        "key-name",
        "--pubkey-cert-pem",
        "publisher.pem",
        "--id-attr:Id",
        "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
        LIST,
    ];
    let ended = run(&folder, "xmlsec1", &arguments, "")?;
    let says = match ended.is_success {
        true => ended.text.lines().find(|line| line.contains("References")),
        false => ended.text.lines().find_map(words_of_xmlsec1),
    };
    Ok(Opinion {
        says: says.unwrap_or("nothing that is known").to_owned(),
        accepts: ended.is_success,
    })
}

/// What the list says of the certifier, and after it what is wrong with the times.
fn questions(folder: &Path) -> Result<Vec<String>, JudgeError> {
    let certifier = fs::read_to_string(folder.join("certifier.pem"))?;
    let base64: String = certifier
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    let named = |name: &str| format!("*[local-name()=\"{name}\"]");
    let service = format!(
        "//{}[.//{}=\"{base64}\"]",
        named("ServiceInformation"),
        named("X509Certificate")
    );
    let ask = |expression: String| -> Result<String, JudgeError> {
        let ended = run(folder, "xmllint", &["--xpath", &expression, LIST], "")?;
        Ok(ended.text.trim().to_owned())
    };
    let after = |mark: &str, name: &str| -> Result<String, JudgeError> {
        let uri = ask(format!("string({service}/{})", named(name)))?;
        Ok(uri.split(mark).nth(1).unwrap_or_default().to_owned())
    };
    let kind = after("/Svctype/", "ServiceTypeIdentifier")?;
    let status = after("/Svcstatus/", "ServiceStatus")?;
    let mut says = vec![match kind.as_str() {
        "" => "the certifier is not there".to_owned(),
        kind => format!("{kind} {status}"),
    }];
    // XPath 1.0 compares numbers only: 20261124080509.
    let now = digits(OffsetDateTime::now_utc());
    let is_past = |place: &str| -> Result<bool, JudgeError> {
        let digits = format!("translate({place}, \"-:TZ\", \"\")");
        Ok(ask(format!("number({digits}) <= {now}"))? == "true")
    };
    if !kind.is_empty() && !is_past(&format!("{service}/{}", named("StatusStartingTime")))? {
        says.push("not yet".to_owned());
    }
    if !is_past(&format!("//{}", named("ListIssueDateTime")))? {
        says.push("the list is of the future".to_owned());
    }
    if is_past(&format!("//{}", named("NextUpdate")))? {
        says.push("there should be a newer list".to_owned());
    }
    Ok(says)
}

fn digits(now: OffsetDateTime) -> String {
    let (date, (hour, minute, second)) = (now.date(), now.to_hms());
    let day = date.to_string().replace('-', "");
    format!("{day}{hour:02}{minute:02}{second:02}")
}

/// What stands behind the number of the error, `func=...:error=12:invalid data:data and digest do not match`, or
/// what it says before it comes to that.
fn words_of_xmlsec1(line: &str) -> Option<&str> {
    let error = line.split_once(":error=");
    let words = error.and_then(|(_, behind)| Some(behind.split_once(':')?.1));
    words
        .or_else(|| line.strip_prefix("Error: "))
        .map(before_the_tag)
}

/// In which element a list breaks off depends on how long its certificates are.
fn before_the_tag(why: &str) -> &str {
    why.split(" in tag").next().unwrap_or(why)
}
