# SPDX-License-Identifier: Apache-2.0
"""The codes MR400 to MR499: lifecycles and reachability.

The stages of a rule's way report them; the package's table holds them.
"""

from __future__ import annotations

from typing import Final

from mimic_rules.diagnostics.codes.code import Code, Severity
from mimic_rules.diagnostics.codes.examples import BOX, SHOP

LIFECYCLES: Final[tuple[Code, ...]] = (
    Code(
        "MR401",
        Severity.ERROR,
        "an unknown state",
        "a state is one that the lifecycle declares",
        BOX + "when size == 3 then status stays BIULD",
        BOX + "when size == 3 then status stays BUILD",
    ),
    Code(
        "MR402",
        Severity.ERROR,
        "a state that can't be reached",
        "no way leads from the start to this state, so nothing would ever show it",
        SHOP + "resource lamp in world { status lifecycle }\n"
        "lifecycle of lamp.status { state ON  state OFF  state BROKEN  start ON  ON -> OFF after 1s }",
        SHOP + "resource lamp in world { status lifecycle }\n"
        "lifecycle of lamp.status { state ON  state OFF  state BROKEN  start ON  ON -> OFF after 1s\n"
        "  OFF -> BROKEN after 9d }",
    ),
    Code(
        "MR403",
        Severity.ERROR,
        "a lifecycle that does not begin",
        "every lifecycle has one start",
        SHOP + "resource lamp in world { status lifecycle }\nlifecycle of lamp.status { state ON }",
        SHOP + "resource lamp in world { status lifecycle }\nlifecycle of lamp.status { state ON  start ON }",
    ),
    Code(
        "MR404",
        Severity.ERROR,
        "a way that can never be taken",
        "an earlier way from the same state for the same reason is always taken first",
        SHOP + "resource lamp in world { status lifecycle }\n"
        "lifecycle of lamp.status { state ON  state OFF  start ON  ON -> OFF after 1s  ON -> OFF after 2s }",
        SHOP + "resource lamp in world { status lifecycle }\n"
        "lifecycle of lamp.status { state ON  state OFF  start ON  ON -> OFF after 1s }",
    ),
    Code(
        "MR405",
        Severity.ERROR,
        "a field without a lifecycle",
        "a field of type lifecycle has a lifecycle, and a lifecycle such a field",
        SHOP + "resource lamp in world { name text }\nlifecycle of lamp.name { state ON  start ON }",
        SHOP + "resource lamp in world { name lifecycle }\nlifecycle of lamp.name { state ON  start ON }",
    ),
    Code(
        "MR406",
        Severity.ERROR,
        "an operation that can't be reached",
        "another operation answers the same requests first",
        BOX + "operation show box GET /boxes/{id} { answer 200 }\noperation see box GET /boxes/{box} { answer 200 }",
        BOX + "operation show box GET /boxes/{id} { answer 200 }\n"
        "operation see box GET /boxes/{box}/inside { answer 200 }",
    ),
    Code(
        "MR407",
        Severity.ERROR,
        "an operation that answers nothing",
        "every operation ends with an answer",
        BOX + "operation open box POST /boxes/{id}/open { check size > 1 else 400 'too small' }",
        BOX + "operation open box POST /boxes/{id}/open { check size > 1 else 400 'too small'  answer 204 }",
    ),
    Code(
        "MR408",
        Severity.ERROR,
        "a chain that goes nowhere",
        "each later step of a chain says how long after the one before it comes, and leads to another state",
        BOX + "when size == 1 then status becomes ACTIVE, then BUILD",
        BOX + "when size == 1 then status becomes ACTIVE, then BUILD after 1h",
    ),
    Code(
        "MR409",
        Severity.ERROR,
        "a fault that nothing holds",
        "`with fault` says what went wrong with a record, which a field of type `fault` keeps",
        BOX + "when size == 1 then status becomes ACTIVE with fault 500 'no room'",
        BOX.replace("size int = 1", "size int = 1  reason fault ?")
        + "when size == 1 then status becomes ACTIVE with fault 500 'no room'",
    ),
    Code(
        "MR410",
        Severity.ERROR,
        "a permission that asks too early",
        "permissions are looked at before what an operation finds and works out",
        BOX + "operation show box GET /boxes/{id} { let small = size < 2  permit small  answer 200 }",
        BOX + "operation show box GET /boxes/{id} { permit size < 2  answer 200 }",
    ),
)
