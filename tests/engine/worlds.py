# SPDX-License-Identifier: Apache-2.0
"""Stand-ins for the parts of a world that a test of one function needs."""

import random
import threading

from mimic_rules.state.draws import Draws


class Drawn(Draws):
    """Draws from a seed, without a world."""

    def __init__(self, seed: int) -> None:
        super().__init__(random.Random(seed), threading.RLock())
