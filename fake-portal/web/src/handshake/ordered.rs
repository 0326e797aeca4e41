//! Faults that happen in a handshake because a tester ordered them.

use std::sync::Arc;

use rustls::AlertDescription;
use tokio_rustls::StartHandshake;

use super::{FailedHandshake, HandshakeError, HandshakePolicy};
use crate::fault::{Fault, Flight, Listener, Occasion, Place, Strike};
use crate::handshake_facts::HandshakeFacts;
use crate::holder::Holder;
use crate::tls_names::alert_name;
use crate::wire::{Cut, Tap, Wire};

impl HandshakePolicy {
    /// What goes wrong when the client has said hello, if anything: done already, or ordered.
    pub(super) async fn suffer_after_hello(
        &self,
        hello: &mut StartHandshake<Wire>,
        tap: &Arc<Tap>,
        facts: &mut HandshakeFacts,
    ) -> Result<(), Box<FailedHandshake>> {
        let server_name = facts.server_name.as_deref();
        let Some(strike) = self.decide(Place::Hello, server_name, None) else {
            return Ok(());
        };
        let ordered = HandshakeError::Ordered(strike.fault.name());
        let alert = match strike.fault {
            Fault::AlertAfterHello(number) => Some(number),
            _ => None,
        };
        if let Some(cut) = strike.fault.cut() {
            tap.cut(cut);
        }
        facts.faults.push(strike);
        let Some(number) = alert else {
            return Ok(());
        };
        facts.alert_sent = Some(alert_name(AlertDescription::from(number)));
        // A client that is gone already has not waited for it.
        let _ = hello.io.say_alert(number).await;
        Err(Box::new(FailedHandshake {
            error: ordered,
            facts: facts.clone(),
            judgement: None,
            wire: None,
        }))
    }

    /// Whether something goes wrong now for whoever shakes hands.
    pub(crate) fn decide(
        &self,
        place: Place,
        server_name: Option<&str>,
        holder: Option<&Holder>,
    ) -> Option<Strike> {
        self.faults.decide(&Occasion {
            place,
            listener: Listener::Cns,
            server_name,
            holder,
            path: None,
        })
    }
}

impl Fault {
    /// What it does to the connection.
    pub(crate) fn cut(&self) -> Option<Cut> {
        match self {
            Self::CloseAfter(Flight::Hello | Flight::Certificate) => Some(Cut::Close),
            Self::ResetAfter(Flight::Hello | Flight::Certificate) => Some(Cut::Reset),
            Self::StallAfter(stall) => Some(Cut::HoldBack(stall.seconds.duration())),
            _ => None,
        }
    }
}
