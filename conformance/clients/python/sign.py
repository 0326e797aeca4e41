# Signs with the card by pyscard, without any driver for the card: VERIFY, MANAGE SECURITY ENVIRONMENT
# and PSO in two chained commands, as APDUs. Lets openssl check the signature.
#
#     python3 sign.py PIN CERTIFICATE.der

import hashlib
import subprocess
import sys

from smartcard.System import readers

MESSAGE = b"Documento di collaudo, senza valore.\n"

# DigestInfo of SHA-256 up to the digest (RFC 8017, section 9.2, note 1).
SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")


def main(pin, certificate):
    there = readers()
    if not there:
        sys.exit("no reader")
    connection = there[0].createConnection()
    connection.connect()
    send(connection, "SELECT", "00 A4 00 0C 02 3F 00")
    send(connection, "VERIFY", "00 20 00 10 08" + pin.encode().ljust(8, b"\xff").hex())
    send(connection, "MSE RESTORE", "00 22 F3 03")
    send(connection, "MSE SET", "00 22 F1 B8 03 83 01 01")
    block = b"\x00" + padded_digest(256)
    send(connection, "PSO, begun", "10 2A 80 86 FF" + block[:255].hex())
    signature = send(connection, "PSO", "00 2A 80 86 02" + block[255:].hex() + "00")
    check(certificate, bytes(signature))


def send(connection, name, command):
    data, sw1, sw2 = connection.transmit(list(bytes.fromhex(command)))
    print(f"{name}: {sw1:02X}{sw2:02X}", flush=True)
    if (sw1, sw2) != (0x90, 0x00):
        sys.exit(1)
    return data


def padded_digest(length):
    """EMSA-PKCS1-v1_5 (RFC 8017, section 9.2)."""
    digest = SHA256 + hashlib.sha256(MESSAGE).digest()
    return b"\x00\x01" + b"\xff" * (length - 3 - len(digest)) + b"\x00" + digest


def check(certificate, signature):
    with open("message", "wb") as file:
        file.write(MESSAGE)
    with open("signature", "wb") as file:
        file.write(signature)
    key = subprocess.run(
        ["openssl", "x509", "-inform", "DER", "-in", certificate, "-noout", "-pubkey"],
        stdout=subprocess.PIPE, check=True)
    with open("key.pem", "wb") as file:
        file.write(key.stdout)
    verdict = subprocess.run(
        ["openssl", "dgst", "-sha256", "-verify", "key.pem", "-signature", "signature", "message"],
        stdout=subprocess.DEVNULL)
    print("the signature is", "right" if verdict.returncode == 0 else "wrong")
    sys.exit(0 if verdict.returncode == 0 else 3)


main(*sys.argv[1:])
