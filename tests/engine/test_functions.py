# SPDX-License-Identifier: Apache-2.0
"""The built-in functions, by what they give for right values and for wrong ones."""

import base64
import hashlib
import json
from itertools import pairwise
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

from mimic_rules.engine import MISSING
from mimic_rules.engine.curve import public_of
from mimic_rules.engine.functions import DEEPEST, DRAWING, PURE
from mimic_rules.engine.keys import fingerprint, key_pair
from mimic_rules.engine.values import LONGEST_TEXT
from mimic_rules.language.vocabulary import EVERYONES, FUNCTIONS
from tests.driver import DESK, cloud
from tests.engine.test_expressions import GONE, same, worth
from tests.engine.worlds import Drawn

EVERYTHING: list[Any] = [
    MISSING,
    None,
    True,
    False,
    0,
    -1,
    1.5,
    10**18,
    "",
    "a",
    "12",
    [],
    [1],
    ["a", None],
    {},
    {"a": 1},
]


def test_every_function_of_the_language_is_there_and_no_other() -> None:
    # `everyones` reads the tables, which no function does: it is a plan of its own.
    assert set(PURE) | set(DRAWING) == set(FUNCTIONS) - {EVERYONES}
    assert set(DRAWING) == {name for name, function in FUNCTIONS.items() if function.random}


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("count", [[1, None]], 2),
        ("count", ["four"], 4),
        ("count", [{"a": 1}], 1),
        ("count", [MISSING], 0),
        ("count", [7], MISSING),
        ("any", [[False, None, MISSING]], True),
        ("any", [[False, 0]], True),
        ("any", [[False, None]], False),
        ("any", [[]], False),
        ("any", ["text"], False),
        ("all", [[1, True]], True),
        ("all", [[1, False]], False),
        ("all", [[None]], False),
        ("all", [[]], True),
        ("first", [[1, 2]], 1),
        ("first", [[]], MISSING),
        ("first", ["ab"], MISSING),
        ("last", [[1, 2]], 2),
        ("last", [[]], MISSING),
        ("last", ["ab"], MISSING),
        ("sum", [[1, 2.5, "3", True, None]], 3.5),
        ("sum", [[]], 0),
        ("sum", ["12"], 0),
        ("min", [[2, 1.5]], 1.5),
        ("max", [["b", "a"]], "b"),
        ("min", [[1, "a"]], MISSING),
        ("max", [[True, False]], MISSING),
        ("max", [[]], MISSING),
        ("min", [7], MISSING),
        ("join", [["a", 1, None, True], "-"], "a-1--true"),
        ("join", [["a"], 1], MISSING),
        ("join", ["ab", "-"], MISSING),
        ("join", [["", ""], "x" * LONGEST_TEXT], "x" * LONGEST_TEXT),
        ("join", [["", "", ""], "x" * LONGEST_TEXT], MISSING),
        ("split", ["a,b,,c", ","], ["a", "b", "", "c"]),
        ("split", ["a", ""], MISSING),
        ("split", [["a"], ","], MISSING),
        ("split", ["a", None], MISSING),
        ("keys", [{"b": 1, "a": 2}], ["b", "a"]),
        ("keys", [["a"]], MISSING),
        ("values", [{"b": 1, "a": None}], [1, None]),
        ("values", ["a"], MISSING),
        ("distinct", [[1, True, 1, "1", 1.0]], [1, True, "1"]),
        ("distinct", ["aa"], MISSING),
        ("flat", [[[1, [2]], [], 3]], [1, [2], 3]),
        ("flat", ["aa"], MISSING),
        ("sorted", [[3, 1.5, 2]], [1.5, 2, 3]),
        ("sorted", [["b", "a"]], ["a", "b"]),
        ("sorted", [[1, "a"]], [1, "a"]),
        ("sorted", [[]], []),
        ("sorted", ["ba"], MISSING),
        ("range", [1, 3], [1, 2, 3]),
        ("range", [3, 1], []),
        ("range", [1, 10**12], list(range(1, 1001))),
        ("range", [1.0, 3], MISSING),
        ("range", [True, 3], MISSING),
        ("lower", ["Ab"], "ab"),
        ("lower", [1], MISSING),
        ("upper", ["Ab"], "AB"),
        ("trim", [" a\n"], "a"),
        ("replace", ["aXbX", "X", "--"], "a--b--"),
        ("replace", ["a", "", "b"], "bab"),
        ("replace", ["a", 1, "b"], MISSING),
        ("replace", ["a" * 2000, "a", "b" * 1000], MISSING),
        ("replace", ["ab" * LONGEST_TEXT, "b", ""], "a" * LONGEST_TEXT),
        ("text", [1.5], "1.5"),
        ("text", [None], ""),
        ("text", [True], "true"),
        ("text", [["a", [1, False]]], "a, 1, false"),
        ("text", [MISSING], MISSING),
        ("number", ["12"], 12),
        ("number", [" -1.5e1 "], -15.0),
        ("number", [".5"], 0.5),
        ("number", ["+7"], 7),
        ("number", [float("inf")], MISSING),
        ("number", ["1e999"], MISSING),
        ("number", ["nan"], MISSING),
        ("number", ["1_000"], MISSING),
        ("number", ["\u0663"], MISSING),
        ("number", ["1" * 41], MISSING),
        ("number", [""], MISSING),
        ("number", [True], MISSING),
        ("int", ["12.9"], 12),
        ("int", [-1.5], -1),
        ("int", ["x"], MISSING),
        ("bool", [True], True),
        ("bool", ["Yes "], True),
        ("bool", ["off"], False),
        ("bool", [1], True),
        ("bool", [0], False),
        ("bool", ["perhaps"], MISSING),
        ("bool", [None], MISSING),
        ("json", ['{"a": [1, null]}'], {"a": [1, None]}),
        ("json", ["{"], MISSING),
        ("json", [7], MISSING),
        ("json", ["[" * DEEPEST + "]" * DEEPEST], json.loads("[" * DEEPEST + "]" * DEEPEST)),
        ("json", ["[" * (DEEPEST + 1) + "]" * (DEEPEST + 1)], MISSING),
        ("json", ['{"a": "' + "[" * 100 + '\\""}'], {"a": "[" * 100 + '"'}),
        ("json", ["[" * 100], MISSING),
        ("last_segment", ["http://h/flavors/7/"], "7"),
        ("last_segment", ["7"], "7"),
        ("last_segment", [7], 7),
        ("iso", [0], "1970-01-01T00:00:00Z"),
        ("iso", [1379944392.774549], "2013-09-23T13:53:12Z"),
        ("iso", [-1], MISSING),
        ("iso", ["0"], MISSING),
        ("iso_us", [1379944392.774549], "2013-09-23T13:53:12.774549Z"),
        ("iso_us", [253402300800], MISSING),
        ("naive", [253402300799], "9999-12-31T23:59:59"),
        ("naive", [True], MISSING),
        ("naive_us", [0.5], "1970-01-01T00:00:00.500000"),
        ("naive_us", [None], MISSING),
        ("time", ["1970-01-01T00:01:00Z"], 60.0),
        ("time", ["1970-01-01T00:01:00"], 60.0),
        ("time", [" 1970-01-01T01:01:00+01:00 "], 60.0),
        ("time", ["0001-01-01T00:00:00+23:59"], -62135683140.0),
        ("time", ["yesterday"], MISSING),
        ("time", [5], 5),
        ("time", [None], MISSING),
        ("md5", ["a"], hashlib.md5(b"a", usedforsecurity=False).hexdigest()),
        ("sha224", ["a"], hashlib.sha224(b"a").hexdigest()),
        ("sha256", ["\ud800"], hashlib.sha256(b"\xed\xa0\x80").hexdigest()),
        ("sha256", [1], MISSING),
        ("base64", ["a\u00e9"], base64.b64encode("a\u00e9".encode()).decode()),
        ("address", ["::BABE:220.12.22.2"], "::babe:dc0c:1602"),
        ("address", ["10.0.0.1"], "10.0.0.1"),
        ("address", ["10.0.0"], MISSING),
        ("address", [1], MISSING),
        ("ip4", [1], "198.18.0.1"),
        ("ip4", [65536 + 258], "198.19.1.2"),
        ("ip4", ["1"], MISSING),
        ("ip6", [1], "2001:db8::0:1"),
        ("ip6", [0x12345], "2001:db8::1:2345"),
        ("ip6", [1.0], MISSING),
        ("without", [{"a": 1, "b": 2}, "a", "c"], {"b": 2}),
        ("without", [{"a": 1, "b": 2}, ["a", "c"]], {"b": 2}),
        ("without", [[1, True, 2], 1], [True, 2]),
        ("without", ["ab", "a"], MISSING),
        ("only", [{"a": 1, "b": 2}, "b", "c"], {"b": 2}),
        ("only", [{"a": 1, "b": 2}, ["b", "c"], "d"], {"b": 2}),
        ("only", [["a"], "a"], MISSING),
        ("contains", [[1], True], False),
        ("contains", [{"a": 1}, "a"], True),
        ("contains", ["abc", "bc"], True),
        ("contains", [MISSING, 1], False),
        ("fingerprint", ["ssh-rsa AAAAB3NzaC1yc2E="], "15:07:b5:d4:f7:dc:4a:58:14:51:38:62:c7:40:b7:55"),
        ("fingerprint", ["ssh-rsa"], MISSING),
        ("fingerprint", ["ssh-dsa AAAAB3NzaC1yc2E="], MISSING),
        ("fingerprint", ["ssh-rsa not-base64!"], MISSING),
        ("fingerprint", [7], MISSING),
    ],
)
def test_a_function(name: str, arguments: list[Any], expected: Any) -> None:
    got = PURE[name](*arguments)
    assert got is MISSING if expected is MISSING else same(got, expected), got


