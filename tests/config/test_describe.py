# SPDX-License-Identifier: Apache-2.0
"""Describing: each value with its origin, secrets hidden, and a text that says the same when it is read again."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.config import SettingCheck, bind_settings, describe
from tests.config.loading import good, load
from tests.strategies_config import durations, names, plain_texts

ANY = SettingCheck(None, lambda value: ())


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder for properties, which write its mimic.yaml anew for each example."""
    return tmp_path_factory.mktemp("described")


def test_defaults(tmp_path: Path) -> None:
    assert describe(good(load(tmp_path)), {}) == (
        "# mimic.yaml\n"
        "rules: []  # from default\n"
        "# services: all of them  # from default\n"
        "regions: [RegionOne]  # from default\n"
        "clock:\n"
        "  start: now  # from default\n"
        "  mode: running  # from default\n"
        "  rate: 1.0  # from default\n"
        "seed: 0  # from default\n"
        'host: "127.0.0.1"  # from default\n'
        "port: 8900  # from default\n"
        "threads: 8  # from default\n"
        "durations: {}  # from default\n"
        "limits:\n"
        "  body: 1048576  # from default\n"
        "  depth: 64  # from default\n"
        "  records: 1000000  # from default\n"
        "  journal: 1000  # from default\n"
        "  rules: 10000  # from default\n"
        "  worlds: 1000  # from default\n"
        "  memory: 2147483648  # from default\n"
        '  idle: "3600s"  # from default\n'
        "quotas: {}  # from default\n"
        "log: info  # from default\n"
        "log_format: text  # from default\n"
        "snapshots: mimic-snapshots  # from default\n"
    )


def test_values_with_their_origins(tmp_path: Path) -> None:
    text = "services: [one]\nclock: {start: 2030-01-31}\ndurations:\n  a.b.C: 5m\nlevel: 3\n"
    config = good(load(tmp_path, text, {"MIMIC_PORT": "1"}, {"quotas": {"cores": 2}}))
    lines = describe(config, {"level": 3, "users": ()}).split("\n")
    assert "services: [one]  # from mimic.yaml:1" in lines
    assert '  start: "2030-01-31T00:00:00+00:00"  # from mimic.yaml:2' in lines
    assert lines[lines.index("durations:") + 1] == '  a.b.C: "300s"  # from mimic.yaml:4'
    assert "port: 1  # from environment MIMIC_PORT" in lines
    assert lines[lines.index("quotas:") + 1] == "  cores: 2  # from flag --quotas"
    assert lines[-3:] == ["level: 3  # from mimic.yaml:5", "users: []  # from default", ""]


@pytest.mark.parametrize(
    "key", ["password", "Secret", "TOKEN", "api_key", "apikey", "apiKey", "api-key", "admin_password", "X-Token"]
)
def test_secrets_are_hidden_at_any_depth(tmp_path: Path, key: str) -> None:
    config = good(load(tmp_path))
    text = describe(config, {key: ["hush"], "users": [{"name": "al", key: {"a": "hush"}}]})
    assert "hush" not in text
    assert f'{key}: "***"  # from default' in text
    assert f'users: [{{name: al, {key}: "***"}}]  # from default' in text


def test_words_that_only_sound_secret_are_shown(tmp_path: Path) -> None:
    text = describe(good(load(tmp_path)), {"tokens": 1, "secretary": 2, "keys": {"passwords": 3}})
    assert "***" not in text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (1.5, "1.5"),
        (float("inf"), ".inf"),
        (float("-inf"), "-.inf"),
        (float("nan"), ".nan"),
        ("plain/text-1.x", "plain/text-1.x"),
        ("", '""'),
        ("true", '"true"'),
        ("8", '"8"'),
        ("a: b # c", '"a: b # c"'),
        ('"\\\n', '"\\"\\\\\\n"'),
        ("é\x7f\x85\u2028\ufeff", '"é\\u007f\\u0085\\u2028\\ufeff"'),
        ({"a b": [1, {}]}, '{"a b": [1, {}]}'),
        (("x", ()), "[x, []]"),
        (Path("a"), "a"),
    ],
)
def test_how_values_are_written(tmp_path: Path, value: object, text: str) -> None:
    assert describe(good(load(tmp_path)), {"it": value}).split("\n")[-2] == f"it: {text}  # from default"


def test_the_name_of_a_file_cant_leave_its_comment(tmp_path: Path) -> None:
    name = "a\nport: 1.yaml"
    (tmp_path / name).write_text("port: 2\n")
    text = describe(good(load(tmp_path, "", {}, {"config": name})), {})
    assert text.startswith("# a\ufffdport: 1.yaml\n")
    assert "port: 2  # from a\ufffdport: 1.yaml:1\n" in text


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**50), 10**50) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(st.fixed_dictionaries({}, optional=plain_texts), st.dictionaries(st.just("a.b.C"), durations), st.data())
def test_what_is_described_says_the_same_when_read_again(
    folder: Path, flags: dict[str, str], times: dict[str, str], data: st.DataObject
) -> None:
    more = data.draw(st.fixed_dictionaries({}, optional={"services": st.lists(names, min_size=1, unique=True)}))
    first = good(load(folder, None, {}, {**flags, **more, "durations": times}))
    second = good(load(folder, describe(first, {})))
    assert replace(second, origins={}, file=None) == replace(first, origins={}, file=None)


@given(plain)
def test_settings_are_read_again_too(folder: Path, value: object) -> None:
    # `it` has no secret; inner keys are drawn too short to name one
    again = good(load(folder, describe(good(load(folder)), {"it": value})))
    values, problems = bind_settings(again, {"it": ANY})
    assert problems == ()
    assert values["it"] == value
