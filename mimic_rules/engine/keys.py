# SPDX-License-Identifier: Apache-2.0
"""Key material that SSH accepts: pairs of the Ed25519 kind, made from the world's draws, and fingerprints.

On the way of a request: two pure functions of the language. The keys are real in form and use, and as secret as the
seed of a test is; nothing but tests should trust them.
"""

import base64
import binascii
import hashlib
import struct
from typing import Any, Final

from mimic_rules.engine.exchange import MISSING
from mimic_rules.state.draws import Draws

# The curve of RFC 8032, section 5.1: -x² + y² = 1 + d x² y² over the integers modulo p.
_P: Final = 2**255 - 19
_D: Final = -121665 * pow(121666, -1, _P) % _P
_BASE_X: Final = 15112221349535400772501151409588531511454012693041857206046113283949847762202
_BASE_Y: Final = 4 * pow(5, -1, _P) % _P
_LINE: Final = 70

Point = tuple[int, int, int, int]


def key_pair(draws: Draws, kind: Any) -> Any:
    """A new pair as `private_key` (OpenSSH's own format), `public_key` and `fingerprint`; missing for other kinds
    than ssh.
    """
    if kind != "ssh":
        return MISSING
    seed = draws.bytes(32)
    public = _public(seed)
    blob = _string(b"ssh-ed25519") + _string(public)
    line = f"ssh-ed25519 {base64.b64encode(blob).decode()} Generated-by-mimic-rules"
    private = _private(seed, public, blob, draws.bytes(4))
    return {"private_key": private, "public_key": line, "fingerprint": fingerprint(line)}


def fingerprint(public_key: str) -> Any:
    """MD5 of the key's blob as pairs of digits, two digits at a time, as SSH showed it before OpenSSH 6.8; missing
    for no key.
    """
    words = public_key.split()
    try:
        blob = base64.b64decode(words[1], validate=True)
    except (IndexError, ValueError, binascii.Error):
        return MISSING
    if not blob.startswith(_string(words[0].encode("utf-8", "replace"))):
        return MISSING
    digest = hashlib.md5(blob, usedforsecurity=False).hexdigest()
    return ":".join(digest[at : at + 2] for at in range(0, 32, 2))


def _string(content: bytes) -> bytes:
    """A string as SSH writes it: RFC 4251, section 5."""
    return struct.pack(">I", len(content)) + content


def _private(seed: bytes, public: bytes, blob: bytes, check: bytes) -> str:
    """The file of an unencrypted private key (OpenSSH's PROTOCOL.key)."""
    secret = check + check + blob + _string(seed + public) + _string(b"Generated-by-mimic-rules")
    secret += bytes(range(1, 1 + -len(secret) % 8))
    whole = b"openssh-key-v1\0" + _string(b"none") + _string(b"none") + _string(b"")
    whole += struct.pack(">I", 1) + _string(blob) + _string(secret)
    text = base64.b64encode(whole).decode()
    lines = [text[at : at + _LINE] for at in range(0, len(text), _LINE)]
    return "\n".join(["-----BEGIN OPENSSH PRIVATE KEY-----", *lines, "-----END OPENSSH PRIVATE KEY-----", ""])


def _public(seed: bytes) -> bytes:
    """The public key of a secret: RFC 8032, section 5.1.5."""
    scalar = int.from_bytes(hashlib.sha512(seed).digest()[:32], "little")
    scalar = scalar & ((1 << 254) - 8) | 1 << 254
    total: Point = (0, 1, 1, 0)
    power: Point = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % _P)
    while scalar:
        if scalar & 1:
            total = _add(total, power)
        power = _add(power, power)
        scalar >>= 1
    inverse = pow(total[2], -1, _P)
    x, y = total[0] * inverse % _P, total[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _add(one: Point, other: Point) -> Point:
    """The sum of two points in extended coordinates: RFC 8032, section 5.1.4."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c = 2 * one[3] * other[3] * _D % _P
    d = 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P
