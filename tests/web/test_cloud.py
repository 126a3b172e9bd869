# SPDX-License-Identifier: Apache-2.0
"""Opening a cloud from a configuration: what it is made of, and every reason not to open it.

Its answers over a socket are tested in test_serving.py; here it is opened in this process.
"""

import gc
from contextlib import suppress
from importlib import resources
from pathlib import Path

import pytest
from falcon.testing import TestClient

from mimic_rules.config import load_config
from mimic_rules.diagnostics import DiagnosticError
from mimic_rules.state.clock import wall_time
from mimic_rules.web.cloud import Cloud, open_cloud
from tests.web.conftest import TICKETS


def opened(folder: Path, rules: str = TICKETS, config: str = "", texts: dict[str, str] | None = None) -> Cloud:
    (folder / "team.rules").write_text(rules)
    (folder / "mimic.yaml").write_text(f"rules: [team.rules]\n{config}")
    loaded = load_config(start=folder, environ={}, flags={})
    return open_cloud(loaded, texts={} if texts is None else texts)


def problems(folder: Path, **how: str) -> list[str]:
    """`code line` of every diagnostic that keeps a cloud from opening, in order."""
    texts: dict[str, str] = {}
    with pytest.raises(DiagnosticError) as caught:
        opened(folder, texts=texts, **how)
    # the texts are there, to show what each is about
    assert {one.span.file for one in caught.value.diagnostics} <= set(texts)
    return [f"{one.code} {Path(one.span.file).name}:{one.span.line}" for one in caught.value.diagnostics]


def asking(cloud: Cloud) -> TestClient:
    return TestClient(cloud.app)


def test_a_cloud_has_the_default_world_as_configured(tmp_path: Path) -> None:
    cloud = opened(tmp_path, config="clock: {start: '2030-01-01T00:00:00Z', mode: frozen, rate: 3}\nseed: apple\n")
    world = cloud.mounts.store.world("default")
    assert cloud.mounts.store.ids() == ("default",)
    assert world is not None
    assert world.clock.state() == {"now": 1893456000.0, "rate": 3.0, "frozen": True, "poll": None}
    assert world.seed == "apple"
    assert cloud.warnings == ()


def test_a_clock_starts_now_unless_told_otherwise(tmp_path: Path) -> None:
    world = opened(tmp_path).mounts.store.world("default")
    assert world is not None
    assert abs(world.clock.now() - wall_time()) < 60
    assert (world.clock.rate, world.clock.frozen) == (1.0, False)


def test_health_counts_rules_by_layer(tmp_path: Path) -> None:
    health = asking(opened(tmp_path)).simulate_get(
        "/_mimic/health", extras={"wsgi.multiprocess": False, "SERVER_NAME": "::1"}, remote_addr="::1"
    )
    assert health.json["rules"]["team"] == 1
    assert "tickets" in health.json["services"]


def test_only_chosen_services_answer(tmp_path: Path) -> None:
    everything = opened(tmp_path)
    chosen = opened(tmp_path, config="services: [tickets]\n")
    assert set(chosen.engine.linked.services) == {"tickets"}
    assert set(everything.engine.linked.services) > {"tickets"}


def test_the_settings_of_rules_are_bound(tmp_path: Path) -> None:
    rules = TICKETS + 'setting motto text = "none" "what it says"\n'
    assert opened(tmp_path, rules).settings["motto"] == "none"
    assert opened(tmp_path, rules, "motto: one for all\n").settings["motto"] == "one for all"


def test_all_problems_come_together(tmp_path: Path) -> None:
    wrong = TICKETS + "\nfor tickets.ticket\nwhen titel == 'a' then status stays OPEN\n"
    last = wrong.count("\n")
    found = problems(tmp_path, rules=wrong, config="threads: many\n")
    assert sorted(found) == [f"MR201 team.rules:{last}", "MR611 mimic.yaml:2"]


def test_problems_of_settings_and_services_come_together(tmp_path: Path) -> None:
    config = "services: [tickts]\nprot: 1\nthreads: many\n"
    assert problems(tmp_path, config=config) == ["MR612 mimic.yaml:2", "MR610 mimic.yaml:3", "MR611 mimic.yaml:4"]


def test_a_file_that_cant_be_read_is_one_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, config="durations: {a.b.C: soon}\n") == ["MR612 mimic.yaml:2"]
    (tmp_path / "latin.rules").write_bytes(b"# caf\xe9\n")
    with pytest.raises(DiagnosticError) as caught:
        open_cloud(
            load_config(start=tmp_path, environ={}, flags={"rules": str(tmp_path / "latin.rules"), "durations": "{}"}),
            texts={},
        )
    assert "MR102" in {one.code for one in caught.value.diagnostics}


def test_shipped_rules_that_a_team_names_are_read_once(tmp_path: Path) -> None:
    with resources.as_file(resources.files("mimic_rules.rules")) as folder:
        loaded = load_config(start=tmp_path, environ={}, flags={"rules": str(folder)})
        cloud = open_cloud(loaded, texts={})
    assert cloud.warnings == ()


@pytest.mark.parametrize("rules", [TICKETS, "service {"])
@pytest.mark.parametrize("collecting", [True, False])
def test_opening_leaves_the_collection_of_garbage_as_it_was(tmp_path: Path, rules: str, collecting: bool) -> None:
    before = gc.isenabled()
    (gc.enable if collecting else gc.disable)()
    try:
        with suppress(DiagnosticError):
            opened(tmp_path, rules)
        assert gc.isenabled() is collecting
    finally:
        (gc.enable if before else gc.disable)()


def test_a_seed_that_the_rules_refuse_keeps_a_cloud_from_opening(tmp_path: Path) -> None:
    rules = (
        'service desk "Desk" { mount /desk }\nfor desk\nsetting rooms list of text = [] "rooms"\n'
        'resource room in world { id text  floor -> floor ? else 400 "no floor {value}" }\n'
        "resource floor in world { id text }\n"
        "seed room for each r in setting.rooms { id: r, floor: r }\n"
    )
    assert opened(tmp_path, rules).config
    with pytest.raises(DiagnosticError) as caught:
        opened(tmp_path, rules, config="rooms: [attic]\n")
    (one,) = caught.value.diagnostics
    assert (one.code, one.span.line, one.span.column) == ("MR616", 6, 1)
    assert one.message == "the room `attic` can't be made: no floor attic"


def test_a_world_without_room_for_its_seeds_keeps_a_cloud_from_opening(tmp_path: Path) -> None:
    with pytest.raises(DiagnosticError) as caught:
        opened(tmp_path, config="limits: {records: 5}\n")
    (one,) = caught.value.diagnostics
    assert (one.code, one.help) == ("MR616", "raise `limits.records`")
    assert "holds 5 records" in one.message
