# SPDX-License-Identifier: Apache-2.0
"""A world as a test drives it: everything that can be asked of one, against a real cloud over a real socket."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import openstack
import pytest

from mimic_rules.testing import Cloud, ControlError, Hits, World, start
from tests.testing.desk import DESK, LATE, ask, open_ticket, show_ticket

BEGINNING = datetime(2030, 1, 1, tzinfo=UTC)


# the world itself ----------------------------------------------------------------------------------------------------


def test_a_world_is_there_for_its_block_alone(here: Cloud) -> None:
    with here.world("blue", seed=4) as world:
        assert world.id == "blue"
        assert world.url == f"{here.url}/w/blue"
        assert world.services["desk"] == f"{world.url}/desk"
        assert open_ticket(world).status == 201
        assert show_ticket(here.default).status == 404
    assert ask(here.url, "GET", "/w/blue/desk/tickets/1").status == 404


def test_a_world_goes_with_its_block_also_where_that_fails(here: Cloud) -> None:
    with pytest.raises(KeyError), here.world("red"):
        raise KeyError
    with here.world("red") as again:
        # Nobody minds that the block has removed it by itself.
        assert ask(here.url, "DELETE", f"/_mimic/worlds/{again.id}").status == 204


def test_a_world_that_cannot_be_made_says_why(here: Cloud) -> None:
    with pytest.raises(ControlError) as refused, here.world("default"):
        pass
    assert refused.value.status == 409
    with pytest.raises(ControlError) as refused, here.world(config={"nothing": 1}):
        pass
    assert refused.value.status == 400
    assert "config.nothing" in str(refused.value)
    assert [one.code for one in refused.value.diagnostics] == ["MR610"]


def test_clients_find_a_world_by_what_it_hands_out(
    here: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "clouds.yaml").touch()
    with here.world(regions=["North", "South"]) as world:
        (tmp_path / "clouds.yaml").write_text(world.clouds_yaml)
        monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(tmp_path / "clouds.yaml"))
        with openstack.connect(cloud="mimic") as client:
            assert client.config.region_name == "North"
            assert client.session.get_endpoint(service_type="compute").startswith(world.url)
        assert world.auth_urls["v3"].startswith(f"{world.url}/identity/v3")
    with pytest.raises(LookupError, match="no service of the world `default` hands out"):
        assert here.default.clouds_yaml


def test_a_world_forks(world: World) -> None:
    open_ticket(world)
    with world.fork(rules=[LATE], clock={"start": "2031-01-01T00:00:00Z"}) as other:
        assert show_ticket(other).status == 200
        assert open_ticket(other, "late").status == 503
        assert other.clock.now.year == 2031
        open_ticket(other)
    assert show_ticket(world, 2).status == 404
    assert open_ticket(world, "late").status == 201


def test_a_world_is_kept_and_put_back(world: World) -> None:
    open_ticket(world)
    kept = world.snapshot("before")
    assert (kept.name, kept.bytes > 100) == ("before", True)
    with pytest.raises(ControlError, match="there is a snapshot `before` already"):
        world.snapshot("before")
    open_ticket(world)
    world.restore("before")
    assert [show_ticket(world, number).status for number in (1, 2)] == [200, 404]
    assert world.snapshot("before", replace=True).name == "before"


def test_a_world_is_reset_to_how_it_was_made(here: Cloud) -> None:
    with here.world(rules=[LATE]) as world:
        open_ticket(world)
        world.clock.advance("1d")
        world.rules.add("for desk\non show ticket then respond 404")
        world.reset()
        assert world.clock.now == BEGINNING
        assert world.journal.requests() == ()
        assert open_ticket(world, "late").status == 503
        assert open_ticket(world).body["id"] == 1
        assert show_ticket(world).status == 200


# its clock -----------------------------------------------------------------------------------------------------------


def test_time_moves_as_it_is_told(world: World) -> None:
    open_ticket(world)
    assert world.clock.now == BEGINNING
    told = world.clock.advance("30m")
    assert (told.now, told.fired, told.frozen) == (BEGINNING + timedelta(minutes=30), 0, True)
    told = world.clock.advance(timedelta(hours=1))
    assert told.fired == 1
    (event,) = told.events
    assert (event.kind, event.key, event.field, event.source, event.target) == (
        "desk.ticket",
        1,
        "status",
        "NEW",
        "DONE",
    )
    assert event.at == (BEGINNING + timedelta(hours=1)).timestamp()
    assert world.clock.until("2030-06-01").now == datetime(2030, 6, 1, tzinfo=UTC)
    assert world.clock.until(datetime(2030, 7, 1, tzinfo=UTC)).now == datetime(2030, 7, 1, tzinfo=UTC)
    with pytest.raises(ControlError, match="time only goes forward"):
        world.clock.until("2029-01-01")
    with pytest.raises(ControlError, match="`advance` takes seconds"):
        world.clock.advance(-1)


def test_time_runs_and_stands_still(world: World) -> None:
    assert world.clock.run(rate=3600).rate == 3600
    told = world.clock.freeze(at=datetime(2031, 1, 1, tzinfo=UTC))
    assert (told.now, told.frozen) == (datetime(2031, 1, 1, tzinfo=UTC), True)
    assert world.clock.run().frozen is False
    assert world.clock.freeze().now >= datetime(2031, 1, 1, tzinfo=UTC)


def test_time_moves_until_quiet(world: World) -> None:
    open_ticket(world)
    told = world.clock.until_quiet(within="30m")
    assert (told.quiet, told.fired) == (True, 0)
    assert [one.target for one in told.pending] == ["DONE"]
    told = world.clock.until_quiet()
    assert (told.now, told.fired, told.pending) == (BEGINNING + timedelta(hours=1), 1, ())


def test_looks_move_time(world: World) -> None:
    assert world.clock.on_poll(after=2).poll == 2
    open_ticket(world)
    assert [show_ticket(world).body["status"] for _ in range(2)] == ["NEW", "DONE"]
    assert world.clock.on_poll(None).poll is None


def test_a_record_ages(world: World) -> None:
    open_ticket(world)
    aged = world.age("desk.ticket", 1, by=timedelta(hours=2))
    assert (aged.kind, aged.key, aged.states, aged.gone, aged.fired) == ("desk.ticket", 1, {"status": "DONE"}, False, 1)
    with pytest.raises(ControlError) as refused:
        world.age("desk.tickets", 1, by="2h")
    assert refused.value.status == 404


# its rules -----------------------------------------------------------------------------------------------------------


def test_rules_come_and_go(world: World) -> None:
    with world.rules.add(LATE, name="tardy") as added:
        assert (added.id, added.warnings) == ("tardy", ())
        assert [rule.name for rule in added.rules] == ["late"]
        answer = open_ticket(world, "late")
        assert (answer.status, answer.body["message"]) == (503, "come back tomorrow")
        (rule,) = world.rules.list("run-time")
        assert (rule.id, rule.layer, rule.enabled) == ("tardy:2:1", "run-time", True)
        assert rule.hits == Hits(considered=1, matched=1, decided=1, last=answer.request)
        with world.rules.disabled("late"):
            assert open_ticket(world, "late").status == 201
        assert open_ticket(world, "late").status == 503
    assert open_ticket(world, "late").status == 201
    assert world.rules.list("run-time") == ()
    # What it did isn't forgotten.
    assert [one.hits.decided for one in world.rules.seen()] == [2]


def test_rules_come_from_files_and_together(world: World, tmp_path: Path) -> None:
    file = tmp_path / "late.rules"
    file.write_text(LATE)
    first, second = world.rules.add_all(file, "for desk\non open ticket when body.title == 'late' then respond 404")
    assert open_ticket(world, "late").status == 404
    second.remove()
    second.remove()
    assert open_ticket(world, "late").status == 503
    world.rules.clear()
    assert world.rules.list("run-time") == ()
    assert len(world.rules.seen()) == 2
    assert world.rules.add_all() == ()
    first.remove()


def test_a_wrong_text_is_told_as_lint_tells_it(world: World) -> None:
    with pytest.raises(ControlError) as wrong:
        world.rules.add("for desk\non open ticket when body.titel == 'late' then respond 503", name="typo")
    assert wrong.value.status == 400
    (one,) = wrong.value.diagnostics
    assert (one.code, one.place, one.line, one.column) == ("MR201", "typo", 2, 26)
    assert "typo:2:26: error MR201:" in str(wrong.value)
    assert "when body.titel == 'late'" in str(wrong.value)
    assert "did you mean `title`?" in str(wrong.value)
    assert world.rules.list("run-time") == ()
    with pytest.raises(ControlError) as unknown:
        world.rules.remove("nothing")
    assert unknown.value.status == 404


# its journal ---------------------------------------------------------------------------------------------------------


def test_the_journal_is_read(world: World) -> None:
    first, second = open_ticket(world), show_ticket(world)
    ask(world.url, "GET", "/desk/chairs")
    told = world.journal.requests()
    assert [(one.method, one.path, one.status) for one in told] == [
        ("POST", "/desk/tickets", 201),
        ("GET", "/desk/tickets/1", 200),
        ("GET", "/desk/chairs", 501),
    ]
    assert (told[0].id, told[0].body, told[0].operation) == (first.request, {"title": "printer"}, "open ticket")
    assert [one.path for one in world.journal.unmatched()] == ["/desk/chairs"]
    assert [one.id for one in world.journal.requests(operation="show ticket")] == [second.request]
    assert [one.id for one in world.journal.requests(status=200)] == [second.request]
    assert [one.id for one in world.journal.requests(since=first.request, limit=1)] == [second.request]
    assert str(told[1]) == "GET /desk/tickets/1 -> 200, show ticket"
    world.journal.clear()
    assert (world.journal.requests(), world.journal.dropped) == ((), 0)


def test_what_happened_is_verified(world: World) -> None:
    open_ticket(world)
    open_ticket(world, "chair")
    world.assert_requested(operation="open ticket", times=2)
    world.assert_requested(operation="open ticket", body={"title": "chair"}, times={"at_most": 1})
    world.assert_requested(method="POST")
    assert world.verify({"operation": "open ticket"}, never=[{"method": "GET"}], in_order=True, no_others=True).passed
    with pytest.raises(AssertionError) as wrong:
        world.assert_requested(operation="open ticket", body={"title": "table"})
    assert "failed: found 0 times, expected at least once" in str(wrong.value)
    assert "nearest: POST /desk/tickets -> 201, where body.title is" in str(wrong.value)


def test_what_cannot_be_known_is_not_asserted() -> None:
    with start([DESK], limits={"journal": 1}) as cloud:
        world = cloud.default
        open_ticket(world)
        open_ticket(world)
        assert world.journal.dropped == 1
        assert world.verify({"operation": "open ticket", "times": 2}).result == "unknown"
        with pytest.raises(AssertionError, match="unknown"):
            world.assert_requested(operation="open ticket", times=2)


def test_answers_are_explained(world: World) -> None:
    world.trace()
    world.rules.add(LATE)
    why = world.explain(open_ticket(world, "late").request)
    assert why.startswith("POST /desk/tickets -> 503\n")
    assert "+ late" in why
    world.trace(on=False)
    with pytest.raises(ControlError) as unknown:
        world.explain("nothing")
    assert unknown.value.status == 404


# its tenants ---------------------------------------------------------------------------------------------------------


def test_flags_of_tenants_are_set(here: Cloud, tmp_path: Path) -> None:
    with here.world() as world:
        tenant = world.tenant("demo")
        assert tenant.flags["suspended"] is False
        assert tenant.set(suspended=True).flags["suspended"] is True
        assert world.tenant(tenant.key).flags["suspended"] is True
        with pytest.raises(LookupError, match=r"there are 0 tenants `nobody` .* which has: .*demo"):
            world.tenant("nobody")
        with pytest.raises(ControlError) as unknown:
            tenant.set(suspnded=True)
        assert "suspended" in str(unknown.value)
