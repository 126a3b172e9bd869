# SPDX-License-Identifier: Apache-2.0
"""What a balancer has one of, over a real socket: refused in the same words alone and within a new balancer."""

from typing import Any

import pytest

from tests.cloud import RunningCloud
from tests.services.balancing import Balancing, invalid, items, refused, tenant

SCHEMA = {"message": ["JSON does not match the expected schema"]}
MONITOR = {"type": "CONNECT", "delay": 5, "timeout": 5, "attemptsBeforeDeactivation": 3}
SITE = {**MONITOR, "type": "HTTP", "path": "/", "statusRegex": "^200$"}


def network(number: int) -> dict[str, str]:
    return {"address": f"10.{number}.0.0/16", "type": "DENY"}


# What a client may ask of each feature and may not, with the words of the refusal; the path and the method of its own.
WRONG: list[tuple[str, str, str, Any, str]] = [
    *(
        ("PUT", "healthmonitor", "healthMonitor", {**MONITOR, **wrong}, f"Health monitor {words}")
        for wrong, words in (
            ({"type": "PING"}, "type is invalid. Must be CONNECT, HTTP or HTTPS."),
            ({"delay": 0}, "delay is invalid. Range is 1-3600."),
            ({"delay": 3601}, "delay is invalid. Range is 1-3600."),
            ({"delay": "5"}, "delay is invalid. Range is 1-3600."),
            ({"timeout": 301}, "timeout is invalid. Range is 1-300."),
            ({"attemptsBeforeDeactivation": 11}, "attempts before deactivation is invalid. Range is 1-10."),
            ({"type": "HTTP", "path": "/"}, "of type HTTP must have a path and a statusRegex."),
            ({"type": "HTTPS", "statusRegex": "^2"}, "of type HTTPS must have a path and a statusRegex."),
        )
    ),
    (
        "PUT",
        "sessionpersistence",
        "sessionPersistence",
        {"persistenceType": "HTTP_COOKIE"},
        "HTTP_COOKIE session persistence is only valid with the HTTP protocol.",
    ),
    (
        "PUT",
        "sessionpersistence",
        "sessionPersistence",
        {"persistenceType": "SOURCE_IP"},
        "SOURCE_IP session persistence is only valid with the HTTP and HTTPS protocols.",
    ),
    (
        "PUT",
        "connectionthrottle",
        "connectionThrottle",
        {},
        "The throttle must have at least one of minConnections, maxConnections, maxConnectionRate and rateInterval.",
    ),
    (
        "POST",
        "accesslist",
        "accessList",
        [network(1), network(2), network(1)],
        "All addresses of an access list must be unique.",
    ),
    ("POST", "metadata", "metadata", items(a=1) + items(a=2), "The metadata keys must be unique."),
]
ILL: list[tuple[str, str, str, Any]] = [
    ("PUT", "healthmonitor", "healthMonitor", [1]),
    ("PUT", "sessionpersistence", "sessionPersistence", {"persistenceType": "LUCK"}),
    ("PUT", "connectionthrottle", "connectionThrottle", {"maxConnections": -1}),
    ("PUT", "connectionthrottle", "connectionThrottle", {"speed": 1}),
    ("PUT", "connectionlogging", "connectionLogging", {"enabled": "yes"}),
    ("PUT", "contentcaching", "contentCaching", {}),
    ("POST", "accesslist", "accessList", [{"address": "10.0.0.0/8", "type": "MAYBE"}]),
    ("POST", "metadata", "metadata", [{"value": "b"}]),
]


@pytest.fixture(scope="module")
def ann(frozen: RunningCloud) -> Balancing:
    return tenant(frozen, "featured")


@pytest.fixture(scope="module")
def plain(ann: Balancing) -> int:
    """A balancer with a protocol that no session persistence fits."""
    return ann.create(protocol="TCP", port=5000)


def with_it(key: str, value: object) -> dict[str, object]:
    """The body of a create with one feature."""
    return {"loadBalancer": {"name": "a", "protocol": "TCP", "port": 5000, key: value}}


