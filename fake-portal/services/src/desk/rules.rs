//! The rules of the desk, each with its number and what is said to who breaks it.

crate::rules! {
    /// All rules of the desk, by their numbers.
    pub const TABLE;

    /// The document is past its last day.
    DOCUMENT_EXPIRED = "DESK-101", Invalid at "document.expires",
        "Il documento è scaduto il {0}: serve un documento in corso di validità.",
        "The document expired on {0}: one that is valid is needed.",
        "Das Dokument ist am {0} abgelaufen: ein gültiges ist nötig.";
    /// A minor asks online.
    MINOR_ONLINE = "DESK-102", Forbidden,
        "La richiesta online è riservata ai maggiorenni: per un minorenne va allo sportello chi lo rappresenta.",
        "Only adults may ask online: for a minor, the legal representative comes to a desk.",
        "Online können nur Volljährige ansuchen: für Minderjährige kommt der gesetzliche Vertreter an den Schalter.";
    /// The form names somebody else than who stands there.
    NOT_THE_ONE_NAMED = "DESK-103", Forbidden at "identity",
        "La persona identificata non è quella indicata nella richiesta.",
        "The person who was identified is not the one whom the request names.",
        "Die identifizierte Person ist nicht die im Antrag genannte.";
    /// The delegate is no near relative.
    KINSHIP_TOO_FAR = "DESK-104", Forbidden at "kinship",
        "Il delegato deve essere coniuge, figlio o parente entro il terzo grado.",
        "The delegate must be the spouse, a child or a relative to the third degree.",
        "Beauftragt werden können nur Ehegatten, Kinder und Verwandte bis zum dritten Grad.";
    /// A delegate comes without the photocopy of the holder's document.
    NO_PHOTOCOPY = "DESK-105", Invalid at "holder_document",
        "Manca la fotocopia del documento del titolare.",
        "The photocopy of the holder's document is missing.",
        "Die Fotokopie des Ausweises des Inhabers fehlt.";
    /// The form lacks the signature that it needs.
    FORM_NOT_SIGNED = "DESK-106", Invalid at "form",
        "Il modulo non è firmato da chi deve firmarlo.",
        "The form is not signed by the one who has to sign it.",
        "Das Formular ist nicht von der Person unterschrieben, die es unterschreiben muss.";
    /// Nothing can be sent to such a contact.
    CONTACT_INVALID = "DESK-107", Invalid at "contact",
        "Il recapito non è un numero di cellulare, un indirizzo e-mail o PEC, né un indirizzo postale.",
        "The contact is no mobile number, no e-mail or PEC address and no postal address.",
        "Der Kontakt ist weder eine Handynummer noch eine E-Mail- oder PEC-Adresse noch eine Postanschrift.";
    /// There is no code that could be right.
    ONE_TIME_CODE_EXPIRED = "DESK-108", Conflict at "one_time_code",
        "Il codice usa e getta è scaduto o non è stato richiesto: va richiesto di nuovo.",
        "The one-time code expired or was never asked for: ask for another.",
        "Der Einmalcode ist abgelaufen oder wurde nie angefordert: bitte einen neuen anfordern.";
    /// A card that is not in use, or can have no PIN.
    CARD_NOT_ACTIVE = "DESK-109", Conflict at "card",
        "La carta non è attiva o non ha il chip: per questa carta non c'è PIN.",
        "The card is not active or has no chip: there is no PIN for it.",
        "Die Karte ist nicht aktiv oder hat keinen Chip: für sie gibt es keine PIN.";
    /// The card that is to be replaced is still out there.
    OLD_CARD_KEPT = "DESK-110", Invalid at "card",
        "La carta precedente non è stata consegnata: va restituita prima di averne un'altra.",
        "The previous card was not handed in: it has to be before there is another.",
        "Die vorherige Karte wurde nicht abgegeben: erst danach gibt es eine neue.";
    /// There is one already.
    REQUEST_OPEN = "DESK-111", Conflict,
        "Per questa carta c'è già una richiesta aperta.",
        "There is an open request for this card already.",
        "Für diese Karte gibt es bereits einen offenen Antrag.";
    /// Who suspends a card on the phone does not know its CIP. Cards that do not exist have none.
    CIP_WRONG = "DESK-112", Invalid at "cip",
        "Il codice CIP non è quello di questa carta, o è stato sbagliato troppe volte.",
        "The CIP is not the one of this card, or was wrong too often.",
        "Der CIP gehört nicht zu dieser Karte oder war zu oft falsch.";
    /// Operators do not act for themselves.
    OPERATOR_IS_HOLDER = "DESK-113", Forbidden,
        "L'operatore non può trattare la propria carta né identificare sé stesso.",
        "Operators handle neither their own card nor identify themselves.",
        "Bedienstete bearbeiten weder ihre eigene Karte noch identifizieren sie sich selbst.";
    /// The card was on hold longer than the policy allows.
    SUSPENDED_TOO_LONG = "DESK-114", Conflict,
        "La sospensione dura da più di {0} giorni: la carta può solo essere revocata.",
        "The card has been suspended for more than {0} days: it can only be revoked.",
        "Die Karte ist seit mehr als {0} Tagen gesperrt: sie kann nur noch widerrufen werden.";
    /// It is not one of the office's hours.
    OFFICE_CLOSED = "DESK-115", Conflict,
        "Lo sportello è chiuso. Orari: {0}.",
        "The office is closed. Opening hours: {0}.",
        "Der Schalter ist geschlossen. Öffnungszeiten: {0}.";
    /// Two must agree, and one does.
    SECOND_OPERATOR_MISSING = "DESK-116", Forbidden,
        "Serve la conferma di un secondo operatore, diverso dal primo e dal titolare.",
        "A second operator has to agree, who is neither the first nor the holder.",
        "Ein zweiter Bediensteter muss zustimmen, der weder der erste noch der Inhaber ist.";
    /// A one-time code goes to a known contact only. Who does not exist has none.
    NO_KNOWN_CONTACT = "DESK-117", Forbidden at "contact",
        "Il recapito non è registrato a nome del richiedente: serve l'accesso con SPID o lo sportello.",
        "The contact is not registered for the applicant: SPID or a desk is needed.",
        "Der Kontakt ist nicht auf den Antragsteller eingetragen: nötig ist SPID oder ein Schalter.";
    /// Nobody but the holder, or who represents the holder, may get a second part.
    CONTACT_OF_SOMEBODY_ELSE = "DESK-118", Forbidden at "contact",
        "Il recapito appartiene a un'altra persona.",
        "The contact belongs to somebody else.",
        "Der Kontakt gehört einer anderen Person.";
    /// A loss or theft is to be declared.
    NO_DECLARATION = "DESK-119", Invalid at "declaration",
        "Per furto o smarrimento serve la denuncia o l'autocertificazione.",
        "For loss or theft a police report or a self-certification is needed.",
        "Bei Verlust oder Diebstahl ist eine Anzeige oder eine Eigenerklärung nötig.";
    /// The guardian's paper is missing, or is about others.
    NO_COURT_PAPER = "DESK-120", Invalid at "court_paper",
        "Manca il provvedimento del tribunale che nomina questa persona per il titolare.",
        "The paper is missing by which a court appoints this person for the holder.",
        "Der Beschluss fehlt, mit dem ein Gericht diese Person für den Inhaber bestellt.";
    /// The holder could come.
    NO_IMPEDIMENT = "DESK-121", Invalid at "impediment",
        "La delega vale solo per un impedimento di salute temporaneo e attuale.",
        "A delegate may come only while a temporary health impediment lasts.",
        "Eine Beauftragung gilt nur während einer vorübergehenden gesundheitlichen Verhinderung.";
    /// The one-time code is another one, or was wrong too often.
    ONE_TIME_CODE_WRONG = "DESK-122", Invalid at "one_time_code",
        "Il codice usa e getta non è quello inviato.",
        "The one-time code is not the one that was sent.",
        "Der Einmalcode ist nicht der zugesandte.";
    /// Who was identified may be somebody else by now.
    IDENTIFIED_TOO_LONG_AGO = "DESK-123", Conflict,
        "L'identificazione risale a più di {0} minuti fa: va ripetuta.",
        "The identification is more than {0} minutes old: repeat it.",
        "Die Identifizierung liegt mehr als {0} Minuten zurück: bitte wiederholen.";
    /// Somebody who works here, and whose work is another.
    NOT_FOR_THIS_ROLE = "DESK-124", Forbidden,
        "Questo ruolo non può vedere o fare quanto richiesto.",
        "This role may not see or do this.",
        "Diese Rolle darf das weder sehen noch tun.";
    /// There is no such card, or none that this role may know of.
    UNKNOWN_CARD = "DESK-125", NotFound at "card",
        "Lo sportello non conosce questa carta.",
        "The desk does not know this card.",
        "Der Schalter kennt diese Karte nicht.";
    /// A minor acts.
    NOT_OF_AGE = "DESK-126", Forbidden,
        "Chi chiede, delega o rappresenta deve essere maggiorenne.",
        "Who asks, delegates or represents must be of age.",
        "Wer ansucht, beauftragt oder vertritt, muss volljährig sein.";
    /// There is nothing to help with.
    NOTHING_BLOCKED = "DESK-127", Conflict,
        "Né il PIN né il PUK di questa carta risultano bloccati.",
        "Neither the PIN nor the PUK of this card is known to be blocked.",
        "Weder PIN noch PUK dieser Karte sind als gesperrt bekannt.";
    /// The card is in a state from which this step does not go.
    CARD_STEP_IMPOSSIBLE = "DESK-128", Conflict at "card",
        "Lo stato della carta è «{0}»: il passo «{1}» non è possibile.",
        "The card is {0}: the step {1} is not possible.",
        "Der Zustand der Karte ist «{0}»: der Schritt «{1}» ist nicht möglich.";
    /// The certificate is in a state from which this step does not go.
    CERTIFICATE_STEP_IMPOSSIBLE = "DESK-129", Conflict,
        "Lo stato del certificato è «{0}»: il passo «{1}» non è possibile.",
        "The certificate is {0}: the step {1} is not possible.",
        "Der Zustand des Zertifikats ist «{0}»: der Schritt «{1}» ist nicht möglich.";
    /// The codes are in a state from which this step does not go.
    CREDENTIAL_STEP_IMPOSSIBLE = "DESK-130", Conflict,
        "Lo stato delle credenziali è «{0}»: il passo «{1}» non è possibile.",
        "The credential is {0}: the step {1} is not possible.",
        "Der Zustand der Zugangsdaten ist «{0}»: der Schritt «{1}» ist nicht möglich.";
    /// A stranger acts for the holder.
    NOT_THE_REPRESENTATIVE = "DESK-131", Forbidden at "identity",
        "La persona identificata non è né il titolare né chi lo rappresenta.",
        "The person who was identified is neither the holder nor the legal representative.",
        "Die identifizierte Person ist weder der Inhaber noch der gesetzliche Vertreter.";
    /// Codes are handed out for a card that is seen.
    CARD_NOT_SHOWN = "DESK-132", Invalid at "card",
        "La carta del titolare va presentata allo sportello.",
        "The holder's card has to be shown at the desk.",
        "Die Karte des Inhabers muss am Schalter vorgelegt werden.";
    /// Nothing helps but another card.
    PUK_BLOCKED = "DESK-133", Conflict at "card",
        "Il PUK è bloccato per sempre: serve una carta nuova.",
        "The PUK is blocked for ever: a new card is needed.",
        "Der PUK ist endgültig gesperrt: eine neue Karte ist nötig.";
    /// It is not done on this way: by phone, online, with a password alone.
    WRONG_DOOR = "DESK-134", Forbidden,
        "Questo non si può chiedere in questo modo: bisogna andare allo sportello.",
        "This cannot be asked for in this way: come to a desk.",
        "Das kann so nicht beantragt werden: bitte an einen Schalter kommen.";
    /// The request was handed over or given up, or was never made.
    UNKNOWN_REQUEST = "DESK-135", NotFound at "request",
        "Non c'è una richiesta aperta con questo numero.",
        "There is no open request of this number.",
        "Es gibt keinen offenen Antrag mit dieser Nummer.";
    /// The form for minors, for an adult.
    HOLDER_IS_OF_AGE = "DESK-136", Invalid,
        "Il titolare è maggiorenne: deve chiedere da sé, o con delega.",
        "The holder is of age: ask in person, or through a delegate.",
        "Der Inhaber ist volljährig: er sucht selbst an oder beauftragt jemanden.";
    /// The number is another card's.
    CARD_KNOWN = "DESK-137", Conflict at "card",
        "Una carta con questo numero esiste già.",
        "There is a card of this number already.",
        "Eine Karte mit dieser Nummer gibt es bereits.";
    /// The document does not show who stands there.
    DOCUMENT_OF_SOMEBODY_ELSE = "DESK-138", Invalid at "document.holder",
        "Il documento è di un'altra persona.",
        "The document is somebody else's.",
        "Das Dokument gehört einer anderen Person.";
    /// The machine has no randomness.
    NO_ENTROPY = "DESK-139", Unavailable,
        "Non è stato possibile generare codici casuali: riprovare.",
        "Random codes could not be made: try again.",
        "Es konnten keine Zufallscodes erzeugt werden: bitte erneut versuchen.";
    /// There is nothing that could be sent again.
    NO_SECOND_PART = "DESK-140", Conflict,
        "Per questa carta nessuna seconda parte è stata inviata.",
        "No second part was sent for this card.",
        "Für diese Karte wurde kein zweiter Teil gesendet.";
    /// Who wants to change a card saw it as it no longer is.
    CARD_CHANGED_MEANWHILE = "DESK-141", Conflict,
        "Nel frattempo la carta è cambiata: ecco come sta adesso.",
        "The card has changed in the meantime: this is how it stands now.",
        "Die Karte hat sich inzwischen geändert: so steht es jetzt um sie.";
}
