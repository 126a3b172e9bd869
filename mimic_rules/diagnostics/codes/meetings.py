# SPDX-License-Identifier: Apache-2.0
"""The codes MR500 to MR599: rules that meet.

The stages of a rule's way report them; the package's table holds them.
"""

from __future__ import annotations

from typing import Final

from mimic_rules.diagnostics.codes.code import Code, Severity

MEETINGS: Final[tuple[Code, ...]] = (
    Code(
        "MR501",
        Severity.ERROR,
        "a rule that can never decide",
        "an earlier rule matches whenever this one does, and fills the same slot",
        "when a == 1 then status stays BUILD  when a == 1 then status becomes ERROR",
        "when a == 1 then status stays BUILD  when a == 2 then status becomes ERROR",
    ),
    Code(
        "MR502",
        Severity.ERROR,
        "a condition that can never hold",
        "two parts of it exclude each other",
        "when a == 1 and a == 2 then status stays BUILD",
        "when a == 1 or a == 2 then status stays BUILD",
    ),
    Code(
        "MR503",
        Severity.ERROR,
        "a rule that says nothing new",
        "`overrides` names a rule that is not there",
        "rule a overrides c then respond 500",
        "rule a overrides b then respond 500",
    ),
    Code(
        "MR504",
        Severity.ERROR,
        "a phase that comes too early",
        "a rule strikes no earlier than what its condition reads is known",
        "on delete server when metadata.x == 'y' then respond 500 before find",
        "on delete server when metadata.x == 'y' then respond 500 before guard",
    ),
)
