# SPDX-License-Identifier: Apache-2.0
"""The table of permanent codes, gathered from one module per range.

Whoever reports a problem names a code of this table; its severity and its page come from here.
To add a code, append it to the module of its range.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mimic_rules.diagnostics.codes.code import Code, Severity
from mimic_rules.diagnostics.codes.configuration import CONFIGURATION
from mimic_rules.diagnostics.codes.lifecycles import LIFECYCLES
from mimic_rules.diagnostics.codes.lint import LINT
from mimic_rules.diagnostics.codes.meetings import MEETINGS
from mimic_rules.diagnostics.codes.names import NAMES
from mimic_rules.diagnostics.codes.proofs import PROOFS
from mimic_rules.diagnostics.codes.reading import READING
from mimic_rules.diagnostics.codes.values import VALUES

CODES: Final[Mapping[str, Code]] = MappingProxyType(
    {code.code: code for code in READING + NAMES + VALUES + LIFECYCLES + MEETINGS + CONFIGURATION + LINT + PROOFS}
)
"""Every code by its name, such as `MR204`."""

__all__ = ["CODES", "Code", "Severity"]
