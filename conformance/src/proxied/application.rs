//! An application behind a proxy: it believes what the proxy's headers say, and tells it.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cns_portal::proxy::{Dialect, ForwardError, Forwarded, Verification};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};

use crate::background::{Background, runtime};

/// What the headers of a request said: somebody, nobody, or what no proxy says.
pub type Told = Result<Option<Forwarded>, ForwardError>;

const HEAD_LIMIT: Duration = Duration::from_secs(10);

/// The application, until it is dropped.
pub(super) struct Application {
    address: SocketAddr,
    told: Arc<Mutex<Vec<Told>>>,
    _running: Background<()>,
}

impl Application {
    /// Starts it on a free port of this machine.
    pub(super) fn start(dialect: Dialect) -> io::Result<Self> {
        let runtime = runtime()?;
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let address = listener.local_addr()?;
        let told = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&told);
        let running = Background::start("cns-application", runtime, move |stop| async move {
            tokio::select! {
                () = listen(listener, dialect, heard) => {}
                _ = stop => {}
            }
        })?;
        Ok(Self {
            address,
            told,
            _running: running,
        })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn take_told(&self) -> Vec<Told> {
        std::mem::take(&mut *self.told.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn listen(listener: TcpListener, dialect: Dialect, told: Arc<Mutex<Vec<Told>>>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve(stream, dialect, Arc::clone(&told)));
    }
}

async fn serve(stream: TcpStream, dialect: Dialect, told: Arc<Mutex<Vec<Told>>>) {
    let answer = service_fn(|request: Request<Incoming>| {
        let heard = dialect.read(request.headers());
        let response = respond(&heard);
        told.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(heard);
        async { Ok::<_, Infallible>(response) }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_LIMIT)
        .serve_connection(TokioIo::new(stream), answer);
    // A proxy that hangs up in the middle has its reasons.
    let _ = served.await;
}

fn respond(heard: &Told) -> Response<Full<Bytes>> {
    let (status, text) = match heard {
        Ok(Some(forwarded)) => {
            let status = match forwarded.verification {
                Verification::Good => StatusCode::OK,
                // Who is not told that it is good must not take it for good.
                Verification::Bad(_) | Verification::NotTold => StatusCode::FORBIDDEN,
            };
            (status, format!("{:?}\n", forwarded.verification))
        }
        Ok(None) => (StatusCode::UNAUTHORIZED, "nobody\n".to_owned()),
        Err(error) => (StatusCode::BAD_REQUEST, format!("{error}\n")),
    };
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    response
}
