# SPDX-License-Identifier: Apache-2.0
"""Addresses of servers beside the first one, and the networks they are of, over a real socket."""

from dataclasses import replace
from ipaddress import ip_address, ip_network
from typing import Any

from tests.services.callers import NOBODY, Caller, refusal


def floating(caller: Caller, pool: object = None) -> dict[str, Any]:
    answer = caller.ask("POST", "/os-floating-ips", None if pool is None else {"pool": pool})
    assert answer.status == 200, answer.body
    made: dict[str, Any] = answer.json["floating_ip"]
    return made


def addresses(caller: Caller, server: str) -> list[tuple[str, str]]:
    return [(one["OS-EXT-IPS:type"], one["addr"]) for one in caller.show(server)["addresses"]["private"]]


def test_a_floating_address_is_kept_until_it_is_given_back(caller: Caller) -> None:
    first, second = floating(caller), floating(caller, "public")
    assert first["ip"] != second["ip"]
    assert (first["pool"], first["instance_id"], first["fixed_ip"]) == ("public", None, None)
    assert caller.ask("GET", "/os-floating-ips").json["floating_ips"] == [first, second]
    assert caller.ask("GET", f"/os-floating-ips/{first['id']}").json["floating_ip"] == first
    assert caller.ask("DELETE", f"/os-floating-ips/{first['id']}").status == 202
    told = refusal(caller.ask("GET", f"/os-floating-ips/{first['id']}"), 404, "itemNotFound")
    assert told == f"Floating IP not found for ID {first['id']}"
    assert caller.ask("GET", "/os-floating-ip-pools").json == {"floating_ip_pools": [{"name": "public"}]}
    nowhere = caller.ask("POST", "/os-floating-ips", {"pool": "moon"})
    assert refusal(nowhere, 404, "itemNotFound") == "Floating IP pool not found."
    assert caller.ask("GET", "/os-floating-ips", version="2.36").status == 404


def test_a_floating_address_is_shown_where_it_leads(caller: Caller) -> None:
    server, other = caller.up(), caller.up()
    ip = floating(caller)["ip"]
    assert caller.act(server, "addFloatingIp", {"address": ip}).status == 202
    ((_, fixed), last) = addresses(caller, server)
    assert last == ("floating", ip)
    (shown,) = caller.ask("GET", "/os-floating-ips").json["floating_ips"]
    assert (shown["instance_id"], shown["fixed_ip"]) == (server, fixed)
    assert {"version": 4, "addr": ip} in caller.ask("GET", f"/servers/{server}/ips").json["addresses"]["private"]
    assert caller.act(other, "addFloatingIp", {"address": ip}).status == 202
    assert (len(addresses(caller, server)), len(addresses(caller, other))) == (1, 2)
    told = refusal(caller.act(server, "removeFloatingIp", {"address": ip}), 409, "conflictingRequest")
    assert told == f"Floating IP {ip} is not associated with instance {server}."
    assert caller.act(other, "removeFloatingIp", {"address": ip}).status == 202
    assert len(addresses(caller, other)) == 1


def test_a_server_that_goes_leaves_its_floating_address(caller: Caller) -> None:
    server = caller.up()
    ip = floating(caller)["ip"]
    caller.act(server, "addFloatingIp", {"address": ip})
    assert caller.ask("DELETE", f"/servers/{server}").status == 204
    (left,) = caller.ask("GET", "/os-floating-ips").json["floating_ips"]
    assert (left["ip"], left["instance_id"]) == (ip, None)


def test_not_every_address_can_be_given_to_a_server(caller: Caller) -> None:
    server = caller.up()
    ip = floating(caller)["ip"]
    for action in ("addFloatingIp", "removeFloatingIp"):
        assert (
            refusal(caller.act(server, action, {"address": "192.0.2.250"}), 404, "itemNotFound")
            == "floating IP not found"
        )
        assert refusal(caller.act(server, action, {"address": "x"}), 400, "badRequest").endswith("is not a 'ipv4'")
        assert caller.act(server, action, {"address": ip}, "2.44").status in (400, 404)
    wrong = {"address": ip, "fixed_address": "192.0.2.251"}
    assert "fixed address" in refusal(caller.act(server, "addFloatingIp", wrong), 400, "badRequest")
    caller.act(server, "addFloatingIp", {"address": ip})
    told = refusal(caller.act(server, "addFloatingIp", {"address": floating(caller)["ip"]}), 400, "badRequest")
    assert told.startswith("Cannot associate floating IP")
    new = caller.create("new")
    assert refusal(caller.act(new, "addFloatingIp", {"address": ip}), 400, "badRequest").startswith("No fixed IPs")


