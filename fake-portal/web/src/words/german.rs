//! German, as it is written in Bolzano.

use super::Words;
use cns_language::Language;

pub(super) static WORDS: Words = Words {
    language: Language::German,

    site: "Portal der Bürgerdienste",
    site_about: "Anmeldung mit der Carta Nazionale dei Servizi (Bürgerkarte)",
    portal: "CNS-Testportal",
    skip: "Zum Inhalt",
    banner: "TESTUMGEBUNG",
    banner_about: "erfundene Daten",
    languages: "Sprachen",
    footer: "Ein Portal für Tests: es gehört keiner Verwaltung und vertraut nur \
             Test-Zertifizierungsstellen.",
    as_json: "Die Anmeldung in JSON",
    verdict_as_json: "Alle Prüfungen in JSON",
    as_junit: "Alle Prüfungen in JUnit",
    back: "Zurück zur Anmeldung",

    logged_in: "Angemeldet",
    logged_in_about: "Das Zertifikat ist gültig, und der Browser hat nachgewiesen, dass er seinen \
                      Schlüssel verwenden kann.",
    refused: "Anmeldung abgelehnt",
    refused_about: "Der Browser hat nachgewiesen, dass er den Schlüssel des Zertifikats verwenden kann, \
                    aber das Zertifikat genügt nicht.",
    failed_checks: "Nicht bestandene Prüfungen",
    no_certificate: "Kein Zertifikat",
    no_certificate_about: "Das Portal hat ein Zertifikat verlangt, und der Browser hat keines vorgelegt: \
                           niemand ist angemeldet.",
    what_to_do: "Was zu tun ist",
    advice: [
        "Prüfen, ob die Karte im Leser steckt und der Leser angeschlossen ist.",
        "Prüfen, ob der Browser die Karte kennt: die Middleware (PKCS#11-Modul) muss installiert und \
         geladen sein.",
        "Der Browser muss nach dem Zertifikat und dann nach der PIN fragen: sonst hat er die Karte nicht \
         gesehen.",
        "Alle Fenster des Browsers schließen und neu beginnen: eine Ablehnung gilt für die ganze \
         Sitzung.",
    ],

    citizen: "Bürgerin oder Bürger",
    surname: "Nachname",
    given_name: "Vorname",
    codice_fiscale: "Steuernummer",
    card_number: "Kartennummer",
    administration: "Ausstellende Verwaltung",
    not_stated: "nicht angegeben",

    reasons: "Gründe",
    warnings: "Hinweise",
    rule: "Regel",
    written_in: "Wo sie steht",
    seen: "Was zu sehen war",
    remedy: "Was zu tun ist",
    in_a_browser: "Wie es bei einem strengen Portal aussieht",
    alert: "TLS-Alarm",

    checks: "Alle Prüfungen",
    checks_about: "Jede Prüfung wird gemacht, wie auch immer die anderen ausgehen.",
    check: "Prüfung",
    answer: "Ergebnis",
    pass: "bestanden",
    fail: "nicht bestanden",
    warning: "Hinweis",
    not_applicable: "trifft nicht zu",
    could_not_tell: "nicht bekannt",

    opinions: "Was andere sagen würden",
    who: "Wer",
    says: "Was er sagt",
    accepts: "nimmt an",
    refuses: "lehnt ab",
    passes_on: "gibt weiter",

    certificate: "Zertifikat",
    subject: "Subjekt",
    issuer: "Aussteller",
    serial_number: "Seriennummer",
    valid_from: "Gültig ab",
    valid_until: "Gültig bis",
    key: "Schlüssel",
    bits: "Bit",
    policies: "Richtlinien",
    no_policies: "keine",
    fingerprint: "SHA-256-Fingerabdruck",

    connection: "Verbindung",
    profile: "Profil",
    version: "TLS-Version",
    cipher_suite: "Verschlüsselung",
    client_signature: "Signatur des Clients",
    no_signature: "keine",
    signing_time: "Dauer der Signatur",
    server_name: "Verlangter Name (SNI)",
    no_server_name: "keiner",
    offered_versions: "Angebotene Versionen",
    offered_schemes: "Angebotene Signaturen",
    proxy: "Proxy, der den Handshake anstelle des Portals führte",
    time: "Zeit der Verbindung",

    welcome: "Anmeldung mit der Karte",
    welcome_about: "Die Bürgerkarte in den Leser stecken und „Anmelden“ wählen: der Browser fragt nach \
                    dem Zertifikat und dann nach der PIN.",
    log_in: "Anmelden",
    profiles: "Andere Arten der Anmeldung",
    profiles_about: "Jeder Name verhält sich anders, um Karten, Middleware und Browser zu erproben.",
    purpose: "Wozu",

    not_found: "Seite nicht gefunden",
    not_found_about: "An dieser Adresse ist nichts.",
    read_only: "Methode nicht erlaubt",
    read_only_about: "Dies kann nur gelesen werden, mit GET oder HEAD.",
    too_large: "Anfrage zu groß",
    too_large_about: "Das Portal nimmt keine so großen Anfragen an.",
    not_rendered: "Fehler des Portals",
    not_rendered_about: "Die Antwort kann nicht geschrieben werden.",
};
