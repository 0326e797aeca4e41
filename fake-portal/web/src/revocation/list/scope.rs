//! What a revocation list is about: its extensions (RFC 5280 §5.2).

use x509_parser::extensions::{
    DistributionPointName, GeneralName, IssuingDistributionPoint, ParsedExtension,
};
use x509_parser::revocation_list::CertificateRevocationList;

const DELTA_CRL_INDICATOR: &str = "2.5.29.27";

/// Where a list says that it is published; nothing, if it does not say so. If it is not about all
/// certificates of its issuer, or not about cards, the error says so.
pub(super) fn addresses(list: &CertificateRevocationList<'_>) -> Result<Vec<String>, String> {
    let mut addresses = Vec::new();
    for extension in list.extensions() {
        match extension.parsed_extension() {
            ParsedExtension::IssuingDistributionPoint(point) => addresses = of_point(point)?,
            _ if extension.oid.to_id_string() == DELTA_CRL_INDICATOR => {
                return Err("it has only what changed since another list".to_owned());
            }
            ParsedExtension::UnsupportedExtension { .. } | ParsedExtension::ParseError { .. }
                if extension.critical =>
            {
                return Err(unknown(&extension.oid.to_id_string()));
            }
            _ => {}
        }
    }
    // The one critical extension of entries says that another certifier's certificate is meant
    // (RFC 5280 §5.3.3), which belongs to lists that are refused above.
    let mut of_entries = list
        .iter_revoked_certificates()
        .flat_map(|entry| entry.extensions());
    match of_entries.find(|extension| extension.critical) {
        Some(critical) => Err(unknown(&critical.oid.to_id_string())),
        None => Ok(addresses),
    }
}

fn of_point(point: &IssuingDistributionPoint<'_>) -> Result<Vec<String>, String> {
    for (is_so, what) in [
        (point.only_contains_ca_certs, "certifiers and not cards"),
        (
            point.only_contains_attribute_certs,
            "attribute certificates",
        ),
        (point.indirect_crl, "certificates of several certifiers"),
        (
            point.only_some_reasons.is_some(),
            "some reasons for a revocation only",
        ),
    ] {
        if is_so {
            return Err(format!("it is about {what}"));
        }
    }
    Ok(match &point.distribution_point {
        Some(DistributionPointName::FullName(names)) => names
            .iter()
            .filter_map(|name| match name {
                GeneralName::URI(uri) => Some((*uri).to_owned()),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    })
}

fn unknown(oid: &str) -> String {
    format!("it has the critical extension {oid}, which is not known here")
}
