# SPDX-License-Identifier: Apache-2.0
"""The codes MR100 to MR199: reading and syntax.

The stages of a rule's way report them; the package's table holds them.
"""

from __future__ import annotations

from typing import Final

from mimic_rules.diagnostics.codes.code import Code, Severity
from mimic_rules.diagnostics.codes.examples import BOX, SHOP, VERSIONS

READING: Final[tuple[Code, ...]] = (
    Code(
        "MR101",
        Severity.ERROR,
        "this can't stand here",
        "the text does not follow the grammar; what is wrong is skipped, and the rest of the file is read",
        BOX + "when metadata.failure = 'slow' then status stays BUILD",
        BOX + "when metadata.failure == 'slow' then status stays BUILD",
    ),
    Code(
        "MR102",
        Severity.ERROR,
        "the file can't be read",
        "a rules file is UTF-8 text that this process may read",
        "(a file in another encoding, or one that is not there)",
        "(a file in UTF-8)",
    ),
    Code(
        "MR103",
        Severity.ERROR,
        "a version of the language that is not known",
        "the language has a version of its own, so that a file says which one it was written for",
        "language 9",
        "language 1",
    ),
    Code(
        "MR104",
        Severity.ERROR,
        "something is said twice",
        "two answers to one question leave it open which of them holds",
        VERSIONS + "view thing.basic { name since 2.1 since 2.4 }",
        VERSIONS + "view thing.basic { name since 2.1 }",
    ),
    Code(
        "MR105",
        Severity.ERROR,
        "nested too deeply",
        "every rule is worked out in bounded time and space; nobody reads what is nested so deeply either",
        "(more than a hundred brackets within each other)",
        "let inner = … and then the outer part with `inner` in it",
    ),
    Code(
        "MR106",
        Severity.ERROR,
        "a hole in a text that is never closed",
        "in double quotes a brace opens a hole for an expression; `{{` stands for the brace itself",
        SHOP + 'let greeting = "hello {region"',
        SHOP + 'let greeting = "hello {region}"',
    ),
    Code(
        "MR107",
        Severity.ERROR,
        "a name with holes where it must be plain",
        "names of fields, parameters and keys are known when the file is read",
        SHOP + 'resource thing in tenant { "a{b}" text }',
        SHOP + 'resource thing in tenant { "ab" text }',
    ),
    Code(
        "MR108",
        Severity.ERROR,
        "names and values that don't pair",
        "every name gets one value",
        SHOP + "for each ($a, $b) in [(one, two, three)] { let $a = $b }",
        SHOP + "for each ($a, $b) in [(one, 'two')] { let $a = $b }",
    ),
    Code(
        "MR109",
        Severity.ERROR,
        "a file that is too large",
        "one resource a file keeps files small; nothing that is read is without bound",
        "(a file of more than two hundred thousand characters)",
        "(several files)",
    ),
    Code(
        "MR110",
        Severity.ERROR,
        "too many files or items",
        "nothing that is read is without bound, nor what templates make of it",
        "(a loop that makes more than ten thousand items)",
        "(a loop over fewer)",
    ),
    Code(
        "MR111",
        Severity.ERROR,
        "a number that is too long",
        "nothing that is read is without bound; no limit, size or duration of a cloud needs more than thirty digits",
        SHOP + "quota things 1000000000000000000000000000000",
        SHOP + "quota things -1",
    ),
    Code(
        "MR112",
        Severity.ERROR,
        "brackets that don't pair",
        "every bracket that is opened is closed, and the other way round; lines that are indented by what they belong "
        "to show which one is meant",
        SHOP + "resource thing in tenant { id uuid",
        SHOP + "resource thing in tenant { id uuid }",
    ),
    Code(
        "MR113",
        Severity.ERROR,
        "a text in quotes that never ends",
        "a text ends with the quote it began with, on the same line; `\\n` in it is a line feed",
        SHOP + 'let greeting = "hello',
        SHOP + 'let greeting = "hello"',
    ),
    Code(
        "MR114",
        Severity.ERROR,
        "a word of the language used as a name",
        "the few words that an expression could meet are never names; a key may have any name in quotes",
        SHOP + "let default = 3",
        SHOP + "let usual = 3",
    ),
    Code(
        "MR115",
        Severity.ERROR,
        "a declaration in a text that is added at run time",
        "such a text changes how a world misbehaves; what its services are is said in files, which all worlds share",
        "(a text with a resource in it, sent to a world that is running)",
        "(a text with rules alone; the resource in a file)",
    ),
    Code(
        "MR199",
        Severity.WARNING,
        "more problems than are shown",
        "one slip can upset everything after it, so only the first hundred problems of a file are shown, errors first; "
        "mend those and check again",
        "(a file with more than a hundred problems)",
        "(the same file, once its first problems are mended)",
    ),
)
