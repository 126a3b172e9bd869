# SPDX-License-Identifier: Apache-2.0
"""Checks of `since` and `until`: a window lies within the versions of its service, and is not empty.

On the way of a rule: whatever has guards asks here. Versions are pairs of numbers, so that 2.10 comes after 2.9.
"""

from mimic_rules.language.declarations import Versions
from mimic_rules.language.expressions import Guards
from mimic_rules.language.model import ServiceModel
from mimic_rules.language.report import Report

Version = tuple[int, ...]


def parsed(version: str) -> Version:
    """`2.10` as (2, 10)."""
    return tuple(int(part) for part in version.split("."))


def check_versions(versions: Versions, report: Report) -> None:
    """Of a service: the first comes before the last, and the default is between them."""
    first, last, default = parsed(versions.first), parsed(versions.last), parsed(versions.default)
    if first > last:
        told = f"version {versions.first} comes after {versions.last}"
        report.add("MR308", told, versions.span, word=versions.first, help="write the first version first")
    elif not first <= default <= last:
        told = f"version {versions.default} is not one of {versions.first} to {versions.last}"
        report.add("MR308", told, versions.span, word=versions.default, last=True, help="take a version in between")


def check_window(guards: Guards, service: ServiceModel | None, report: Report) -> None:
    """Of anything with guards in a service."""
    if guards.since is None and guards.until is None:
        return
    said = (guards.since or guards.until) or ""
    versions = [] if service is None else service.lines(Versions)
    if service is None or not versions:
        told = "nothing here has versions" if service is None else f"service `{service.name}` has no versions"
        report.add(
            "MR308", told, guards.span, word=said, last=True, help="leave it out, or give the service a `version` line"
        )
        return
    first, last = versions[0].first, versions[0].last
    for version in (guards.since, guards.until):
        if version is not None and not parsed(first) <= parsed(version) <= parsed(last):
            told = f"version {version} is not one of {first} to {last}"
            report.add("MR308", told, guards.span, word=version, last=True, help="take a version that the service has")
            return
    if guards.since and guards.until and parsed(guards.since) > parsed(guards.until):
        told = f"no version is since {guards.since} and until {guards.until}"
        report.add("MR308", told, guards.span, word=guards.until, last=True, help="a window ends after it begins")


def meet(first: Guards, second: Guards) -> bool:
    """Whether some version is in both windows."""
    since = (
        max(parsed(guards.since) for guards in (first, second) if guards.since) if first.since or second.since else None
    )
    until = (
        min(parsed(guards.until) for guards in (first, second) if guards.until) if first.until or second.until else None
    )
    return since is None or until is None or since <= until
