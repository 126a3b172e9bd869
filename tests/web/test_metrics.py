# SPDX-License-Identifier: Apache-2.0
"""Numbers for Prometheus: what is counted, in a form that its own parser takes, and never less than before."""

import subprocess
import sys
import threading
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from mimic_rules.state.clock import WorldClock
from mimic_rules.state.world import World
from mimic_rules.web.journal import Journal
from mimic_rules.web.metrics import MOST_RULES
from mimic_rules.web.mounts import Mount
from tests.cloud import RunningCloud
from tests.fake_cloud import FakeCloud
from tests.web.conftest import TICKETS

LABELS = ("service", "operation", "status", "rule")
Samples = dict[tuple[str, tuple[str, ...]], float]


def samples(text: str) -> Samples:
    """Every sample by its name and the values of its labels; raises ValueError for what isn't in the format."""
    found: Samples = {}
    for family in text_string_to_metric_families(text):
        assert family.documentation
        assert family.type in {"counter", "gauge"}
        for sample in family.samples:
            assert (family.type == "counter") == sample.name.endswith("_total")
            key = sample.name, tuple(sample.labels[label] for label in LABELS if label in sample.labels)
            assert key not in found
            found[key] = sample.value
    return found


def scrape(cloud: FakeCloud) -> Samples:
    answer = cloud.ask("GET", "/_mimic/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return samples(answer.text)


def world(cloud: FakeCloud, name: str) -> World:
    mount = cloud.mounts.get(name)
    if mount is None:
        mount = Mount(World(name, clock=WorldClock(0), seed=0, specs={}), cloud.engine, Journal(1))
        cloud.mounts.add(mount)
    return mount.world


def test_a_new_cloud_has_its_worlds_and_nothing_else() -> None:
    assert scrape(FakeCloud()) == {
        ("mimic_worlds", ()): 2,
        ("mimic_records", ()): 0,
        ("mimic_pending_events", ()): 0,
        ("mimic_journal_dropped_requests", ()): 0,
    }


def test_worlds_are_added_up() -> None:
    cloud = FakeCloud()
    for name, count in (("default", 1), ("green", 2)):
        tallies = world(cloud, name).tallies
        for _ in range(count):
            tallies.note("desk", "call", 200)
            tallies.matched("a.rules:1")
            tallies.decided("a.rules:1", None)
    world(cloud, "green").tallies.note("", "", 501)
    world(cloud, "green").tallies.matched('odd "name"\\\n.rules:2')
    with world(cloud, "green").transaction() as transaction:
        transaction.schedule(5000.0, "owner", ())
    told = scrape(cloud)
    assert told["mimic_requests_total", ("desk", "call", "200")] == 3
    assert told["mimic_requests_total", ("", "", "501")] == 1
    assert told["mimic_rule_matched_total", ("a.rules:1",)] == 3
    assert told["mimic_rule_decided_total", ("a.rules:1",)] == 3
    assert told["mimic_rule_matched_total", ('odd "name"\\\n.rules:2',)] == 1
    assert told["mimic_pending_events", ()] == 1


def test_what_journals_dropped_is_told() -> None:
    cloud = FakeCloud()
    for _ in range(13):
        cloud.ask("GET", "/a")
    assert scrape(cloud)["mimic_journal_dropped_requests", ()] == 3


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.booleans()), max_size=20))
def test_no_counter_falls_when_worlds_come_and_go(steps: list[tuple[str, int, bool]]) -> None:
    cloud = FakeCloud()
    before: Samples = {}
    asked = 0
    for name, count, goes in steps:
        tallies = world(cloud, name).tallies
        for _ in range(count):
            tallies.note("desk", "call", 200)
            tallies.decided(f"{name}.rules:1", None)
        asked += count
        if goes:
            assert cloud.mounts.remove(name)
            assert not cloud.mounts.remove(name)
        told = scrape(cloud)
        assert told.get(("mimic_requests_total", ("desk", "call", "200")), 0) == asked
        assert all(told[key] >= value for key, value in before.items() if key[0].endswith("_total"))
        before = told


def test_thousands_of_rules_are_a_thousand_and_the_rest() -> None:
    cloud = FakeCloud()
    first = world(cloud, "default").tallies
    for number in range(MOST_RULES):
        first.decided(f"b.rules:{number}", None)
    scrape(cloud)
    second = world(cloud, "green").tallies
    for number in range(50):
        second.decided(f"a.rules:{number}", None)
    for _ in range(2):
        told = scrape(cloud)
        decided = {labels[0]: value for (name, labels), value in told.items() if name == "mimic_rule_decided_total"}
        assert decided.pop("other") == 50
        assert set(decided) == {f"b.rules:{number}" for number in range(MOST_RULES)}
        cloud.mounts.remove("green")


def test_a_scrape_while_worlds_work_and_go_sees_each_once() -> None:
    cloud = FakeCloud()
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            for name in "abc":
                one = world(cloud, name)
                with one.transaction():
                    one.tallies.note("desk", "call", 200)
                cloud.mounts.remove(name)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        seen = [scrape(cloud).get(("mimic_requests_total", ("desk", "call", "200")), 0) for _ in range(100)]
    finally:
        stop.set()
        worker.join(20)
    assert seen == sorted(seen)


def test_nothing_is_imported_before_somebody_asks() -> None:
    code = "import sys, mimic_rules.web.cloud; sys.exit('prometheus_client' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_cloud_tells_what_it_was_asked(running_cloud: Callable[..., RunningCloud]) -> None:
    cloud = running_cloud(TICKETS)
    agent = {"X-Agent": "ann"}
    for title in "abc":
        assert cloud.ask("POST", "/tickets/v1/tickets", {"title": title}, agent).status == 201
    assert cloud.ask("GET", "/nowhere").status == 501
    told = samples(cloud.ask("GET", "/_mimic/metrics").body.decode())
    assert told["mimic_requests_total", ("tickets", "create ticket", "201")] == 3
    assert told["mimic_requests_total", ("", "", "501")] == 1
    assert told["mimic_records", ()] >= 3
