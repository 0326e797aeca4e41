//! Where a certificate says that its certifier publishes what became of it.

use x509_parser::extensions::{DistributionPointName, GeneralName, ParsedExtension};
use x509_parser::prelude::X509Certificate;

/// id-ad-ocsp.
const OCSP: &str = "1.3.6.1.5.5.7.48.1";

/// The `http` addresses of cRLDistributionPoints.
pub(super) fn revocation_lists(certificate: &X509Certificate<'_>) -> Vec<String> {
    let mut urls = Vec::new();
    for extension in certificate.extensions() {
        let ParsedExtension::CRLDistributionPoints(points) = extension.parsed_extension() else {
            continue;
        };
        for point in &points.points {
            if let Some(DistributionPointName::FullName(names)) = &point.distribution_point {
                urls.extend(names.iter().filter_map(http));
            }
        }
    }
    urls
}

/// The `http` addresses of authorityInfoAccess that are for OCSP.
pub(super) fn responders(certificate: &X509Certificate<'_>) -> Vec<String> {
    let mut urls = Vec::new();
    for extension in certificate.extensions() {
        let ParsedExtension::AuthorityInfoAccess(access) = extension.parsed_extension() else {
            continue;
        };
        let of_ocsp = access
            .accessdescs
            .iter()
            .filter(|it| it.access_method.to_id_string() == OCSP);
        urls.extend(of_ocsp.filter_map(|it| http(&it.access_location)));
    }
    urls
}

/// Lists of old cards are in a directory, `ldap`, too: nobody here looks there.
fn http(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::URI(uri) if uri.starts_with("http://") => Some((*uri).to_owned()),
        _ => None,
    }
}
