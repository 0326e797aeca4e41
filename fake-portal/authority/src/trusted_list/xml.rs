//! The list as XML, element by element in the order of the schema of TS 119 612.

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use time::{OffsetDateTime, UtcOffset};

use super::{
    ServiceStatus, ServiceType, StatusPeriod, TrustService, TrustServiceProvider, TrustedList,
    TrustedListVersion,
};

/// The namespace of the elements, which kept the number of the standard that came before.
pub(super) const NAMESPACE: &str = "http://uri.etsi.org/02231/v2#";
const TAG: &str = "http://uri.etsi.org/19612/TSLTag";
pub(super) const OPERATOR: &str = "Agenzia di Collaudo";
const WEBSITE: &str = "https://collaudo.example/";

/// What each kind of service is called.
pub(super) const SERVICE_TYPE: [(ServiceType, &str); 3] = [
    (
        ServiceType::IdentityVerification,
        "http://uri.etsi.org/TrstSvc/Svctype/IdV",
    ),
    (
        ServiceType::QualifiedCertificates,
        "http://uri.etsi.org/TrstSvc/Svctype/CA/QC",
    ),
    (
        ServiceType::QualifiedTimeStamps,
        "http://uri.etsi.org/TrstSvc/Svctype/TSA/QTST",
    ),
];

/// What each status is called, after its address.
pub(super) const STATUS: [(ServiceStatus, &str); 4] = [
    (
        ServiceStatus::RecognisedAtNationalLevel,
        "recognisedatnationallevel",
    ),
    (
        ServiceStatus::DeprecatedAtNationalLevel,
        "deprecatedatnationallevel",
    ),
    (ServiceStatus::Granted, "granted"),
    (ServiceStatus::Withdrawn, "withdrawn"),
];

type Xml = Writer<Vec<u8>>;

pub(super) fn write(list: &TrustedList) -> io::Result<Vec<u8>> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("tsl:TrustServiceStatusList")
        .with_attributes([("xmlns:tsl", NAMESPACE), ("TSLTag", TAG)])
        .write_inner_content(|xml| {
            scheme_information(xml, list)?;
            parent(xml, "TrustServiceProviderList", |xml| {
                list.providers
                    .iter()
                    .try_for_each(|provider| trust_service_provider(xml, provider))
            })
        })?;
    let mut bytes = xml.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

/// §5.3: who publishes the list, by which rules, and until when it holds.
fn scheme_information(xml: &mut Xml, list: &TrustedList) -> io::Result<()> {
    const RULES: &str = "http://uri.etsi.org/TrstSvc/TrustedList/schemerules/IT";
    let version = match list.version {
        TrustedListVersion::V5 => "5",
        TrustedListVersion::V6 => "6",
    };
    parent(xml, "SchemeInformation", |xml| {
        text(xml, "TSLVersionIdentifier", version)?;
        text(xml, "TSLSequenceNumber", &list.sequence_number.to_string())?;
        text(
            xml,
            "TSLType",
            "http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUgeneric",
        )?;
        name(xml, "SchemeOperatorName", OPERATOR)?;
        address(xml, "SchemeOperatorAddress")?;
        name(xml, "SchemeName", "IT:Elenco dei certificatori di COLLAUDO")?;
        uri(xml, "SchemeInformationURI", WEBSITE)?;
        text(
            xml,
            "StatusDeterminationApproach",
            "http://uri.etsi.org/TrstSvc/TrustedList/StatusDetn/EUappropriate",
        )?;
        uri(xml, "SchemeTypeCommunityRules", RULES)?;
        text(xml, "SchemeTerritory", "IT")?;
        parent(xml, "PolicyOrLegalNotice", |xml| {
            let notice = "Elenco di prova: nessuno dei certificatori esiste.";
            localised(xml, "TSLLegalNotice", notice)
        })?;
        // 65535: history is kept for ever.
        text(xml, "HistoricalInformationPeriod", "65535")?;
        text(xml, "ListIssueDateTime", &date_time(list.issued))?;
        parent(xml, "NextUpdate", |xml| {
            text(xml, "dateTime", &date_time(list.next_update))
        })
    })
}

/// §5.4.
fn trust_service_provider(xml: &mut Xml, provider: &TrustServiceProvider) -> io::Result<()> {
    parent(xml, "TrustServiceProvider", |xml| {
        parent(xml, "TSPInformation", |xml| {
            name(xml, "TSPName", &provider.name)?;
            address(xml, "TSPAddress")?;
            uri(xml, "TSPInformationURI", WEBSITE)
        })?;
        parent(xml, "TSPServices", |xml| {
            provider
                .services
                .iter()
                .try_for_each(|service| trust_service(xml, service))
        })
    })
}

