# SPDX-License-Identifier: Apache-2.0
"""How compute refuses, over a real socket: what a create checks and in which order, and every fault in its own form.

The words and codes are those of OpenStack's own service; clients match on them.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cloud import RunningCloud, cloud
from tests.services.callers import NOBODY, login, refusal, wanted

# creating: what is checked, and in which order -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "status", "fault", "words"),
    [
        ({"name": ""}, 400, "badRequest", "Invalid input for field/attribute name"),
        ({"name": "a" * 256}, 400, "badRequest", "Invalid input for field/attribute name"),
        ({"surprise": 1}, 400, "badRequest", "Additional properties are not allowed ('surprise' was unexpected)"),
        ({"metadata": {"a": 1}}, 400, "badRequest", "Invalid input for field/attribute a"),
        ({"imageRef": ""}, 400, "badRequest", "Missing imageRef attribute"),
        ({"imageRef": NOBODY}, 400, "badRequest", "Can not find requested image"),
        ({"flavorRef": "99"}, 400, "badRequest", "Flavor 99 could not be found."),
        ({"key_name": "nokey"}, 400, "badRequest", "Invalid key_name provided."),
        ({"availability_zone": "moon"}, 400, "badRequest", "The requested availability zone is not available"),
        ({"min_count": 3, "max_count": 2}, 400, "badRequest", "min_count must be <= max_count"),
        (
            {"metadata": {str(n): "" for n in range(129)}},
            403,
            "forbidden",
            "Maximum number of metadata items exceeds 128",
        ),
        # the first of two mistakes is the one that is checked first
        ({"flavorRef": "99", "name": ""}, 400, "badRequest", "field/attribute name"),
        ({"flavorRef": "99", "min_count": 99}, 400, "badRequest", "Flavor 99 could not be found."),
    ],
)
def test_a_create_that_is_wrong_is_refused(
    frozen: RunningCloud, change: dict[str, Any], status: int, fault: str, words: str
) -> None:
    caller = login(frozen, "wrong")
    assert words in refusal(caller.ask("POST", "/servers", wanted(**change)), status, fault)
    assert caller.ids() == []


@pytest.mark.parametrize(("need", "what"), [({"min_disk": 5}, "disk"), ({"min_ram": 1024}, "memory")])
def test_an_image_needs_a_flavor_of_its_size(tmp_path: Path, need: dict[str, int], what: str) -> None:
    with cloud(tmp_path, config={"images": [{"id": NOBODY, "name": "large", **need}]}) as started:
        caller = login(started)
        small = refusal(caller.ask("POST", "/servers", wanted(imageRef=NOBODY)), 400, "badRequest")
        assert small == f"Flavor's {what} is too small for requested image."
        assert caller.ids() == []
        assert caller.ask("POST", "/servers", wanted(imageRef=NOBODY, flavorRef="2")).status == 202


# refusals ------------------------------------------------------------------------------------------------------------

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status", "fault"),
    [
        ("POST", "/servers", b'{"server": ', JSON, 400, "badRequest"),
        ("POST", "/servers", b'{"server": {"name": "\xff"}}', JSON, 400, "badRequest"),
        ("POST", "/servers", b"[" * 300 + b"]" * 300, JSON, 400, "badRequest"),
        ("POST", "/servers", None, JSON, 400, "badRequest"),
        ("POST", "/servers", b"[]", JSON, 400, "badRequest"),
        ("POST", f"/servers/{NOBODY}/action", {"dance": None}, {}, 400, "badRequest"),
        ("POST", f"/servers/{NOBODY}/action", {"os-stop": None, "os-start": None}, {}, 400, "badRequest"),
        ("POST", "/servers", b"<server/>", {"Content-Type": "application/xml"}, 415, "badMediaType"),
        ("POST", "/servers", b'"' + b"a" * 2**20 + b'"', JSON, 413, "overLimit"),
        ("PATCH", "/servers", {}, {}, 405, "badMethod"),
        ("GET", "/servers/x/y/z", None, {}, 501, "notImplemented"),
        ("GET", f"/servers/{NOBODY}", None, {}, 404, "itemNotFound"),
        ("GET", "/os-cells", None, {}, 410, "computeFault"),
    ],
    ids=[
        *("json", "utf-8", "deep", "nothing", "list", "action", "two actions", "media", "large", "verb", "path", "id"),
        "gone",
    ],
)
def test_refusals_are_computes_own(
    frozen: RunningCloud, method: str, path: str, body: object, headers: dict[str, str], status: int, fault: str
) -> None:
    answer = login(frozen, "refused").ask(method, path, body, headers=headers)
    assert refusal(answer, status, fault)
    assert answer.headers["x-compute-request-id"].startswith("req-")
    assert answer.headers.get("openstack-api-version") == "compute 2.1"


def test_nobody_is_told_in_identitys_words(frozen: RunningCloud) -> None:
    for headers in ({}, {"X-Auth-Token": "guess"}):
        answer = frozen.ask("GET", "/compute/v2.1/servers", headers=headers)
        assert answer.status == 401
        assert answer.headers["www-authenticate"] == f'Keystone uri="{frozen.url}/identity"'
        words = "The request you have made requires authentication."
        assert answer.json == {"error": {"code": 401, "title": "Unauthorized", "message": words}}


def test_a_slash_at_the_end_makes_another_path(frozen: RunningCloud) -> None:
    caller = login(frozen)
    for method, path in (
        ("GET", "/servers/"),
        ("DELETE", "/images/"),
        ("GET", f"/flavors/{NOBODY}/"),
        ("PUT", "/limits/"),
    ):
        assert refusal(caller.ask(method, path), 404, "itemNotFound") == "The resource could not be found."
    assert caller.ask("GET", "/").json["version"]["id"] == "v2.1"
    # v2 was never that strict
    assert replace(caller, mount="/compute/v2").ask("GET", "/servers/").status == 200


def test_what_is_not_modelled_names_what_is(frozen: RunningCloud) -> None:
    caller = login(frozen, "unmodelled")
    words = refusal(caller.ask("GET", f"/servers/{NOBODY}/metadatas"), 501, "notImplemented")
    assert "/servers/{id}/metadata" in words
    assert set(caller.ask("PATCH", "/servers", {}).headers["allow"].replace(" ", "").split(",")) == {
        *("GET", "HEAD", "POST"),
    }
