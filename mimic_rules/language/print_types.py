# SPDX-License-Identifier: Apache-2.0
"""The canonical text of types: of fields, bodies, queries and settings.

Against the way of a rule: from the tree back to text, beside `print_expressions`.
"""

from collections.abc import Callable
from typing import Any, Final

from mimic_rules.language import expressions as ex
from mimic_rules.language import types as ty
from mimic_rules.language.print_expressions import (
    print_guards,
    print_key,
    print_number,
    print_pattern,
)
from mimic_rules.language.texts import quote


def print_type(type_: ty.Type) -> str:
    """The text of a type."""
    return _PRINTED[type(type_)](type_)


def print_range(within: ty.Range | None) -> str:
    """` low..high`, with a blank before it; empty without bounds."""
    if within is None:
        return ""
    return f" {print_number(within.low)}..{'' if within.high is None else print_number(within.high)}"


def _single(type_: ty.Type) -> str:
    """A type where the grammar takes one alternative only."""
    return f"({print_type(type_)})" if isinstance(type_, ty.OneOf) else print_type(type_)


def _plain(type_: ty.Plain) -> str:
    pattern = "" if type_.pattern is None else f" matching {print_pattern(type_.pattern)}"
    return type_.word + print_range(type_.range) + pattern


def _object(type_: ty.ObjectType) -> str:
    members = [
        f"{print_key(one.key)}{'?' if one.optional else ''}: {print_type(one.type)}{print_guards(one.guards)}"
        for one in type_.members
    ]
    if type_.guards != ex.ALWAYS:
        members.append(f"else refused{print_guards(type_.guards)}")
    always = type_.strict and type_.guards == ex.ALWAYS
    return ("{ " + ", ".join(members) + " }" if members else "{}") + (" strict" if always else "")


_PRINTED: Final[dict[type[ty.Type], Callable[[Any], str]]] = {
    ty.Plain: _plain,
    ty.ListType: lambda type_: f"list{print_range(type_.range)} of {_single(type_.items)}",
    ty.MapType: lambda type_: f"map{print_range(type_.range)} of {_single(type_.values)}",
    ty.Reference: lambda type_: f"-> {type_.service + '.' if type_.service else ''}{type_.resource}",
    ty.Exactly: lambda type_: quote(type_.value) if isinstance(type_.value, str) else print_number(type_.value),
    ty.OneOf: lambda type_: " | ".join(_single(one) for one in type_.alternatives),
    ty.ObjectType: _object,
}
