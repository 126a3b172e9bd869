# SPDX-License-Identifier: Apache-2.0
"""Interfaces of servers: those that they come with and those that are put in and taken out, over a real socket."""

from typing import Any

from tests.cloud import Answer
from tests.services.callers import NOBODY, PRIVATE, PUBLIC, Caller, refusal


def attach(caller: Caller, server: str, version: str | None = None, **asked: Any) -> Answer:
    return caller.ask("POST", f"/servers/{server}/os-interface", {"interfaceAttachment": asked}, version)


def interfaces(caller: Caller, server: str, version: str | None = None) -> list[dict[str, Any]]:
    answer = caller.ask("GET", f"/servers/{server}/os-interface", version=version)
    found: list[dict[str, Any]] = answer.json["interfaceAttachments"]
    return found


def test_a_server_comes_with_one_interface(caller: Caller) -> None:
    server = caller.up()
    (first,) = interfaces(caller, server)
    (address,) = caller.show(server)["addresses"]["private"]
    assert (first["net_id"], first["port_state"], first["mac_addr"]) == (
        PRIVATE,
        "ACTIVE",
        address["OS-EXT-IPS-MAC:mac_addr"],
    )
    assert [one["ip_address"] for one in first["fixed_ips"]] == [address["addr"]]
    assert caller.ask("GET", f"/servers/{server}/os-interface/{first['port_id']}").json["interfaceAttachment"] == first
    assert caller.ask("GET", f"/servers/{server}/os-interface/{NOBODY}").status == 404
    assert "tag" not in first
    assert interfaces(caller, server, "2.70")[0]["tag"] is None


def test_an_interface_is_put_in_and_taken_out(caller: Caller) -> None:
    server = caller.up()
    (own,) = interfaces(caller, server)
    answer = attach(caller, server, "2.70", net_id=PRIVATE, fixed_ips=[{"ip_address": "198.18.88.1"}], tag="t")
    assert answer.status == 200, answer.body
    new = answer.json["interfaceAttachment"]
    assert (new["fixed_ips"][0]["ip_address"], new["tag"], new["net_id"]) == ("198.18.88.1", "t", PRIVATE)
    assert [one["addr"] for one in caller.show(server)["addresses"]["private"]][1:] == ["198.18.88.1"]
    assert attach(caller, server).status == 200
    assert len(interfaces(caller, server)) == 3
    for port in (new["port_id"], own["port_id"]):
        assert caller.ask("DELETE", f"/servers/{server}/os-interface/{port}").status == 202
        gone = caller.ask("DELETE", f"/servers/{server}/os-interface/{port}")
        assert refusal(gone, 404, "itemNotFound") == f"Port {port} not found"
    assert len(interfaces(caller, server)) == 1
    assert caller.ask("GET", f"/servers/{server}/os-instance-actions").json["instanceActions"][0]["action"] == (
        "detach_interface"
    )


def test_not_every_interface_can_be_put_in(caller: Caller) -> None:
    server = caller.up()
    (own,) = interfaces(caller, server)
    ip = own["fixed_ips"][0]["ip_address"]
    here = {"net_id": PRIVATE}
    told = refusal(attach(caller, server, net_id=PRIVATE, port_id=NOBODY), 400, "badRequest")
    assert told == "Must not input both network_id and port_id"
    told = refusal(attach(caller, server, fixed_ips=[{"ip_address": ip}]), 400, "badRequest")
    assert told == "Must input network_id when request IP address"
    assert (
        refusal(attach(caller, server, net_id=NOBODY), 404, "itemNotFound") == f"Network {NOBODY} could not be found."
    )
    assert (
        refusal(attach(caller, server, port_id=NOBODY), 404, "itemNotFound") == f"Port id {NOBODY} could not be found."
    )
    assert refusal(attach(caller, server, net_id=PUBLIC), 403, "forbidden")
    taken = attach(caller, server, **here, fixed_ips=[{"ip_address": ip}])
    assert refusal(taken, 409, "conflictingRequest") == f"Fixed IP address {ip} is already in use on instance."
    for wrong in ("10.0.0.1", "x"):
        assert refusal(attach(caller, server, **here, fixed_ips=[{"ip_address": wrong}]), 400, "badRequest")
    assert attach(caller, server, "2.48", tag="t").status == 400
    building = caller.create()
    assert "vm_state building" in refusal(attach(caller, building), 409, "conflictingRequest")