def test_a_server_gets_more_fixed_addresses_of_a_network_that_is_there(caller: Caller) -> None:
    server = caller.up()
    networks = {one["label"]: one["id"] for one in caller.ask("GET", "/os-networks").json["networks"]}
    assert caller.act(server, "addFixedIp", {"networkId": NOBODY}).status == 202
    assert len(addresses(caller, server)) == 1
    assert caller.act(server, "addFixedIp", {"networkId": networks["private"]}).status == 202
    (first, second) = addresses(caller, server)
    assert (first[0], second[0]) == ("fixed", "fixed")
    assert caller.act(server, "removeFixedIp", {"address": first[1]}).status == 202
    assert addresses(caller, server) == [second]
    other = replace(caller, mount="/compute/v2")
    assert other.show(server)["addresses"]["private"] == [{"version": 4, "addr": second[1]}]
    assert caller.act(server, "removeFixedIp", {"address": second[1]}).status == 202
    assert caller.show(server)["addresses"] == {}
    assert caller.act(server, "removeFixedIp", {"address": "x"}).status == 400


def test_no_two_addresses_are_the_same_and_each_is_of_its_network(caller: Caller) -> None:
    known = {"X-Auth-Token": caller.token}
    subnets = caller.cloud.ask("GET", "/networking/v2.0/subnets", headers=known).json["subnets"]
    inside, outside = (ip_network(one["cidr"]) for one in subnets)
    network = caller.ask("GET", "/os-networks").json["networks"][0]["id"]
    servers = [caller.up() for _ in range(3)]
    for server in servers:
        assert caller.act(server, "addFixedIp", {"networkId": network}).status == 202
    fixed = [ip_address(addr) for server in servers for _, addr in addresses(caller, server)]
    floats = [ip_address(floating(caller)["ip"]) for _ in range(3)]
    assert all(one in inside for one in fixed)
    assert all(one in outside for one in floats)
    gateways = [ip_address(one["gateway_ip"]) for one in subnets]
    assert len({*fixed, *floats, *gateways}) == 6 + 3 + 2
    for subnet, one in ((subnets[0], fixed[0]), (subnets[1], floats[0])):
        (pool,) = subnet["allocation_pools"]
        assert ip_address(pool["start"]) <= one <= ip_address(pool["end"])


def test_networks_are_the_same_for_compute_and_for_network(caller: Caller) -> None:
    known = {"X-Auth-Token": caller.token}
    there = caller.cloud.ask("GET", "/networking/v2.0/networks", headers=known).json["networks"]
    assert [one["name"] for one in there] == ["private", "public"]
    here = caller.ask("GET", "/os-networks").json["networks"]
    assert [(one["id"], one["label"]) for one in here] == [(one["id"], one["name"]) for one in there]
    small = caller.ask("GET", "/os-tenant-networks").json["networks"][0]
    assert small == {"id": there[0]["id"], "label": "private", "cidr": "198.18.0.0/16"}
    for path in ("/os-networks", "/os-tenant-networks"):
        assert caller.ask("GET", f"{path}/{small['id']}").json["network"]["label"] == "private"
        assert refusal(caller.ask("GET", f"{path}/{NOBODY}"), 404, "itemNotFound") == "Network not found"
        assert caller.ask("GET", path, version="2.36").status == 404
    (subnet,) = there[0]["subnets"]
    asked = caller.cloud.ask("GET", f"/networking/v2.0/subnets/{subnet}", headers=known).json["subnet"]
    assert (asked["network_id"], asked["cidr"]) == (small["id"], "198.18.0.0/16")
    zones = caller.cloud.ask("GET", "/networking/v2.0/availability_zones", headers=known).json["availability_zones"]
    assert {(zone["name"], zone["resource"]) for zone in zones} == {("nova", "network"), ("nova", "router")}
    outside = caller.cloud.ask("GET", "/networking/v2.0/networks?router:external=true", headers=known).json["networks"]
    assert [one["name"] for one in outside] == ["public"]
    found = caller.cloud.ask("GET", f"/networking/v2.0/subnets?network_id={small['id']}", headers=known).json["subnets"]
    assert found == [asked]
    one = caller.cloud.ask("GET", f"/networking/v2.0/networks/{small['id']}", headers=known).json["network"]
    assert one == there[0]
    assert caller.cloud.ask("GET", f"/networking/v2.0/subnets/{NOBODY}", headers=known).status == 404
