# SPDX-License-Identifier: Apache-2.0
"""The codes MR800 to MR899: examples in rules files.

Up to MR810 the check of examples reports them, from MR811 on whoever runs the examples; the package's table holds them.
"""

from __future__ import annotations

from typing import Final

from mimic_rules.diagnostics.codes.code import Code, Severity
from mimic_rules.diagnostics.codes.examples import SHOP

_THINGS: Final = (
    SHOP
    + """\
resource thing in world { id sequence  name text  status lifecycle }
lifecycle of thing.status { state NEW  state OLD  start NEW  NEW -> OLD after 1h }
operation create thing POST /things body { name: text } { create thing { name: body.name }  answer 201 }
operation show thing GET /things/{id} { answer 200 { name: name } }
operation list thing GET /things { answer 200 { things: count(thing) } }
rule secret on show thing when name == 'spy' then respond 404 "no such thing"
"""
)

PROOFS: Final[tuple[Code, ...]] = (
    Code(
        "MR801",
        Severity.ERROR,
        "a path that nothing fills",
        "a request of an example has a whole path: a record that has been named before fills the variable of its "
        "resource, and `at` fills any",
        _THINGS + "example 'shown' { create thing { name: 'a' } -> 201  show thing -> 200 }",
        _THINGS + "example 'shown' { thing = create thing { name: 'a' } -> 201  show thing -> 200 }",
    ),
    Code(
        "MR802",
        Severity.ERROR,
        "somebody asks a service that doesn't know callers",
        "`as` says who asks, in fields of the record that the service's `caller` line takes for a caller",
        _THINGS + "example 'made' as { name: 'me' } { create thing { name: 'a' } -> 201 }",
        _THINGS + "example 'made' { create thing { name: 'a' } -> 201 }",
    ),
    Code(
        "MR803",
        Severity.ERROR,
        "a name for no record",
        "a name is given to the record that a request makes, or else to the one that its path names",
        _THINGS + "example 'listed' { all = list thing -> 200 }",
        _THINGS + "example 'listed' { list thing -> 200  expect answer.body.things == 0 }",
    ),
    Code(
        "MR811",
        Severity.ERROR,
        "an answer with another status",
        "an example says how each of its requests is answered; the example or the rules are not what was meant",
        _THINGS + "example 'made' { create thing { name: 5 } -> 201 }",
        _THINGS + "example 'made' { create thing { name: 'five' } -> 201 }",
    ),
    Code(
        "MR812",
        Severity.ERROR,
        "an answer that doesn't say so",
        "the text after a status is in some text of the answer's body; clients and their users read it",
        _THINGS + "example 'spy' { thing = create thing { name: 'spy' } -> 201  show thing -> 404 'gone' }",
        _THINGS + "example 'spy' { thing = create thing { name: 'spy' } -> 201  show thing -> 404 'no such' }",
    ),
    Code(
        "MR813",
        Severity.ERROR,
        "what is expected is not so",
        "what stands after `expect` is true when the step is reached; the parts of it that are not are shown with "
        "their values",
        _THINGS + "example 'old' { thing = create thing { name: 'a' } -> 201  after 1m  expect thing.status == OLD }",
        _THINGS + "example 'old' { thing = create thing { name: 'a' } -> 201  after 1h  expect thing.status == OLD }",
    ),
    Code(
        "MR814",
        Severity.ERROR,
        "a world that is never quiet",
        "`until quiet` ends when nothing is pending; states that time leads from one to the other for ever never end",
        _THINGS.replace("NEW -> OLD after 1h", "NEW -> OLD after 1h  OLD -> NEW after 1h")
        + "example 'quiet' { create thing { name: 'a' } -> 201  until quiet }",
        _THINGS + "example 'quiet' { create thing { name: 'a' } -> 201  until quiet }",
    ),
    Code(
        "MR815",
        Severity.ERROR,
        "a record that is not there",
        "a name stands for a record that was made; a request that was refused made none",
        _THINGS + "example 'aged' { thing = create thing {} -> 400  age thing 2h }",
        _THINGS + "example 'aged' { thing = create thing { name: 'a' } -> 201  age thing 2h }",
    ),
    Code(
        "MR816",
        Severity.ERROR,
        "an example in which its rule never decided",
        "an example that names a rule would prove nothing of it if it passed without the rule",
        _THINGS + "example 'spy' for secret { thing = create thing { name: 'a' } -> 201  show thing -> 200 }",
        _THINGS + "example 'spy' for secret { thing = create thing { name: 'spy' } -> 201  show thing -> 404 }",
    ),
    Code(
        "MR817",
        Severity.WARNING,
        "a rule that no example proves",
        "a rule that decides in no example may have a condition that never holds",
        _THINGS + "example 'other' { thing = create thing { name: 'a' } -> 201  show thing -> 200 }",
        _THINGS + "example 'spy' { thing = create thing { name: 'spy' } -> 201  show thing -> 404 }",
    ),
)
