# SPDX-License-Identifier: Apache-2.0
"""The canonical text of declarations: services, data, resources, views, and what says things once.

Against the way of a rule: from the tree back to text. Every function gives lines, without the indent of what they stand
in; `print_behaviour` and
`print_rules` have the other items.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from mimic_rules.language import declarations as de
from mimic_rules.language import expressions as ex
from mimic_rules.language.print_expressions import (
    QUERIED,
    join,
    print_duration,
    print_entry,
    print_expr,
    print_guards,
    print_key,
    print_text,
)
from mimic_rules.language.print_types import print_range, print_type
from mimic_rules.language.texts import quote

Lines = list[str]
Printed = dict[type[Any], Callable[[Any], Lines]]

# What a key at the beginning of a line could be taken for: a keyword there, or one that goes on with the line above.
_RESOURCE_WORDS: Final = "key plural unique check missing kept across on keyed matching strict starts"
_IN_RESOURCE: Final = frozenset(_RESOURCE_WORDS.split())
_IN_VIEW: Final = frozenset({"include", "since", "until", "starts"})


def block(header: str, lines: Iterable[str]) -> Lines:
    """A header with its lines in braces."""
    inside = ["  " + line if line else line for line in lines]
    return [header + " {", *inside, "}"] if inside else [header + " {}"]


def print_fault(fault: de.Fault) -> str:
    """`404 itemNotFound "…"`."""
    return f"{fault.status}{'' if fault.name is None else ' ' + fault.name} {print_text(fault.message)}"


def print_across(line: de.Across) -> str:
    """`across tenants when …`."""
    return f"across tenants when {print_expr(line.condition)}"


def print_else(fault: de.Fault | None) -> str:
    """` else 404 "…"`, with a blank before it; empty without a fault."""
    return "" if fault is None else f" else {print_fault(fault)}"


def print_headers(headers: Iterable[de.Header]) -> str:
    """` header "…" = …` for each, with a blank before it."""
    return "".join(f" header {quote(one.name)} = {print_expr(one.value)}" for one in headers)


def print_qualified(name: de.Qualified) -> str:
    """`service.resource`, or one word."""
    return name.first if name.second is None else f"{name.first}.{name.second}"


def print_sort_key(key: de.SortKey) -> str:
    """`created_at desc`."""
    return key.field + (" desc" if key.descending else "")


def optional(keyword: str, name: str | None) -> str:
    """` keyword name`, with a blank before it; empty without a name."""
    return "" if name is None else f" {keyword} {name}"


# -- services ---------------------------------------------------------------------------------------------------------


def _caller(line: de.Caller) -> Lines:
    names = f"tenant {line.tenant}{optional('user', line.user)}"
    token = f"is {print_qualified(line.token)} when {print_expr(line.condition)}"
    return [f"caller header {quote(line.header)} {token} {names}{print_else(line.fault)}"]


def _versions(line: de.Versions) -> Lines:
    carriers = ", ".join(
        f"header {quote(one.header)}{'' if one.form is None else ' as ' + quote(one.form)}" for one in line.carriers
    )
    return [f"version {carriers} {line.first} .. {line.last} default {line.default}"]


def _fault_name(line: de.FaultName) -> Lines:
    text = f"fault {line.status} {line.name}"
    text += "" if line.message is None else f" {print_text(line.message)}"
    text += "" if line.body is None else f" as {print_expr(line.body)}"
    return [text + print_headers(line.headers)]


def _page_sort(line: de.PageSort) -> Lines:
    directions = "" if line.directions is None else f" {line.directions}"
    return [f"sort {line.keys}{directions} default {', '.join(map(print_sort_key, line.default))}"]


_SERVICE: Final[Printed] = {
    de.Label: lambda line: [f"{line.what} {quote(line.text)}"],
    de.Mount: lambda line: [f"mount {line.path}{optional('optional', line.optional)}"],
    de.Caller: _caller,
    de.Versions: _versions,
    de.Header: lambda line: [f"answers{print_headers([line])}"],
    de.Envelope: lambda line: [f"errors {print_expr(line.body)}"],
    de.FaultName: _fault_name,
    de.FaultElse: lambda line: [f"fault else {line.name}"],
    de.HandsOut: lambda line: [f"hands out {quote(line.name)} = {print_expr(line.value)}"],
    de.Shares: lambda line: [f"shares {', '.join(map(print_qualified, line.resources))}"],
    de.Situation: lambda line: [
        f"on {line.name}{' ' + line.resource if line.resource else ''} {print_fault(line.fault)}"
    ],
    de.Order: lambda line: [f"order {', '.join(line.phases)}"],
    de.Queries: lambda line: [f"query {print_type(line.type)}"],
    de.Page: lambda line: block("page", _all(_PAGE, line.lines)),
}
_PAGE: Final[Printed] = {
    de.PageLimit: lambda line: [f"limit {line.parameter}{print_range(line.range)}{print_else(line.fault)}"],
    de.PageMarker: lambda line: [f"marker {line.parameter}{print_else(line.fault)}"],
    de.PageOffset: lambda line: [f"offset {line.parameter}"],
    de.PageSort: _page_sort,
    de.PageWrap: lambda line: [f"wrap {print_expr(line.body)}"],
}


def _all(printed: Printed, lines: Iterable[Any]) -> Lines:
    return [text for line in lines for text in printed[type(line)](line)]


# -- data and resources -----------------------------------------------------------------------------------------------


def _setting(item: de.Setting) -> Lines:
    doc = f" {quote(item.doc)}" if item.doc else ""
    return [f"setting {item.name} {print_type(item.type)} = {print_expr(item.default)}{doc}"]


def _quota(item: de.Quota) -> Lines:
    of = "" if item.resource is None else f" counts {item.resource}"
    if item.field is not None:
        of = f" sums {item.resource}.{item.field}"
    return [f"quota {item.name} {item.limit}{of}"]


def _field(line: de.Field) -> Lines:
    text = f"{print_key(line.name, _IN_RESOURCE)} {print_type(line.type)}"
    text += " ?" if line.optional else ""
    text += "" if line.initial is None else f" = {print_expr(line.initial)}"
    text += " on change" if line.on_change else ""
    text += print_else(line.fault)
    return [text + ("" if line.keyed is None else f" keyed {line.keyed[0]} {line.keyed[1]}")]


def _unique(line: de.Unique) -> Lines:
    condition = "" if line.condition is None else f" where {print_expr(line.condition)}"
    return [f"unique ({join(line.values, QUERIED + 1, ', ')}){condition}{print_else(line.fault)}"]


def _on_delete(line: de.OnDelete) -> Lines:
    fault = "" if line.fault is None else f" {print_fault(line.fault)}"
    return [f"on delete of {line.resource} {line.policy}{fault}"]


_RESOURCE: Final[Printed] = {
    de.Field: _field,
    de.Key: lambda line: [f"key {', '.join(line.fields)}"],
    de.Plural: lambda line: [f"plural {line.name}"],
    de.Unique: _unique,
    de.Invariant: lambda line: [f"check {print_expr(line.condition)}{print_else(line.fault)}"],
    de.Missing: lambda line: [f"missing {print_fault(line.fault)}"],
    de.Kept: lambda line: [f"kept {print_duration(line.seconds)}"],
    de.Across: lambda line: [print_across(line)],
    de.OnDelete: _on_delete,
}


def _entry(entry: ex.Entry | de.Include) -> str:
    if isinstance(entry, de.Include):
        return f"include {entry.view}{print_guards(entry.guards)}"
    return print_entry(entry, _IN_VIEW)


# -- saying things once -----------------------------------------------------------------------------------------------


def _binding(binding: de.Binding) -> str:
    cells = ", ".join(_tuple([print_expr(value) for value in cell]) for cell in binding.cells)
    return f"{_tuple(binding.names)} in [{cells}]"


def _tuple(texts: Iterable[str]) -> str:
    several = list(texts)
    return several[0] if len(several) == 1 else f"({', '.join(several)})"


def _gone(item: de.Gone) -> Lines:
    return [f"gone {print_fault(item.fault)}{print_guards(item.guards)} {' '.join(item.paths)}"]


ITEMS: Final[Printed] = {
    de.Service: lambda item: block(
        f"service {item.name} {quote(item.title)}" + (f" of {item.base.first}" if item.base else ""),
        _all(_SERVICE, item.lines),
    ),
    de.Setting: _setting,
    de.Seed: lambda item: [
        f"seed {item.resource} for each {item.name} in {print_expr(item.source)} {print_expr(item.values)}"
    ],
    de.Quota: _quota,
    de.Resource: lambda item: block(
        f"resource {item.name} in {item.scope}{optional('is', item.role)}", _all(_RESOURCE, item.lines)
    ),
    de.View: lambda item: block(f"view {item.resource}.{item.name}", map(_entry, item.entries)),
    de.Gone: _gone,
    de.Definition: lambda item: [f"let {item.name} = {print_expr(item.value)}"],
    de.Use: lambda item: [f"use {item.name}({join(item.arguments, QUERIED + 1, ', ')})"],
}


def binding_header(item: de.ForEach) -> str:
    """`for each … in …`."""
    return f"for each {', '.join(map(_binding, item.bindings))}"
