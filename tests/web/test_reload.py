# SPDX-License-Identifier: Apache-2.0
"""Files that are read again: in this process, where every step can be looked at, and over a socket, under load."""

import logging
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from falcon.testing import TestClient

from mimic_rules.config import load_config
from mimic_rules.web.cloud import Cloud, open_cloud
from mimic_rules.web.making import made, recipe_in
from mimic_rules.web.mounts import Mount
from mimic_rules.web.runtime import Given, add, switch
from tests.cloud import RunningCloud
from tests.web.conftest import TICKETS

Start = Callable[..., RunningCloud]

RULE = "\nfor tickets.ticket\nrule busy on create when body.title == 'no' then respond 503 \"WORDS\"\n"
ROOM = "\nfor tickets\nresource room in world { id text }\n"
ANN = {"X-Agent": "ann"}


class Desk:
    """A cloud of `team.rules` in a folder, in this process."""

    def __init__(self, folder: Path, rules: str, config: str = "") -> None:
        self.folder = folder
        (folder / "mimic.yaml").write_text(f"rules: [team.rules]\n{config}")
        self.write(rules)

        def load() -> Any:
            return load_config(start=folder, environ={}, flags={})

        self.cloud: Cloud = open_cloud(load(), texts={}, load=load)
        self.reload = self.cloud.reload
        self._client = TestClient(self.cloud.app)

    def write(self, rules: str) -> None:
        (self.folder / "team.rules").write_text(rules)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        extras = {"wsgi.multiprocess": False, "SERVER_NAME": "127.0.0.1"}
        return self._client.simulate_request(
            method, path, json=body, headers=ANN, extras=extras, remote_addr="127.0.0.1"
        )

    def create(self, title: str, prefix: str = "") -> Any:
        return self.ask("POST", f"{prefix}/tickets/v1/tickets", {"title": title})

    def health(self) -> Any:
        return self.ask("GET", "/_mimic/health").json

    @property
    def mount(self) -> Mount:
        mount = self.cloud.mounts.get("default")
        assert mount is not None
        return mount

    def second(self) -> Mount:
        """Another world of the same rules, `/w/blue`."""
        mount = made(recipe_in(self.mount), "blue")
        self.cloud.mounts.add(mount)
        return mount


def told(caplog: pytest.LogCaptureFixture, level: int) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.levelno == level and "reload" in one.name]


