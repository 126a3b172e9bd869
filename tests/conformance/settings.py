# SPDX-License-Identifier: Apache-2.0
"""Tempest's configuration for a running cloud: what the cloud really has is asked of it, not assumed.

A running cloud comes in; the text of a `tempest.conf` goes out. What does not depend on the cloud stands in
tempest.conf.in beside this file.
"""

from pathlib import Path
from string import Template
from typing import Any

from tests.cloud import RunningCloud

TEMPLATE = Path(__file__).resolve().parent / "tempest.conf.in"
CONFIG = {"identity": "strict", "clock": {"start": "now"}}
"""The cloud that is asked: as it is shipped, but that only known users may log in."""

USER, PASSWORD = "admin", "password"
"""Who has the rights that Tempest's set-up needs, in a new world."""


def written(cloud: RunningCloud, workspace: Path) -> str:
    """The configuration for this cloud; raises AssertionError where the cloud lacks what the tests can't do without."""
    token, catalog = _logged_in(cloud)
    compute, image = _endpoint(catalog, "compute"), _endpoint(catalog, "image")
    images = _asked(cloud, f"{image}/v2/images", token)["images"][:2]
    assert len(images) > 1, "the tests want two images"
    disk, ram = (max(one[least] for one in images) for least in ("min_disk", "min_ram"))
    networks = _asked(cloud, f"{_endpoint(catalog, 'network')}/v2.0/networks", token)["networks"]
    every = _asked(cloud, f"{compute}/flavors/detail", token)["flavors"]
    flavors = [one["id"] for one in every if one["disk"] >= disk and one["ram"] >= ram]
    assert len(flavors) > 1, "the tests want two flavors, with room for both images"
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        workspace=workspace,
        identity=_endpoint(catalog, "identity"),
        username=USER,
        password=PASSWORD,
        project=USER,
        region=next(end["region_id"] for entry in catalog for end in entry["endpoints"]),
        flavor=flavors[0],
        flavor_alt=flavors[1],
        image=images[0]["id"],
        network=next(one["id"] for one in networks if one["router:external"]),
        image_alt=images[1]["id"],
    )


def _logged_in(cloud: RunningCloud) -> tuple[str, list[dict[str, Any]]]:
    """A token of the administrator's, and the catalog that came with it."""
    home = {"id": "default"}
    user = {"name": USER, "password": PASSWORD, "domain": home}
    auth = {"identity": {"methods": ["password"], "password": {"user": user}}}
    scope = {"project": {"name": USER, "domain": home}}
    answer = cloud.ask("POST", "/identity/v3/auth/tokens", {"auth": {**auth, "scope": scope}})
    assert answer.status == 201, answer.body
    return answer.headers["x-subject-token"], answer.json["token"]["catalog"]


def _endpoint(catalog: list[dict[str, Any]], kind: str) -> str:
    """Where the first region's service of this type is."""
    (entry,) = [entry for entry in catalog if entry["type"] == kind]
    return next(str(end["url"]) for end in entry["endpoints"] if end["interface"] == "public")


def _asked(cloud: RunningCloud, url: str, token: str) -> Any:
    answer = cloud.ask("GET", url.removeprefix(cloud.url), headers={"X-Auth-Token": token})
    assert answer.status == 200, answer.body
    return answer.json
