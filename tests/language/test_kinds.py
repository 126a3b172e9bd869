# SPDX-License-Identifier: Apache-2.0
"""The lattice of kinds: what is joined is never more than is known of all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.language import types as ty
from mimic_rules.language.kinds import (
    BOOL,
    NULL,
    NUMBER,
    TEXT,
    TIME,
    UNKNOWN,
    Kind,
    group,
    join,
    kind_of_type,
    list_of,
    record_of,
    said,
    words,
)
from mimic_rules.language.model import Model, ResourceModel
from tests.language.checking import BOX, assert_fine, assert_only, loaded

MODEL = loaded(BOX).model


def resource(name: str) -> ResourceModel:
    """A resource of the shop."""
    return MODEL.services["shop"].resources[name]


KINDS = st.recursive(
    st.sampled_from([UNKNOWN, TEXT, NUMBER, BOOL, NULL, TIME])
    | st.frozensets(st.sampled_from("abc"), min_size=1).map(lambda texts: words(*texts)),
    lambda inner: (
        st.builds(list_of, inner)
        | st.builds(
            lambda of, members, closed: Kind("map", of, members, closed),
            inner,
            st.dictionaries(st.sampled_from("ab"), inner),
            st.booleans(),
        )
    ),
    max_leaves=5,
)


def plain(kind: Kind) -> object:
    """The kind as a value that can be compared."""
    members = {name: plain(one) for name, one in (kind.members or {}).items()}
    return kind.what, kind.of and plain(kind.of), members, kind.closed, kind.words


@given(KINDS)
def test_a_kind_joined_with_itself_or_with_null_is_the_same(kind: Kind) -> None:
    assert plain(join([kind])) == plain(kind)
    assert plain(join([kind, NULL])) == plain(kind)


@given(KINDS, KINDS)
def test_the_order_of_kinds_does_not_count(first: Kind, second: Kind) -> None:
    assert plain(join([first, second])) == plain(join([second, first]))


@given(KINDS, KINDS)
def test_different_kinds_are_unknown_together(first: Kind, second: Kind) -> None:
    joined = join([first, second])
    if first.what != second.what and NULL not in (first, second):
        assert joined is UNKNOWN


@pytest.mark.parametrize(
    ("kinds", "what"),
    [
        ([], "null"),
        ([record_of(resource("box")), record_of(resource("box"))], "record"),
        ([record_of(resource("box")), record_of(resource("maker"))], "unknown"),
        ([Kind("reference", resource=resource("box"))] * 2, "reference"),
        ([NUMBER, NUMBER, NULL], "number"),
        ([TEXT, words("a")], "text"),
    ],
)
def test_what_is_joined(kinds: list[Kind], what: str) -> None:
    assert join(kinds).what == what


def test_texts_that_are_known_stay_known_together() -> None:
    assert join([words("a"), words("b", "c")]).words == {"a", "b", "c"}
    assert join([words("a"), TEXT]).words is None


def test_a_time_is_a_number_and_a_status_a_text() -> None:
    assert {group(kind, MODEL) for kind in (TIME, NUMBER)} == {"number"}
    assert {group(kind, MODEL) for kind in (TEXT, Kind("state"))} == {"text"}
    assert group(record_of(resource("box")), MODEL) == "map"


def test_a_reference_is_of_the_kind_of_the_key() -> None:
    assert group(Kind("reference", resource=resource("box")), MODEL) == "text"
    assert group(Kind("reference", resource=resource("lid")), MODEL) == "number"
    assert group(Kind("reference"), MODEL) == "unknown"


@pytest.mark.parametrize(
    ("text", "is_known"),
    [
        ("resource a in world { key b, c  b text  c text }  resource d in world { a -> a }", False),
        ("resource a in world { key b  b -> box }  resource d in world { a -> a }", False),
        ("resource a in world { b text }  resource d in world { a -> a }", False),
        ("resource a in world { key b  b text }  resource d in world { a -> a }", True),
    ],
)
def test_a_key_may_be_of_no_known_kind(text: str, is_known: bool) -> None:
    rule = "for shop.d\noperation x d POST /x { create d { a: «1» }  answer 200 }"
    if is_known:
        assert_only("MR307", text + rule, BOX)
    else:
        assert_fine(text + rule.replace("«", "").replace("»", ""), BOX)


def test_maps_are_joined_by_their_members() -> None:
    maps = [
        Kind("map", of=TEXT, members={"a": TEXT, "b": NUMBER}, closed=True),
        Kind("map", of=TEXT, members={"a": TEXT}, closed=True),
    ]
    joined = join(maps)
    assert (plain(joined), joined.closed) == (
        ("map", plain(TEXT), {"a": plain(TEXT), "b": plain(NUMBER)}, True, None),
        True,
    )
    assert not join([*maps, Kind("map", of=TEXT)]).closed


@pytest.mark.parametrize(
    ("type_", "what"),
    [
        (ty.Plain("hex"), "text"),
        (ty.Plain("sequence"), "number"),
        (ty.Plain("bool"), "bool"),
        (ty.Plain("null"), "null"),
        (ty.Plain("any"), "unknown"),
        (ty.Plain("lifecycle"), "unknown"),
        (ty.Plain("time"), "time"),
        (ty.Exactly("a"), "text"),
        (ty.Exactly(3), "number"),
        (ty.OneOf((ty.Plain("text"), ty.Plain("null"))), "text"),
        (ty.OneOf((ty.Plain("text"), ty.Plain("int"))), "unknown"),
        (ty.Reference("", "box"), "reference"),
        (ty.Reference("", "nothing"), "unknown"),
        (ty.MapType(ty.Plain("text")), "map"),
        (ty.ObjectType(()), "map"),
        (ty.Type(), "unknown"),
    ],
)
def test_every_type_has_a_kind(type_: ty.Type, what: str) -> None:
    assert kind_of_type(MODEL, "shop", type_).what == what


def test_a_time_that_a_client_sends_may_be_anything() -> None:
    assert kind_of_type(Model(), "", ty.Plain("time"), stored=False) is UNKNOWN


def test_kinds_have_words_for_messages() -> None:
    assert (said(TEXT), said(UNKNOWN), said(Kind("state"))) == ("a text", "a value", "a status")
