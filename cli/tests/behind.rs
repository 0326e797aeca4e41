//! `cns portal config` and `cns portal run --behind`, put together as a person would: a real proxy in front of
//! the portal.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use cns_reader::ports::PortPair;
use support::{Running, cns};

/// nginx, until it is dropped.
struct Nginx(Child);

impl Drop for Nginx {
    fn drop(&mut self) {
        // Asked to, it ends its worker too; killed, it would leave that behind.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

#[test]
fn a_portal_answers_behind_the_proxy_that_was_set_up_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let portal = Running::start(folder.path(), &["portal", "run", "--behind", "nginx"]);
    let application = portal.ready["behind"].as_str().unwrap();
    let port = PortPair::reserve().unwrap();
    let listen = format!("127.0.0.1:{}", port.first());
    let configured = cns(folder.path())
        .args(["portal", "config", "nginx", "--listen", &listen])
        .args(["--application", application])
        .output()
        .unwrap();
    assert!(configured.status.success(), "{configured:?}");

    let file = folder.path().join("cns-proxy/nginx.conf");
    let nginx = Command::new("nginx")
        .args(["-e", "stderr", "-c", file.to_str().unwrap()])
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program `nginx` runs: it is in the Debian package nginx");
    let _nginx = Nginx(nginx);
    let limit = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect(&listen).is_err() {
        assert!(Instant::now() < limit, "nginx does not listen");
        thread::sleep(Duration::from_millis(20));
    }

    let said = Command::new("curl")
        .args(["--silent", "--max-time", "20"])
        .args(["--cacert", "cns-authority/ca.pem"])
        .args(["--connect-to", &format!("portale.test:443:{listen}")])
        .arg("https://portale.test/api/verdict")
        .current_dir(folder.path())
        .output()
        .unwrap();
    let verdict: serde_json::Value = serde_json::from_slice(&said.stdout).unwrap();
    assert_eq!(verdict["outcome"], "no_certificate");
    assert_eq!(verdict["handshake"]["forwarded_by"], "nginx");
    assert_eq!(portal.end(), 0);
}
