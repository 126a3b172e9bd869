# SPDX-License-Identifier: Apache-2.0
"""The codes MR300 to MR399: types and values.

The stages of a rule's way report them; the package's table holds them.
"""

from __future__ import annotations

from typing import Final

from mimic_rules.diagnostics.codes.code import Code, Severity

VALUES: Final[tuple[Code, ...]] = (
    Code(
        "MR301",
        Severity.ERROR,
        "a comparison that can never hold",
        "values of different kinds are never equal, and have no order; metadata values are texts",
        "when metadata.count > 3 then status stays BUILD",
        "when number(metadata.count) > 3 then status stays BUILD",
    ),
    Code(
        "MR302",
        Severity.ERROR,
        "an unknown kind of value",
        "`is` asks for one of the kinds of JSON",
        "when name is strng then status stays BUILD",
        "when name is text then status stays BUILD",
    ),
    Code(
        "MR303",
        Severity.ERROR,
        "not an HTTP status",
        "a status is a number from 100 to 599",
        "check a else 4000 'no'",
        "check a else 400 'no'",
    ),
    Code(
        "MR304",
        Severity.ERROR,
        "not a whole number",
        "counts are whole numbers",
        "quota cores 2.5",
        "quota cores 2",
    ),
    Code(
        "MR305",
        Severity.ERROR,
        "a wrong number of arguments",
        "every function says what it takes",
        "let x = length(a, b)",
        "let x = length(a)",
    ),
    Code(
        "MR306",
        Severity.ERROR,
        "a regular expression that can't be read",
        "regular expressions are RE2's, which match in linear time: no back references, no look-around",
        "when name matches /(a)\1/ then status stays BUILD",
        "when name matches /aa/ then status stays BUILD",
    ),
    Code(
        "MR307",
        Severity.ERROR,
        "a value of the wrong kind",
        "each place says what it takes",
        "resource thing in tenant { count int = 'many' }",
        "resource thing in tenant { count int = 3 }",
    ),
    Code(
        "MR308",
        Severity.ERROR,
        "versions that are no window",
        "a window lies within the versions of its service, and ends after it begins",
        "view thing.basic { name since 2.9 until 2.1 }",
        "view thing.basic { name since 2.1 until 2.9 }",
    ),
    Code(
        "MR309",
        Severity.ERROR,
        "an attribute of something that has none",
        "texts and numbers have no parts",
        "when name.first == 'a' then status stays BUILD",
        "when name == 'a' then status stays BUILD",
    ),
)
