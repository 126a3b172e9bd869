# SPDX-License-Identifier: Apache-2.0
"""The measurements measure what they say: each runs with tiny sizes, and how fast anything was is not looked at."""

import math
import sys
from pathlib import Path

import orjson
import pytest

from mimic_rules.engine import strikes
from tests.bench import (
    clouds,
    encoding,
    loading,
    matching,
    memory,
    page,
    phases,
    requests,
    starting,
    timing,
    versions,
    watching,
    worlds,
)
from tests.bench.__main__ import main, sections
from tests.bench.rows import Row, compared
from tests.bench.timing import TINY, Timing


def sound(rows: list[Row]) -> bool:
    return bool(rows) and all(math.isfinite(row.measured) and row.measured > 0 for row in rows)


def targets(rows: list[Row]) -> list[float]:
    return [row.at_most for row in rows if row.at_most is not None]


def test_matching_has_a_target_and_three_numbers_beside_it() -> None:
    rows = matching.rows(TINY)
    assert sound(rows)
    assert targets(rows) == [1.3]
    assert len(rows) == 4


@pytest.mark.parametrize("share", [0, matching.SHARE])
def test_each_measured_record_matches_its_rule_alone(share: int) -> None:
    rules = matching.linked(2 * matching.SHARE)
    matched = matching.Matched(matching.partly(rules) if share else rules, share)
    found = [list(matched.table.match(matched.frame, record)) for record in matched.records]
    assert all(len(rows) == 1 for rows in found)
    assert {rows[0] for rows in found} == set(matched.table.rows)
    assert found == [list(matched.table.match_linear(matched.frame, record)) for record in matched.records]
    indexed = [row for row in matched.table.rows if row.plan.keys is not None]
    assert len(indexed) == len(rules) - (2 if share else 0)


def test_requests_have_two_targets() -> None:
    rows, times = requests.against_bare(TINY)
    assert sound(rows)
    assert targets(rows) == [6.0, 4.0]
    assert times["get"].best > 0


def test_microversions_and_lists_have_targets() -> None:
    rows = versions.rows(TINY)
    assert sound(rows)
    assert targets(rows) == [1.3, 6.0, 6.0]


def test_many_records_and_their_memory_have_a_target_each() -> None:
    rows = [*requests.with_many(TINY), *memory.rows(TINY)]
    assert sound(rows)
    assert targets(rows) == [1.3, 6.0]


def test_a_batch_of_creates_is_undone() -> None:
    of = clouds.Measured(3)
    before = of.world.held
    lane = requests.undone(of)
    held = []
    for _ in range(2):
        lane.prepare(4)()
        held.append(of.world.held)
        lane.tidy()
    # Each create makes two records: what was asked for, and a line of its history.
    assert held == [before + 8] * 2
    assert of.world.held == before


def test_the_bare_routes_answer_the_same_bytes() -> None:
    of = clouds.Measured(2)
    app = clouds.bare(of, headers=True)
    for id in of.ids:
        own, other = clouds.ask(of.app, of.get_environ(id)), clouds.ask(app, of.get_environ(id))
        assert own.body == other.body
        assert own.status == other.status == 200
        assert set(own.headers) == set(other.headers)
    made = clouds.ask(app, of.create_environ())
    assert made.status == 202
    assert len(made.body) == len(clouds.ask(of.app, of.create_environ()).body)


def test_a_lane_of_requests_refuses_another_status() -> None:
    of = clouds.Measured(1)
    lane = clouds.asking(of.app, iter([of.get_environ("nowhere")]), 200)
    with pytest.raises(AssertionError, match="404"):
        lane.prepare(1)()


def test_worlds_have_three_targets() -> None:
    rows = worlds.rows(TINY)
    assert sound(rows)
    assert targets(rows) == [5.0, 50.0, 50.0]


def test_what_is_ready_for_anything_has_a_target_for_each_part() -> None:
    rows = watching.rows(TINY)
    assert sound(rows)
    assert targets(rows) == [1.2] * 4 + [1.02] * 2 + [1.1] * 4


