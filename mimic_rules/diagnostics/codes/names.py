# SPDX-License-Identifier: Apache-2.0
"""The codes MR200 to MR299: names.

The stages of a rule's way report them; the package's table holds them.
"""

from __future__ import annotations

from typing import Final

from mimic_rules.diagnostics.codes.code import Code, Severity
from mimic_rules.diagnostics.codes.examples import BOX, FAULTS, SHOP

NAMES: Final[tuple[Code, ...]] = (
    Code(
        "MR201",
        Severity.ERROR,
        "an unknown name",
        "every name is declared in a file, or is one of the language's own; "
        "a slip would otherwise make a condition that never holds",
        BOX + "when metadat.failure == 'x' then status stays BUILD",
        BOX + "when metadata.failure == 'x' then status stays BUILD",
    ),
    Code(
        "MR202",
        Severity.ERROR,
        "an unknown resource or service",
        "an operation, a view, a rule is about a resource that some file declares",
        SHOP + "resource thing in tenant { name text }\nview thin.basic { name }",
        SHOP + "resource thing in tenant { name text }\nview thing.basic { name }",
    ),
    Code(
        "MR203",
        Severity.ERROR,
        "an unknown operation",
        "an event names an operation that some file declares, or one of `any`, `read`, `change`",
        BOX + "operation create box POST /boxes { create box {}  answer 201 }\non creat then respond 500",
        BOX + "operation create box POST /boxes { create box {}  answer 201 }\non create then respond 500",
    ),
    Code(
        "MR204",
        Severity.ERROR,
        "an unknown view",
        "a record is shown through a view that some file declares for its resource",
        BOX + "view box.detail { id }\noperation show box GET /boxes/{id} { answer 200 self as detial }",
        BOX + "view box.detail { id }\noperation show box GET /boxes/{id} { answer 200 self as detail }",
    ),
    Code(
        "MR205",
        Severity.ERROR,
        "an unknown function",
        "functions are the language's own",
        SHOP + "let several = cuont(regions) > 1",
        SHOP + "let several = count(regions) > 1",
    ),
    Code(
        "MR206",
        Severity.ERROR,
        "declared twice",
        "one name, one meaning",
        SHOP + "quota cores 20\nquota cores 30",
        SHOP + "quota cores 20",
    ),
    Code(
        "MR207",
        Severity.ERROR,
        "an unknown fault name",
        "a fault's name is one that its service declares",
        FAULTS + "operation show box GET /boxes { check has query.name else 400 badReqest 'say a name'  answer 200 }",
        FAULTS + "operation show box GET /boxes { check has query.name else 400 badRequest 'say a name'  answer 200 }",
    ),
    Code(
        "MR208",
        Severity.ERROR,
        "an unknown phase or situation",
        "the phases of a request and the situations a service can speak to are the language's own",
        'service shop "Shop" { mount /shop  order caller, shema }',
        'service shop "Shop" { mount /shop  order caller, schema }',
    ),
    Code(
        "MR209",
        Severity.ERROR,
        "an unknown template",
        "a template is declared before it can be used",
        SHOP + "template named($thing) { resource $thing in world { name text } }\nuse nammed(box)",
        SHOP + "template named($thing) { resource $thing in world { name text } }\nuse named(box)",
    ),
    Code(
        "MR210",
        Severity.ERROR,
        "no subject",
        "under `for service.resource` a rule can leave the resource out; elsewhere it must name it",
        "resource box in world { id uuid }",
        'service shop "Shop" { mount /shop }\nfor shop\nresource box in world { id uuid }',
    ),
    Code(
        "MR211",
        Severity.ERROR,
        "a setting or quota that is not declared",
        "what rules read from the configuration is declared by a rules file",
        'setting mode "open" | "strict" = \'open\'\n'
        'service shop "Shop" { mount /shop }\n'
        "for shop\n"
        "let open = setting.mod == 'open'",
        'setting mode "open" | "strict" = \'open\'\n'
        'service shop "Shop" { mount /shop }\n'
        "for shop\n"
        "let open = setting.mode == 'open'",
    ),
    Code(
        "MR212",
        Severity.ERROR,
        "a name that goes round in a circle",
        "a definition, a view or a template can't hold itself, or no rule would be sure to end",
        SHOP + "let a = [b]\nlet b = 1 + count(a)",
        SHOP + "let a = [b]\nlet b = 1",
    ),
)
