"""Makes a table of the rounds that compare.sh has measured: NAME-ROUND.json in a folder, each a run of
`cns bench` as JSON. Times are medians over the rounds; a ratio is the median of those of each round."""

import json
import pathlib
import statistics
import sys

# What stands in the runs, and what a person calls it.
WORDS = {
    "engine": "OpenSSL alone",
    "pkcs11-daemonless": "our card, OpenSC, no daemon",
    "pkcs11-ifd": "our card, OpenSC, pcscd, our driver",
    "pkcs11-vpcd": "our card, OpenSC, pcscd, stock vpcd",
    "pcsc:00 00": "our card, pcscd, stock vpcd",
}


def runs(folder, name):
    files = sorted(folder.glob(f"{name}-*.json"))
    return [json.loads(file.read_text())["rungs"] for file in files]


def table(title, rounds, peer, peer_words):
    if not rounds:
        return
    print(f"\n{title}\n")
    print(f"| | p50 | a second | times as fast as {peer_words} |\n|---|---|---|---|")
    for place, rung in enumerate(rounds[0]):
        target = rung["target"]
        own = [run[place]["summary"] for run in rounds]
        theirs = [next(r["summary"] for r in run if r["target"].startswith(peer)) for run in rounds]
        time = statistics.median(summary["p50_us"] for summary in own)
        rate = statistics.median(summary["rate"] for summary in own)
        ratio = statistics.median(b["p50_us"] / a["p50_us"] for a, b in zip(own, theirs))
        words = peer_words if target.startswith(peer) else WORDS.get(target, target)
        print(f"| {words} | {time:,.1f} us | {rate:,.0f} | {ratio:.2f} |")


def main():
    folder = pathlib.Path(sys.argv[1])
    signatures = runs(folder, "softhsm")
    table("RSA 2,048 signatures, C_Sign", signatures, "pkcs11:", "SoftHSM2, in process")
    for name in ("vicc", "vpicc"):
        rounds = runs(folder, name)
        table(f"SELECT by SCardTransmit, beside {name}", rounds, "pcsc:00 01", f"{name}, stock vpcd")


main()
