# SPDX-License-Identifier: Apache-2.0
"""The codes MR500 to MR599: rules that meet.

The stages of a rule's way report them; the package's table holds them.
"""

from __future__ import annotations

from typing import Final

from mimic_rules.diagnostics.codes.code import Code, Severity
from mimic_rules.diagnostics.codes.examples import BOX

MEETINGS: Final[tuple[Code, ...]] = (
    Code(
        "MR501",
        Severity.ERROR,
        "a rule that can never decide",
        "an earlier rule matches whenever this one does, and fills the same slot",
        BOX + "when size == 1 then status stays BUILD\nwhen size == 1 then status becomes ACTIVE",
        BOX + "when size == 1 then status stays BUILD\nwhen size == 2 then status becomes ACTIVE",
    ),
    Code(
        "MR502",
        Severity.ERROR,
        "a condition that can never hold",
        "two parts of it exclude each other",
        BOX + "when size == 1 and size == 2 then status stays BUILD",
        BOX + "when size == 1 or size == 2 then status stays BUILD",
    ),
    Code(
        "MR503",
        Severity.ERROR,
        "a rule that says nothing new",
        "`overrides` names a rule that is not there",
        BOX + "rule slow when size == 1 then status stays BUILD\n"
        "rule never overrides slwo when size > 0 then status becomes ACTIVE",
        BOX + "rule slow when size == 1 then status stays BUILD\n"
        "rule never overrides slow when size > 0 then status becomes ACTIVE",
    ),
    Code(
        "MR504",
        Severity.ERROR,
        "a phase that comes too early",
        "a rule strikes no earlier than what its condition reads is known",
        BOX + "operation show box GET /boxes/{id} { answer 200 }\n"
        "on show when metadata.x == 'y' then respond 500 before find",
        BOX + "operation show box GET /boxes/{id} { answer 200 }\n"
        "on show when metadata.x == 'y' then respond 500 before guard",
    ),
    Code(
        "MR505",
        Severity.ERROR,
        "an answer without a request",
        "a rule without events holds whenever a lifecycle would move or a record is shown: there is nobody to answer",
        BOX + "when size == 3 then respond 500",
        BOX + "operation show box GET /boxes/{id} { answer 200 }\non show when size == 3 then respond 500",
    ),
    Code(
        "MR506",
        Severity.ERROR,
        "two effects for one thing",
        "each effect of a rule fills something of its own: there is one answer to a request",
        BOX + "operation show box GET /boxes/{id} { answer 200 }\non show when size == 3 then respond 500, respond 403",
        BOX + "operation show box GET /boxes/{id} { answer 200 }\n"
        "on show when size == 3 then cycle [respond 500 | respond 403]",
    ),
    Code(
        "MR507",
        Severity.ERROR,
        "a cycle whose items don't go together",
        "each time that the rule decides it is the next one's turn, so that all of them come at the same moment",
        BOX + "operation show box GET /boxes/{id} { answer 200 }\non show then cycle [respond 500 | delay 2s]",
        BOX + "operation show box GET /boxes/{id} { answer 200 }\non show then cycle [respond 500 | pass]",
    ),
)