def test_run_time_rules_are_there_and_match_nothing() -> None:
    of = clouds.Measured(1)
    watching.add(of, watching.SAME, "on show, create", 3)
    assert of.gets().prepare(2)() is None
    listed = orjson.loads(clouds.ask(of.app, clouds.environ("GET", "/_mimic/rules")).body)["rules"][:3]
    assert [rule["hits"]["matched"] for rule in listed] == [0] * 3
    assert min(rule["hits"]["considered"] for rule in listed) > 0


def test_explanations_are_left_out_only_while_it_is_measured() -> None:
    of = clouds.Measured(1)
    lane = watching.unexplained(of.gets())
    before = strikes.candidates
    run = lane.prepare(2)
    assert strikes.candidates is not before
    run()
    lane.tidy()
    assert strikes.candidates is before


def test_start_and_loading_have_a_target_each() -> None:
    rows = [*starting.rows(1, Path(sys.executable)), *loading.rows(1)]
    assert sound(rows)
    assert targets(rows) == [6.0, 2.0]


def test_loading_in_this_process_names_every_stage() -> None:
    assert set(loading.staged()) == {"import", *loading.STAGES}


def test_json_is_compared_for_three_bodies() -> None:
    assert len([row for row in encoding.rows(TINY) if row.measured > 0]) == 3


def test_shares_of_a_request_name_its_phases() -> None:
    found = phases.breakdown(TINY)
    assert {"phase: find", "view"} <= set(found["get"])
    assert {"phase: quota", "values of the new record"} <= set(found["create"])
    assert all(micros >= 0 for one in found.values() for micros in one.values())


def test_the_stopwatch_takes_inner_stages_off() -> None:
    watch = phases.Stopwatch()
    inner = watch.wrap(lambda: sum(range(200_000)), "inner")
    outer = watch.wrap(inner, "outer")
    watch.begin()
    outer()
    taken = watch.end()
    assert taken["inner"] > taken["outer"]


def test_a_contest_takes_turns_and_tidies_up() -> None:
    done: list[str] = []
    lanes = {
        name: timing.Lane(
            lambda calls, name=name: lambda: done.append(f"{name}{calls}"), lambda name=name: done.append(f"/{name}")
        )
        for name in "ab"
    }
    times = timing.contest(lanes, timing.Effort(rounds=2, calls=5, many=1))
    assert done == ["a5", "/a", "b5", "/b"] * 3
    assert set(times) == {"a", "b"}


def test_a_row_is_met_up_to_its_target() -> None:
    row = compared("what", "meaning", Timing(3.0, 8.0), Timing(2.0, 4.0), 1.5)
    assert row.met is True
    assert (row.measured, row.median) == (1.5, 2.0)
    assert compared("what", "meaning", Timing(3.1, 8.0), Timing(2.0, 4.0), 1.5).met is False
    assert compared("what", "meaning", Timing(3.1, 8.0), Timing(2.0, 4.0)).met is None


def test_the_table_shows_what_is_not_met() -> None:
    text = page.table([Row("a", "of a", 7.25, at_most=6.0), Row("b", "of b", 120.4, "ms")])
    assert "| a | ≤ 6 x | 7.25 x |  | **no** | of a |" in text
    assert "| b |  | 120 ms |  |  | of b |" in text


def test_only_what_is_between_the_markers_is_written() -> None:
    before = f"# Title\n{page.FIRST}\nold\n{page.LAST}\nthe end\n"
    after = page.written(before, "new\n")
    assert after == f"# Title\n{page.FIRST}\n\nnew\n\n{page.LAST}\nthe end\n"
    assert page.written(after, "new") == after
    with pytest.raises(ValueError, match="must stand in the page"):
        page.written("# Title\n", "new")


def test_the_kept_page_has_its_markers_and_every_section(capsys: pytest.CaptureFixture[str]) -> None:
    text = page.PAGE.read_text(encoding="utf-8")
    assert page.written(text, "x") != text
    assert main(["--only", "json"], TINY, 1) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(page.machine())
    assert "### JSON\n\n| measure |" in shown
    assert set(sections(TINY, 1, Path(sys.executable))) == {
        "rules",
        "requests",
        "many",
        "versions",
        "worlds",
        "watching",
        "start",
        "json",
        "phases",
    }


def test_a_page_is_of_one_run(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--write", "--only", "json"], TINY, 1)
    assert "a page is of one run" in capsys.readouterr().err
