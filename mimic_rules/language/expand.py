# SPDX-License-Identifier: Apache-2.0
"""Resolves `template`, `use` and `for each` into the plain items that they stand for.

On the way of a rule: after `syntax` has read all files, for a template may be used in other files than its own. Files
with templates go in; the same files with plain items come out, and `gather` puts these in their places.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any as Parts
from typing import Final

from mimic_rules.diagnostics import Diagnostics, Related, Span
from mimic_rules.language import declarations as de
from mimic_rules.language import expressions as ex
from mimic_rules.language.places import Places
from mimic_rules.language.report import Report, suggest

MAX_ITEMS: Final = 10_000
_PARAMETER: Final = re.compile(r"\$[a-z][A-Za-z0-9_]*")
_TEXTS: Final = frozenset({"value", "parts", "pattern", "doc", "title", "text", "form"})
"""Fields of pieces that hold free text, where a `$` that is no parameter is just a `$`."""

Bound = Mapping[str, ex.Expr]


def expand(
    files: Sequence[tuple[de.File, int]], diagnostics: Diagnostics, places: Places | None = None
) -> list[tuple[de.File, int]]:
    """The files, each with its layer, without templates and loops; items with a mistake of their own are left out."""
    report = Report(diagnostics, places or Places({}))
    checked = [(replace(file, items=_sound(file.items, frozenset(), report)), layer) for file, layer in files]
    expander = _Expander(_templates(checked, report), report)
    return [(replace(file, items=tuple(expander.items(file.items, {}, ()))), layer) for file, layer in checked]


# -- what can be said before anything is expanded --------------------


def _sound(
    items: Iterable[de.Item], bound: frozenset[str], report: Report, nested: bool = False
) -> tuple[de.Item, ...]:
    """The items in which every `$x` is a parameter; what is wrong in the others is reported here, once."""
    kept: list[de.Item] = []
    for item in items:
        if isinstance(item, de.Template) and nested:
            report.add(
                "MR101", "a template can't stand in another one or in a loop", item.span, help="move it to the top"
            )
        elif isinstance(item, de.Template):
            _check_parameters(item.parameters, item.span, report)
            inner = _sound(item.items, frozenset(item.parameters), report, nested=True)
            kept.append(replace(item, items=inner))
        elif isinstance(item, de.ForEach):
            names = tuple(name for binding in item.bindings for name in binding.names)
            _check_parameters(names, item.span, report)
            if not _report_unbound(item.bindings, bound | frozenset(names), item.span, report):
                inner = _sound(item.items, bound | frozenset(names), report, nested=True)
                kept.append(replace(item, items=inner))
        elif isinstance(item, de.Subject) and item.items is not None:
            if not _report_unbound(item.about, bound, item.span, report):
                kept.append(replace(item, items=_sound(item.items, bound, report, nested)))
        elif not _report_unbound(item, bound, item.span, report):
            kept.append(item)
    return tuple(kept)


def _check_parameters(names: tuple[str, ...], span: Span, report: Report) -> None:
    for at, name in enumerate(names):
        if not name.startswith("$"):
            report.add("MR101", f"`{name}` can't be a parameter", span, word=name, help=f"write `${name}`")
        elif name in names[:at]:
            told = f"parameter `{name}` is declared twice"
            report.add("MR206", told, span, word=name, help="rename one of the two")


def _report_unbound(piece: Parts, bound: frozenset[str], span: Span, report: Report) -> bool:
    """Whether a piece has a `$x` that is no parameter; each is reported."""
    unbound = list(_unbound(piece, bound, span))
    for name, where in unbound:
        told = "a name with `$` is a parameter of a `template` or a `for each` around it"
        if bound:
            told = suggest(name, bound, "the parameters here are " + ", ".join(f"`{one}`" for one in sorted(bound)))
        report.add("MR201", f"there is no parameter `{name}` here", where, word=name, help=told)
    return bool(unbound)


def _unbound(piece: Parts, bound: frozenset[str], span: Span) -> Iterator[tuple[str, Span]]:
    if isinstance(piece, str):
        if "$" in piece:
            for found in _PARAMETER.finditer(piece):
                if _longest(found[0], bound) is None:
                    yield found[0], span
    elif isinstance(piece, tuple):
        for part in piece:
            yield from _unbound(part, bound, span)
    elif isinstance(piece, ex.Piece):
        if isinstance(piece, ex.Entry) and isinstance(piece.key, ex.Literal):
            # A key without quotes is a name, one in quotes a text.
            key, where = str(piece.key.value), piece.key.span
            if "$" in key and where.end_column - where.column == len(key):
                yield from _unbound(key, bound, where)
        for name in _parts(piece):
            part = getattr(piece, name)
            if name == "parts":
                part = tuple(one for one in part if not isinstance(one, str))
            if not (isinstance(part, str) and name in _TEXTS):
                yield from _unbound(part, bound, piece.span)


def _parts(piece: ex.Piece) -> tuple[str, ...]:
    """The fields of a piece that can hold a name or other pieces: all but its span, which is no positional one."""
    return type(piece).__match_args__


def _longest(written: str, bound: Iterable[str]) -> str | None:
    """The longest parameter that `written` begins with: `$a_list` may be `$a` and `_list`."""
    return max((name for name in bound if written.startswith(name)), key=len, default=None)


def _templates(files: Iterable[tuple[de.File, int]], report: Report) -> dict[str, de.Template]:
    templates: dict[str, de.Template] = {}
    for file, _layer in files:
        for template in _templates_in(file.items):
            before = templates.setdefault(template.name, template)
            if before is not template:
                report.add(
                    "MR206",
                    f"template `{template.name}` is declared twice",
                    template.span,
                    word=template.name,
                    help="rename one of the two",
                    related=[Related(report.places.word(before.span, before.name), "declared here before")],
                )
    return templates


def _templates_in(items: Iterable[de.Item]) -> Iterator[de.Template]:
    for item in items:
        if isinstance(item, de.Template):
            yield item
        elif isinstance(item, de.Subject) and item.items is not None:
            yield from _templates_in(item.items)


# -- expanding --------------------


@dataclass(slots=True)
class _Expander:
    """Makes items of templates and loops.

    `made` counts items, uses and turns of loops over all files, `misfits` the arguments that don't fit.
    """

    templates: Mapping[str, de.Template]
    report: Report
    made: int = 0
    misfits: int = 0

    def items(self, items: Iterable[de.Item], bound: Bound, using: tuple[str, ...]) -> Iterator[de.Item]:
        """The plain items; `using` are the templates that are being expanded, outermost first."""
        for item in items:
            if self._is_too_much(item):
                return
            match item:
                case de.Template():
                    pass
                case de.Use():
                    yield from self._use(item, bound, using)
                case de.ForEach():
                    names = [name for binding in item.bindings for name in binding.names]
                    for cells in product(*(binding.cells for binding in item.bindings)):
                        # A loop over nothing takes its time too.
                        if self._is_too_much(item):
                            return
                        values = [self._put(value, bound, item.span) for cell in cells for value in cell]
                        yield from self.items(item.items, {**bound, **dict(zip(names, values, strict=True))}, using)
                case de.Subject() if item.items is not None:
                    about = self._put(item.about, bound, item.span)
                    yield de.Subject(about, tuple(self.items(item.items, bound, using)), span=item.span)
                case _:
                    misfits = self.misfits
                    plain = self._put(item, bound, item.span) if bound else item
                    # An item with a name that is none would only give more diagnostics for the one mistake.
                    if self.misfits == misfits:
                        yield plain

    def _is_too_much(self, item: de.Item) -> bool:
        """Count one more step; whether that is one too many, which is reported once."""
        self.made += 1
        if self.made == MAX_ITEMS + 1:
            self.report.add(
                "MR110", f"there are more than {MAX_ITEMS} items here", item.span, help="loop over fewer values"
            )
        return self.made > MAX_ITEMS

    def _use(self, item: de.Use, bound: Bound, using: tuple[str, ...]) -> Iterator[de.Item]:
        name = self._name(item.name, bound, item.span)
        template = self.templates.get(name)
        if template is None:
            told = suggest(name, self.templates, "declare it with `template`")
            self.report.add("MR209", f"there is no template `{name}`", item.span, word=item.name, help=told)
        elif name in using:
            circle = " -> ".join((*using[using.index(name) :], name))
            told = f"break the circle {circle}"
            self.report.add("MR212", f"template `{name}` uses itself", item.span, word=item.name, help=told)
        elif len(item.arguments) != len(template.parameters):
            takes, given = len(template.parameters), len(item.arguments)
            self.report.add(
                "MR305",
                f"template `{name}` takes {takes} argument{'' if takes == 1 else 's'}, not {given}",
                item.span,
                help="its parameters are " + ", ".join(template.parameters) if takes else "leave the arguments out",
                related=[Related(self.report.places.word(template.span, name), "declared here")],
            )
        else:
            values = [self._put(value, bound, item.span) for value in item.arguments]
            yield from self.items(template.items, dict(zip(template.parameters, values, strict=True)), (*using, name))

    def _put(self, piece: Parts, bound: Bound, span: Span) -> Parts:
        """The piece with arguments in place of parameters; the same object where it has none."""
        if isinstance(piece, str):
            return self._name(piece, bound, span) if "$" in piece else piece
        if isinstance(piece, tuple):
            parts = tuple(self._put(part, bound, span) for part in piece)
            return parts if any(new is not old for new, old in zip(parts, piece, strict=True)) else piece
        if not isinstance(piece, ex.Piece):
            return piece
        if isinstance(piece, ex.Name) and piece.name in bound:
            return bound[piece.name]
        changed = {}
        for name in _parts(piece):
            part = getattr(piece, name)
            new = self._put(part, bound, piece.span)
            if new is not part:
                changed[name] = new
        return replace(piece, **changed) if changed else piece

    def _name(self, text: str, bound: Bound, span: Span) -> str:
        def argument(found: re.Match[str]) -> str:
            parameter = _longest(found[0], bound)
            if parameter is None:
                return found[0]
            return self._plain(bound[parameter], parameter) + found[0][len(parameter) :]

        return _PARAMETER.sub(argument, text)

    def _plain(self, value: ex.Expr, parameter: str) -> str:
        """The text of an argument that stands for a name, a path or a part of a text."""
        if isinstance(value, ex.Name):
            return value.name
        if isinstance(value, ex.Literal) and isinstance(value.value, str):
            return value.value
        self.misfits += 1
        self.report.add(
            "MR307",
            f"`{parameter}` stands for a name, and {self.report.places.text(value.span)} is none",
            value.span,
            help="write a name or a text without holes",
        )
        return "_"
