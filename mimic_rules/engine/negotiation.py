# SPDX-License-Identifier: Apache-2.0
"""Who asks, and in which version of the API.

On the way of a request: the caller and version phases.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler.expressions import version_number, version_text
from mimic_rules.compiler.program import VersionsPlan
from mimic_rules.engine.context import Context, Record
from mimic_rules.engine.linked import Caller, LinkedService
from mimic_rules.engine.refusal import Refused
from mimic_rules.engine.values import to_text

MOST_KNOWN: Final = 512
_VERSION: Final = re.compile(r"[1-9]\d{0,4}\.(?:0|[1-9]\d{0,4})", re.ASCII)


def caller_of(context: Context, caller: Caller, headers: Mapping[str, str]) -> Record | None:
    """The record that a request names as its caller, where it is a good one."""
    token = headers.get(caller.header)
    if not token:
        return None
    record = context.transaction.table(caller.kind, "", "").get(token)
    if record is None:
        return None
    frame = context.frame(caller.size)
    frame[pl.SELF] = record
    return record if caller.condition(frame) is True else None


def tenant_of(caller: Caller, record: Record) -> str:
    """The tenant of a caller; empty where it has none."""
    return to_text(record.get(caller.tenant))


def user_of(caller: Caller, record: Record) -> str:
    """The user of a caller; empty where nothing is said of one."""
    return to_text(record.get(caller.user)) if caller.user else ""


def asked_version(service: LinkedService, headers: Mapping[str, str]) -> int | Refused:
    """The version that a request asks for, or why there is none; 0 for a service without versions."""
    versions = service.plan.versions
    if versions is None:
        return 0
    # PERF: clients ask for the same version all the time.
    said = tuple([headers.get(name) for name in service.version_headers])
    known = service.asked.get(said)
    if known is not None:
        return known
    found = _worked_out(service, versions, headers)
    if isinstance(found, int) and len(service.asked) < MOST_KNOWN:
        service.asked[said] = found
    return found


def _worked_out(service: LinkedService, versions: VersionsPlan, headers: Mapping[str, str]) -> int | Refused:
    seen: dict[str, Any] = {"first": version_text(versions.first), "last": version_text(versions.last)}
    asked = _asked(versions, headers)
    if asked is None:
        return versions.default
    if asked == "latest":
        return versions.last
    if _VERSION.fullmatch(asked) is None:
        return Refused(service.situations["bad_version"], value=asked, **seen)
    number = version_number(asked)
    if not versions.first <= number <= versions.last:
        return Refused(service.situations["unsupported_version"], value=asked, **seen)
    return number


def _asked(versions: VersionsPlan, headers: Mapping[str, str]) -> str | None:
    """The version in the first header that speaks of this service; a header may list several services."""
    for header, form in versions.carriers:
        value = headers.get(header.lower())
        if value is None:
            continue
        before, _, after = form.partition("{v}")
        for part in value.split(","):
            said = part.strip()
            if said.startswith(before) and said.endswith(after):
                return said[len(before) : len(said) - len(after)].strip()
    return None


def version_headers(service: LinkedService, version: int) -> list[tuple[str, str]]:
    """What an answer says of its version, and that caches must look at it."""
    versions = service.plan.versions
    if versions is None:
        return []
    said = service.spoken.get(version)
    if said is None:
        text = version_text(version)
        said = [(header, form.replace("{v}", text)) for header, form in versions.carriers]
        said += [("Vary", header) for header, _ in versions.carriers]
        # INVARIANT: an agreed version is one of the service's, so that this table is small.
        service.spoken[version] = said
    return said
