"""A TLS client, by tlslite-ng, whose proof of possession is wrong in one way at a time.

usage: client.py PORT CERTIFICATE KEY VERSION    with VERSION 1.2 or 1.3

The cases are those that tlsfuzzer has scripts for: CertificateVerify and what the portal asks for in
CertificateRequest. For each, one line: its name, and how the visit ended.
"""

import socket
import sys

from tlslite.api import HandshakeSettings, X509CertChain, parsePEMKey
from tlslite.constants import AlertDescription, ContentType, SignatureScheme
from tlslite.errors import TLSAbruptCloseError, TLSLocalAlert, TLSRemoteAlert
from tlslite.messages import Certificate, CertificateRequest, CertificateVerify, Message
from tlslite.tlsconnection import TLSConnection
from tlslite.utils.cryptomath import secureHash
from tlslite.utils.rsakey import RSAKey

LIMIT_SECONDS = 20
CONTEXT = b"TLS 1.3, client CertificateVerify"


class Client(TLSConnection):
    """Notes what it is asked for, and lets `change` have the messages with which it proves itself."""

    def __init__(self, sock, key, change):
        super().__init__(sock)
        self.key = key
        self.change = change
        self.request = None

    def _getMsg(self, *arguments, **named):
        for result in super()._getMsg(*arguments, **named):
            if isinstance(result, CertificateRequest):
                self.request = result
            yield result

    def _sendMsg(self, message, *arguments, **named):
        messages = [message]
        if isinstance(message, (Certificate, CertificateVerify)):
            messages = self.change(self, message)
        for changed in messages:
            for result in super()._sendMsg(changed, *arguments, **named):
                yield result

    def sign(self, padding, hash_name, salt=None, context=CONTEXT):
        """A signature of this handshake; the hash of TLS 1.3 is that of its cipher suite, SHA-256."""
        if self.version == (3, 4):
            content = b"\x20" * 64 + context + b"\x00" + self._handshake_hash.digest("sha256")
            digest = secureHash(bytearray(content), hash_name)
        else:
            digest = self._handshake_hash.digest(hash_name)
        if padding == "pkcs1":
            return self.key.sign(RSAKey.addPKCS1Prefix(digest, hash_name), "pkcs1")
        if salt is None:
            salt = len(digest)
        return self.key.sign(digest, "pss", hash_name, salt)


def proof(make):
    """A change of CertificateVerify alone."""
    return lambda client, message: (
        make(client, message) if isinstance(message, CertificateVerify) else [message]
    )


def claim(make):
    """A change of Certificate alone."""
    return lambda client, message: (
        make(client, message) if isinstance(message, Certificate) else [message]
    )


def signed(scheme, padding, hash_name, **how):
    """A signature that is right for `padding` and `hash_name`, under the name of `scheme`."""

    def make(client, message):
        return [message.create(client.sign(padding, hash_name, **how), scheme)]

    return proof(make)


def signature(change):
    """The right signature, changed."""

    def make(_client, message):
        changed = bytearray(change(bytearray(message.signature)))
        return [message.create(changed, message.signatureAlgorithm)]

    return proof(make)


def body(change):
    """The message as bytes, changed behind the four of its type and length."""

    def make(_client, message):
        changed = bytearray(change(message.write()[4:]))
        head = bytearray([15]) + len(changed).to_bytes(3, "big")
        return [Message(ContentType.handshake, head + changed)]

    return proof(make)


def flipped(position, mask):
    def change(octets):
        octets[position] ^= mask
        return octets

    return change


