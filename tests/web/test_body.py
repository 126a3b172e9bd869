# SPDX-License-Identifier: Apache-2.0
"""Bodies: what is read as JSON, what is refused and why, and that nothing is read beyond its bound."""

import io
import json
import math
from typing import Any

import pytest
from gunicorn.http.errors import InvalidChunkSize
from hypothesis import example, given
from hypothesis import strategies as st

from mimic_rules.engine.exchange import MISSING, BadBody
from mimic_rules.web.body import DISCARDED, read_json

DEPTH = 5
SIZE = 10_000


class Stream(io.BytesIO):
    """Bytes that come in parts of at most `step`, counted in `taken`."""

    def __init__(self, raw: bytes, step: int = 2**30) -> None:
        super().__init__(raw)
        self.step = step
        self.taken = 0

    def read(self, size: int | None = -1) -> bytes:
        part = super().read(self.step if size is None or size < 0 else min(size, self.step))
        self.taken += len(part)
        return part


def environ(raw: bytes, content_type: str | None = "application/json", **more: Any) -> dict[str, Any]:
    variables: dict[str, Any] = {"wsgi.input": Stream(raw), "CONTENT_LENGTH": str(len(raw))}
    if content_type is not None:
        variables["CONTENT_TYPE"] = content_type
    return {**variables, **more}


def chunked(raw: bytes, step: int = 2**30) -> dict[str, Any]:
    return {"wsgi.input": Stream(raw, step), "HTTP_TRANSFER_ENCODING": "Chunked", "CONTENT_TYPE": "application/json"}


def refusal(variables: dict[str, Any], max_bytes: int = SIZE, max_depth: int = DEPTH) -> str:
    with pytest.raises(BadBody) as caught:
        read_json(variables, max_bytes, max_depth)
    return caught.value.situation


# JSON ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content_type",
    [None, "", " ", "application/json", "Application/JSON; charset=utf-8", "application/x.y+json", "; charset=utf-8"],
)
def test_these_types_are_json(content_type: str | None) -> None:
    assert read_json(environ(b'{"a": 1}', content_type), SIZE, DEPTH) == {"a": 1}


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "json", "application/jsonp", "+json/x"])
def test_other_types_are_refused(content_type: str) -> None:
    assert refusal(environ(b"{}", content_type)) == "wrong_media"
    assert read_json(environ(b"", content_type), SIZE, DEPTH) is MISSING


@pytest.mark.parametrize(
    "raw",
    [
        *(b"{", b"}", b" ", b"nul", b"{'a': 1}", b"[1,]", b"1 2", b"NaN", b"1e999", b"\xff", b"\xef\xbb\xbf{}"),
        *(b'"\\ud800"', b'"\n"', b'{"a": 1, "a": 2}', b'{"a": 1, "\\u0061": 1}', b'[{"b": {"a": "x", "a": "x"}}]'),
        *(b'"\xed\xa0\x80"', b"\x00", b'{"": 1, "": 2}', b'{"a\\\\": 1, "a\\\\": 1}'),
    ],
)
def test_what_is_not_json_is_malformed(raw: bytes) -> None:
    assert refusal(environ(raw)) == "malformed"


@pytest.mark.parametrize("raw", [b'{"a": {"a": "a"}, "b": "a\\"a"}', b'["\\u0022", "\\\\", {"\\"": 1}]', b'"\\/"'])
def test_alike_texts_that_are_no_repeated_keys_are_taken(raw: bytes) -> None:
    assert read_json(environ(raw), SIZE, DEPTH) == json.loads(raw)


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('ab\\"{[', max_size=3), inner, max_size=3),
    max_leaves=12,
)


def deep(value: Any) -> int:
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(deep, value), default=0) if isinstance(value, list) else 0


@given(values, st.booleans(), st.integers(1, 4))
@example([[], [], [], [], [], []], False, 2)
@example("[[[[[[", False, 1)
@example({'"': "\\"}, False, 1)
def test_json_comes_back_unless_it_is_too_deep(value: Any, ascii_only: bool, limit: int) -> None:
    raw = json.dumps(value, ensure_ascii=ascii_only).encode()
    if deep(value) > limit:
        assert refusal(environ(raw), max_depth=limit) == "too_deep"
    else:
        assert read_json(environ(raw), SIZE, limit) == value


