//! `subject.*`, `hash.*`: who the rest of the certificate says it is.

use super::{Check, Finding, Judge, Level, fail, not_applicable, pass, unknown};
use crate::alert::ACCESS_DENIED;
use crate::certificate::CertificateFacts;
use crate::checks::common_name;
use crate::enrolment::Enrolled;
use crate::evidence::Evidence;
use cns_language::{Phrase, Text, text};

const TELL_THE_CERTIFIER: Text = text(
    "Il portale deve poterne fare a meno; segnalarlo all'ente.",
    "The portal must do without it; tell the certifier.",
    "Das Portal muss ohne auskommen; der Zertifizierungsstelle melden.",
);

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "subject.country",
        level: Level::Advised,
        rule: text(
            "Il paese del soggetto dovrebbe essere IT.",
            "The subject's country should be IT.",
            "Das Land des Subjekts sollte IT sein.",
        ),
        source: "AgID, profilo del certificato CNS 1.1, subject countryName",
        remedy: TELL_THE_CERTIFIER,
        alert: &ACCESS_DENIED,
        judge: Judge::Certificate(country),
    },
    Check {
        id: "subject.ou",
        level: Level::Advised,
        rule: text(
            "L'unità organizzativa dovrebbe nominare l'amministrazione che ha emesso la carta.",
            "The organizational unit should name the administration that issued the card.",
            "Die Organisationseinheit sollte die ausstellende Verwaltung nennen.",
        ),
        source: "AgID, profilo del certificato CNS 1.1, subject organizationalUnitName",
        remedy: TELL_THE_CERTIFIER,
        alert: &ACCESS_DENIED,
        judge: Judge::Certificate(organizational_unit),
    },
    Check {
        id: "subject.name",
        level: Level::Advised,
        rule: text(
            "Il soggetto dovrebbe avere nome e cognome; non tutti gli enti li scrivono.",
            "The subject should have given name and surname; not every certifier writes them.",
            "Das Subjekt sollte Vor- und Nachnamen haben; nicht alle Stellen schreiben sie.",
        ),
        source: "AgID, profilo del certificato CNS 1.1, subject; seen absent on real cards",
        remedy: TELL_THE_CERTIFIER,
        alert: &ACCESS_DENIED,
        judge: Judge::Certificate(name),
    },
    Check {
        id: "hash.dati_personali",
        level: Level::Required,
        rule: text(
            "L'impronta nel nome comune deve essere quella di EF.Dati_Personali sulla carta.",
            "The hash in the common name must be that of EF.Dati_Personali on the card.",
            "Der Hash im allgemeinen Namen muss der von EF.Dati_Personali der Karte sein.",
        ),
        source: "AgID, profilo del certificato CNS 1.1, subject commonName",
        remedy: text(
            "Leggere la carta, o confrontare con i dati raccolti all'emissione.",
            "Read the card, or compare with the data taken at enrolment.",
            "Die Karte lesen oder mit den Daten der Ausstellung vergleichen.",
        ),
        alert: &ACCESS_DENIED,
        judge: Judge::Certificate(personal_data_hash),
    },
];

fn country(facts: &CertificateFacts, _: &Evidence<'_>) -> Finding {
    match facts.country.as_deref() {
        Some("IT") => pass(text("IT", "IT", "IT")),
        Some(other) => fail(Phrase::from(text("{0}", "{0}", "{0}")).with(other)),
        None => fail(ABSENT),
    }
}

fn organizational_unit(facts: &CertificateFacts, _: &Evidence<'_>) -> Finding {
    match &facts.issuing_administration {
        Some(name) => pass(Phrase::from(text("{0}", "{0}", "{0}")).with(name.as_str())),
        None => fail(ABSENT),
    }
}

fn name(facts: &CertificateFacts, _: &Evidence<'_>) -> Finding {
    match (&facts.given_name, &facts.surname) {
        (Some(_), Some(_)) => pass(text(
            "nome e cognome ci sono",
            "given name and surname are there",
            "Vor- und Nachname sind da",
        )),
        _ => fail(text(
            "manca il nome o il cognome",
            "given name or surname is missing",
            "Vor- oder Nachname fehlt",
        )),
    }
}

/// The file is on the card, and the portal never talks to cards: its operator may have written the hash
/// down.
fn personal_data_hash(facts: &CertificateFacts, evidence: &Evidence<'_>) -> Finding {
    let enrolled = evidence.presented.map(|presented| presented.enrolled);
    match (common_name(facts), enrolled.unwrap_or_default()) {
        (Err(_), _) => not_applicable(text(
            "nessuna impronta nel nome comune",
            "no hash in the common name",
            "kein Hash im allgemeinen Namen",
        )),
        (Ok(_), Enrolled::NoRecord) => unknown(text(
            "il portale non legge la carta e non ha i dati dell'emissione",
            "the portal does not read the card and has no data of its enrolment",
            "das Portal liest die Karte nicht und hat keine Daten der Ausstellung",
        )),
        (Ok(_), Enrolled::Stranger) => unknown(text(
            "la carta non è fra quelle di cui il portale ha i dati dell'emissione",
            "the card is not among those of whose enrolment the portal has data",
            "die Karte ist nicht unter denen, deren Ausstellung dem Portal bekannt ist",
        )),
        (Ok(name), Enrolled::Hash(hash)) if name.personal_data_hash == hash => pass(text(
            "è quella annotata all'emissione",
            "it is the one that was written down at enrolment",
            "es ist der bei der Ausstellung notierte",
        )),
        (Ok(_), Enrolled::Hash(_)) => fail(text(
            "all'emissione ne è stata annotata un'altra",
            "another one was written down at enrolment",
            "bei der Ausstellung wurde ein anderer notiert",
        )),
    }
}

const ABSENT: Text = text("non c'è", "it is not there", "es fehlt");