def cases(key):
    length = len(key) // 8
    yield "right", lambda _client, message: [message]

    # Schemes, each signed as its name says.
    for bits in (256, 384, 512):
        name = f"sha{bits}"
        pss = getattr(SignatureScheme, f"rsa_pss_rsae_{name}")
        yield f"scheme rsa_pss_rsae_{name}", signed(pss, "pss", name)
        pkcs1 = getattr(SignatureScheme, f"rsa_pkcs1_{name}")
        yield f"scheme rsa_pkcs1_{name}", signed(pkcs1, "pkcs1", name)
        of_pss_key = getattr(SignatureScheme, f"rsa_pss_pss_{name}")
        yield f"scheme rsa_pss_pss_{name}", signed(of_pss_key, "pss", name)
        ecdsa = getattr(SignatureScheme, {256: "ecdsa_secp256r1_sha256", 384: "ecdsa_secp384r1_sha384",
                                          512: "ecdsa_secp521r1_sha512"}[bits])
        yield f"scheme of ecdsa with {name}", signed(ecdsa, "pkcs1", name)
    yield "scheme rsa_pkcs1_sha1", signed(SignatureScheme.rsa_pkcs1_sha1, "pkcs1", "sha1")
    yield "scheme rsa_pkcs1_md5", signed((1, 1), "pkcs1", "md5")
    yield "scheme rsa_pkcs1_sha224", signed(SignatureScheme.rsa_pkcs1_sha224, "pkcs1", "sha224")
    yield "scheme ed25519", signed(SignatureScheme.ed25519, "pss", "sha256")
    yield "scheme 0000", signed((0, 0), "pss", "sha256")
    yield "scheme FEFE", signed((0xFE, 0xFE), "pss", "sha256")

    # Signatures that are not what their name says.
    pss256 = SignatureScheme.rsa_pss_rsae_sha256
    yield "another hash than it says", signed(pss256, "pss", "sha384")
    yield "PKCS #1 v1.5 under the name of PSS", signed(pss256, "pkcs1", "sha256")
    yield "PSS under the name of PKCS #1 v1.5", signed(SignatureScheme.rsa_pkcs1_sha256, "pss", "sha256")
    for salt in (0, 20, 31, 33, length - 32 - 2):
        yield f"salt of {salt} bytes", signed(pss256, "pss", "sha256", salt=salt)
    yield "context of a server", signed(
        pss256, "pss", "sha256", context=b"TLS 1.3, server CertificateVerify"
    )
    yield "no context", signed(pss256, "pss", "sha256", context=b"")

    # Signatures with something done to them.
    for place in range(8):
        position = place * (length - 1) // 7
        yield f"byte {position} has one wrong bit", signature(flipped(position, 1 << place))
    yield "signature of no bytes", signature(lambda octets: b"")
    yield "signature of one byte", signature(lambda octets: octets[:1])
    yield "signature without its last byte", signature(lambda octets: octets[:-1])
    yield "signature without its first byte", signature(lambda octets: octets[1:])
    yield "signature with a zero before it", signature(lambda octets: b"\x00" + octets)
    yield "signature with a zero after it", signature(lambda octets: octets + b"\x00")
    yield "signature twice", signature(lambda octets: octets + octets)
    yield "signature of zeros", signature(lambda octets: bytes(len(octets)))
    yield "signature of ones", signature(lambda octets: b"\xff" * len(octets))
    yield "signature that is 1", signature(lambda octets: (1).to_bytes(length, "big"))
    yield "signature that is the modulus", signature(lambda octets: int(key.n).to_bytes(length, "big"))
    yield "signature that is the modulus less 1", signature(
        lambda octets: (int(key.n) - 1).to_bytes(length, "big")
    )
    yield "signature of 60,000 bytes", signature(lambda octets: octets + bytes(60_000))

    # Messages with something done to them.
    yield "message that is empty", body(lambda octets: b"")
    yield "message of one byte", body(lambda octets: octets[:1])
    yield "message without a signature's length", body(lambda octets: octets[:2])
    yield "message that ends in the signature", body(lambda octets: octets[:-7])
    yield "message with a byte behind it", body(lambda octets: octets + b"\x00")
    yield "message left out", proof(lambda _client, _message: [])
    yield "message twice", proof(lambda _client, message: [message, message])
    yield "proof without a certificate", claim(
        lambda client, message: [message.create(X509CertChain([]), message.certificate_request_context)]
        if client.version == (3, 4)
        else [message.create(X509CertChain([]))]
    )
    yield "certificate left out", claim(lambda _client, _message: [])
    yield "certificate twice", claim(lambda _client, message: [message, message])


def settings(version):
    wanted = HandshakeSettings()
    wanted.minVersion = wanted.maxVersion = {"1.2": (3, 3), "1.3": (3, 4)}[version]
    # One hash for the handshake, and no second key share that takes its time in Python.
    wanted.cipherNames = ["aes128gcm"]
    wanted.keyShares = ["x25519"]
    wanted.rsaSchemes = ["pss"]
    wanted.rsaSigHashes = ["sha256"]
    return wanted


def visit(port, version, chain, key, change):
    """How a visit ends, and the client that made it."""
    with socket.create_connection(("127.0.0.1", port), timeout=LIMIT_SECONDS) as sock:
        client = Client(sock, key, change)
        client.closeSocket = False
        try:
            client.handshakeClientCert(
                certChain=chain, privateKey=key, settings=settings(version),
                serverName="portale.test", alpn=[b"http/1.1"],
            )
            client.send(b"GET /api/login HTTP/1.1\r\nHost: portale.test\r\nConnection: close\r\n\r\n")
            answer = client.read(max=12, min=12)
            return f"status {answer[9:12].decode()}" if answer else "closed", client
        except TLSRemoteAlert as alert:
            return f"alert {AlertDescription.toRepr(alert.description)}", client
        except TLSLocalAlert as alert:
            return f"the client itself ended it: {alert}", client
        except (TLSAbruptCloseError, ConnectionError):
            return "closed", client


def asked_for(request):
    """What stands in CertificateRequest."""
    schemes = [SignatureScheme.toRepr(scheme) or str(scheme) for scheme in request.supported_signature_algs]
    yield "asks for", " ".join(schemes)
    if request.version == (3, 4):
        yield "context of", f"{len(request.certificate_request_context)} bytes"
        yield "extensions", " ".join(str(extension.extType) for extension in request.extensions)
    else:
        yield "certificate types", " ".join(str(kind) for kind in request.certificate_types)
        yield "certifiers named", str(len(request.certificate_authorities))


def main():
    port, certificate, key, version = sys.argv[1:]
    chain = X509CertChain()
    with open(certificate, encoding="ascii") as file:
        chain.parsePemList(file.read())
    with open(key, encoding="ascii") as file:
        private_key = parsePEMKey(file.read(), private=True, implementations=["python"])
    end, client = visit(int(port), version, None, None, lambda _client, message: [message])
    print(f"nobody: {end}")
    for name, value in asked_for(client.request):
        print(f"{name}: {value}")
    for name, change in cases(private_key):
        end, _client = visit(int(port), version, chain, private_key, change)
        print(f"{name}: {end}", flush=True)


main()