@pytest.mark.parametrize("name", sorted(PURE))
def test_no_value_makes_a_function_raise(name: str) -> None:
    arity = FUNCTIONS[name].maximum or 3
    for one in EVERYTHING:
        for other in EVERYTHING:
            got = PURE[name](*[one, other, one][:arity])
            assert got is MISSING or got is None or type(got) in (bool, int, float, str, list, dict)


def test_draws_give_what_they_are_asked_for() -> None:
    draws = Drawn(1)
    assert len(DRAWING["uuid"](draws)) == 36
    assert len(DRAWING["hex"](draws, 8)) == 8
    assert DRAWING["hex"](draws, -1) == ""
    assert DRAWING["hex"](draws, "8") == ""
    assert len(DRAWING["word"](draws, 10**9)) == 4096
    assert DRAWING["word"](draws, True) == ""
    assert DRAWING["number_between"](draws, 5, 5) == 5
    assert DRAWING["number_between"](draws, 1, 2) in (1, 2)
    assert DRAWING["number_between"](draws, 2, 1) is MISSING
    assert DRAWING["number_between"](draws, 1, "2") is MISSING
    assert DRAWING["key_pair"](draws, "pgp") is MISSING


def test_a_key_pair_may_have_a_certificate() -> None:
    pair = key_pair(Drawn(1), "x509")
    assert pair == key_pair(Drawn(1), "x509")
    certificate = load_pem_x509_certificate(pair["public_key"].encode())
    certificate.verify_directly_issued_by(certificate)
    private = load_pem_private_key(pair["private_key"].encode(), None)
    assert private.public_key() == certificate.public_key()
    assert certificate.fingerprint(SHA1()).hex(":") == pair["fingerprint"]
    assert certificate.not_valid_before_utc.year == 2000


