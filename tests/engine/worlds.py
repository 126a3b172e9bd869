# SPDX-License-Identifier: Apache-2.0
"""Stand-ins for the parts of a world that a test of one function needs."""

import random
import threading

from mimic_rules.engine import Request
from mimic_rules.engine.context import Context
from mimic_rules.state.draws import Draws
from mimic_rules.state.transaction import Transaction
from tests.driver import Cloud


class Drawn(Draws):
    """Draws from a seed, without a world."""

    def __init__(self, seed: int) -> None:
        super().__init__(random.Random(seed), threading.RLock())


def asked(cloud: Cloud, transaction: Transaction) -> Context:
    """The context of a request to the first service of a cloud."""
    linked = cloud.engine.linked
    request = Request("GET", "/x", {}, {"x-a": "1"}, "http://cloud.test", lambda: None, id="req-1")
    service = next(iter(linked.services.values()))
    return Context(linked, transaction, cloud.world, service=service, region=linked.regions[0], request=request)