/// §5.5 and, for what was before, §5.6.
fn trust_service(xml: &mut Xml, service: &TrustService) -> io::Result<()> {
    parent(xml, "TSPService", |xml| {
        parent(xml, "ServiceInformation", |xml| {
            kind_and_name(xml, service)?;
            let certificate = STANDARD.encode(&service.certificate_der);
            digital_identity(xml, service, Some(&certificate))?;
            status(xml, service.current)
        })?;
        if service.history.is_empty() {
            return Ok(());
        }
        parent(xml, "ServiceHistory", |xml| {
            service.history.iter().try_for_each(|&period| {
                parent(xml, "ServiceHistoryInstance", |xml| {
                    kind_and_name(xml, service)?;
                    // The certificate is not repeated (§5.6.3).
                    digital_identity(xml, service, None)?;
                    status(xml, period)
                })
            })
        })
    })
}

fn kind_and_name(xml: &mut Xml, service: &TrustService) -> io::Result<()> {
    let kind = word(&SERVICE_TYPE, service.kind);
    text(xml, "ServiceTypeIdentifier", kind)?;
    name(xml, "ServiceName", &service.name)
}

fn digital_identity(
    xml: &mut Xml,
    service: &TrustService,
    certificate: Option<&str>,
) -> io::Result<()> {
    let key_identifier = STANDARD.encode(&service.key_identifier);
    let identities = [
        ("X509Certificate", certificate),
        ("X509SubjectName", Some(service.name.as_str())),
        ("X509SKI", Some(key_identifier.as_str())),
    ];
    parent(xml, "ServiceDigitalIdentity", |xml| {
        identities.into_iter().try_for_each(|(kind, value)| {
            let Some(value) = value else { return Ok(()) };
            parent(xml, "DigitalId", |xml| text(xml, kind, value))
        })
    })
}

fn status(xml: &mut Xml, period: StatusPeriod) -> io::Result<()> {
    let status = word(&STATUS, period.status);
    let status = format!("http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/{status}");
    text(xml, "ServiceStatus", &status)?;
    text(xml, "StatusStartingTime", &date_time(period.since))
}

fn word<T: Copy + PartialEq>(words: &[(T, &'static str)], meant: T) -> &'static str {
    let mut words = words.iter().copied();
    words
        .find(|(other, _)| *other == meant)
        .map_or("", |(_, word)| word)
}

/// Where nobody lives.
fn address(xml: &mut Xml, element: &str) -> io::Result<()> {
    parent(xml, element, |xml| {
        parent(xml, "PostalAddresses", |xml| {
            xml.create_element("tsl:PostalAddress")
                .with_attribute(("xml:lang", "it"))
                .write_inner_content(|xml| {
                    text(xml, "StreetAddress", "Via di Collaudo 1")?;
                    text(xml, "Locality", "Collaudo")?;
                    text(xml, "PostalCode", "00000")?;
                    text(xml, "CountryName", "IT")
                })?;
            Ok(())
        })?;
        uri(xml, "ElectronicAddress", "mailto:pki@collaudo.example")
    })
}

/// `<element><Name xml:lang="it">text</Name></element>`
fn name(xml: &mut Xml, element: &str, text: &str) -> io::Result<()> {
    parent(xml, element, |xml| localised(xml, "Name", text))
}

/// `<element><URI xml:lang="it">text</URI></element>`
fn uri(xml: &mut Xml, element: &str, text: &str) -> io::Result<()> {
    parent(xml, element, |xml| localised(xml, "URI", text))
}

fn localised(xml: &mut Xml, element: &str, text: &str) -> io::Result<()> {
    xml.create_element(format!("tsl:{element}"))
        .with_attribute(("xml:lang", "it"))
        .write_text_content(BytesText::new(text))?;
    Ok(())
}

fn text(xml: &mut Xml, element: &str, text: &str) -> io::Result<()> {
    xml.create_element(format!("tsl:{element}"))
        .write_text_content(BytesText::new(text))?;
    Ok(())
}

fn parent(
    xml: &mut Xml,
    element: &str,
    children: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<()> {
    xml.create_element(format!("tsl:{element}"))
        .write_inner_content(children)?;
    Ok(())
}

/// `2026-11-24T08:05:09Z`: UTC, whole seconds.
pub(super) fn date_time(instant: OffsetDateTime) -> String {
    let utc = instant.to_offset(UtcOffset::UTC);
    let (hour, minute, second) = utc.to_hms();
    format!("{}T{hour:02}:{minute:02}:{second:02}Z", utc.date())
}
