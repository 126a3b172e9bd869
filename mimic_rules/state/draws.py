# SPDX-License-Identifier: Apache-2.0
"""Chance that repeats itself: ids, words and numbers drawn from one seeded source per world.

Lifecycles and ids of the engine come here for whatever looks random; the same seed and the same calls give the same
draws, in every process and on every machine.
"""

from __future__ import annotations

import builtins
import hashlib
import random
import secrets
import threading
from collections.abc import Hashable

MAX_LENGTH = 65_536
"""The longest word, in characters or bytes, that one draw gives."""

_FIXED = 4 << 76 | 8 << 60
"""The bits of a UUID that say its version, 4, and its variant."""
_FREE = ~(0xF << 76 | 0xC << 60)


class Draws:
    """Draws from `source` under `lock`.

    A rollback doesn't put the source back: what has been drawn may have been shown to a caller already.
    """

    def __init__(self, source: random.Random, lock: threading.RLock) -> None:
        self._source = source
        self._lock = lock

    def uuid(self) -> str:
        """A random UUID in the form of version 4 (RFC 9562, section 5.4)."""
        # PERF: every request has one; the class of the standard library takes four times as long.
        with self._lock:
            digits = f"{self._source.getrandbits(128) & _FREE | _FIXED:032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def hex(self, n_chars: int) -> str:
        """`n_chars` lower-case hexadecimal digits."""
        length = _length(n_chars)
        with self._lock:
            return f"{self._source.getrandbits(4 * length):0{length}x}" if length else ""

    def word(self, n_chars: int, alphabet: str) -> str:
        """`n_chars` characters, each from `alphabet`; an empty alphabet raises `ValueError`."""
        if not alphabet:
            raise ValueError("can't draw a word from an alphabet without characters")
        with self._lock:
            return "".join(self._source.choices(alphabet, k=_length(n_chars)))

    def number(self, low: float, high: float) -> float:
        """A number from `low` to `high`, not necessarily whole."""
        with self._lock:
            return self._source.uniform(low, high)

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included; `ValueError` if `high` is below `low`."""
        if high < low:
            raise ValueError(f"can't draw a number from `{low}` to `{high}`: the second must not be below the first")
        with self._lock:
            return self._source.randint(low, high)

    def bytes(self, n: int) -> builtins.bytes:
        """`n` bytes."""
        with self._lock:
            return self._source.randbytes(_length(n))


def secret() -> str:
    """A text that nobody can guess, from the machine's own randomness and not from a seed: 32 characters."""
    return secrets.token_urlsafe(24)


def chance(seed: int | str, key: Hashable, n: int) -> float:
    """A number from 0 up to but not 1 for the `n`th time of a key: always the same, whatever else has been drawn.

    `key` is plain data: texts, numbers and tuples of them.
    """
    digest = hashlib.sha256(repr((seed, key, n)).encode()).digest()
    return (int.from_bytes(digest[:7]) >> 3) / (1 << 53)


def _length(n: int) -> int:
    if not 0 <= n <= MAX_LENGTH:
        raise ValueError(f"can't draw `{n}` characters: one draw gives 0 to {MAX_LENGTH}")
    return n
