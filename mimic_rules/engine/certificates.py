# SPDX-License-Identifier: Apache-2.0
"""Key pairs with a certificate of X.509: a self-signed one of the Ed25519 kind (RFC 8410), made from the world's draws.

On the way of a request: `key_pair('x509')` of the language ends here. As secret as the seed of a test is.
"""

import base64
import hashlib
from typing import Any, Final

from mimic_rules.engine.curve import ORDER, multiplied, public_of, secret_scalar
from mimic_rules.state.draws import Draws

_ED25519: Final = bytes.fromhex("06032b6570")  # 1.3.101.112
_COMMON_NAME: Final = bytes.fromhex("0603550403")  # 2.5.4.3
_NAME: Final = b"mimic-rules"
_VALID: Final = (b"20000101000000Z", b"99991231235959Z")
"""From and until when: every moment of a world's clock; the last is what RFC 5280 has for "no end"."""


def certified_pair(draws: Draws) -> dict[str, Any]:
    """`private_key` (PKCS #8) and `public_key` (the certificate), both in PEM, and `fingerprint`: SHA-1 of the
    certificate, two digits at a time.
    """
    seed, number = draws.bytes(32), draws.bytes(16)
    name = _sequence(_tagged(0x31, _sequence(_COMMON_NAME, _tagged(0x0C, _NAME))))
    kind = _sequence(_ED25519)
    told = _sequence(
        _tagged(0xA0, bytes.fromhex("020102")),  # version 3
        _tagged(0x02, b"\x01" + number),
        kind,
        name,
        _sequence(*(_tagged(0x18, moment) for moment in _VALID)),
        name,
        _sequence(kind, _bits(public_of(seed))),
    )
    certificate = _sequence(told, kind, _bits(_signature(seed, told)))
    private = _sequence(bytes.fromhex("020100"), kind, _tagged(0x04, _tagged(0x04, seed)))
    digest = hashlib.sha1(certificate, usedforsecurity=False).hexdigest()
    return {
        "private_key": _pem("PRIVATE KEY", private),
        "public_key": _pem("CERTIFICATE", certificate),
        "fingerprint": ":".join(digest[at : at + 2] for at in range(0, 40, 2)),
    }


def _signature(seed: bytes, message: bytes) -> bytes:
    """RFC 8032, section 5.1.6."""
    prefix = hashlib.sha512(seed).digest()[32:]
    once = _number(prefix, message)
    point = multiplied(once)
    answer = (once + _number(point, public_of(seed), message) * secret_scalar(seed)) % ORDER
    return point + answer.to_bytes(32, "little")


def _number(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % ORDER


# -- DER (X.690) and PEM (RFC 7468) -----------------------------------------------------------------------------------


def _tagged(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x81, size]) if size < 256 else b"\x82" + size.to_bytes(2)
    return bytes([tag]) + length + content


def _sequence(*parts: bytes) -> bytes:
    return _tagged(0x30, b"".join(parts))


def _bits(content: bytes) -> bytes:
    return _tagged(0x03, b"\0" + content)


def _pem(label: str, content: bytes) -> str:
    text = base64.b64encode(content).decode()
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])
