# SPDX-License-Identifier: Apache-2.0
"""Which services stay when the configuration names some: the chosen ones, the team's, and all that these need."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from mimic_rules.compiler import compile_model
from mimic_rules.config import LoadResult, load_config
from mimic_rules.language.load import SHIPPED, TEAM, Loaded, Source, load
from mimic_rules.web.selection import select_services, unknown_services

DOOR = """
service door "Door" { mount /door }
for door
resource badge in world { id text  team text }
resource visit in world { id text }
"""
DESK = """
service desk "Desk" { mount /desk  caller header "X-Badge" is door.badge when true tenant team else 401 "no" }
for desk
resource ticket in tenant { id text  phone -> phone.line ? }
operation show ticket GET /tickets/{id} { answer 200 {} }
"""
PHONE = """
service phone "Phone" { mount /phone }
for phone
resource line in world { id text }
operation show line GET /lines/{id} { answer 200 {} }
rule busy on show line then respond 503
"""
LAMP = """
service lamp "Lamp" { mount /lamp }
for lamp
resource bulb in world { id text }
operation show bulb GET /bulbs/{id} { answer 200 {} }
"""
ALL = {"door.rules": DOOR, "desk.rules": DESK, "phone.rules": PHONE, "lamp.rules": LAMP}


def read(team: Mapping[str, str] | None = None) -> Loaded:
    sources = [Source(name, text, SHIPPED) for name, text in ALL.items()]
    loaded = load([*sources, *(Source(name, text, TEAM) for name, text in (team or {}).items())])
    assert loaded.diagnostics == ()
    return loaded


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        ([], []),
        (["lamp"], ["lamp"]),
        (["door"], ["door"]),
        (["desk"], ["desk", "door", "phone"]),
        (["phone", "lamp"], ["lamp", "phone"]),
        (["lamp", "nowhere"], ["lamp"]),
    ],
)
def test_a_service_brings_what_it_refers_to(chosen: list[str], kept: list[str]) -> None:
    selected = select_services(read().model, chosen, ALL)
    assert sorted(selected.services) == kept
    assert [rule.service for rule in selected.rules] == ["phone"] * ("phone" in kept)


@pytest.mark.parametrize(("chosen", "kept"), [("lamp", ["lamp"]), ("lamp_old", ["lamp", "lamp_old"])])
def test_a_dialect_brings_its_base_and_a_base_does_without(chosen: str, kept: list[str]) -> None:
    old = """
    service lamp_old "Old lamp" of lamp { mount /old }
    for lamp_old
    view bulb.full { number: id }
    operation look bulb GET /{id} { answer 200 self as full }
    """
    files = {"lamp.rules": LAMP, "old.rules": old}
    loaded = load([Source(name, text, SHIPPED) for name, text in files.items()])
    program = compile_model(select_services(loaded.model, [chosen], files))
    assert sorted(program.services) == kept
    assert [*program.services["lamp"].resources["bulb"].views] == ["lamp_old.full"] * ("lamp_old" in kept)


def test_services_keep_their_order() -> None:
    model = read().model
    selected = select_services(model, ["lamp", "phone", "door"], ALL)
    assert [*selected.services] == [name for name in model.services if name != "desk"]


def test_a_teams_service_stays_with_what_it_needs() -> None:
    bell = 'service bell "Bell" { mount /bell }\nfor bell\nresource rope in world { id text  badge -> door.badge ? }\n'
    selected = select_services(read({"bell.rules": bell}).model, ["lamp"], ALL)
    assert sorted(selected.services) == ["bell", "door", "lamp"]


def test_a_teams_rule_keeps_what_it_is_about() -> None:
    rule = "for desk.ticket\non show then respond 503\n"
    selected = select_services(read({"team.rules": rule}).model, ["lamp"], ALL)
    assert sorted(selected.services) == ["desk", "door", "lamp", "phone"]
    assert len(selected.rules) == 2


def test_a_teams_rule_about_everything_keeps_nothing() -> None:
    selected = select_services(read({"team.rules": "on any then respond 503\n"}).model, ["lamp"], ALL)
    assert sorted(selected.services) == ["lamp"]
    assert len(selected.rules) == 1


def test_the_model_that_came_in_is_as_it_was() -> None:
    model = read().model
    select_services(model, ["lamp"], ALL)
    assert sorted(model.services) == ["desk", "door", "lamp", "phone"]
    assert len(model.rules) == 1


# names that nobody declares ------------------------------------------------------------------------------------------


def loaded_from(folder: Path, text: str = "", environ: Mapping[str, str] | None = None, **flags: object) -> LoadResult:
    (folder / "mimic.yaml").write_text(text)
    return load_config(start=folder, environ=environ or {}, flags=flags)


@pytest.mark.parametrize(
    ("text", "line", "columns"),
    [
        ("services: [desk, lamb]\n", 1, (18, 22)),
        ("port: 0\nservices:\n- desk\n- lamb\n", 4, (3, 7)),
        ("services: [desk-lamb, lamb]\n", 1, (23, 27)),
        ('services: ["la\\x6db"]\n', 1, (1, 1)),
    ],
)
def test_an_unknown_service_is_reported_where_it_is_written(
    tmp_path: Path, text: str, line: int, columns: tuple[int, int]
) -> None:
    loaded = loaded_from(tmp_path, text)
    assert loaded.config is not None
    found = [one for one in unknown_services(loaded.config, read().model, loaded.sources) if "`lamb`" in one.message]
    (problem,) = found
    assert (problem.code, problem.message) == ("MR612", "there is no service `lamb`")
    assert problem.help == "did you mean `lamp`?"
    assert (problem.span.file, problem.span.line) == ("mimic.yaml", line)
    assert (problem.span.column, problem.span.end_column) == columns


@pytest.mark.parametrize(
    ("environ", "flags", "file"),
    [
        ({"MIMIC_SERVICES": "desk, zebra"}, {}, "environment variable MIMIC_SERVICES"),
        ({}, {"services": "desk, zebra"}, "flag --services"),
    ],
)
def test_it_may_come_from_elsewhere(
    tmp_path: Path, environ: dict[str, str], flags: dict[str, object], file: str
) -> None:
    loaded = loaded_from(tmp_path, environ=environ, **flags)
    assert loaded.config is not None
    (problem,) = unknown_services(loaded.config, read().model, loaded.sources)
    assert (problem.span.file, problem.span.column, problem.span.end_column) == (file, 7, 12)
    assert problem.help == "the services are `desk`, `door`, `lamp`, `phone`"


def test_without_a_list_nothing_is_unknown(tmp_path: Path) -> None:
    loaded = loaded_from(tmp_path)
    assert unknown_services(loaded.draft, read().model, loaded.sources) == ()


def test_examples_go_with_their_service_and_with_the_rule_that_they_prove() -> None:
    team = {
        "team.rules": """
            for lamp  example 'of the lamp' { show bulb at { id: 'a' } -> 404 }
            for door  example 'of the door' {}  example 'of the phone' for busy {}
        """
    }
    model = read(team).model
    titles = [one.example.title for one in select_services(model, ["door"], ALL).examples]
    assert titles == ["of the door"]
    titles = [one.example.title for one in select_services(model, ["door", "phone"], ALL).examples]
    assert titles == ["of the door", "of the phone"]
