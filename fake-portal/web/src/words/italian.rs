//! Italian.

use super::Words;
use cns_language::Language;

pub(super) static WORDS: Words = Words {
    language: Language::Italian,

    site: "Portale dei servizi al cittadino",
    site_about: "Accesso con la Carta Nazionale dei Servizi",
    portal: "Portale CNS di collaudo",
    skip: "Vai al contenuto",
    banner: "AMBIENTE DI COLLAUDO",
    banner_about: "dati inventati",
    languages: "Lingue",
    footer: "Portale di prova: non appartiene ad alcuna amministrazione e riconosce soltanto enti di \
             collaudo.",
    as_json: "L'accesso in JSON",
    verdict_as_json: "Tutti i controlli in JSON",
    as_junit: "Tutti i controlli in JUnit",
    back: "Torna all'accesso",

    logged_in: "Accesso riuscito",
    logged_in_about: "Il certificato è valido e il browser ha dimostrato di poterne usare la chiave.",
    refused: "Accesso rifiutato",
    refused_about: "Il browser ha dimostrato di poter usare la chiave del certificato, ma il \
                    certificato non basta per accedere.",
    failed_checks: "Controlli non superati",
    no_certificate: "Nessun certificato",
    no_certificate_about: "Il portale ha chiesto un certificato e il browser non ne ha presentato \
                           alcuno: l'accesso non è avvenuto.",
    what_to_do: "Che cosa fare",
    advice: [
        "Controllare che la carta sia nel lettore e che il lettore sia collegato.",
        "Controllare che il browser conosca la carta: il middleware (modulo PKCS#11) deve essere \
         installato e caricato.",
        "Il browser deve chiedere quale certificato usare e poi il PIN: se non lo ha fatto, non ha \
         visto la carta.",
        "Chiudere tutte le finestre del browser e riprovare: un rifiuto viene ricordato per tutta la \
         sessione.",
    ],

    citizen: "Cittadino",
    surname: "Cognome",
    given_name: "Nome",
    codice_fiscale: "Codice fiscale",
    card_number: "Numero della carta",
    administration: "Amministrazione emittente",
    not_stated: "non indicato",

    reasons: "Motivi",
    warnings: "Avvertenze",
    rule: "Regola",
    written_in: "Dove è scritta",
    seen: "Che cosa si è visto",
    remedy: "Che cosa fare",
    in_a_browser: "Come appare con un portale severo",
    alert: "allarme TLS",

    checks: "Tutti i controlli",
    checks_about: "Ogni controllo viene fatto, qualunque sia l'esito degli altri.",
    check: "Controllo",
    answer: "Esito",
    pass: "superato",
    fail: "non superato",
    warning: "avvertenza",
    not_applicable: "non si applica",
    could_not_tell: "non si sa",

    opinions: "Che cosa direbbero altri",
    who: "Chi",
    says: "Che cosa dice",
    accepts: "accetta",
    refuses: "rifiuta",
    passes_on: "inoltra",

    certificate: "Certificato",
    subject: "Soggetto",
    issuer: "Emittente",
    serial_number: "Numero di serie",
    valid_from: "Valido dal",
    valid_until: "Valido fino al",
    key: "Chiave",
    bits: "bit",
    policies: "Politiche",
    no_policies: "nessuna",
    fingerprint: "Impronta SHA-256",

    connection: "Connessione",
    profile: "Profilo",
    version: "Versione TLS",
    cipher_suite: "Cifratura",
    client_signature: "Firma del client",
    no_signature: "nessuna",
    signing_time: "Tempo della firma",
    server_name: "Nome richiesto (SNI)",
    no_server_name: "nessuno",
    offered_versions: "Versioni offerte",
    offered_schemes: "Firme offerte",
    proxy: "Proxy, che ha fatto l'handshake al posto del portale",
    time: "Ora della connessione",

    welcome: "Accesso con la carta",
    welcome_about: "Inserire la Carta Nazionale dei Servizi nel lettore e scegliere «Accedi»: il browser \
                    chiede il certificato e poi il PIN.",
    log_in: "Accedi",
    profiles: "Altri modi di accedere",
    profiles_about: "Ogni nome si comporta in modo diverso, per provare carte, middleware e browser.",
    purpose: "A che cosa serve",

    not_found: "Pagina non trovata",
    not_found_about: "A questo indirizzo non c'è nulla.",
    read_only: "Metodo non ammesso",
    read_only_about: "Questa risorsa si può soltanto leggere, con GET o HEAD.",
    too_large: "Richiesta troppo grande",
    too_large_about: "Il portale non accetta richieste così grandi.",
    not_rendered: "Errore del portale",
    not_rendered_about: "La risposta non può essere scritta.",
};
