# SPDX-License-Identifier: Apache-2.0
"""A small autoscaler for a cloud with Identity v2.0, Cloud Servers v2 and Cloud Load Balancers v1.0.

On the way of a group: `service.Autoscaler` is what its users call; everything else is below it.
"""

from examples.autoscaler.clock import Clock, SystemClock
from examples.autoscaler.group import Attachment, Group, Launch, Status
from examples.autoscaler.http import Http, Refused, Unreachable
from examples.autoscaler.service import Autoscaler, Limits, Mistake

__all__ = [
    "Attachment",
    "Autoscaler",
    "Clock",
    "Group",
    "Http",
    "Launch",
    "Limits",
    "Mistake",
    "Refused",
    "Status",
    "SystemClock",
    "Unreachable",
]
