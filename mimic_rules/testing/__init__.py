# SPDX-License-Identifier: Apache-2.0
"""Clouds in tests: started, found, and driven as typed context managers.

On the way of a test: all that it imports. Everything goes over HTTP, so it is the same whether a cloud is in this
process, a child of it, or somewhere else.
"""

from mimic_rules.testing.calls import ControlError
from mimic_rules.testing.clock import Clock
from mimic_rules.testing.cloud import Cloud, connect
from mimic_rules.testing.folder import StartError
from mimic_rules.testing.journal import Journal
from mimic_rules.testing.rules import Added, Rules
from mimic_rules.testing.start import start
from mimic_rules.testing.values import (
    Aged,
    Check,
    Diagnostic,
    Expected,
    Fired,
    Hits,
    Moment,
    Request,
    Rule,
    Snapshot,
    Verdict,
)
from mimic_rules.testing.world import Tenant, World

__all__ = [
    "Added",
    "Aged",
    "Check",
    "Clock",
    "Cloud",
    "ControlError",
    "Diagnostic",
    "Expected",
    "Fired",
    "Hits",
    "Journal",
    "Moment",
    "Request",
    "Rule",
    "Rules",
    "Snapshot",
    "StartError",
    "Tenant",
    "Verdict",
    "World",
    "connect",
    "start",
]
