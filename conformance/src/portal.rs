//! The stage of TLS cases: a portal that asks for a client certificate, and a client whose key is on
//! the suite's own card.
//!
//! ```text
//! case ── Portal ── Client ── rustls ── TCP ──► the portal: our own in this process, or any
//!            │         └ CardKey ── the card, in this process, asked for each signature
//!            └ Papers: the certificate on the card, or one of the zoo
//! ```

mod address;
mod block;
mod card_key;
mod client;
mod coming;
mod own;
mod papers;
mod response;
mod visited;

use std::sync::Arc;

use cns_authority::CertificationAuthority;
use cns_fixtures::{Citizen, Enclosure, PersonaliseError, Profile, collaudo_authority};
use rustls::pki_types::CertificateDer;
use rustls::sign::CertifiedKey;
use time::{Date, OffsetDateTime};

pub use address::{Address, NoPortal};
pub use block::block as signing_block;
pub use card_key::{CARD_FAULT, Forgery};
pub use client::Client;
pub use coming::Coming;
pub use own::{OwnPortal, OwnPortalError};
pub use papers::Papers;
pub use response::Response;
pub use visited::{Asked, End, Visited};

use crate::applies::Needs;
use crate::case::Stop;
use crate::mutants::PortalSeam;
use crate::runner::{CaseFacts, Exchange, Permission, Stage};
use crate::subject::{Issue, IssueError, Subject};
use crate::target::OwnCard;
use card_key::CardKey;
use client::Offer;

/// What is asked for when a case does not say otherwise: the portal's "who am I?".
pub const WHO_AM_I: &str = "/api/login";

/// A portal, and a card to log in with.
pub struct Portal {
    address: Address,
    own: Option<OwnPortal>,
    subject: Subject,
    authority: Arc<CertificationAuthority>,
    enclosure: Enclosure,
    key: CardKey,
    permission: Permission,
    seams: &'static [PortalSeam],
}

