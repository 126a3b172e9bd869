# SPDX-License-Identifier: Apache-2.0
"""The codes MR400 to MR499: lifecycles and reachability.

The stages of a rule's way report them; the package's table holds them.
"""

from __future__ import annotations

from typing import Final

from mimic_rules.diagnostics.codes.code import Code, Severity

LIFECYCLES: Final[tuple[Code, ...]] = (
    Code(
        "MR401",
        Severity.ERROR,
        "an unknown state",
        "a state is one that the lifecycle declares",
        "when a == 1 then status stays BIULD",
        "when a == 1 then status stays BUILD",
    ),
    Code(
        "MR402",
        Severity.ERROR,
        "a state that can't be reached",
        "no way leads from the start to this state, so nothing would ever show it",
        "state LOST",
        "state LOST … BUILD -> LOST on lose",
    ),
    Code(
        "MR403",
        Severity.ERROR,
        "a lifecycle that does not begin",
        "every lifecycle has one start",
        "lifecycle of thing.status { state A }",
        "lifecycle of thing.status { state A  start A }",
    ),
    Code(
        "MR404",
        Severity.ERROR,
        "a way that can never be taken",
        "an earlier way from the same state for the same reason is always taken first",
        "A -> B on stop  A -> C on stop",
        "A -> B on stop when fast  A -> C on stop",
    ),
    Code(
        "MR405",
        Severity.ERROR,
        "a field without a lifecycle",
        "a field of type lifecycle has a lifecycle, and a lifecycle such a field",
        "lifecycle of thing.name { state A start A }",
        "lifecycle of thing.status { state A start A }",
    ),
    Code(
        "MR406",
        Severity.ERROR,
        "an operation that can't be reached",
        "another operation answers the same requests first",
        "operation show a GET /a/{id} { }  operation see a GET /a/{x} { }",
        "operation show a GET /a/{id} { }",
    ),
    Code(
        "MR407",
        Severity.ERROR,
        "an operation that answers nothing",
        "every operation ends with an answer",
        "operation show a GET /a { check x else 400 'no' }",
        "operation show a GET /a { check x else 400 'no'  answer 200 }",
    ),
)
