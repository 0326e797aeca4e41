//! English.

use super::Words;
use cns_language::Language;

pub(super) static WORDS: Words = Words {
    language: Language::English,

    site: "Portal of services for citizens",
    site_about: "Login with the Carta Nazionale dei Servizi",
    portal: "CNS test portal",
    skip: "Skip to content",
    banner: "TEST ENVIRONMENT",
    banner_about: "invented data",
    languages: "Languages",
    footer: "A portal for tests: it belongs to no administration and trusts test certifiers only.",
    as_json: "The login in JSON",
    verdict_as_json: "All checks in JSON",
    as_junit: "All checks in JUnit",
    back: "Back to the login",

    logged_in: "Logged in",
    logged_in_about: "The certificate is in order, and the browser has proven that it can use its key.",
    refused: "Login refused",
    refused_about: "The browser has proven that it can use the certificate's key, but the certificate \
                    is not enough to log in.",
    failed_checks: "Checks that failed",
    no_certificate: "No certificate",
    no_certificate_about: "The portal asked for a certificate and the browser presented none: nobody is \
                           logged in.",
    what_to_do: "What to do",
    advice: [
        "Check that the card is in the reader, and the reader connected.",
        "Check that the browser knows the card: its middleware (a PKCS #11 module) must be installed and \
         loaded.",
        "The browser must ask which certificate to use and then for the PIN: if it did not, it has not \
         seen the card.",
        "Close all windows of the browser and try again: a refusal is remembered for the whole session.",
    ],

    citizen: "Citizen",
    surname: "Surname",
    given_name: "Given name",
    codice_fiscale: "Codice fiscale",
    card_number: "Card number",
    administration: "Issuing administration",
    not_stated: "not stated",

    reasons: "Reasons",
    warnings: "Warnings",
    rule: "Rule",
    written_in: "Where it is written",
    seen: "What was seen",
    remedy: "What to do",
    in_a_browser: "How it looks with a strict portal",
    alert: "TLS alert",

    checks: "All checks",
    checks_about: "Every check is made, whatever comes of the others.",
    check: "Check",
    answer: "Answer",
    pass: "passed",
    fail: "failed",
    warning: "warning",
    not_applicable: "does not apply",
    could_not_tell: "could not tell",

    opinions: "What others would say",
    who: "Who",
    says: "What it says",
    accepts: "accepts",
    refuses: "refuses",
    passes_on: "passes on",

    certificate: "Certificate",
    subject: "Subject",
    issuer: "Issuer",
    serial_number: "Serial number",
    valid_from: "Valid from",
    valid_until: "Valid until",
    key: "Key",
    bits: "bits",
    policies: "Policies",
    no_policies: "none",
    fingerprint: "SHA-256 fingerprint",

    connection: "Connection",
    profile: "Profile",
    version: "TLS version",
    cipher_suite: "Cipher suite",
    client_signature: "Client's signature",
    no_signature: "none",
    signing_time: "Time of the signature",
    server_name: "Name asked for (SNI)",
    no_server_name: "none",
    offered_versions: "Versions offered",
    offered_schemes: "Signatures offered",
    proxy: "Proxy, which shook hands in the portal's place",
    time: "Time of the connection",

    welcome: "Login with the card",
    welcome_about: "Put the Carta Nazionale dei Servizi into the reader and choose \"Log in\": the \
                    browser asks for the certificate and then for the PIN.",
    log_in: "Log in",
    profiles: "Other ways to log in",
    profiles_about: "Each name behaves in its own way, to try cards, middleware and browsers.",
    purpose: "What it is for",

    not_found: "Page not found",
    not_found_about: "There is nothing at this address.",
    read_only: "Method not allowed",
    read_only_about: "This can only be read, with GET or HEAD.",
    too_large: "Request too large",
    too_large_about: "The portal takes no requests as large as this.",
    not_rendered: "The portal failed",
    not_rendered_about: "The answer cannot be written.",
};