def test_a_good_change_holds_for_all_worlds_and_keeps_what_they_hold(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    desk = Desk(tmp_path, TICKETS)
    desk.second()
    assert [desk.create("kept", prefix).status_code for prefix in ("", "/w/blue")] == [201, 201]
    assert desk.health()["reloads"] == 0
    desk.write(TICKETS + RULE)
    desk.reload.reread()
    for prefix in ("", "/w/blue"):
        assert desk.create("no", prefix).status_code == 503
        assert [one["title"] for one in desk.ask("GET", f"{prefix}/tickets/v1/tickets").json["tickets"]] == ["kept"]
    health = desk.health()
    assert (health["status"], health["reloads"], health["rules"]["team"]) == ("ok", 1, 2)
    assert told(caplog, logging.INFO)[0].startswith("the rules were read again: 2 of layer team")


def test_a_broken_change_keeps_the_last_good_rules_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk(tmp_path, TICKETS + RULE)
    desk.write(TICKETS + RULE.replace("body.title", "boddy.title").replace("create", "creat"))
    desk.reload.reread()
    assert desk.create("no").status_code == 503
    health = desk.health()
    assert (health["status"], health["reloads"]) == ("degraded", 0)
    line = TICKETS.count("\n") + 3
    assert [(one["code"], one["line"], one["column"], one["help"]) for one in health["problems"]] == [
        ("MR203", line, 14, "did you mean `create`?")
    ]
    (logged,) = told(caplog, logging.ERROR)
    assert "the last good ones stay" in logged
    assert "^^^^^" in logged
    # until there is a good one
    desk.write(TICKETS)
    desk.reload.reread()
    health = desk.health()
    assert (health["status"], health["reloads"], health["problems"]) == ("ok", 1, [])
    assert desk.create("no").status_code == 201


def test_a_broken_configuration_changes_nothing_either(tmp_path: Path) -> None:
    desk = Desk(tmp_path, TICKETS)
    (tmp_path / "mimic.yaml").write_text("rules: [team.rules, gone.rules]\nthreads: many\n")
    desk.reload.reread()
    assert {one["code"] for one in desk.health()["problems"]} == {"MR601", "MR611"}
    assert desk.create("a").status_code == 201
    (tmp_path / "mimic.yaml").write_text("rules: [team.rules]\nquotas: {tickets: 1}\n")
    desk.reload.reread()
    assert desk.create("b").status_code == 429


def test_texts_that_fit_stay_and_others_are_dropped(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk(tmp_path, TICKETS + RULE.replace("busy", "spare"))
    fits = "for tickets.ticket\non create when body.title == 'x' then respond 500"
    overriding = fits.replace("on create", "rule mine overrides spare on create").replace("'x'", "'y'")
    add(desk.mount, [Given(fits), Given(overriding)])
    switch(desk.mount, [plan.id for plan in desk.mount.rules.plans() if plan.name == "lost_comments"], enabled=False)
    desk.write("# one line more\n" + TICKETS + RULE)
    desk.reload.reread()
    assert [desk.create(title).status_code for title in ("x", "y", "no")] == [500, 201, 503]
    health = desk.health()
    assert (health["status"], health["reloads"]) == ("ok", 1)
    assert [(one["code"], one["file"], one["line"]) for one in health["dropped"]] == [("MR503", "r2", 2)]
    assert "MR503" in told(caplog, logging.WARNING)[0]
    rules = desk.ask("GET", "/_mimic/rules").json["rules"]
    assert [one["id"] for one in rules if one["layer"] == "run-time"] == ["r1:2:1"]
    assert [one["name"] for one in rules if not one["enabled"]] == ["lost_comments"]


def test_warnings_are_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk(tmp_path, TICKETS)
    desk.write(TICKETS + "# lint: ignore MR501 because there was one\n")
    desk.reload.reread()
    assert "MR702" in told(caplog, logging.WARNING)[0]
    assert desk.health()["status"] == "ok"


MORE = TICKETS.replace("title  text 1..80\n", "title  text 1..80\n  place  text = 'here'\n")
MORE = MORE.replace("id  title  status  opened", "id  title  place  status  opened")


def test_what_is_declared_may_change_around_living_records(tmp_path: Path) -> None:
    desk = Desk(tmp_path, TICKETS)
    assert desk.create("a").status_code == 201
    other = TICKETS.replace("view ticket.full { id  title", "view ticket.full { id  name: title")
    desk.write("# further down\n" + other.replace("unique (title)", "unique (title, id)") + ROOM)
    desk.reload.reread()
    assert desk.health()["status"] == "ok"
    # what was unique is not
    assert desk.create("a").json["name"] == "a"
    assert [one["name"] for one in desk.ask("GET", "/tickets/v1/tickets").json["tickets"]] == ["a", "a"]
    assert "tickets.room" in desk.mount.world.specs


@pytest.mark.parametrize("rules", [MORE, TICKETS.replace("DONE  -> CLOSED after 7d", "DOING -> CLOSED after 7d")])
def test_records_keep_the_fields_and_states_they_were_made_with(tmp_path: Path, rules: str) -> None:
    assert rules != TICKETS
    desk = Desk(tmp_path, TICKETS)
    assert desk.create("a").status_code == 201
    desk.write(rules)
    desk.reload.reread()
    (problem,) = desk.health()["problems"]
    assert (problem["code"], problem["message"]) == (
        "MR617",
        "world `default` holds records of `tickets.ticket`, whose fields or states are others now",
    )
    assert desk.ask("GET", "/tickets/v1/tickets").status_code == 200


def test_fields_may_change_where_there_are_no_records(tmp_path: Path) -> None:
    desk = Desk(tmp_path, TICKETS)
    desk.write(MORE)
    desk.reload.reread()
    assert desk.create("b").json["place"] == "here"


def test_a_world_that_cant_take_what_is_declared_keeps_all_worlds_as_they_are(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    free = TICKETS.replace("  unique (title)", "  # unique (title)")
    assert free != TICKETS
    desk = Desk(tmp_path, free)
    # the first world could take it, the second one can't
    desk.second()
    assert [desk.create("same", prefix).status_code for prefix in ("", "/w/blue", "/w/blue")] == [201, 201, 201]
    specs = desk.mount.world.specs
    desk.write(TICKETS)
    desk.reload.reread()
    health = desk.health()
    assert (health["status"], [one["code"] for one in health["problems"]]) == ("degraded", ["MR617"])
    assert health["problems"][0]["message"].startswith("world `blue` holds what the rules don't allow now: ")
    assert "MR617" in told(caplog, logging.ERROR)[0]
    assert desk.mount.world.specs is specs
    assert [desk.create("same", prefix).status_code for prefix in ("", "/w/blue")] == [201, 201]


def test_a_mistake_of_ours_does_not_end_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(tmp_path, TICKETS)
    calls: list[int] = []

    def broken() -> None:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("ours")

    monkeypatch.setattr(desk.reload, "reread", broken)
    desk.reload.start()
    for wanted in (1, 2):
        desk.reload.ask()
        until(lambda wanted=wanted: len(calls) == wanted)


def until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "this never came to hold"
        time.sleep(0.02)


# over a socket -------------------------------------------------------------------------------------------------------


def reloads(running: RunningCloud) -> Any:
    return running.ask("GET", "/_mimic/health").json["reloads"]


def write(running: RunningCloud, rules: str) -> None:
    """As editors do: another file in the place of the old one."""
    fresh = running.errors.parent / "team.rules.new"
    fresh.write_text(rules)
    fresh.rename(running.errors.parent / "team.rules")


def title_of(running: RunningCloud, number: int) -> Any:
    return running.ask("GET", f"/tickets/v1/tickets/{number}", headers=ANN)


def test_a_signal_has_the_files_read_again_and_keeps_the_worlds(running_cloud: Start) -> None:
    running = running_cloud(TICKETS)
    made = running.ask("POST", "/tickets/v1/tickets", {"title": "kept"}, ANN).json["id"]
    write(running, TICKETS + RULE)
    assert running.ask("POST", "/tickets/v1/tickets", {"title": "no"}, ANN).status == 201
    running.process.send_signal(signal.SIGHUP)
    until(lambda: reloads(running) == 1)
    assert title_of(running, made).json["title"] == "kept"
    answer = running.ask("POST", "/tickets/v1/tickets", {"title": "no"}, ANN)
    assert (answer.status, answer.json["because"]) == (503, "WORDS")
    write(running, "for nothing")
    running.process.send_signal(signal.SIGHUP)
    until(lambda: running.ask("GET", "/_mimic/health").json["status"] == "degraded")
    assert title_of(running, made).status == 200
    assert "there is no service `nothing`" in running.said()


def test_a_change_takes_effect_under_load_and_no_request_fails(running_cloud: Start) -> None:
    """Every answer is by the old words or by the new ones, in that order for each client; none is anything else."""
    running = running_cloud(TICKETS + RULE.replace("WORDS", "0"), reload=None)
    stop = threading.Event()
    heard: list[list[str]] = [[] for _ in range(3)]

    def client(said: list[str]) -> None:
        while not stop.is_set():
            answer = running.ask("POST", "/tickets/v1/tickets", {"title": "no"}, ANN)
            said.append(answer.json["because"] if answer.status == 503 else f"{answer.status}")

    clients = [threading.Thread(target=client, args=[said]) for said in heard]
    for one in clients:
        one.start()
    try:
        for number in (1, 2):
            write(running, TICKETS + RULE.replace("WORDS", str(number)))
            until(lambda number=number: all(said and said[-1] == str(number) for said in heard))
        write(running, TICKETS + RULE + "\n}")
        until(lambda: running.ask("GET", "/_mimic/health").json["status"] == "degraded")
    finally:
        stop.set()
        for one in clients:
            one.join()
    for said in heard:
        assert list(dict.fromkeys(said)) == sorted(set(said)) == ["0", "1", "2"]
        assert said == sorted(said)
    assert reloads(running) == 2
