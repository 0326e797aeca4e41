//! Requests from a proxy that has shaken hands in the portal's place.
//!
//! Each is a login of its own: one connection of the proxy's carries requests of many clients.

use std::net::SocketAddr;
use std::sync::Arc;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderMap};
use hyper::{Request, Response};
use tracing::info;

use crate::accept::Arrival;
use crate::connection::{Door, serve_http};
use crate::evidence::{Evidence, Proof};
use crate::handshake_facts::HandshakeFacts;
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
        let answer = |request: Request<Incoming>| {
            let response = self.answer_proxy(&proxy, peer, &request);
            async { response }
        };
        serve_http(stream, peer, &place, stopping, answer).await;
    }

    fn answer_proxy(
        &self,
        proxy: &BehindProxy,
        peer: SocketAddr,
        request: &Request<Incoming>,
    ) -> Response<Full<Bytes>> {
        let headers = request.headers();
        let heard = proxy.recognise(peer).and_then(|proxy| proxy.hear(headers));
        match heard {
            Ok((word, forwarded)) => {
                let judgement = Arc::new(self.judge_forwarded(headers, word, forwarded.as_ref()));
                info!(
                    %peer,
                    outcome = judgement.outcome.word(),
                    proxy = proxy.dialect.name(),
                    failed = judgement.failed_checks().join(","),
                    "forwarded"
                );
                self.journal
                    .record(JournalEntry::of_judgement(peer, &judgement));
                routes::login(request, &judgement)
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
        };
        Judgement::new(&evidence, TlsFacts::of(&facts), facts.clone())
    }

    fn mistrust(
        &self,
        proxy: &BehindProxy,
        peer: SocketAddr,
        headers: &HeaderMap,
        reason: &Mistrust,
    ) -> Response<Full<Bytes>> {
        let host = host(headers);
        let profile = Profile::of_server_name(host.as_deref());
        let facts = HandshakeFacts::of_proxy(proxy.dialect, profile, host);
        info!(%peer, proxy = proxy.dialect.name(), "a request was not believed to be the proxy's");
        let entry = JournalEntry::of_mistrust(self.clock.now(), peer, facts, reason);
        self.journal.record(entry);
        routes::mistrusted(reason)
    }
}

/// The name that the client asked the proxy for, which proxies pass on.
fn host(headers: &HeaderMap) -> Option<String> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    pages::host_name(host).map(str::to_owned)
}
