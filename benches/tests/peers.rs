//! The script that measures peers can be read. What it measures is not part of the tests.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;

fn assert_reads(command: &mut Command) {
    let output = command.output().expect("it is in the package of its name");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
}

#[test]
fn the_script_of_peers_can_be_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
    let script = folder.join("compare.sh");
    assert_reads(Command::new("bash").arg("-n").arg(script));
    let read = "import ast, sys; ast.parse(open(sys.argv[1]).read())";
    let mut python = Command::new("/usr/bin/python3");
    assert_reads(python.args(["-c", read]).arg(folder.join("table.py")));
}

/// A run as `cns bench` writes it, and the table that the script makes of two rounds.
#[test]
fn the_table_has_medians_and_ratios() {
    let folder = tempfile::tempdir().unwrap();
    for (round, ours, theirs) in [(1, 50.0, 44_000.0), (2, 40.0, 44_000.0)] {
        let rung = |target: &str, time: f64| {
            serde_json::json!({
                "target": target,
                "operation": "select",
                "summary": { "p50_us": time, "rate": 1e6 / time },
            })
        };
        let run = serde_json::json!({
            "rungs": [rung("pcsc:00 00", ours), rung("pcsc:00 01", theirs)],
        });
        let file = folder.path().join(format!("vicc-{round}.json"));
        std::fs::write(file, run.to_string()).unwrap();
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/table.py");
    let output = Command::new("/usr/bin/python3")
        .arg(script)
        .arg(folder.path())
        .output()
        .expect("it is in the package python3");
    let table = String::from_utf8(output.stdout).unwrap();
    let ours = "| our card, pcscd, stock vpcd | 45.0 us | 22,500 | 990.00 |";
    assert!(table.contains(ours), "{table}");
    assert!(
        table.contains("| vicc, stock vpcd | 44,000.0 us | 23 | 1.00 |"),
        "{table}"
    );
}
