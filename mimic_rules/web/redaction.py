# SPDX-License-Identifier: Apache-2.0
"""What is secret in a request, and what stands in its place wherever a request is shown.

On the way of a request: whatever journals, logs and explanations show goes through here. Secret is what a name says
so of (a header, a parameter, a key at any depth), a private key, and a text that is one of these wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mimic_rules.engine.secrets import HIDDEN_VALUE, is_secret

LEAST: Final = 6
"""Characters that a secret has at least to be looked for elsewhere: shorter ones are in every other text."""
DEEPEST: Final = 100
"""Levels of data that are shown."""

_PRIVATE_KEY: Final = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY.*?(-----END [A-Z ]*PRIVATE KEY-----|$)", re.DOTALL)
_BETWEEN: Final = re.compile(r"[\s=;,\"]+")


@dataclass(frozen=True, slots=True)
class Secrets:
    """Texts that are hidden wherever they stand, the longest first, for one may be a part of another."""

    texts: tuple[str, ...] = ()

    def hide(self, text: str) -> str:
        """A text without them, and without private keys."""
        for secret in self.texts:
            if secret in text:
                text = text.replace(secret, HIDDEN_VALUE)
        return _PRIVATE_KEY.sub(HIDDEN_VALUE, text) if "PRIVATE KEY" in text else text


NO_SECRETS: Final = Secrets()


def secrets(texts: Iterable[str]) -> Secrets:
    """These texts, as far as it helps to look for them: not short ones, and none that only is the name of a secret."""
    found = {text for text in texts if len(text) >= LEAST and not (text.isalpha() and is_secret(text))}
    return Secrets(tuple(sorted(found, key=lambda text: (-len(text), text))))


def redact_headers(headers: Mapping[str, str], known: Secrets = NO_SECRETS) -> dict[str, str]:
    """Headers by name, without what is secret in them."""
    return {name: HIDDEN_VALUE if is_secret(name) else known.hide(value) for name, value in headers.items()}


def redact_query(query: Mapping[str, Sequence[str]], known: Secrets = NO_SECRETS) -> dict[str, list[str]]:
    """Every value of every parameter, without what is secret in them."""
    return {
        known.hide(name): [HIDDEN_VALUE if is_secret(name) else known.hide(value) for value in values]
        for name, values in query.items()
    }


def redact_path(path: str, known: Secrets = NO_SECRETS) -> str:
    """A path, and a query behind it, without what is secret: what follows a segment such as `tokens` is taken for one.

    It is for paths that no rule models; of the others, the engine knows better which variables are secret.
    """
    path, mark, query = path.partition("?")
    segments = known.hide(path).split("/")
    for at in range(1, len(segments)):
        if segments[at] and is_secret(segments[at - 1]):
            segments[at] = HIDDEN_VALUE
    return "/".join(segments) + mark + "&".join(_parameter(one, known) for one in query.split("&") if mark)


def redact_body(data: Any, known: Secrets = NO_SECRETS) -> Any:
    """JSON data without what is secret: everything below a secret key, the structure kept."""
    return _redacted(data, known, False, DEEPEST)


def secrets_in(data: Any) -> Iterator[str]:
    """The texts below secret keys of JSON data, at any depth, and private keys."""
    pending: list[tuple[Any, bool]] = [(data, False)]
    while pending:
        one, below = pending.pop()
        if isinstance(one, Mapping):
            pending += [(value, below or is_secret(str(key))) for key, value in one.items()]
        elif isinstance(one, list | tuple):
            pending += [(value, below) for value in one]
        elif isinstance(one, str) and (below or _PRIVATE_KEY.search(one)):
            yield one


def secrets_of(headers: Mapping[str, str], query: Mapping[str, Sequence[str]], body: Any) -> Iterator[str]:
    """The secret texts of a request; of a header also its parts, for a scheme or a name may stand before them."""
    for name, value in headers.items():
        if is_secret(name):
            yield value
            yield from _BETWEEN.split(value)
    for name, values in query.items():
        if is_secret(name):
            yield from values
    yield from secrets_in(body)


def _parameter(text: str, known: Secrets) -> str:
    name, sign, value = text.partition("=")
    return known.hide(name) + sign + (HIDDEN_VALUE if value and is_secret(name) else known.hide(value))


def _redacted(data: Any, known: Secrets, below: bool, left: int) -> Any:
    if not left:
        return "..."
    if isinstance(data, Mapping):
        return {
            known.hide(str(key)): _redacted(value, known, below or is_secret(str(key)), left - 1)
            for key, value in data.items()
        }
    if isinstance(data, list | tuple):
        return [_redacted(value, known, below, left - 1) for value in data]
    if below:
        return HIDDEN_VALUE
    return known.hide(data) if isinstance(data, str) else data
