# SPDX-License-Identifier: Apache-2.0
"""The curve of Ed25519: public keys of secrets, and multiples of its base point.

On the way of a request: arithmetic for the key material that clients are given. It takes no care of timing, as nobody
may who keeps a secret.
"""

import hashlib
from typing import Final

# RFC 8032, section 5.1: -x² + y² = 1 + d x² y² over the integers modulo p.
_P: Final = 2**255 - 19
_D: Final = -121665 * pow(121666, -1, _P) % _P
_BASE_X: Final = 15112221349535400772501151409588531511454012693041857206046113283949847762202
_BASE_Y: Final = 4 * pow(5, -1, _P) % _P
ORDER: Final = 2**252 + 27742317777372353535851937790883648493
"""Of the base point."""

Point = tuple[int, int, int, int]


def secret_scalar(seed: bytes) -> int:
    """The number that a secret stands for: RFC 8032, section 5.1.5."""
    scalar = int.from_bytes(hashlib.sha512(seed).digest()[:32], "little")
    return scalar & ((1 << 254) - 8) | 1 << 254


def public_of(seed: bytes) -> bytes:
    """The public key of a secret of 32 bytes, in 32 bytes."""
    return multiplied(secret_scalar(seed))


def multiplied(scalar: int) -> bytes:
    """The base point so many times, as 32 bytes: RFC 8032, section 5.1.2."""
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
