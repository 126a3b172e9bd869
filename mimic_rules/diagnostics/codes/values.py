# SPDX-License-Identifier: Apache-2.0
"""The codes MR300 to MR399: types and values.

The stages of a rule's way report them; the package's table holds them.
"""

from __future__ import annotations

from typing import Final

from mimic_rules.diagnostics.codes.code import Code, Severity
from mimic_rules.diagnostics.codes.examples import BOX, SHOP, VERSIONS

VALUES: Final[tuple[Code, ...]] = (
    Code(
        "MR301",
        Severity.ERROR,
        "a comparison that can never hold",
        "values of different kinds are never equal, and have no order; metadata values are texts",
        BOX + "when metadata.count > 3 then status stays BUILD",
        BOX + "when number(metadata.count) > 3 then status stays BUILD",
    ),
    Code(
        "MR302",
        Severity.ERROR,
        "an unknown kind of value",
        "`is` asks for one of the kinds of JSON",
        BOX + "when metadata.count is nmber then status stays BUILD",
        BOX + "when metadata.count is number then status stays BUILD",
    ),
    Code(
        "MR303",
        Severity.ERROR,
        "not an HTTP status",
        "a status is a number from 100 to 599",
        BOX + "operation show box GET /boxes/{id} { answer 2000 }",
        BOX + "operation show box GET /boxes/{id} { answer 200 }",
    ),
    Code(
        "MR304",
        Severity.ERROR,
        "not a whole number",
        "counts are whole numbers",
        SHOP + "quota cores 2.5",
        SHOP + "quota cores 2",
    ),
    Code(
        "MR305",
        Severity.ERROR,
        "a wrong number of arguments",
        "every function says what it takes",
        SHOP + "let first_two = join(regions)",
        SHOP + "let first_two = join(regions, ',')",
    ),
    Code(
        "MR306",
        Severity.ERROR,
        "a regular expression that can't be read",
        "regular expressions are RE2's, which match in linear time: no back references, no look-around",
        BOX + "when metadata.failure matches /(a)\\1/ then status stays BUILD",
        BOX + "when metadata.failure matches /aa/ then status stays BUILD",
    ),
    Code(
        "MR307",
        Severity.ERROR,
        "a value of the wrong kind",
        "each place says what it takes",
        SHOP + "resource thing in tenant { count int = 'many' }",
        SHOP + "resource thing in tenant { count int = 3 }",
    ),
    Code(
        "MR308",
        Severity.ERROR,
        "versions that are no window",
        "a window lies within the versions of its service, and ends after it begins",
        VERSIONS + "view thing.basic { name since 2.9 until 2.1 }",
        VERSIONS + "view thing.basic { name since 2.1 until 2.9 }",
    ),
    Code(
        "MR309",
        Severity.ERROR,
        "an attribute of something that has none",
        "texts and numbers have no parts",
        BOX + "when size.unit == 'm' then status stays BUILD",
        BOX + "when size == 3 then status stays BUILD",
    ),
    Code(
        "MR310",
        Severity.ERROR,
        "not a time, a part, a count or a length that there is",
        "times of day go from 00:00 to 23:59, parts of all from more than nothing to 100%, ordinals begin with 1st "
        "and end as they are spoken, and an answer is delayed by 60s at most",
        BOX + "when size == 1 only from 25:00 then status stays BUILD",
        BOX + "when size == 1 only from 15:00 then status stays BUILD",
    ),
)