def test_a_key_pair_is_one_that_ssh_takes() -> None:
    pair = key_pair(Drawn(1), "ssh")
    assert pair == key_pair(Drawn(1), "ssh")
    assert pair["fingerprint"] == fingerprint(pair["public_key"])
    lines = pair["private_key"].splitlines()
    assert (lines[0], lines[-1]) == ("-----BEGIN OPENSSH PRIVATE KEY-----", "-----END OPENSSH PRIVATE KEY-----")
    held = base64.b64decode("".join(lines[1:-1]))
    blob = base64.b64decode(pair["public_key"].split()[1])
    assert held.startswith(b"openssh-key-v1\0")
    # What follows the public half is one string, padded to a whole number of blocks (PROTOCOL.key).
    secret = held.partition(blob)[2]
    assert int.from_bytes(secret[:4]) == len(secret) - 4
    assert len(secret) % 8 == 4


def test_a_public_key_is_that_of_its_secret() -> None:
    # RFC 8032, section 7.1, tests 1 and 2.
    known = {
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60": (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
        ),
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb": (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
        ),
    }
    for secret, public in known.items():
        assert public_of(bytes.fromhex(secret)).hex() == public


def test_functions_are_reached_from_expressions() -> None:
    assert worth("join(sorted(keys(body.map)), '/')") == "a/b/d-e"
    assert worth("upper(body.one)") is GONE
    assert worth("count(uuid())") == 36
    assert worth("[count(hex(3)), count(word(4)), number_between(2, 2), count(key_pair('ssh'))]") == [3, 4, 2, 3]
    assert worth("without(body.map, 'a', 'b')") == {"d-e": "dashed"}


def test_every_draw_is_another_one_and_a_world_of_the_same_seed_repeats_them() -> None:
    rules = (
        DESK + "resource probe in world { id sequence }\noperation ask probe GET /probe { answer 200 { v: uuid() } }"
    )
    one, same_seed, other = cloud(rules, seed=7), cloud(rules, seed=7), cloud(rules, seed=8)
    drawn = [one.request("GET", "/desk/probe").body["v"] for _ in range(4)]
    assert all(before != after for before, after in pairwise(drawn))
    assert drawn == [same_seed.request("GET", "/desk/probe").body["v"] for _ in range(4)]
    assert drawn[0] != other.request("GET", "/desk/probe").body["v"]
