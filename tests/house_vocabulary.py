# SPDX-License-Identifier: Apache-2.0
"""Which words the engine may not say: the names of services and of their resources, singular and plural.

test_house.py hands in the texts of `mimic_rules/` and gets the places back. What is forbidden is read from the shipped
rules, so that a new service forbids its own words; a fixed list holds the engine to the rest from the first day.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

DECLARATION = re.compile(r"^\s*(?:service|resource)\s+([a-z_0-9]+)", re.MULTILINE)
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

FROM_THE_REFERENCES = frozenset(
    {
        "balancer",
        "catalog",
        "compute",
        "flavor",
        "glance",
        "identity",
        "image",
        "keypair",
        "keystone",
        "listener",
        "neutron",
        "node",
        "nova",
        "octavia",
        "openstack",
        "project",
        "rackspace",
        "server",
        "volume",
    }
)
"""Services, resources and vendors of the API references, whether or not rules for them are shipped yet."""

ENGINE_WORDS = frozenset(
    {
        # what every request meets, before it is known which service it is for
        "world",  # one isolated cloud
        "tenant",  # whose records they are, whatever a service calls it
        "region",  # where they are
        "caller",  # who asks
        "user",  # a kind of caller, and whoever runs the program
        "role",  # what a permit asks a caller for
        "domain",  # where a caller's name is looked up, and the domain of a value
        "token",  # what names a caller; also a piece of a text
        "endpoint",  # where a service is mounted
        "service",  # what a file of rules declares
        "version",  # a view's window, and the package's
        # what a file of rules declares or says
        "resource",
        "record",
        "operation",
        "action",  # an operation chosen by the single key of a body
        "event",
        "rule",
        "slot",
        "lifecycle",
        "view",
        "fault",
        "list",  # a dialect; also Python's
        "quota",
        "limit",  # of a page, a body, a depth
        "lock",  # of a tree of resources; also a thread's
        "group",  # of locks, of events, of a regular expression
        "metadata",  # reads the same in a condition wherever a service keeps it
        "clock",
        "api",  # what a version is a version of; the control API
        "control",  # of a world, by the control API
        "zone",  # of a time
        # Python's and everybody's, which compound names such as `key_pair` and `load_balancer` are made of
        "key",
        "pair",
        "set",
        "load",
        "application",  # what a WSGI process is given
    }
)
"""Words of the engine's own that a service may use in its names too; each with the reason why the engine needs it."""


def words(text: str) -> Iterator[str]:
    """The words of a text in lower case; names are taken apart at underscores, digits and capitals."""
    return (word.lower() for word in WORD.findall(text))


def forms(word: str) -> Iterator[str]:
    """The singular and the plurals that a text could use for `word`."""
    yield word
    yield f"{word}s"
    yield f"{word}es"
    if word.endswith("y"):
        yield f"{word[:-1]}ies"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        yield word[:-1]


def declared(rules: Iterable[str]) -> set[str]:
    """Words that the names of services and resources in these rules are made of, and the names run together."""
    names = {name for text in rules for name in DECLARATION.findall(text)}
    # One letter names nothing: `v` in a name is its version.
    return {word for name in names for word in (name.replace("_", ""), *words(name)) if len(word) > 1}


def forbidden(root: Path) -> frozenset[str]:
    """Every form of every word that no file of the engine may contain, for the tree at `root`."""
    shipped = (path.read_text(encoding="utf-8") for path in sorted((root / "rules").rglob("*.rules")))
    named = declared(shipped) | FROM_THE_REFERENCES
    allowed = {form for word in ENGINE_WORDS for form in forms(word)}
    return frozenset(form for word in named for form in forms(word)) - allowed


def said(text: str, banned: frozenset[str]) -> list[str]:
    """`LINE: WORD` for each word of `text` that is banned; lines count from 1."""
    return [
        f"{number}: {word}"
        for number, line in enumerate(text.splitlines(), start=1)
        for word in words(line)
        if word in banned
    ]
