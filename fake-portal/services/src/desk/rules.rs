//! The rules of the desk, each with its number and what is said to who breaks it.

use cns_language::{Phrase, Text, Value, text};

use crate::Refusal;

/// A rule: the one place where its number and its sentence stand.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// `DESK-101`: never given to another rule.
    pub code: &'static str,
    /// The sentence, with places for values.
    pub reason: Text,
    /// The field of the form that is to blame, if one is.
    pub field: Option<&'static str>,
}

impl Rule {
    /// The rule that has this number.
    pub fn of_code(code: &str) -> Option<Self> {
        RULES.iter().find(|rule| rule.code == code).copied()
    }

    /// What is said to who breaks it.
    pub fn refusal(self) -> Refusal {
        self.refusal_about([])
    }

    pub(crate) fn refusal_about<const N: usize>(self, values: [Value; N]) -> Refusal {
        let reason = values
            .into_iter()
            .fold(Phrase::from(self.reason), Phrase::with);
        let refusal = Refusal::new(self.code, reason);
        match self.field {
            Some(field) => refusal.of_field(field),
            None => refusal,
        }
    }

    /// Refuses unless the condition holds.
    pub(crate) fn unless(self, holds: bool) -> Result<(), Refusal> {
        if holds { Ok(()) } else { Err(self.refusal()) }
    }
}

macro_rules! rules {
    ($($name:ident $code:literal $field:expr, $it:literal, $en:literal, $de:literal;)*) => {
        $(pub(crate) const $name: Rule = Rule {
            code: $code,
            reason: text($it, $en, $de),
            field: $field,
        };)*

        /// All rules of the desk, by their numbers.
        pub const RULES: &[Rule] = &[$($name),*];
    };
}

