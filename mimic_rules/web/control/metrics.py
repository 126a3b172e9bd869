# SPDX-License-Identifier: Apache-2.0
"""What the cloud has done, in numbers, as Prometheus reads them.

On the way of a request: a call of the control API. PERF: requests pay for the tallies of their world and no more; the
numbers are added up when somebody asks for them, and the library is imported when somebody first does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from mimic_rules.web.control.endpoint import Asked, Endpoint, Told
from mimic_rules.web.mounts import Mounts

if TYPE_CHECKING:
    from prometheus_client import Metric

TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


def show(asked: Asked) -> Told:
    """200 and the numbers, in Prometheus' text format."""
    from prometheus_client import CollectorRegistry, generate_latest

    registry = CollectorRegistry()
    registry.register(_Cloud(asked.control.mounts))
    return Told(200, text=generate_latest(registry).decode(), media=TYPE)


class _Cloud:
    """What the library asks for the numbers."""

    def __init__(self, mounts: Mounts) -> None:
        self._mounts = mounts

    def describe(self) -> list[Metric]:
        """Nothing is counted only to learn the names."""
        return []

    def collect(self) -> Iterator[Metric]:
        """All numbers, at one moment as far as a world is concerned."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        with self._mounts.totals.lock:
            mounts = self._mounts.all()
            counts = self._mounts.totals.counts(mount.world for mount in mounts)

        requests = CounterMetricFamily(
            "mimic_requests", "Requests to services that were answered", labels=["service", "operation", "status"]
        )
        for (service, operation, status), count in sorted(counts.asked.items()):
            requests.add_metric([service, operation, str(status)], count)
        yield requests
        for name, help, counted in (
            ("mimic_rule_matched", "How often the conditions of a rule held", counts.matched),
            ("mimic_rule_decided", "How often a rule decided something", counts.decided),
        ):
            hits = CounterMetricFamily(name, help, labels=["rule"])
            for rule, count in sorted(counted.items()):
                hits.add_metric([rule], count)
            yield hits
        for name, help, value in (
            ("mimic_worlds", "Worlds that there are", len(mounts)),
            ("mimic_records", "Records in all worlds", sum(mount.world.held for mount in mounts)),
            ("mimic_pending_events", "Changes that wait for their time", sum(mount.world.waiting for mount in mounts)),
            (
                "mimic_journal_dropped_requests",
                "Requests that the journals of the worlds no longer keep",
                sum(mount.journal.dropped for mount in mounts),
            ),
        ):
            yield GaugeMetricFamily(name, help, value)


ENDPOINTS: Final = (
    Endpoint(
        "GET",
        "/_mimic/metrics",
        "What the cloud has done, in numbers for Prometheus",
        show,
        {200: "the numbers of all worlds, in Prometheus' text format"},
        of_all_worlds=True,
        media=TYPE,
    ),
)