@pytest.mark.parametrize(("method", "path", "key", "value", "words"), WRONG)
def test_a_feature_that_is_not_valid(
    ann: Balancing, plain: int, method: str, path: str, key: str, value: object, words: str
) -> None:
    before = ann.show(plain)
    assert invalid(ann.ask(method, f"/{plain}/{path}", {key: value})) == words
    assert invalid(ann.ask("POST", "", with_it(key, value))) == words
    assert ann.show(plain) == before
    assert [one["id"] for one in ann.ask("GET", "").json["loadBalancers"]] == [plain]


@pytest.mark.parametrize(("method", "path", "key", "value"), ILL)
def test_a_feature_that_is_none(ann: Balancing, plain: int, method: str, path: str, key: str, value: object) -> None:
    for answer in (ann.ask(method, f"/{plain}/{path}", {key: value}), ann.ask("POST", "", with_it(key, value))):
        assert (answer.status, answer.json) == (400, SCHEMA)


def test_too_much_of_a_feature(ann: Balancing, plain: int) -> None:
    for path, key, value, words in [
        (
            "accesslist",
            "accessList",
            [network(n) for n in range(101)],
            "Access list must not exceed 100 items per load balancer.",
        ),
        (
            "metadata",
            "metadata",
            [{"key": f"k{n}", "value": "v"} for n in range(26)],
            "Metadata must not exceed 25 items.",
        ),
    ]:
        assert refused(ann.ask("POST", f"/{plain}/{path}", {key: value}), 413) == words
        assert refused(ann.ask("POST", "", with_it(key, value)), 413) == words


def test_a_balancer_comes_with_its_features(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "comes-with")
    asked = {
        "healthMonitor": SITE,
        "sessionPersistence": {"persistenceType": "SOURCE_IP"},
        "connectionThrottle": {"maxConnections": 10, "rateInterval": 60},
        "connectionLogging": {"enabled": True},
        "contentCaching": {"enabled": True},
    }
    made = ann.create(protocol="HTTPS", accessList=[network(1)], nodes=[{"address": "10.0.0.1", "port": 80}], **asked)
    shown = ann.show(made)
    assert {key: shown[key] for key in asked} == asked
    for path, key in zip(
        ("healthmonitor", "sessionpersistence", "connectionthrottle", "connectionlogging", "contentcaching"),
        asked,
        strict=True,
    ):
        assert ann.ask("GET", f"/{made}/{path}").json == {key: asked[key]}
    assert [one["address"] for one in ann.ask("GET", f"/{made}/accesslist").json["accessList"]] == ["10.1.0.0/16"]
    assert shown["nodes"][0]["status"] == "OFFLINE"
    # What another balancer has, is no matter.
    assert ann.ask("GET", f"/{ann.create(accessList=[network(1)])}/accesslist").json["accessList"][0]["type"] == "DENY"


def test_no_monitor_is_no_monitor(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "no-monitor")
    made = ann.create(healthMonitor={}, nodes=[{"address": "10.0.0.1", "port": 80}])
    assert ann.ask("GET", f"/{made}/healthmonitor").json == {"healthMonitor": {}}
    assert ann.nodes(made)[0]["status"] == "ONLINE"


def test_a_monitor_goes_after_the_secondary_nodes(frozen: RunningCloud) -> None:
    ann = tenant(frozen, "secondary")
    made = ann.create(
        healthMonitor=MONITOR,
        nodes=[{"address": "10.0.0.1", "port": 80}, {"address": "10.0.0.2", "port": 80, "type": "SECONDARY"}],
    )
    words = "Health monitor can't be deleted while there are SECONDARY nodes."
    assert refused(ann.ask("DELETE", f"/{made}/healthmonitor"), 400) == words
    assert ann.ask("DELETE", f"/{made}/nodes/{ann.nodes(made)[1]['id']}").status == 202
    assert ann.ask("DELETE", f"/{made}/healthmonitor").status == 202
