# SPDX-License-Identifier: Apache-2.0
"""What a plain YAML scalar stands for: nothing, true, false, a number or text.

Source: YAML 1.2.2, chapter 10.3 (core schema). Times stay text: the key that takes one reads it.
"""

from __future__ import annotations

import re
from typing import Final

from mimic_rules.config.located import Scalar

_WORDS: Final[dict[str, Scalar]] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_BASES: Final = {"0o": 8, "0x": 16}
# Digits are counted, since making a number of many takes time that grows with their square.
_DECIMAL: Final = re.compile(r"[-+]?[0-9]{1,100}")
_OTHER_BASE: Final = re.compile(r"0o[0-7]{1,100}|0x[0-9a-fA-F]{1,100}")
_FRACTION: Final = re.compile(r"[-+]?(\.[0-9]{1,100}|[0-9]{1,100}(\.[0-9]{0,100})?)([eE][-+]?[0-9]{1,9})?")
_INFINITE: Final = re.compile(r"([-+]?)\.(inf|Inf|INF)")
_NO_NUMBER: Final = re.compile(r"\.(nan|NaN|NAN)")


def resolve(text: str) -> Scalar:
    """The value of a scalar that is written without quotes."""
    if text in _WORDS:
        return _WORDS[text]
    if _DECIMAL.fullmatch(text):
        return int(text)
    if _OTHER_BASE.fullmatch(text):
        return int(text[2:], _BASES[text[:2]])
    if _FRACTION.fullmatch(text):
        return float(text)
    if found := _INFINITE.fullmatch(text):
        return float(f"{found[1]}inf")
    if _NO_NUMBER.fullmatch(text):
        return float("nan")
    return text
