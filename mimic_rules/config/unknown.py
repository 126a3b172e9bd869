# SPDX-License-Identifier: Apache-2.0
"""Reporting a key that nobody knows, with the nearest one that somebody does.

Loading uses it for the inner keys of the program's own maps; settings for the keys of the file that no rule declares.
"""

from __future__ import annotations

from collections.abc import Iterable

from mimic_rules.config.located import Located, shortened
from mimic_rules.diagnostics import Diagnostics, Fix, did_you_mean


def report_unknown_key(name: str, value: Located, known: Iterable[str], owner: str, diagnostics: Diagnostics) -> None:
    """Report the key `name` of `value`; `owner` is whose key it isn't, as the message says it."""
    words = tuple(known)
    near = did_you_mean(name, words)
    place = value.at(())
    help = f"did you mean `{near}`?" if near else f"the keys are {', '.join(f'`{word}`' for word in sorted(words))}"
    fix = Fix(place, near, f"write `{near}`") if near else None
    diagnostics.add("MR610", f"`{shortened(name)}` isn't a key of {owner}", place, help=help, fix=fix)
