# SPDX-License-Identifier: Apache-2.0
"""The query parameters of an operation: those it names or its service names for it, and those that its list takes.

On the way of a rule: the checker asks what `query.x` may be, the compiler what a strict query lets through.
"""

from collections.abc import Iterator

from mimic_rules.language import declarations as de
from mimic_rules.language import operations as op
from mimic_rules.language import types as ty
from mimic_rules.language.expressions import ALWAYS, Guards
from mimic_rules.language.model import ServiceModel


def query_type(operation: op.Operation, service: ServiceModel) -> ty.Type | None:
    """The type of an operation's query: its own, or that of all that is read; None where nobody says any."""
    own = [clause.type for clause in operation.clauses if isinstance(clause, op.QueryClause)]
    usual = [line.type for line in service.lines(de.Queries) if operation.method == "GET"]
    return (*own, *usual, None)[0]


def implied_parameters(operation: op.Operation, service: ServiceModel) -> Iterator[tuple[str, Guards]]:
    """The parameters that a list takes beside those of the query, with the versions in which it does."""
    for statement in operation.statements:
        if isinstance(statement, op.ListRecords):
            for line in statement.lines:
                match line:
                    case op.FilterExact(fields=fields):
                        yield from ((name, line.guards) for name in fields)
                    case op.FilterRegex(parameter=parameter) | op.FilterBy(parameter=parameter):
                        yield parameter, line.guards
                    case _:
                        pass
            for page in service.lines(de.Page):
                yield from ((name, ALWAYS) for name, _line in page_parameters(page))


def page_parameters(page: de.Page) -> Iterator[tuple[str, de.PageLine]]:
    """The query parameters of a page, each with its line."""
    for line in page.lines:
        match line:
            case de.PageLimit() | de.PageMarker() | de.PageOffset():
                yield line.parameter, line
            case de.PageSort():
                yield from ((name, line) for name in (line.keys, line.directions) if name)
            case _:
                pass
