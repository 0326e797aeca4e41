//! What can be wrong with a service, and which cases must notice.

mod connect;
mod presence;
mod removal;
mod reset;
mod sharing;

use cns_pcsc::message::Request;

use crate::service::Wrong;

/// SCARD_SHARE_DIRECT.
const DIRECT: u8 = 3;

/// Every wrong service.
pub(crate) fn wrongs() -> impl Iterator<Item = &'static Wrong> {
    [
        presence::WRONGS,
        connect::WRONGS,
        sharing::WRONGS,
        reset::WRONGS,
        removal::WRONGS,
    ]
    .into_iter()
    .flatten()
}

fn spoil(atr: &mut [u8]) {
    if let Some(last) = atr.last_mut() {
        *last ^= 0xFF;
    }
}

fn connect_as(request: Request, asked: u8, instead: u8) -> Option<Request> {
    Some(match request {
        Request::Connect {
            reader,
            share,
            protocols,
        } if share == asked => Request::Connect {
            reader,
            share: instead,
            // Who connects to a reader alone accepts no protocol.
            protocols: match instead {
                DIRECT => 0,
                _ => protocols.max(3),
            },
        },
        other => other,
    })
}
