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

from mimic_rules.engine.certificates import certified_pair
from mimic_rules.engine.curve import public_of
from mimic_rules.engine.exchange import MISSING
from mimic_rules.state.draws import Draws

_LINE: Final = 70


def key_pair(draws: Draws, kind: Any) -> Any:
    """A new pair as `private_key`, `public_key` and `fingerprint`: for ssh in OpenSSH's own format, for x509 with a
    certificate; missing for other kinds.
    """
    if kind == "x509":
        return certified_pair(draws)
    if kind != "ssh":
        return MISSING
    seed = draws.bytes(32)
    public = public_of(seed)
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
