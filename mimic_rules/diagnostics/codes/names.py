# SPDX-License-Identifier: Apache-2.0
"""The codes MR200 to MR299: names.

The stages of a rule's way report them; the package's table holds them.
"""

from __future__ import annotations

from typing import Final

from mimic_rules.diagnostics.codes.code import Code, Severity

NAMES: Final[tuple[Code, ...]] = (
    Code(
        "MR201",
        Severity.ERROR,
        "an unknown name",
        "every name is declared in a file, or is one of the language's own; a slip would otherwise make a condition that never holds",
        "when metadat.failure == 'x' then status stays BUILD",
        "when metadata.failure == 'x' then status stays BUILD",
    ),
    Code(
        "MR202",
        Severity.ERROR,
        "an unknown resource or service",
        "an operation, a view, a rule is about a resource that some file declares",
        "view sever.basic { name }",
        "view server.basic { name }",
    ),
    Code(
        "MR203",
        Severity.ERROR,
        "an unknown operation",
        "an event names an operation that some file declares, or one of `any`, `read`, `change`",
        "on creat server then respond 500",
        "on create server then respond 500",
    ),
    Code(
        "MR204",
        Severity.ERROR,
        "an unknown view",
        "a record is shown through a view that some file declares for its resource",
        "let shown = server as detial",
        "let shown = server as detail",
    ),
    Code(
        "MR205",
        Severity.ERROR,
        "an unknown function",
        "functions are the language's own",
        "let x = lenght(name)",
        "let x = length(name)",
    ),
    Code(
        "MR206",
        Severity.ERROR,
        "declared twice",
        "one name, one meaning",
        "quota cores 20  quota cores 30",
        "quota cores 20",
    ),
    Code(
        "MR207",
        Severity.ERROR,
        "an unknown fault name",
        "a fault's name is one that its service declares",
        "check a else 400 badReqest 'no'",
        "check a else 400 badRequest 'no'",
    ),
    Code(
        "MR208",
        Severity.ERROR,
        "an unknown phase or situation",
        "the phases of a request and the situations a service can speak to are the language's own",
        "order caller, shema",
        "order caller, schema",
    ),
    Code(
        "MR209",
        Severity.ERROR,
        "an unknown template",
        "a template is declared before it can be used",
        "use tagz(server)",
        "use tags(server)",
    ),
    Code(
        "MR210",
        Severity.ERROR,
        "no subject",
        "under `for service.resource` a rule can leave the resource out; elsewhere it must name it",
        "when metadata.failure == 'x' then status stays BUILD",
        "for compute.server  when metadata.failure == 'x' then status stays BUILD",
    ),
    Code(
        "MR211",
        Severity.ERROR,
        "a setting or quota that is not declared",
        "what rules read from the configuration is declared by a rules file",
        "check setting.identty == 'open' else 401 'no'",
        "check setting.identity == 'open' else 401 'no'",
    ),
    Code(
        "MR212",
        Severity.ERROR,
        "a name that goes round in a circle",
        "a definition, a view or a template can't hold itself, or no rule would be sure to end",
        "let a = b  let b = a",
        "let a = b  let b = 1",
    ),
)
