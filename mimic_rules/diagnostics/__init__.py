# SPDX-License-Identifier: Apache-2.0
"""Places in texts, problems found in them, and the list of permanent codes.

At the bottom of the house: it imports nothing of the other parts, and every part that reads text stands on it.
"""

from mimic_rules.diagnostics.codes import CODES, Code, Severity
from mimic_rules.diagnostics.diagnostic import (
    Diagnostic,
    DiagnosticError,
    Diagnostics,
    Fix,
    Related,
)
from mimic_rules.diagnostics.render import render_each, render_github, render_json, render_text
from mimic_rules.diagnostics.span import NOWHERE, Span
from mimic_rules.diagnostics.suggest import did_you_mean

__all__ = [
    "CODES",
    "NOWHERE",
    "Code",
    "Diagnostic",
    "DiagnosticError",
    "Diagnostics",
    "Fix",
    "Related",
    "Severity",
    "Span",
    "did_you_mean",
    "render_each",
    "render_github",
    "render_json",
    "render_text",
]
