#!/usr/bin/env bash
# Measures peers in one run with our card. README.md says which, and what for.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
rounds=${ROUNDS:-5}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

say() { echo "$*" >&2; }

say '== building'
cargo build --quiet --release -p cns -p cns-ifd -p cns-pcsc-library
cargo build --quiet --release -p cns-benches --example peer_card
cns=target/release/cns

# A token with the key that our card has too, in a store of this run's own.
softhsm() {
  local module
  module=$(find /usr/lib -name libsofthsm2.so -print -quit 2>/dev/null || true)
  if ! command -v softhsm2-util >/dev/null || [ -z "$module" ]; then
    say '== SoftHSM2 is not installed (package softhsm2): left out'
    return
  fi
  export SOFTHSM2_CONF=$folder/softhsm2.conf
  mkdir "$folder/tokens"
  printf 'directories.tokendir = %s\nlog.level = ERROR\n' "$folder/tokens" >"$SOFTHSM2_CONF"
  softhsm2-util --init-token --free --label peer --so-pin 12345678 --pin 12345 >/dev/null
  softhsm2-util --import fixtures/data/keys/rsa-2048-2.pem --token peer --label key --id 01 \
    --pin 12345 >/dev/null
  echo 12345 >"$folder/pin"
  say "== SoftHSM2, $rounds rounds"
  for round in $(seq "$rounds"); do
    "$cns" bench ladder --seconds 1 --json --pin-file "$folder/pin" \
      --layers "engine,pkcs11:$module,pkcs11-daemonless,pkcs11-ifd,pkcs11-vpcd" \
      >"$folder/softhsm-$round.json"
  done
}

# Rounds of our card and somebody's in the two slots of one vpcd.
card() {
  local name=$1
  shift
  say "== $name, $rounds rounds"
  for round in $(seq "$rounds"); do
    if ! target/release/examples/peer_card "$@" >"$folder/$name-$round.json" 2>"$folder/$name.log"; then
      head -3 "$folder/$name.log" >&2
      say "== $name does not run: left out"
      rm -f "$folder/$name"-*.json
      return
    fi
  done
}

# Debian 12 puts its modules where no Python looks, and does not install what they import.
vicc() {
  if ! command -v vicc >/dev/null; then
    say '== vicc is not installed (package vsmartcard-vpicc): left out'
    return
  fi
  if ! python3 -m pip --version >/dev/null 2>&1; then
    say '== vicc needs pycryptodome, and there is no pip (package python3-pip): left out'
    return
  fi
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --target "$folder/python" pycryptodome
  local modules=/usr/lib/python3/site-packages/virtualsmartcard:$folder/python
  card vicc env PYTHONPATH="$modules" "$(command -v vicc)" \
    --type iso7816 --hostname 127.0.0.1 --port '{port}'
}

# The crate's example connects to the port of an installed vpcd, so that its card is taken and the port
# is not: a program of three lines runs it.
vpicc() {
  mkdir -p "$folder/vpicc/src"
  cat >"$folder/vpicc/Cargo.toml" <<'END'
[package]
name = "peer"
version = "0.0.0"
edition = "2021"

[dependencies]
vpicc = "0.1.0"
END
  cat >"$folder/vpicc/src/main.rs" <<'END'
fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    vpicc::connect_socket(address)?.run(&mut vpicc::DummySmartCard)
}
END
  if ! cargo build --quiet --release --manifest-path "$folder/vpicc/Cargo.toml" \
    --target-dir "$folder/vpicc/target"; then
    say '== the crate vpicc cannot be built: left out'
    return
  fi
  card vpicc "$folder/vpicc/target/release/peer" '127.0.0.1:{port}'
}

softhsm
vicc
vpicc
python3 benches/peers/table.py "$folder"
