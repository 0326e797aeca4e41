//! Requests from a proxy that has shaken hands in the portal's place.
//!
//! Each is a login of its own: one connection of the proxy's carries requests of many clients.

use std::net::SocketAddr;
use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::{self, HeaderMap};
use hyper::{Request, Response};
use tracing::info;

use crate::accept::Arrival;
use crate::clock::Clock as _;
use crate::connection::{Door, Visit, serve_http};
use crate::content::Content;
use crate::evidence::{Evidence, Proof};
use crate::fault::Listener;
use crate::handshake_facts::HandshakeFacts;
use crate::holder::Holder;
use crate::journal::JournalEntry;
use crate::pages;
use crate::peer::waiting;
use crate::profile::Profile;
use crate::proxy::{BehindProxy, Forwarded, Mistrust, ProxysWord};
use crate::report::TlsFacts;
use crate::routes;
use crate::verdict::Judgement;

impl Door {
    /// The listener for the proxy.
    pub(crate) async fn hear_proxy(self: Arc<Self>, proxy: Arc<BehindProxy>, arrival: Arrival) {
        let Arrival {
            stream,
            peer,
            place,
            stopping,
        } = arrival;
        // What ends without a word is TLS: there is none here.
        let is_silent = Arc::default();
        let answer = |request: Request<Incoming>| {
            let asked = self.asked(&request);
            let (visit, response) = self.answer_proxy(&proxy, peer, &request);
            let response = self.answered(&visit, asked, response, &is_silent);
            async { response }
        };
        serve_http(stream, peer, &place, stopping, answer).await;
    }

    fn answer_proxy(
        &self,
        proxy: &BehindProxy,
        peer: SocketAddr,
        request: &Request<Incoming>,
    ) -> (Visit, Response<Content>) {
        let headers = request.headers();
        let heard = proxy.recognise(peer).and_then(|proxy| proxy.hear(headers));
        match heard {
            Ok((word, forwarded)) => {
                let judgement = Arc::new(self.judge_forwarded(headers, word, forwarded.as_ref()));
                self.announce(&judgement.outcome);
                info!(
                    %peer,
                    outcome = judgement.outcome.word(),
                    proxy = proxy.dialect.name(),
                    failed = judgement.failed_checks().join(","),
                    "forwarded"
                );
                let connection = self.journal.next_connection();
                self.note(JournalEntry::of_judgement(connection, peer, &judgement));
                let visit = Visit {
                    listener: Listener::Behind,
                    connection,
                    server_name: judgement.handshake.server_name.clone(),
                    holder: judgement.facts.as_ref().map(Holder::of),
                };
                // The area is on the portal's own listener.
                (visit, routes::login(request, &judgement, false))
            }
            Err(reason) => self.mistrust(proxy, peer, headers, &reason),
        }
    }

    fn judge_forwarded(
        &self,
        headers: &HeaderMap,
        word: ProxysWord,
        forwarded: Option<&Forwarded>,
    ) -> Judgement {
        let now = self.clock.now();
        let host = host(headers);
        let profile = Profile::of_server_name(host.as_deref());
        let presented = forwarded.map(|forwarded| {
            waiting(|| {
                self.policy
                    .look_at(&forwarded.certificate, &forwarded.chain, now)
            })
        });
        let facts = HandshakeFacts::of_proxy(word.dialect(), profile, host);
        let evidence = Evidence {
            presented: presented.as_ref(),
            proof: Proof::Vouched(word),
            version: None,
            profile,
            now,
            server_name: facts.server_name.as_deref(),
            is_resumed: false,
            ordered_failure: None,
        };
        Judgement::new(&evidence, TlsFacts::of(&facts), facts.clone())
    }

    fn mistrust(
        &self,
        proxy: &BehindProxy,
        peer: SocketAddr,
        headers: &HeaderMap,
        reason: &Mistrust,
    ) -> (Visit, Response<Content>) {
        let host = host(headers);
        let profile = Profile::of_server_name(host.as_deref());
        let facts = HandshakeFacts::of_proxy(proxy.dialect, profile, host.clone());
        info!(%peer, proxy = proxy.dialect.name(), "a request was not believed to be the proxy's");
        let (connection, now) = (self.journal.next_connection(), self.clock.now());
        self.note(JournalEntry::of_mistrust(
            connection, now, peer, facts, reason,
        ));
        let visit = Visit {
            listener: Listener::Behind,
            connection,
            server_name: host,
            holder: None,
        };
        (visit, routes::mistrusted(reason))
    }
}

/// The name that the client asked the proxy for, which proxies pass on.
fn host(headers: &HeaderMap) -> Option<String> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    pages::host_name(host).map(str::to_owned)
}
