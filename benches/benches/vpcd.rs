//! A command through the stock stack: SCardTransmit, libpcsclite, pcscd, vpcd, TCP, card and back.
//!
//! The floors stand beside it, measured in the same run: a card that does nothing but answer 9000, with
//! the same socket handling, in the second slot of the same vpcd; and a byte there and back over TCP.

#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

mod support;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::linux::net::TcpStreamExt as _;
use std::process::ExitCode;
use std::thread;

use cns_reader::PrivatePcscd;
use criterion::Throughput;
use vsmartcard::wire::{FrameBuffer, Message, write_frame};

fn main() -> ExitCode {
    if support::client().is_some() {
        measure();
        return ExitCode::SUCCESS;
    }
    let pcscd = PrivatePcscd::start().unwrap();
    let first = pcscd.reader_address();
    let second = SocketAddr::new(first.ip(), first.port() + 1);
    let atr = support::hold_card(
        first,
        &support::make(cns_fixtures::DEFAULT_PROFILE, "maria-rossi"),
    );
    thread::spawn(move || do_nothing_card(second, &atr));
    let (variable, socket) = pcscd.environment();
    support::as_client("vpcd", vec![(variable, socket.into())])
}

/// The client: one handle on each card, one command over and over.
fn measure() {
    let context = support::context();
    let mut criterion = support::criterion().configure_from_args();
    let mut group = criterion.benchmark_group("vpcd: SELECT by SCardTransmit");
    group.throughput(Throughput::Elements(1));
    for (name, reader) in [
        ("a CNS card", "PCD 00 00"),
        ("floor: a card that does nothing", "PCD 00 01"),
    ] {
        let card = support::connect(&context, reader);
        group.bench_function(name, |bencher| support::select(bencher, &card));
    }
    group.bench_function("floor: a byte there and back over TCP", |bencher| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let here = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (there, _) = listener.accept().unwrap();
        for end in [&here, &there] {
            end.set_nodelay(true).unwrap();
        }
        support::ping_pong(bencher, here, there);
    });
    group.finish();
    let [card, floor] = ["PCD 00 00", "PCD 00 01"].map(|name| support::connect(&context, name));
    support::tell_ratio("vpcd", &card, &floor);
    criterion.final_summary();
}

/// The floor: the same socket handling, and no card behind it.
fn do_nothing_card(reader: SocketAddr, atr: &[u8]) {
    let mut stream = TcpStream::connect(reader).unwrap();
    let mut frames = FrameBuffer::new();
    let mut chunk = [0; 4096];
    loop {
        let mut answer = Vec::new();
        while let Some(message) = frames.next_message() {
            let payload = match message {
                Message::AtrRequest => atr,
                Message::Command(_) => &[0x90, 0x00],
                Message::PowerOff | Message::PowerOn | Message::Reset => continue,
            };
            write_frame(payload, &mut answer).unwrap();
        }
        if !answer.is_empty() && stream.write_all(&answer).is_err() {
            return;
        }
        let Ok(length @ 1..) = stream
            .set_quickack(true)
            .and_then(|()| stream.read(&mut chunk))
        else {
            return;
        };
        frames.push(chunk.get(..length).unwrap_or_default());
    }
}
