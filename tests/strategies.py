# SPDX-License-Identifier: Apache-2.0
"""Hypothesis strategies for syntax trees, all in one place: `from tests.strategies import files, rules, expressions`.

Every tree is one that the grammar can make, so that it can be printed and read again; whether its names mean anything
is another question. the modules beside it hold the definitions.
"""

from tests.strategies_expressions import (
    expressions,
    leaves,
    literals,
    messages,
    names,
    numbers,
    objects,
    patterns,
    plain_names,
    small_expressions,
    texts,
    types,
    versions,
)
from tests.strategies_items import (
    fields,
    files,
    items,
    lifecycles,
    locks,
    operations,
    quotas,
    resources,
    services,
    settings,
    statements,
    views,
)
from tests.strategies_parts import events, faults
from tests.strategies_rules import effects, rules, sentences

__all__ = [
    "effects",
    "events",
    "expressions",
    "faults",
    "fields",
    "files",
    "items",
    "leaves",
    "lifecycles",
    "literals",
    "locks",
    "messages",
    "names",
    "numbers",
    "objects",
    "operations",
    "patterns",
    "plain_names",
    "quotas",
    "resources",
    "rules",
    "sentences",
    "services",
    "settings",
    "small_expressions",
    "statements",
    "texts",
    "types",
    "versions",
    "views",
]
