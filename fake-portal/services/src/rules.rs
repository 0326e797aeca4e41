//! Every rule of the six services that can say no.
//!
//! Sentences carry their one value, if they have one, at `{0}`.

crate::rules! {
    /// All rules, by service and number.
    pub const TABLE;

    /// Somebody else was quicker.
    CHANGED_MEANWHILE = "WORLD-101", Conflict,
        "Nel frattempo qualcun altro ha modificato la voce: rileggila prima di cambiarla.",
        "Somebody else changed this in the meantime: read it again before you change it.",
        "Jemand anderes hat dies inzwischen geändert: bitte vor der Änderung neu lesen.";

    /// Neither the person nor who acts for them; the same answer for people who do not exist.
    MAY_NOT_ACT = "PERSON-101", Forbidden,
        "Non risulta che tu possa agire per questa persona.",
        "You are not known to act for this person.",
        "Sie sind nicht als Vertreter dieser Person bekannt.";
    /// A dead person's data are closed, and so is their card.
    DECEASED = "PERSON-102", Forbidden,
        "La persona risulta deceduta il {0}: i suoi servizi sono chiusi.",
        "The person is registered as deceased on {0}: their services are closed.",
        "Die Person ist als am {0} verstorben gemeldet: ihre Dienste sind geschlossen.";
    /// The right person for it is of another kind.
    NOT_YOUR_ROLE = "PERSON-103", Forbidden,
        "Questa operazione spetta a {0}.",
        "This is for {0} to do.",
        "Dies ist {0} vorbehalten.";
    /// Something is entered about somebody whom the register does not have.
    NOBODY = "PERSON-104", NotFound,
        "Nessun assistito ha il codice fiscale {0}.",
        "Nobody in the register has the codice fiscale {0}.",
        "Niemand im Register hat die Steuernummer {0}.";
    /// Somebody says that they act for a structure that there is not.
    NO_STRUCTURE = "PERSON-105", NotFound,
        "La struttura non esiste.",
        "There is no such structure.",
        "Die Einrichtung gibt es nicht.";

    /// No such report, or an obscured one, or somebody else's: nobody can tell which.
    NO_REPORT = "REPORT-101", NotFound,
        "Il documento non esiste.",
        "There is no such document.",
        "Das Dokument gibt es nicht.";
    /// The person has not agreed that health workers read their documents.
    NO_CONSENT = "REPORT-102", Forbidden,
        "L'assistito non ha dato il consenso alla consultazione.",
        "The person has not agreed that health workers read their documents.",
        "Die Person hat der Einsichtnahme nicht zugestimmt.";
    /// A delegate or a health worker wants to obscure.
    NOT_YOURS_TO_OBSCURE = "REPORT-103", Forbidden,
        "Solo l'assistito, o chi lo rappresenta per legge, decide l'oscuramento e il consenso.",
        "Only the person, or who represents them by law, decides on obscuring and consent.",
        "Nur die Person oder ihr gesetzlicher Vertreter entscheidet über Verdunkelung und Zustimmung.";

    /// No such prescription, or somebody else's.
    NO_PRESCRIPTION = "PRESCRIPTION-101", NotFound,
        "Nessuna ricetta con il numero {0}.",
        "There is no prescription with the number {0}.",
        "Es gibt kein Rezept mit der Nummer {0}.";
    /// It was good until a day that is past.
    PRESCRIPTION_EXPIRED = "PRESCRIPTION-102", Conflict,
        "La ricetta è scaduta: era valida fino al {0}.",
        "The prescription has expired: it was valid until {0}.",
        "Das Rezept ist abgelaufen: es war bis {0} gültig.";
    /// The state does not allow it.
    PRESCRIPTION_STATE = "PRESCRIPTION-103", Conflict,
        "La ricetta è nello stato {0}, che non lo consente.",
        "The prescription is in the state {0}, which does not allow this.",
        "Das Rezept ist im Zustand {0}, der dies nicht erlaubt.";
    /// Another doctor's prescription.
    OTHER_PRESCRIBER = "PRESCRIPTION-104", Forbidden,
        "Solo il medico che ha emesso la ricetta può annullarla.",
        "Only the doctor who issued the prescription can cancel it.",
        "Nur der ausstellende Arzt kann das Rezept annullieren.";
    /// Another structure has taken it in charge.
    OTHER_STRUCTURE = "PRESCRIPTION-105", Conflict,
        "La ricetta è presa in carico da un'altra struttura.",
        "Another structure has taken the prescription in charge.",
        "Eine andere Einrichtung hat das Rezept übernommen.";
    /// None, or more than the form has room for.
    PACKAGES = "PRESCRIPTION-106", Invalid,
        "Una ricetta ha da 1 a 2 confezioni, non {0}.",
        "A prescription has 1 or 2 packages, not {0}.",
        "Ein Rezept hat 1 oder 2 Packungen, nicht {0}.";
    /// The prescription claims an exemption that the person does not have.
    EXEMPTION_NOT_HELD = "PRESCRIPTION-107", Invalid,
        "L'assistito non ha l'esenzione {0}.",
        "The person does not have the exemption {0}.",
        "Die Person hat die Befreiung {0} nicht.";

    /// The vaccine is not given at this age.
    VACCINE_AGE = "VACCINATION-101", Invalid,
        "Il vaccino si somministra dal {0}.",
        "The vaccine is given from {0} on.",
        "Der Impfstoff wird ab {0} verabreicht.";
    /// Too soon after the dose before.
    VACCINE_INTERVAL = "VACCINATION-102", Invalid,
        "La dose precedente è troppo recente: la prossima è possibile dal {0}.",
        "The dose before is too recent: the next one is possible from {0} on.",
        "Die vorige Dosis ist zu kurz her: die nächste ist ab {0} möglich.";
    /// All doses are given.
    VACCINE_COMPLETE = "VACCINATION-103", Conflict,
        "Il ciclo di questo vaccino è completo.",
        "All doses of this vaccine have been given.",
        "Alle Dosen dieses Impfstoffs sind verabreicht.";
    /// A deferral that ends before it begins.
    DEFERRAL_ENDED = "VACCINATION-104", Invalid,
        "Il differimento deve finire dopo oggi, non il {0}.",
        "A deferral has to end after today, not on {0}.",
        "Ein Aufschub muss nach heute enden, nicht am {0}.";
    /// A lot's number is missing.
    NO_LOT = "VACCINATION-105", Invalid,
        "Manca il numero di lotto.",
        "The number of the lot is missing.",
        "Die Chargennummer fehlt.";

    /// No such exemption, or somebody else's.
    NO_EXEMPTION = "EXEMPTION-101", NotFound,
        "L'esenzione non esiste.",
        "There is no such exemption.",
        "Die Befreiung gibt es nicht.";
    /// Not a code of those that people declare themselves.
    NOT_SELF_CERTIFIABLE = "EXEMPTION-102", Invalid,
        "L'esenzione {0} non si autocertifica: la rilascia l'ASST allo sportello.",
        "The exemption {0} is not self-certified: the health authority grants it at the desk.",
        "Die Befreiung {0} ist nicht selbst zu erklären: das Amt erteilt sie am Schalter.";
    /// Declared for somebody of the family.
    NOT_FOR_FAMILY = "EXEMPTION-103", Forbidden,
        "Per un familiare si autocertificano online solo E02, E12 ed E13, non {0}: rivolgiti allo sportello.",
        "For a member of the family only E02, E12 and E13 are declared online, not {0}: go to the desk.",
        "Für Angehörige werden online nur E02, E12 und E13 erklärt, nicht {0}: bitte zum Schalter.";
    /// There is one in force already.
    ALREADY_EXEMPT = "EXEMPTION-104", Conflict,
        "La stessa esenzione è già in vigore fino al {0}.",
        "The same exemption is in force until {0}.",
        "Dieselbe Befreiung gilt schon bis {0}.";
    /// Too young or too old for the code.
    EXEMPTION_AGE = "EXEMPTION-105", Invalid,
        "L'età dell'assistito non dà diritto all'esenzione {0}.",
        "At the person's age there is no right to the exemption {0}.",
        "Im Alter der Person besteht kein Recht auf die Befreiung {0}.";
    /// Revoked or run out.
    EXEMPTION_OVER = "EXEMPTION-106", Conflict,
        "L'esenzione non è più in vigore dal {0}.",
        "The exemption has not been in force since {0}.",
        "Die Befreiung gilt seit {0} nicht mehr.";
    /// Granted by somebody else than who wants to revoke it.
    NOT_YOURS_TO_REVOKE = "EXEMPTION-107", Forbidden,
        "L'esenzione non è autocertificata: la revoca lo sportello.",
        "The exemption was not self-certified: the desk revokes it.",
        "Die Befreiung wurde nicht selbst erklärt: der Schalter widerruft sie.";
    /// It would end before it begins.
    EXEMPTION_ENDS_BEFORE = "EXEMPTION-108", Invalid,
        "La scadenza {0} è già passata.",
        "The end, {0}, is past already.",
        "Das Ende, {0}, ist schon vorbei.";

    /// No such booking, or somebody else's.
    NO_BOOKING = "BOOKING-101", NotFound,
        "La prenotazione non esiste.",
        "There is no such booking.",
        "Die Vormerkung gibt es nicht.";
    /// The agenda has no such time.
    NO_SLOT = "BOOKING-102", NotFound,
        "L'agenda non ha un appuntamento a quell'ora.",
        "The agenda has no appointment at that time.",
        "Der Terminkalender hat zu dieser Zeit keinen Termin.";
    /// Somebody has it.
    SLOT_TAKEN = "BOOKING-103", Conflict,
        "L'appuntamento è appena stato preso da un'altra persona: scegline un altro.",
        "Somebody else has just taken this appointment: choose another one.",
        "Der Termin wurde soeben vergeben: bitte einen anderen wählen.";
    /// It has begun already.
    SLOT_PAST = "BOOKING-104", Invalid,
        "L'appuntamento è già passato.",
        "The appointment is past already.",
        "Der Termin ist schon vorbei.";
    /// The service is not for those without a prescription.
    PRESCRIPTION_NEEDED = "BOOKING-105", Invalid,
        "Per questa prestazione serve la ricetta: indica il numero NRE.",
        "This service needs a prescription: give its number (NRE).",
        "Diese Leistung braucht ein Rezept: bitte die Nummer (NRE) angeben.";
    /// Later than the priority of the prescription allows.
    OUTSIDE_WINDOW = "BOOKING-106", Invalid,
        "La classe di priorità della ricetta chiede un appuntamento entro il {0}.",
        "The priority of the prescription asks for an appointment by {0}.",
        "Die Dringlichkeit des Rezepts verlangt einen Termin bis {0}.";
    /// The prescription is for something else.
    OTHER_SERVICE = "BOOKING-107", Invalid,
        "La ricetta non prescrive questa prestazione.",
        "The prescription is not for this service.",
        "Das Rezept gilt nicht für diese Leistung.";
    /// The person is elsewhere at that time.
    PERSON_BUSY = "BOOKING-108", Conflict,
        "L'assistito ha già un appuntamento il {0}.",
        "The person already has an appointment on {0}.",
        "Die Person hat schon einen Termin am {0}.";
    /// Too late to cancel.
    TOO_LATE_TO_CANCEL = "BOOKING-109", Conflict,
        "La disdetta era possibile fino al {0}: oltre, la visita si paga comunque.",
        "It could be cancelled until {0}; after that the visit is paid for all the same.",
        "Die Absage war bis {0} möglich; danach ist der Termin trotzdem zu bezahlen.";
    /// Cancelled, attended or missed already.
    BOOKING_CLOSED = "BOOKING-110", Conflict,
        "La prenotazione è già chiusa.",
        "The booking is closed already.",
        "Die Vormerkung ist schon abgeschlossen.";
    /// Nobody can have come to what has not begun.
    NOT_YET = "BOOKING-111", Conflict,
        "L'appuntamento è il {0} e non è ancora cominciato.",
        "The appointment is on {0} and has not begun.",
        "Der Termin ist am {0} und hat noch nicht begonnen.";

    /// No such doctor.
    NO_DOCTOR = "DOCTOR-101", NotFound,
        "Il medico non esiste.",
        "There is no such doctor.",
        "Den Arzt gibt es nicht.";
    /// The doctor has as many patients as may be (massimalista).
    DOCTOR_FULL = "DOCTOR-102", Conflict,
        "Il medico ha raggiunto il massimale di {0} assistiti: si può chiedere una deroga motivata.",
        "The doctor has reached the ceiling of {0} patients: you may ask for an exception, with reasons.",
        "Der Arzt hat die Höchstzahl von {0} Patienten erreicht: eine begründete Ausnahme ist möglich.";
    /// Of the same association as the doctor of now.
    SAME_ASSOCIATION = "DOCTOR-103", Invalid,
        "Il medico è della stessa associazione di quello attuale.",
        "The doctor is of the same association as the one you have.",
        "Der Arzt gehört derselben Gemeinschaftspraxis an wie Ihr jetziger.";
    /// A paediatrician for an adult, or the other way round.
    DOCTOR_AGE = "DOCTOR-104", Invalid,
        "A {0} anni non si può scegliere questo tipo di medico.",
        "At the age of {0} this kind of doctor cannot be chosen.",
        "Im Alter von {0} Jahren ist diese Art von Arzt nicht wählbar.";
    /// Of another district than where the person lives or stays.
    OTHER_DISTRICT = "DOCTOR-105", Invalid,
        "Il medico è di un altro ambito territoriale.",
        "The doctor is of another district.",
        "Der Arzt gehört zu einem anderen Sprengel.";
    /// The person has moved and has not told the health authority.
    NEW_RESIDENCE = "DOCTOR-106", Conflict,
        "La residenza è cambiata: va prima registrata allo sportello.",
        "The residence has changed: it has to be registered at the desk first.",
        "Der Wohnsitz hat sich geändert: er ist zuerst am Schalter zu melden.";
    /// Chosen already.
    ALREADY_YOUR_DOCTOR = "DOCTOR-107", Conflict,
        "È già il medico scelto.",
        "This is the doctor you have.",
        "Das ist bereits Ihr Arzt.";
    /// An application says nothing.
    NO_REASONS = "DOCTOR-108", Invalid,
        "La richiesta di deroga va motivata.",
        "An exception has to be asked for with reasons.",
        "Eine Ausnahme ist zu begründen.";
    /// No such application, or one that was decided.
    NO_APPLICATION = "DOCTOR-109", NotFound,
        "Non c'è una richiesta aperta con questo numero.",
        "There is no open application with this number.",
        "Es gibt keinen offenen Antrag mit dieser Nummer.";
    /// A temporary domicile for too short or too long.
    DOMICILE_PERIOD = "DOCTOR-110", Invalid,
        "Il domicilio temporaneo va da tre mesi a un anno, quindi non fino al {0}.",
        "A temporary domicile is for three months to a year, so not until {0}.",
        "Ein vorübergehender Aufenthalt dauert drei Monate bis ein Jahr, also nicht bis {0}.";
    /// Not one of the municipalities of this world.
    NO_MUNICIPALITY = "DOCTOR-111", NotFound,
        "Il comune {0} non è dell'azienda sanitaria.",
        "The municipality {0} is not of this health authority.",
        "Die Gemeinde {0} gehört nicht zu diesem Gesundheitsbetrieb.";
    /// The doctor can be chosen without an exception.
    NO_EXCEPTION_NEEDED = "DOCTOR-112", Invalid,
        "Il medico ha posti liberi: sceglilo direttamente.",
        "The doctor has places: choose them directly.",
        "Der Arzt hat freie Plätze: bitte direkt wählen.";
}
