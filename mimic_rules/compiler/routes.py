# SPDX-License-Identifier: Apache-2.0
"""The route table: from a path to the operations on it, one step a segment; fixed ones come first, then variables
with text around them (`{id}.atom`), then those without.

Between the language and the engine: built once of all services' operations; each request walks it once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Final

from mimic_rules.compiler.program import GonePlan, OperationPlan, Program

_LONGEST: Final = 64
_DEEPEST: Final = 16
_ALIKE: Final = 0.4
_VARIABLE: Final = 0.9
_REGION: Final = "{region}"


@dataclass(slots=True)
class Route:
    """What lies at one path: operations by method, the service, and the names of the path's variables.

    `below` says that it lies below where its service begins.
    """

    service: str
    region: str
    pattern: str
    below: bool
    operations: dict[str, list[tuple[OperationPlan, tuple[str, ...]]]] = field(default_factory=dict)
    gones: list[tuple[GonePlan, tuple[str, ...]]] = field(default_factory=list)


@dataclass(slots=True)
class Branch:
    """One segment of paths: what lies at it, and what may follow; `framed` is by the texts around a variable."""

    fixed: "dict[str, Branch]" = field(default_factory=dict)
    framed: "dict[tuple[str, str], Branch]" = field(default_factory=dict)
    variable: "Branch | None" = None
    route: Route | None = None
    mounted: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Where a path leads: its route (None where nothing lies), the values of variables, and the service around it."""

    route: Route | None
    values: tuple[str, ...]
    service: str | None
    region: str


@dataclass(slots=True)
class RouteTable:
    """All paths of all services in all regions."""

    root: Branch
    patterns: list[str]

    def find(self, path: str) -> Found:
        """Where a path leads. Whether a trailing slash matters is the service's affair."""
        bare = path.strip("/")
        segments = bare.split("/") if bare else []
        found = self._straight(segments) or self._walk(self.root, segments, 0, ())
        if found is not None:
            return Found(found[0], found[1], found[0].service, found[0].region)
        branch, mounted, region = self.root, self.root.mounted, ""
        for segment in segments:
            following = branch.fixed.get(segment) or next((one for _, one in _framed(branch, segment)), None)
            if following is None:
                break
            branch = following
            if branch.mounted is not None:
                mounted = branch.mounted
        service, _, region = (mounted or "").partition(" ")
        return Found(None, (), service or None, region)

    def _straight(self, segments: list[str]) -> tuple[Route, tuple[str, ...]] | None:
        """The way without turning back: a fixed segment wherever there is one."""
        branch = self.root
        values: list[str] = []
        for segment in segments:
            following = branch.fixed.get(segment)
            if following is None:
                # PERF: few paths have a variable with text around it; the other way finds these.
                if branch.framed:
                    return None
                following = branch.variable
                if following is None or not segment:
                    return None
                values.append(segment)
            branch = following
        return None if branch.route is None else (branch.route, tuple(values))

    def nearest(self, path: str) -> str | None:
        """The path that is most like one that leads nowhere; None where nothing is like it."""
        segments = [segment[:_LONGEST] for segment in path.strip("/").split("/")[:_DEEPEST]]
        scored = ((_likeness(segments, pattern.strip("/").split("/")), pattern) for pattern in self.patterns)
        likeness, pattern = max(scored, default=(0.0, ""))
        return pattern if likeness > _ALIKE else None

    def _walk(
        self, branch: Branch, segments: list[str], at: int, values: tuple[str, ...]
    ) -> tuple[Route, tuple[str, ...]] | None:
        if at == len(segments):
            return None if branch.route is None else (branch.route, values)
        segment = segments[at]
        fixed = branch.fixed.get(segment)
        if fixed is not None:
            found = self._walk(fixed, segments, at + 1, values)
            if found is not None:
                return found
        for value, following in _framed(branch, segment):
            found = self._walk(following, segments, at + 1, (*values, value))
            if found is not None:
                return found
        # An empty segment is no value for a variable.
        if branch.variable is not None and segment:
            return self._walk(branch.variable, segments, at + 1, (*values, segment))
        return None


def _framed(branch: Branch, segment: str) -> Iterator[tuple[str, Branch]]:
    """What a segment is as a variable with text around it, and what follows then."""
    for (before, after), following in branch.framed.items():
        value = segment[len(before) : len(segment) - len(after)]
        if value and segment == f"{before}{value}{after}":
            yield value, following


def _likeness(segments: list[str], pattern: list[str]) -> float:
    """How alike a path and a pattern are, from 0 to 1: variables are like anything, but less than what is the same."""
    pairs = zip(segments, pattern, strict=False)
    alike = sum(
        1.0 if fixed == given else _VARIABLE if fixed.startswith("{") else SequenceMatcher(None, given, fixed).ratio()
        for given, fixed in pairs
    )
    return alike / max(len(segments), len(pattern))


def placed(path: str, region: str, *, first: bool) -> str:
    """Where a mount, or a path at the root, is in a region: with its name in the place of `{region}`; where a path has
    none, it is below `/region/NAME` in every region but the first.
    """
    if _REGION in path:
        return path.replace(_REGION, region)
    return path if first else f"/region/{region}{path}"


def build_routes(program: Program, regions: tuple[str, ...]) -> RouteTable:
    """The table for a program in all regions."""
    table = RouteTable(Branch(), [])
    for service in program.services.values():
        for number, region in enumerate(regions):
            plain: list[str] = []
            bases: list[str] = []
            for mount, optional in service.mounts or (("", None),):
                base = placed(mount, region, first=number == 0)
                _branch(table.root, base)[0].mounted = f"{service.name} {region}"
                plain.append(base)
                bases.append(base)
                if optional is not None:
                    bases.append(base + optional)
            for operation in service.operations:
                # The mount itself is a path; the mount with a tenant is the beginning of one.
                paths = [one + operation.path for one in (plain if operation.path == "/" else bases)]
                if operation.at_root:
                    paths = [placed(operation.path, region, first=number == 0)]
                for path in paths:
                    below = operation.path != "/" and not operation.at_root
                    route, names = _route(table, service.name, region, path, below)
                    route.operations.setdefault(operation.method, []).append((operation, names))
            for gone in service.gones:
                for path in gone.paths:
                    for base in bases:
                        route, names = _route(table, service.name, region, base + path, below=True)
                        route.gones.append((gone, names))
    return table


def _branch(root: Branch, path: str) -> tuple[Branch, tuple[str, ...]]:
    """The branch of a path, made where it is not there, and the names of its variables."""
    names: list[str] = []
    branch = root
    for segment in path.strip("/").split("/") if path.strip("/") else ():
        before, variable, rest = segment.partition("{")
        name, _, after = rest.partition("}")
        if not variable:
            branch = branch.fixed.setdefault(segment, Branch())
            continue
        names.append(name)
        if before or after:
            branch = branch.framed.setdefault((before, after), Branch())
        else:
            branch.variable = branch.variable or Branch()
            branch = branch.variable
    return branch, tuple(names)


def _route(table: RouteTable, service: str, region: str, path: str, below: bool) -> tuple[Route, tuple[str, ...]]:
    branch, names = _branch(table.root, path)
    if branch.route is None:
        branch.route = Route(service, region, path.rstrip("/") or "/", below)
        table.patterns.append(branch.route.pattern)
    return branch.route, names
