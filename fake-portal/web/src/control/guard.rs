//! Who may ask: programs of this machine, and no web page of somebody else's.
//!
//! A browser on the tester's machine reaches the control API too, and any page that it shows can make it
//! send requests. Pages cannot hide where they come from (`Origin`, `Sec-Fetch-Site`), cannot say
//! `application/json` without asking first, and a name that leads here from outside is not the name of
//! this machine.

use std::net::IpAddr;

use hyper::body::Bytes;
use hyper::header::{self, HeaderMap, HeaderName};
use hyper::http::request::Parts;

use super::problem::Problem;
use crate::portal::Exposure;

pub(super) fn check(head: &Parts, body: &Bytes, exposure: Exposure) -> Result<(), Problem> {
    let headers = &head.headers;
    let host = text(headers, &header::HOST).unwrap_or_default();
    if exposure == Exposure::Loopback && !is_this_machine(host) {
        let reason = "this is not a name of this machine: use 127.0.0.1";
        return Err(Problem::not_for_pages("host", reason));
    }
    if headers.contains_key(header::ORIGIN)
        && text(headers, &header::ORIGIN) != Some(&format!("http://{host}"))
    {
        let reason = "the page that asks is not one of the control API";
        return Err(Problem::not_for_pages("origin", reason));
    }
    let site = HeaderName::from_static("sec-fetch-site");
    if headers.contains_key(&site) && !matches!(text(headers, &site), Some("same-origin" | "none"))
    {
        let reason = "the page that asks is not one of the control API";
        return Err(Problem::not_for_pages("sec-fetch-site", reason));
    }
    if !body.is_empty() && !is_json(headers) {
        return Err(Problem::not_json());
    }
    Ok(())
}

fn is_this_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let is_loopback = |address: IpAddr| address.is_loopback();
    name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(is_loopback)
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = text(headers, &header::CONTENT_TYPE).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/json")
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
