# SPDX-License-Identifier: Apache-2.0
"""What is secret is hidden: by its name, by its form, and wherever the same text stands again."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.engine.secrets import HIDDEN_VALUE, is_secret
from mimic_rules.web.redaction import (
    DEEPEST,
    NO_SECRETS,
    redact_body,
    redact_headers,
    redact_path,
    redact_query,
    secrets,
    secrets_in,
    secrets_of,
)

KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"


@pytest.mark.parametrize(
    "name",
    [
        *("Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Auth-Token", "x-subject-token"),
        *("X-Mimic-Token", "token", "accessToken", "password", "adminPass", "admin_pass", "original_password"),
        *("passwd", "passphrase", "X-Api-Key", "apiKey", "API_KEY", "client_secret", "credentials", "private_key"),
        *("X-Auth-Key", "access-key"),
    ],
)
def test_names_of_secrets(name: str) -> None:
    assert is_secret(name)
    assert redact_headers({name: "v"}) == {name: HIDDEN_VALUE}
    assert redact_body({name: "v"}) == {name: HIDDEN_VALUE}
    assert redact_query({name: ["v", "w"]}) == {name: [HIDDEN_VALUE, HIDDEN_VALUE]}
    assert redact_path(f"/a?{name}=v&b=c") == f"/a?{name}=***&b=c"


@pytest.mark.parametrize("name", ["accept", "host", "name", "key", "public_key", "marker", "limit", "auth", "author"])
def test_names_of_what_is_not_secret(name: str) -> None:
    assert not is_secret(name)
    assert redact_headers({name: "v"}) == {name: "v"}
    assert redact_body({name: ["v", 1, None]}) == {name: ["v", 1, None]}


def test_the_structure_below_a_secret_key_is_kept() -> None:
    body = {"auth": {"methods": ["password"], "password": {"user": {"name": "ann", "ids": [1, None, True, "x"]}}}}
    assert redact_body(body) == {
        "auth": {"methods": ["password"], "password": {"user": {"name": HIDDEN_VALUE, "ids": [HIDDEN_VALUE] * 4}}}
    }


def test_private_keys_are_hidden_whatever_they_are_called() -> None:
    assert redact_body({"text": f"before {KEY} after"}) == {"text": "before *** after"}
    assert redact_body({"text": "-----BEGIN OPENSSH PRIVATE KEY-----\nbroken off"}) == {"text": HIDDEN_VALUE}
    assert redact_headers({"x-note": KEY.replace("\n", " ")}) == {"x-note": HIDDEN_VALUE}
    assert redact_body({"text": "a PRIVATE KEY of mine"}) == {"text": "a PRIVATE KEY of mine"}
    assert list(secrets_in({"text": KEY})) == [KEY]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/v3/auth/tokens/abc", "/v3/auth/tokens/***"),
        ("/v3/auth/tokens", "/v3/auth/tokens"),
        ("/v3/auth/tokens/", "/v3/auth/tokens/"),
        ("/secrets/a/b", "/secrets/***/b"),
        ("/a/b?token=x&c=d&e", "/a/b?token=***&c=d&e"),
        ("/a?", "/a?"),
        ("", ""),
    ],
)
def test_paths_that_no_rule_models(path: str, shown: str) -> None:
    assert redact_path(path) == shown


def test_a_secret_is_hidden_wherever_it_stands() -> None:
    headers = {"authorization": "Bearer abcdef-123", "cookie": "session=xyzxyz9; a=b"}
    known = secrets(secrets_of(headers, {"token": ["qqqqqq"]}, {"password": "hunter2!"}))
    assert known.hide("x abcdef-123 xyzxyz9 qqqqqq hunter2! y") == "x *** *** *** *** y"
    assert redact_body({"hunter2!": ["a hunter2!"]}, known) == {HIDDEN_VALUE: ["a ***"]}
    assert redact_path("/a/abcdef-123?b=qqqqqq", known) == "/a/***?b=***"
    assert redact_query({"a": ["qqqqqq"]}, known) == {"a": [HIDDEN_VALUE]}


def test_the_longer_secret_is_hidden_first() -> None:
    assert secrets(["abcdef", "abcdefgh"]).hide("abcdefgh abcdef") == "*** ***"


def test_short_texts_and_names_of_secrets_are_no_secrets_elsewhere() -> None:
    assert secrets(["pw", "password", "secret"]) == NO_SECRETS


def test_what_is_too_deep_is_left_out() -> None:
    deep: Any = "x"
    for _ in range(5 * DEEPEST):
        deep = [deep]
    shown = redact_body(deep)
    for _ in range(DEEPEST):
        shown = shown[0]
    assert shown == "..."


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_what_has_no_secret_in_it_stays_as_it_is(data: Any) -> None:
    if not list(secrets_in({"x": data})) and not _names_secrets(data):
        assert redact_body(data) == data


@given(JSON)
def test_all_that_is_below_a_secret_key_is_hidden_and_found(data: Any) -> None:
    texts = list(_texts(data))
    assert sorted(secrets_in({"token": data})) == sorted(texts)
    assert {*_texts(redact_body({"token": data}))} <= {HIDDEN_VALUE}


def _texts(data: Any) -> Any:
    if isinstance(data, str):
        yield data
    elif isinstance(data, list):
        for one in data:
            yield from _texts(one)
    elif isinstance(data, dict):
        for one in data.values():
            yield from _texts(one)


def _names_secrets(data: Any) -> bool:
    if isinstance(data, list):
        return any(map(_names_secrets, data))
    return isinstance(data, dict) and any(is_secret(key) or _names_secrets(value) for key, value in data.items())
