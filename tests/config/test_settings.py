# SPDX-License-Identifier: Apache-2.0
"""Settings of the rules: values from all four sources, problems at the inner key, and keys that belong to nobody."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from mimic_rules.config import KeyPath, SettingCheck, bind_settings, setting_origin
from mimic_rules.diagnostics import Diagnostic
from tests.config.loading import good, load, told


def modes(value: object) -> Iterable[tuple[KeyPath, str]]:
    if value not in ("strict", "lax"):
        yield (), "`identity` takes `strict` or `lax`"


def named(value: object) -> Iterable[tuple[KeyPath, str]]:
    """A list of maps, each with a name that is text, and with no more than a name."""
    assert isinstance(value, list)
    for index, item in enumerate(value):
        if "name" not in item:
            yield (index,), "a user needs a name"
        elif not isinstance(item["name"], str):
            yield (index, "name"), "a name is text"
        for key in item:
            if key != "name":
                yield (index, key), f"`{key}` isn't a key of a user"


DECLARED = {
    "identity": SettingCheck("lax", modes),
    "users": SettingCheck((), named),
    "load-mode": SettingCheck(None, lambda value: ()),
}


def bind(
    folder: Path, text: str = "", environ: dict[str, str] | None = None, flags: dict[str, object] | None = None
) -> tuple[dict[str, object], tuple[Diagnostic, ...]]:
    values, problems = bind_settings(good(load(folder, text, environ, flags)), DECLARED)
    return dict(values), problems


def test_defaults_are_taken_as_they_are(tmp_path: Path) -> None:
    assert bind(tmp_path) == ({"identity": "lax", "users": (), "load-mode": None}, ())


def test_values_of_the_file(tmp_path: Path) -> None:
    values, problems = bind(tmp_path, "identity: strict\nusers:\n  - name: alice\nload-mode: 7\n")
    assert (values, problems) == ({"identity": "strict", "users": [{"name": "alice"}], "load-mode": 7}, ())


def test_variables_and_flags_are_read_as_yaml(tmp_path: Path) -> None:
    environ = {"MIMIC_IDENTITY": "strict", "MIMIC_USERS": "[{name: bob}]", "MIMIC_LOAD_MODE": "0x10"}
    assert bind(tmp_path, "", environ) == (
        {"identity": "strict", "users": [{"name": "bob"}], "load-mode": 16},
        (),
    )
    flags: dict[str, object] = {"identity": "strict", "users": [{"name": "eve"}], "load_mode": "[a, ~]"}
    assert bind(tmp_path, "", environ, flags) == (
        {"identity": "strict", "users": [{"name": "eve"}], "load-mode": ["a", None]},
        (),
    )


@pytest.mark.parametrize(
    ("environ", "flags", "value", "origin"),
    [
        ({}, {}, "file", "mimic.yaml:2"),
        ({"MIMIC_LOAD_MODE": "variable"}, {}, "variable", "environment MIMIC_LOAD_MODE"),
        ({"MIMIC_LOAD_MODE": "variable"}, {"load-mode": "flag"}, "flag", "flag --load-mode"),
        ({"MIMIC_LOAD_MODE": ""}, {"load-mode": None}, "file", "mimic.yaml:2"),
        ({"MIMIC_LOAD_MODE": "# nothing"}, {}, "file", "mimic.yaml:2"),
    ],
)
def test_the_strongest_source_counts(
    tmp_path: Path, environ: dict[str, str], flags: dict[str, object], value: str, origin: str
) -> None:
    config = good(load(tmp_path, "\nload-mode: file", environ, flags))
    values, problems = bind_settings(config, DECLARED)
    assert (values["load-mode"], problems) == (value, ())
    assert str(setting_origin(config, "load-mode")) == origin
    assert str(setting_origin(config, "users")) == "default"


def test_problems_are_at_the_inner_key(tmp_path: Path) -> None:
    text = "identity: hard\nusers:\n  - {name: 7}\n  - nick: al\n  - name: bob\n    age: 3\n"
    values, problems = bind(tmp_path, text)
    assert [told(one) for one in problems] == [
        "MR613 mimic.yaml:1:1-9 `identity` takes `strict` or `lax`",
        "MR613 mimic.yaml:3:6-10 a name is text",
        "MR613 mimic.yaml:4:5-9 `nick` isn't a key of a user",
        "MR613 mimic.yaml:4:5-13 a user needs a name",
        "MR613 mimic.yaml:6:5-8 `age` isn't a key of a user",
    ]
    assert values == {"identity": "lax", "users": (), "load-mode": None}


def test_problems_of_variables_and_flags(tmp_path: Path) -> None:
    environ = {"MIMIC_IDENTITY": "hard", "MIMIC_USERS": "[{name: 7}]", "MIMIC_LOAD_MODE": "["}
    values, problems = bind(tmp_path, "identity: strict", environ, {"users": [{"age": 1, "name": "x"}]})
    assert [told(one) for one in problems] == [
        "MR613 environment variable MIMIC_IDENTITY:1:1-5 `identity` takes `strict` or `lax`",
        "MR604 environment variable MIMIC_LOAD_MODE:1:2-2 a value is missing here",
        "MR613 environment variable MIMIC_USERS:1:3-7 a name is text",
        "MR613 flag --users:1:1-1 `age` isn't a key of a user",
    ]
    # a refused value gives way to the next weaker one
    assert values == {"identity": "strict", "users": (), "load-mode": None}


def test_keys_of_nobody(tmp_path: Path) -> None:
    text = "prot: 1\nuser: []\nsomething: 2\n"
    environ = {"MIMIC_PROT": "1", "MIMIC_USER": "[]", "MIMIC_SOMETHING": "2", "MIMIC_CONFG": "x"}
    _, problems = bind(tmp_path, text, environ, {"prot": 1, "something": "2"})
    assert [(told(one), one.help) for one in problems] == [
        (
            "MR614 environment variable MIMIC_CONFG:1:1-2 `MIMIC_CONFG` belongs to no key of the configuration",
            "did you mean `MIMIC_CONFIG`?",
        ),
        (
            "MR614 environment variable MIMIC_PROT:1:1-2 `MIMIC_PROT` belongs to no key of the configuration",
            "did you mean `MIMIC_PORT`?",
        ),
        (
            "MR614 environment variable MIMIC_SOMETHING:1:1-2 `MIMIC_SOMETHING` belongs to no key of the configuration",
            "take it out, or declare the setting in a rule file",
        ),
        (
            "MR614 environment variable MIMIC_USER:1:1-3 `MIMIC_USER` belongs to no key of the configuration",
            "did you mean `MIMIC_USERS`?",
        ),
        ("MR615 flag --prot:1:1-1 `--prot` belongs to no key of the configuration", "did you mean `--port`?"),
        (
            "MR615 flag --something:1:1-2 `--something` belongs to no key of the configuration",
            "take it out, or declare the setting in a rule file",
        ),
        ("MR610 mimic.yaml:1:1-5 `prot` isn't a key of the configuration", "did you mean `port`?"),
        ("MR610 mimic.yaml:2:1-5 `user` isn't a key of the configuration", "did you mean `users`?"),
        (
            "MR610 mimic.yaml:3:1-10 `something` isn't a key of the configuration",
            "the keys are `clock`, `durations`, `host`, `identity`, `limits`, `load-mode`, `log`, `log_format`, "
            "`port`, `quotas`, `regions`, `rules`, `seed`, `services`, `snapshots`, `threads`, `users`",
        ),
    ]
    assert [one.fix and (one.fix.replacement, one.fix.span) for one in problems if one.code == "MR610"] == [
        ("port", problems[-3].span),
        ("users", problems[-2].span),
        None,
    ]