/// Why there is no portal to test.
#[derive(Debug, thiserror::Error)]
pub enum PortalError {
    /// The suite's own card could not be made.
    #[error(transparent)]
    Issue(#[from] IssueError),
    /// The suite's own portal does not start.
    #[error(transparent)]
    Own(#[from] OwnPortalError),
    /// The certifiers of the zoo could not be made.
    #[error(transparent)]
    Zoo(#[from] PersonaliseError),
}

impl Portal {
    /// The suite's own portal, on a free port of this machine, which trusts the suite's certifier.
    pub fn own(profile: Profile, citizen: Citizen, today: Date) -> Result<Self, PortalError> {
        let authority = Arc::new(collaudo_authority(today).map_err(IssueError::from)?);
        let portal = OwnPortal::start(&authority)?;
        let address = portal.address();
        Self::new(address, Some(portal), authority, profile, citizen, today)
    }

    /// Somebody else's portal. The suite's card is by this certifier, which it may trust; without one, by
    /// a certifier that it does not know.
    pub fn foreign(
        address: Address,
        authority: Option<Arc<CertificationAuthority>>,
        profile: Profile,
        citizen: Citizen,
        today: Date,
        permission: Permission,
    ) -> Result<Self, PortalError> {
        let authority = match authority {
            Some(authority) => authority,
            None => Arc::new(collaudo_authority(today).map_err(IssueError::from)?),
        };
        let mut portal = Self::new(address, None, authority, profile, citizen, today)?;
        portal.permission = permission;
        Ok(portal)
    }

    /// A portal that should do what our own does, at this address, and trusts this certifier.
    pub fn like_own(
        address: Address,
        authority: CertificationAuthority,
        profile: Profile,
        citizen: Citizen,
        today: Date,
    ) -> Result<Self, PortalError> {
        let own = OwnPortal::elsewhere(address.clone());
        Self::new(
            address,
            Some(own),
            Arc::new(authority),
            profile,
            citizen,
            today,
        )
    }

    fn new(
        address: Address,
        own: Option<OwnPortal>,
        authority: Arc<CertificationAuthority>,
        profile: Profile,
        citizen: Citizen,
        today: Date,
    ) -> Result<Self, PortalError> {
        let enclosure = Enclosure::new(&profile, &citizen, OffsetDateTime::now_utc())?;
        let subject = Subject::issued_by(&authority, profile, citizen, today, 0)?;
        let issue = subject.issue.as_ref().expect("an issued subject has one");
        let card = OwnCard::new(issue.image.clone(), 0);
        let pin = issue.citizen.pin.as_str().to_owned();
        let key = CardKey::new(card, subject.profile.clone(), pin);
        Ok(Self {
            address,
            own,
            subject,
            authority,
            enclosure,
            key,
            permission: Permission::LookOnly,
            seams: &[],
        })
    }

    /// The same portal with something wrong in it.
    pub fn make_wrong(&mut self, seams: &'static [PortalSeam]) {
        self.seams = seams;
    }

    /// Where the portal is.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Whether it is the suite's own, or should do what that does.
    pub fn is_like_own(&self) -> bool {
        self.own.is_some()
    }

    /// The suite's own card, as it was made.
    pub fn issue(&self) -> Result<&Issue, Stop> {
        let issue = self.subject.issue.as_ref();
        issue.ok_or_else(|| Stop::broken("the suite's own card was not made"))
    }

    /// The suite's certifier.
    pub fn authority(&self) -> &CertificationAuthority {
        &self.authority
    }

    /// Asks the portal who the client is.
    pub fn visit(&self, coming: Coming) -> Result<Visited, Stop> {
        self.ask(coming, &self.request("GET", WHO_AM_I, ""))
    }

    /// The answer to the same; a refused connection is a failure.
    pub fn answer(&self, coming: Coming) -> Result<Response, Stop> {
        self.visit(coming)?.answer()
    }

    /// Sends any request.
    pub fn ask(&self, coming: Coming, request: &str) -> Result<Visited, Stop> {
        self.client(coming)?.visit(&self.address, request)
    }

    /// A client that remembers its visits.
    pub fn client(&self, coming: Coming) -> Result<Client, Stop> {
        let taken = PortalSeam::visitor(self.seams, &coming);
        self.key.sign_so(taken.scheme, taken.forgery);
        let identity = match taken.papers {
            Some(papers) => Some(self.identity(papers)?),
            None => None,
        };
        let offer = Offer {
            version: taken.version,
            identity,
            alpn: taken
                .alpn
                .iter()
                .map(|name| name.as_bytes().to_vec())
                .collect(),
            sends_server_name: taken.sends_server_name,
        };
        Client::new(offer, coming, self.seams)
    }

    /// A request whose answer ends the connection. `headers` are whole lines.
    pub fn request(&self, method: &str, path: &str, headers: &str) -> String {
        let host = &self.address.host;
        format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n")
    }

    /// The holder has a new card, as it was made.
    pub(crate) fn take_new_card(&self, seed: u64) -> Result<(), Stop> {
        let image = self.issue()?.image.clone();
        self.key.begin(image, seed);
        Ok(())
    }

    /// How often the card has signed in this case.
    pub fn signatures(&self) -> usize {
        self.key.signatures()
    }

    /// The holder takes the card out of the reader.
    pub fn take_card_away(&self) {
        self.key.take_away();
    }

    /// The holder puts it in again.
    pub fn put_card_back(&self) {
        self.key.put_back();
    }

    fn identity(&self, papers: Papers) -> Result<Arc<CertifiedKey>, Stop> {
        let certificates = self.certificates(papers)?.into_iter();
        let key = Arc::new(self.key.clone());
        let chain = certificates.map(CertificateDer::from).collect();
        Ok(Arc::new(CertifiedKey::new(chain, key)))
    }
}

impl Stage for Portal {
    fn begin(&mut self, case: &CaseFacts, seed: u64) -> Result<(), Stop> {
        let is_own = self.is_like_own();
        let is_met = |need: &Needs| match need {
            Needs::OwnPortal => is_own,
            other => other.is_met_by(&self.subject),
        };
        if let Some(need) = case.needs.iter().find(|need| !is_met(need)) {
            return Err(Stop::skip(format!("it is about {}", need.words())));
        }
        if !is_own {
            self.permission.check(case, &self.subject)?;
        }
        self.take_new_card(seed)
    }

    fn end(&mut self) -> Vec<Exchange> {
        self.key.take_said()
    }

    /// The card is the suite's own, whoever's the portal is.
    fn is_own(&self) -> bool {
        true
    }
}
