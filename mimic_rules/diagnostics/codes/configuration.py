# SPDX-License-Identifier: Apache-2.0
"""The codes MR600 to MR699: configuration.

Reading `mimic.yaml`, the environment and the flags reports them; the package's table holds them.
"""

from __future__ import annotations

from typing import Final

from mimic_rules.diagnostics.codes.code import Code, Severity

_ERROR: Final = Severity.ERROR
_WARNING: Final = Severity.WARNING

CONFIGURATION: Final[tuple[Code, ...]] = (
    Code(
        "MR601",
        _ERROR,
        "a file can't be read",
        "a file that was named, by a flag, by MIMIC_CONFIG or under `rules`, has to be there and be readable; "
        "going on without it would start a cloud that nobody asked for",
        "mimic-rules serve --config mimc.yaml",
        "mimic-rules serve --config mimic.yaml",
    ),
    Code(
        "MR602",
        _ERROR,
        "the configuration is too big",
        "a configuration is at most 1 MiB; longer ones are nearly always another file given by mistake",
        "mimic-rules serve --config dump.json",
        "mimic-rules serve --config mimic.yaml",
    ),
    Code(
        "MR603",
        _ERROR,
        "the configuration isn't UTF-8",
        "text in another encoding would be read as other characters than those that were typed",
        "(a file saved as Latin-1)",
        "(the same file saved as UTF-8)",
    ),
    Code(
        "MR604",
        _ERROR,
        "the text isn't YAML",
        "the text can't be taken apart into keys and values at this place",
        "regions: [RegionOne",
        "regions: [RegionOne]",
    ),
    Code(
        "MR605",
        _ERROR,
        "a tab where YAML wants spaces",
        "YAML indents with spaces only, since a tab is as wide as each editor likes",
        "limits:\n\tbody: 1MiB",
        "limits:\n  body: 1MiB",
    ),
    Code(
        "MR606",
        _ERROR,
        "a key is written twice",
        "only one of the two values could count, and which one is easily overlooked",
        "port: 8900\nport: 8901",
        "port: 8901",
    ),
    Code(
        "MR607",
        _ERROR,
        "aliases stand for too much",
        "a few lines of aliases of aliases can stand for millions of values, and one inside its own anchor never ends",
        "users: &a [*a]",
        "users: []",
    ),
    Code(
        "MR608",
        _ERROR,
        "values are nested too deeply",
        "nothing in a configuration needs more than 64 levels of lists and maps",
        "users: [[[[… 65 levels …]]]]",
        "users: []",
    ),
    Code(
        "MR609",
        _ERROR,
        "YAML that a configuration doesn't use",
        "tags, merge keys, keys that aren't text and a second document mean different things to different readers; "
        "a configuration says everything without them",
        "port: !!int '8900'",
        "port: 8900",
    ),
    Code(
        "MR610",
        _ERROR,
        "an unknown key",
        "a key is one of the program's own or a setting that the rules declare; a mistyped one would be a wish that "
        "nobody hears",
        "prot: 8900",
        "port: 8900",
    ),
    Code(
        "MR611",
        _ERROR,
        "a value of the wrong kind",
        "each key takes one kind of value: text, a number, a list or a map",
        "port: high",
        "port: 8900",
    ),
    Code(
        "MR612",
        _ERROR,
        "a value that isn't allowed",
        "the value is of the right kind, but outside what the key takes: a range, a choice or a form",
        "port: 89000",
        "port: 8900",
    ),
    Code(
        "MR613",
        _ERROR,
        "a setting that its rules refuse",
        "the rules that declare a setting say what it may hold, and this value doesn't fit",
        "users: [{name: 7}]",
        "users: [{name: alice}]",
    ),
    Code(
        "MR614",
        _WARNING,
        "an unknown environment variable",
        "a variable that begins with MIMIC_ and belongs to no key has no effect; it is most likely mistyped",
        "MIMIC_PROT=8900 mimic-rules serve",
        "MIMIC_PORT=8900 mimic-rules serve",
    ),
    Code(
        "MR615",
        _ERROR,
        "an unknown flag",
        "a flag sets the key of the same name, and there is no such key",
        "--prot 8900",
        "--port 8900",
    ),
    Code(
        "MR616",
        _ERROR,
        "a record that its rules refuse",
        "a world begins with records made of settings; what the rules ask of such a record holds for these too",
        "tenants: [{name: a, id: x}, {name: b, id: y, domain: nowhere}]",
        "tenants: [{name: a, id: x}, {name: b, id: y}]",
    ),
    Code(
        "MR617",
        _ERROR,
        "rules that a living world can't take",
        "files were read again, and a world holds records that what they declare now doesn't allow",
        "(`unique name`, read while a world has two records of one name)",
        "(the same, once one of the two is gone)",
    ),
)
