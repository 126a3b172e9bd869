# SPDX-License-Identifier: Apache-2.0
"""The syntax tree of faults and headers: what many items and statements end in.

On the way of a rule: pieces of declarations and operations, built by `syntax`.
"""

from dataclasses import dataclass

from mimic_rules.language.expressions import Expr, Literal, Piece, Text


@dataclass(frozen=True, slots=True)
class Fault(Piece):
    """`404 itemNotFound "Instance {id} could not be found."`; without a name the service's own for that status."""

    status: int
    name: str | None
    message: Text | Literal


@dataclass(frozen=True, slots=True)
class Header(Piece):
    """`header "Location" = expression`."""

    name: str
    value: Expr
