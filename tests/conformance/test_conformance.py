# SPDX-License-Identifier: Apache-2.0
"""Lists, outcomes, configuration and page of the conformance runs, without the suite itself."""

import re
from configparser import RawConfigParser

import pytest

from tests.cloud import RunningCloud, cloud
from tests.conformance import lists, page, results, settings
from tests.conformance.results import Outcome

RAISED = """Traceback (most recent call last):
  File "x.py", line 1, in test_x
    raise X()
tempest.lib.exceptions.BadRequest: Bad request
Details: {'code': 400}
"""


def test_a_list_names_classes_and_their_tests() -> None:
    assert lists.parsed("# what\na.B\n  test_c\n  test_d ?\n\na.E\n  test_f\n") == {
        "a.B.test_c": True,
        "a.B.test_d": False,
        "a.E.test_f": True,
    }
    with pytest.raises(ValueError, match="`test_c` stands below no class"):
        lists.parsed("  test_c\n")


def test_the_lists_of_the_tree() -> None:
    must, whole = lists.read(lists.MUST_PASS), lists.read("identity_compute")
    assert (len(must), len(whole)) == (86, 579)
    assert set(must) <= set(whole)
    assert all(must.values())


def test_a_test_is_found_whatever_ids_stand_behind_its_name() -> None:
    (pattern,) = lists.patterns({"a.B.test_c": True}).split()
    assert re.search(pattern, "a.B.test_c[id-1,smoke]")
    assert re.search(pattern, "a.B.test_c")
    assert not re.search(pattern, "a.B.test_cd[id-1]")
    assert not re.search(pattern, "xa.B.test_c")


def test_outcomes_are_those_of_the_list() -> None:
    ran = {"a.B.test_c[id-1]": Outcome("passed"), "setUpClass (a.D)": Outcome("failed", "no login")}
    assert results.of_list(["a.B.test_c", "a.D.test_e", "a.B.test_f"], ran) == {
        "a.B.test_c": Outcome("passed"),
        "a.D.test_e": Outcome("failed", "no login"),
        "a.B.test_f": Outcome("failed", "the runner said nothing of it"),
    }
    assert results.closing([Outcome("passed"), Outcome("failed"), Outcome("passed")]) == "2 passed, 1 failed, 0 skipped"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (RAISED, "tempest.lib.exceptions.BadRequest: Bad request Details: {'code': 400}"),
        ("  File x\nAssertionError: 1 != 2\n", "AssertionError: 1 != 2"),
        ("testtools.matchers._impl.MismatchError: 1 != 2: no", "testtools.matchers._impl.MismatchError: 1 != 2: no"),
        ("not on this cloud", "not on this cloud"),
        ("", ""),
    ],
)
def test_the_reason_is_what_was_raised(text: str, line: str) -> None:
    assert results.why(text) == line


def test_a_page_names_what_did_not_pass() -> None:
    text = page.section(
        {"tempest.api.B.c": Outcome("failed", f"a|b {'0' * 32}"), "tempest.api.B.d": Outcome("passed")}, "x 1"
    )
    assert text.startswith("1 passed, 1 failed, 0 skipped, by x 1.")
    assert text.endswith("| B.c | failed | `` a\\|b ID `` |")
    shipped = page.PAGE.read_text(encoding="utf-8")
    for name in ("must_pass", "identity_compute"):
        again = page.written(shipped, name, "told")
        assert "\ntold\n" in again
        assert page.written(again, name, "told") == again
    with pytest.raises(ValueError, match="must stand in the page"):
        page.written(shipped, "nowhere", "told")


def test_the_configuration_is_of_what_the_world_has(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("cloud")
    with cloud(folder, config=settings.CONFIG) as running:
        _compare(running, settings.written(running, folder))


def _compare(running: RunningCloud, text: str) -> None:
    read = RawConfigParser()
    read.read_string(text)
    assert read["identity"]["uri_v3"] == f"{running.url}/identity/v3"
    assert read["identity"]["region"] == "RegionOne"
    assert {read["compute"]["flavor_ref"], read["compute"]["flavor_ref_alt"]} == {"1", "2"}
    assert len({read["compute"]["image_ref"], read["compute"]["image_ref_alt"]}) == 2
    assert "$" not in text.split("[DEFAULT]", 1)[1]