rules! {
    DOCUMENT_EXPIRED "DESK-101" Some("document.expires"),
        "Il documento è scaduto il {0}: serve un documento in corso di validità.",
        "The document expired on {0}: one that is valid is needed.",
        "Das Dokument ist am {0} abgelaufen: ein gültiges ist nötig.";
    MINOR_ONLINE "DESK-102" None,
        "La richiesta online è riservata ai maggiorenni: per un minorenne va allo sportello chi lo rappresenta.",
        "Only adults may ask online: for a minor, the legal representative comes to a desk.",
        "Online können nur Volljährige ansuchen: für Minderjährige kommt der gesetzliche Vertreter an den Schalter.";
    NOT_THE_ONE_NAMED "DESK-103" Some("identity"),
        "La persona identificata non è quella indicata nella richiesta.",
        "The person who was identified is not the one whom the request names.",
        "Die identifizierte Person ist nicht die im Antrag genannte.";
    KINSHIP_TOO_FAR "DESK-104" Some("kinship"),
        "Il delegato deve essere coniuge, figlio o parente entro il terzo grado.",
        "The delegate must be the spouse, a child or a relative to the third degree.",
        "Beauftragt werden können nur Ehegatten, Kinder und Verwandte bis zum dritten Grad.";
    NO_PHOTOCOPY "DESK-105" Some("holder_document"),
        "Manca la fotocopia del documento del titolare.",
        "The photocopy of the holder's document is missing.",
        "Die Fotokopie des Ausweises des Inhabers fehlt.";
    FORM_NOT_SIGNED "DESK-106" Some("form"),
        "Il modulo non è firmato da chi deve firmarlo.",
        "The form is not signed by the one who has to sign it.",
        "Das Formular ist nicht von der Person unterschrieben, die es unterschreiben muss.";
    CONTACT_INVALID "DESK-107" Some("contact"),
        "Il recapito non è un numero di cellulare, un indirizzo e-mail o PEC, né un indirizzo postale.",
        "The contact is no mobile number, no e-mail or PEC address and no postal address.",
        "Der Kontakt ist weder eine Handynummer noch eine E-Mail- oder PEC-Adresse noch eine Postanschrift.";
    ONE_TIME_CODE_EXPIRED "DESK-108" Some("one_time_code"),
        "Il codice usa e getta è scaduto o non è stato richiesto: va richiesto di nuovo.",
        "The one-time code expired or was never asked for: ask for another.",
        "Der Einmalcode ist abgelaufen oder wurde nie angefordert: bitte einen neuen anfordern.";
    CARD_NOT_ACTIVE "DESK-109" Some("card"),
        "La carta non è attiva o non ha il chip: per questa carta non c'è PIN.",
        "The card is not active or has no chip: there is no PIN for it.",
        "Die Karte ist nicht aktiv oder hat keinen Chip: für sie gibt es keine PIN.";
    OLD_CARD_KEPT "DESK-110" Some("card"),
        "La carta precedente non è stata consegnata: va restituita prima di averne un'altra.",
        "The previous card was not handed in: it has to be before there is another.",
        "Die vorherige Karte wurde nicht abgegeben: erst danach gibt es eine neue.";
    REQUEST_OPEN "DESK-111" None,
        "Per questa carta c'è già una richiesta aperta.",
        "There is an open request for this card already.",
        "Für diese Karte gibt es bereits einen offenen Antrag.";
    CIP_WRONG "DESK-112" Some("cip"),
        "Il codice CIP non è quello di questa carta, o è stato sbagliato troppe volte.",
        "The CIP is not the one of this card, or was wrong too often.",
        "Der CIP gehört nicht zu dieser Karte oder war zu oft falsch.";
    OPERATOR_IS_HOLDER "DESK-113" None,
        "L'operatore non può trattare la propria carta né identificare sé stesso.",
        "Operators handle neither their own card nor identify themselves.",
        "Bedienstete bearbeiten weder ihre eigene Karte noch identifizieren sie sich selbst.";
    SUSPENDED_TOO_LONG "DESK-114" None,
        "La sospensione dura da più di {0} giorni: la carta può solo essere revocata.",
        "The card has been suspended for more than {0} days: it can only be revoked.",
        "Die Karte ist seit mehr als {0} Tagen gesperrt: sie kann nur noch widerrufen werden.";
    OFFICE_CLOSED "DESK-115" None,
        "Lo sportello è chiuso. Orari: {0}.",
        "The office is closed. Opening hours: {0}.",
        "Der Schalter ist geschlossen. Öffnungszeiten: {0}.";
    SECOND_OPERATOR_MISSING "DESK-116" None,
        "Serve la conferma di un secondo operatore, diverso dal primo e dal titolare.",
        "A second operator has to agree, who is neither the first nor the holder.",
        "Ein zweiter Bediensteter muss zustimmen, der weder der erste noch der Inhaber ist.";
    NO_KNOWN_CONTACT "DESK-117" Some("contact"),
        "Il recapito non è registrato a nome del richiedente: serve l'accesso con SPID o lo sportello.",
        "The contact is not registered for the applicant: SPID or a desk is needed.",
        "Der Kontakt ist nicht auf den Antragsteller eingetragen: nötig ist SPID oder ein Schalter.";
    CONTACT_OF_SOMEBODY_ELSE "DESK-118" Some("contact"),
        "Il recapito appartiene a un'altra persona.",
        "The contact belongs to somebody else.",
        "Der Kontakt gehört einer anderen Person.";
    NO_DECLARATION "DESK-119" Some("declaration"),
        "Per furto o smarrimento serve la denuncia o l'autocertificazione.",
        "For loss or theft a police report or a self-certification is needed.",
        "Bei Verlust oder Diebstahl ist eine Anzeige oder eine Eigenerklärung nötig.";
    NO_COURT_PAPER "DESK-120" Some("court_paper"),
        "Manca il provvedimento del tribunale che nomina questa persona per il titolare.",
        "The paper is missing by which a court appoints this person for the holder.",
        "Der Beschluss fehlt, mit dem ein Gericht diese Person für den Inhaber bestellt.";
    NO_IMPEDIMENT "DESK-121" Some("impediment"),
        "La delega vale solo per un impedimento di salute temporaneo e attuale.",
        "A delegate may come only while a temporary health impediment lasts.",
        "Eine Beauftragung gilt nur während einer vorübergehenden gesundheitlichen Verhinderung.";
    ONE_TIME_CODE_WRONG "DESK-122" Some("one_time_code"),
        "Il codice usa e getta non è quello inviato.",
        "The one-time code is not the one that was sent.",
        "Der Einmalcode ist nicht der zugesandte.";
    IDENTIFIED_TOO_LONG_AGO "DESK-123" None,
        "L'identificazione risale a più di {0} minuti fa: va ripetuta.",
        "The identification is more than {0} minutes old: repeat it.",
        "Die Identifizierung liegt mehr als {0} Minuten zurück: bitte wiederholen.";
    NOT_FOR_THIS_ROLE "DESK-124" None,
        "Questo ruolo non può vedere o fare quanto richiesto.",
        "This role may not see or do this.",
        "Diese Rolle darf das weder sehen noch tun.";
    UNKNOWN_CARD "DESK-125" Some("card"),
        "Lo sportello non conosce questa carta.",
        "The desk does not know this card.",
        "Der Schalter kennt diese Karte nicht.";
    NOT_OF_AGE "DESK-126" None,
        "Chi chiede, delega o rappresenta deve essere maggiorenne.",
        "Who asks, delegates or represents must be of age.",
        "Wer ansucht, beauftragt oder vertritt, muss volljährig sein.";
    NOTHING_BLOCKED "DESK-127" None,
        "Né il PIN né il PUK di questa carta risultano bloccati.",
        "Neither the PIN nor the PUK of this card is known to be blocked.",
        "Weder PIN noch PUK dieser Karte sind als gesperrt bekannt.";
    CARD_STEP_IMPOSSIBLE "DESK-128" Some("card"),
        "Lo stato della carta è «{0}»: il passo «{1}» non è possibile.",
        "The card is {0}: the step {1} is not possible.",
        "Der Zustand der Karte ist «{0}»: der Schritt «{1}» ist nicht möglich.";
    CERTIFICATE_STEP_IMPOSSIBLE "DESK-129" None,
        "Lo stato del certificato è «{0}»: il passo «{1}» non è possibile.",
        "The certificate is {0}: the step {1} is not possible.",
        "Der Zustand des Zertifikats ist «{0}»: der Schritt «{1}» ist nicht möglich.";
    CREDENTIAL_STEP_IMPOSSIBLE "DESK-130" None,
        "Lo stato delle credenziali è «{0}»: il passo «{1}» non è possibile.",
        "The credential is {0}: the step {1} is not possible.",
        "Der Zustand der Zugangsdaten ist «{0}»: der Schritt «{1}» ist nicht möglich.";
    NOT_THE_REPRESENTATIVE "DESK-131" Some("identity"),
        "La persona identificata non è né il titolare né chi lo rappresenta.",
        "The person who was identified is neither the holder nor the legal representative.",
        "Die identifizierte Person ist weder der Inhaber noch der gesetzliche Vertreter.";
    CARD_NOT_SHOWN "DESK-132" Some("card"),
        "La carta del titolare va presentata allo sportello.",
        "The holder's card has to be shown at the desk.",
        "Die Karte des Inhabers muss am Schalter vorgelegt werden.";
    PUK_BLOCKED "DESK-133" Some("card"),
        "Il PUK è bloccato per sempre: serve una carta nuova.",
        "The PUK is blocked for ever: a new card is needed.",
        "Der PUK ist endgültig gesperrt: eine neue Karte ist nötig.";
    WRONG_DOOR "DESK-134" None,
        "Questo non si può chiedere in questo modo: bisogna andare allo sportello.",
        "This cannot be asked for in this way: come to a desk.",
        "Das kann so nicht beantragt werden: bitte an einen Schalter kommen.";
    UNKNOWN_REQUEST "DESK-135" Some("request"),
        "Non c'è una richiesta aperta con questo numero.",
        "There is no open request of this number.",
        "Es gibt keinen offenen Antrag mit dieser Nummer.";
    HOLDER_IS_OF_AGE "DESK-136" None,
        "Il titolare è maggiorenne: deve chiedere da sé, o con delega.",
        "The holder is of age: ask in person, or through a delegate.",
        "Der Inhaber ist volljährig: er sucht selbst an oder beauftragt jemanden.";
    CARD_KNOWN "DESK-137" Some("card"),
        "Una carta con questo numero esiste già.",
        "There is a card of this number already.",
        "Eine Karte mit dieser Nummer gibt es bereits.";
    DOCUMENT_OF_SOMEBODY_ELSE "DESK-138" Some("document.holder"),
        "Il documento è di un'altra persona.",
        "The document is somebody else's.",
        "Das Dokument gehört einer anderen Person.";
    NO_ENTROPY "DESK-139" None,
        "Non è stato possibile generare codici casuali: riprovare.",
        "Random codes could not be made: try again.",
        "Es konnten keine Zufallscodes erzeugt werden: bitte erneut versuchen.";
    NO_SECOND_PART "DESK-140" None,
        "Per questa carta nessuna seconda parte è stata inviata.",
        "No second part was sent for this card.",
        "Für diese Karte wurde kein zweiter Teil gesendet.";
}

#[cfg(test)]
mod tests {
    use cns_language::Language;

    use super::*;

    #[test]
    fn numbers_go_up_one_by_one_from_101() {
        let numbers: Vec<&str> = RULES.iter().map(|rule| rule.code).collect();
        let expected: Vec<String> = (101..)
            .take(RULES.len())
            .map(|n| format!("DESK-{n}"))
            .collect();
        assert_eq!(numbers, expected);
    }

    #[test]
    fn every_sentence_has_the_same_places_in_each_language() {
        for rule in RULES {
            let places =
                |language: Language| rule.reason.in_language(language).matches('{').count();
            assert_eq!(
                places(Language::Italian),
                places(Language::English),
                "{}",
                rule.code
            );
            assert_eq!(
                places(Language::Italian),
                places(Language::German),
                "{}",
                rule.code
            );
        }
    }
}