@given(st.lists(st.tuples(st.sampled_from(['"a"', '"b"', '"\\u0061"', '"\\\\"']), st.sampled_from("12")), max_size=4))
def test_a_key_is_given_once(pairs: list[tuple[str, str]]) -> None:
    raw = ("[{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}]").encode()
    keys = [json.loads(key) for key, _ in pairs]
    if len(set(keys)) < len(keys):
        assert refusal(environ(raw)) == "malformed"
    else:
        assert read_json(environ(raw), SIZE, DEPTH) == json.loads(raw)


@pytest.mark.parametrize("raw", [b"[" * 9000, b'{"a":' * 1500, b"[{" * 3 + b"}]" * 3])
def test_nesting_is_bounded_whatever_follows(raw: bytes) -> None:
    assert refusal(environ(raw)) == "too_deep"


@given(st.binary(max_size=60) | st.text('[]{}":,\\ 1a', max_size=60).map(str.encode))
def test_no_bytes_do_more_than_be_refused(raw: bytes) -> None:
    situation, data = "", None
    try:
        data = read_json(environ(raw), SIZE, DEPTH)
    except BadBody as bad:
        situation = bad.situation
    assert situation in {"", "malformed", "too_deep"}
    if not situation:
        assert data == (json.loads(raw) if raw else MISSING)


# sizes ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", ["11", "9" * 18, "9" * 5000])
def test_a_declared_length_is_believed(length: str) -> None:
    assert refusal(environ(b"[1,2,3,4]", CONTENT_LENGTH=length), max_bytes=10) == "too_large"


def test_a_body_may_be_as_large_as_its_bound() -> None:
    assert read_json(environ(b"[1,2,3,45]"), 10, DEPTH) == [1, 2, 3, 45]
    assert refusal(environ(b"[1,2,3,456]"), max_bytes=10) == "too_large"


@pytest.mark.parametrize("variables", [environ(b"1" * 300_000), chunked(b"1" * 300_000)])
def test_a_body_that_is_too_large_is_taken_off_the_connection(variables: dict[str, Any]) -> None:
    assert refusal(variables, max_bytes=100) == "too_large"
    assert variables["wsgi.input"].taken == 300_000


class Endless:
    """Bytes without an end, handed out in parts that are counted; nobody may ask for a large one."""

    def __init__(self, breaks_at: float = math.inf) -> None:
        self.taken = 0
        self.breaks_at = breaks_at

    def read(self, size: int) -> bytes:
        assert size <= 2**16
        self.taken += size
        if self.taken > self.breaks_at:
            raise ConnectionResetError
        return b"1" * size


@pytest.mark.parametrize(
    "declared", [{"CONTENT_LENGTH": "9" * 15}, {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}]
)
def test_a_body_without_end_is_left(declared: dict[str, str]) -> None:
    stream = Endless()
    assert refusal({"wsgi.input": stream, **declared}, max_bytes=100) == "too_large"
    assert DISCARDED <= stream.taken <= DISCARDED + 101
    assert refusal({"wsgi.input": Endless(breaks_at=2**17), **declared}, max_bytes=100) == "too_large"


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "٣", "+3"])
def test_a_length_is_a_number(length: str) -> None:
    assert refusal(environ(b"{}", CONTENT_LENGTH=length)) == "malformed"


def test_a_body_in_chunks_is_put_together() -> None:
    assert refusal(chunked(b"[" + b"1," * 100 + b"1]", step=7), max_bytes=100) == "too_large"
    assert read_json(chunked(b'["' + b"x" * 96 + b'"]', step=7), 100, DEPTH) == ["x" * 96]
    assert read_json(chunked(b""), 100, DEPTH) is MISSING


def test_without_length_or_chunks_there_is_no_body() -> None:
    for more in ({}, {"HTTP_TRANSFER_ENCODING": "identity"}, {"CONTENT_LENGTH": ""}, {"CONTENT_LENGTH": "0"}):
        variables = {"wsgi.input": Stream(b"{}"), **more}
        assert read_json(variables, SIZE, DEPTH) is MISSING
        assert variables["wsgi.input"].taken == 0


def test_a_body_that_breaks_off_is_malformed() -> None:
    assert refusal(environ(b"[1]", CONTENT_LENGTH="4")) == "malformed"


@pytest.mark.parametrize("problem", [InvalidChunkSize(b"x"), ConnectionResetError()])
def test_a_connection_that_breaks_is_malformed(problem: Exception) -> None:
    class Broken:
        def read(self, size: int) -> bytes:
            raise problem

    assert refusal({**chunked(b""), "wsgi.input": Broken()}) == "malformed"
