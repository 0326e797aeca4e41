//! The library that clients load for libpcsclite, treated as C programs can: unloaded while a thread is
//! in it, and used after a fork.

use crate::desk::{Desk, Kind};

/// Python has what Rust rightly makes hard.
const PRELUDE: &str = r#"
import ctypes, os, sys, threading, _ctypes
library = ctypes.CDLL("libpcsclite.so.1")
LONG, DWORD = ctypes.c_long, ctypes.c_ulong
for name in ("SCardEstablishContext", "SCardConnect", "SCardTransmit", "SCardGetStatusChange"):
    getattr(library, name).restype = LONG
class State(ctypes.Structure):
    _fields_ = [("reader", ctypes.c_char_p), ("user", ctypes.c_void_p), ("current", DWORD),
                ("event", DWORD), ("length", DWORD), ("atr", ctypes.c_ubyte * 33)]
READER = b"CNS Virtual Reader 00 00"
context, card = LONG(), LONG()
def check(code, expected=0):
    assert code & 0xFFFFFFFF == expected, hex(code & 0xFFFFFFFF)
check(library.SCardEstablishContext(DWORD(2), None, None, ctypes.byref(context)))
def connect():
    active = DWORD()
    check(library.SCardConnect(context, READER, DWORD(2), DWORD(3), ctypes.byref(card),
                               ctypes.byref(active)))
def select(expected=0):
    command = bytes.fromhex("00A4000C023F00")
    response = (ctypes.c_ubyte * 300)()
    length = DWORD(300)
    code = library.SCardTransmit(card, None, command, DWORD(len(command)), None, response,
                                 ctypes.byref(length))
    check(code, expected)
    assert expected or bytes(response[:length.value]) == b"\x90\x00"
"#;

/// While a thread waits in the library for a card, another unloads it.
const UNLOAD: &str = r#"
state = State(READER, None, 0x10, 0, 0)
wait, outcome = library.SCardGetStatusChange, []
waits = threading.Thread(
    target=lambda: outcome.append(wait(context, DWORD(1000), ctypes.byref(state), DWORD(1))))
waits.start()
_ctypes.dlclose(library._handle)
waits.join()
check(outcome[0], 0x8010000A)
print("the time is over, and the library still there")
"#;

const FORK: &str = r#"
connect()
select()
child = os.fork()
if child == 0:
    # A copy of the parent's connection is not the child's.
    try:
        select(0x8010001D)
        check(library.SCardEstablishContext(DWORD(2), None, None, ctypes.byref(context)), 0x8010001D)
        os._exit(0)
    except BaseException as error:
        print(error, file=sys.stderr)
        os._exit(1)
assert os.waitpid(child, 0)[1] == 0
select()
print("the child has no service, the parent has")
"#;

fn python(desk: &Desk, script: &str) -> String {
    let script = format!("{PRELUDE}{script}");
    desk.say("/usr/bin/python3", &["-c", &script])
}

#[test]
fn it_can_be_unloaded_while_a_thread_is_in_it() {
    let desk = Desk::new(Kind::Daemonless);
    let said = python(&desk, UNLOAD);
    assert_eq!(said, "the time is over, and the library still there\n");
}

#[test]
fn a_forked_child_is_refused_and_the_parent_goes_on() {
    let mut desk = Desk::new(Kind::Daemonless);
    let card = desk.insert(&[]);
    let expected = "the child has no service, the parent has\n";
    assert_eq!(python(&desk, FORK), expected);
    // The same with the card in the client's own process.
    assert_eq!(card.end(), 0);
    let file = desk.folder.path().join("maria-rossi.cns");
    desk.reader.ready["environment"][0][1] = file.to_str().unwrap().into();
    assert_eq!(python(&desk, FORK), expected);
}
