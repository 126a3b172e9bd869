# SPDX-License-Identifier: Apache-2.0
"""What the tests of load balancers share: a tenant that asks for them with nothing but HTTP."""

from dataclasses import dataclass
from typing import Any

from tests.cloud import Answer, RunningCloud
from tests.services.callers import login

SERVICE = "/load_balancers/v1.0"
CONTROL = "/load_balancer_control/v2"


def node(number: int = 1, **more: Any) -> dict[str, Any]:
    """A node at an address of its own."""
    return {"address": f"10.0.0.{number}", "port": 80, **more}


def items(**metadata: object) -> list[dict[str, object]]:
    """Metadata as the service has them."""
    return [{"key": key, "value": value} for key, value in metadata.items()]


@dataclass(frozen=True, slots=True)
class Balancing:
    """A tenant with a token."""

    cloud: RunningCloud
    token: str
    tenant: str

    def ask(self, method: str, path: str, body: object = None) -> Answer:
        """One request below `/loadbalancers`."""
        return self.cloud.ask(
            method, f"{SERVICE}/{self.tenant}/loadbalancers{path}", body, {"X-Auth-Token": self.token}
        )

    def control(self, method: str, path: str, body: object = None) -> Answer:
        """One request to the control service; it needs no token."""
        return self.cloud.ask(method, f"{CONTROL}/{self.tenant}{path}", body)

    def create(self, **more: Any) -> int:
        """Ask for a balancer; its id."""
        answer = self.ask("POST", "", {"loadBalancer": {"name": "front", "protocol": "HTTP", **more}})
        assert answer.status == 202, answer.body
        made: int = answer.json["loadBalancer"]["id"]
        return made

    def show(self, balancer: int) -> dict[str, Any]:
        """The balancer as it is."""
        answer = self.ask("GET", f"/{balancer}")
        assert answer.status == 200, answer.body
        body: dict[str, Any] = answer.json["loadBalancer"]
        return body

    def nodes(self, balancer: int) -> list[dict[str, Any]]:
        """The nodes that the balancer has."""
        answer = self.ask("GET", f"/{balancer}/nodes")
        assert answer.status == 200, answer.body
        found: list[dict[str, Any]] = answer.json["nodes"]
        return found

    def add(self, balancer: int, *nodes: dict[str, Any]) -> Answer:
        """Ask for nodes."""
        return self.ask("POST", f"/{balancer}/nodes", {"nodes": list(nodes)})


def tenant(cloud: RunningCloud, name: str) -> Balancing:
    """A tenant of its own, logged in."""
    caller = login(cloud, name)
    return Balancing(cloud, caller.token, caller.project)


def refused(answer: Answer, status: int) -> str:
    """The words of a refusal in the service's form: flat, with message and code."""
    assert (answer.status, answer.json["code"]) == (status, status), answer.body
    assert set(answer.json) == {"message", "code"}
    words: str = answer.json["message"]
    return words


def invalid(answer: Answer) -> str:
    """The words of a validation error."""
    assert answer.status == 400, answer.body
    told = answer.json
    assert (told["message"], told["code"]) == ("Validation Failure", 400)
    assert told["details"] == "The object is not valid"
    (words,) = told["validationErrors"]["messages"]
    assert isinstance(words, str)
    return words
