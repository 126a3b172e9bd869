# SPDX-License-Identifier: Apache-2.0
"""Files that are read again while worlds live: a good change takes effect between two requests, a bad one not at all.

On the way of a rule: the whole of it once more, in a thread of its own. Requests wait for no more than the moment in
which every world is put on the new rules; what the worlds hold stays.
"""

from __future__ import annotations

import atexit
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from typing import Final

from mimic_rules.compiler.program import ResourcePlan
from mimic_rules.config import LoadResult
from mimic_rules.diagnostics import NOWHERE, Diagnostic, DiagnosticError, render_text
from mimic_rules.state.parts import Parts
from mimic_rules.state.table import Conflict, TableSpec
from mimic_rules.state.world import World
from mimic_rules.web.control.endpoint import About
from mimic_rules.web.footing import Footing
from mimic_rules.web.ground import Ground
from mimic_rules.web.making import on_ground, recipe_in
from mimic_rules.web.mounts import Mount, Mounts
from mimic_rules.web.reading import read_all
from mimic_rules.web.recipe import Recipe, begun
from mimic_rules.web.runtime import RunTime, moved, put
from mimic_rules.web.shapes import shape

log = logging.getLogger(__name__)

LOOK_EVERY: Final = 1_000
"""Milliseconds after which it is looked whether other folders are to be watched."""
SETTLED: Final = 200
"""Milliseconds in which changes are taken together: editors write a file in several steps."""


class CantStand(Exception):
    """A world can't take what is declared now; the message says which and why."""


class Reload:
    """Reads again what `load` loads, for the worlds of `mounts`, whenever it is asked to.

    `first` is what was loaded when the cloud was opened, and `about` what it tells of itself; that is replaced whole.
    """

    def __init__(self, load: Callable[[], LoadResult], mounts: Mounts, about: About, first: LoadResult) -> None:
        self.about = about
        self._paths = _watched(first)
        self._seen = _seen(self._paths)
        self._ended = Event()
        self._load = load
        self._mounts = mounts
        # INVARIANT: a signal may interrupt any line, this queue's own included; no other one can bear that.
        self._asked: SimpleQueue[bool] = SimpleQueue()

    def ask(self) -> None:
        """Have the files read again soon; may be called in a signal handler."""
        self._asked.put(True)

    def start(self, *, watch: bool = False) -> None:
        """Wait for being asked, in a thread that ends with the process; with `watch`, files that change ask too."""
        Thread(target=self._wait, name="reload", daemon=True).start()
        if watch:
            watcher = Thread(target=self._watch, name="watch", daemon=True)
            watcher.start()
            # INVARIANT: no thread is in the library of file watching any more when the interpreter is taken apart.
            atexit.register(self._end, watcher)

    def _end(self, watcher: Thread) -> None:
        self._ended.set()
        watcher.join(LOOK_EVERY / 1000)

    def reread(self) -> None:
        """Read all files now, and put all worlds on what they say; with an error everything stays as it is."""
        texts: dict[str, str] = {}
        try:
            loaded = self._load()
            self._paths = _watched(loaded)
            reading = read_all(loaded, texts)
            dropped = stand(self._mounts, reading.ground)
        except DiagnosticError as wrong:
            self._keep(wrong.diagnostics, texts)
        except CantStand as reason:
            help = "reset the world or remove it, then have the files read again"
            self._keep((Diagnostic("MR617", str(reason), NOWHERE, help),), texts)
        else:
            log.info("the rules were read again: %s", _counted(reading.about.rules))
            if reading.warnings:
                log.warning("warnings in the rules:\n%s", render_text(reading.warnings, texts))
            if dropped:
                log.warning("texts that no longer fit were removed:\n%s", render_text(dropped, texts))
            self.about = replace(reading.about, reloads=self.about.reloads + 1, dropped=dropped)

    def _keep(self, diagnostics: Sequence[Diagnostic], texts: Mapping[str, str]) -> None:
        log.error("the rules can't be taken, and the last good ones stay:\n%s", render_text(diagnostics, texts))
        self.about = replace(self.about, problems=tuple(diagnostics))

    def _wait(self) -> None:
        while True:
            self._asked.get()
            while not self._asked.empty():
                self._asked.get()
            try:
                self.reread()
            except Exception:
                # A mistake of ours must not keep the next change from being read.
                log.exception("the rules could not be read again, and the last good ones stay")

    def _watch(self) -> None:
        # PERF: starting the cloud must not wait for what only a watched one needs.
        from watchfiles import watch

        # It says each time how many changes there were; what came of them is said by `reread`.
        logging.getLogger("watchfiles").setLevel(logging.WARNING)
        while not self._ended.is_set():
            folders = _folders(self._paths)
            changes = watch(
                *folders,
                watch_filter=self._matters,
                debounce=SETTLED,
                rust_timeout=LOOK_EVERY,
                yield_on_timeout=True,
                stop_event=self._ended,
                raise_interrupt=False,
                recursive=False,
                ignore_permission_denied=True,
            )
            for _ in changes:
                # Files may also have changed before they were watched.
                seen = _seen(self._paths)
                if seen != self._seen:
                    self._seen = seen
                    self.ask()
                if _folders(self._paths) != folders:
                    break

    def _matters(self, change: object, path: str) -> bool:
        """Whether what has changed is a rules file, a folder of them, or a file that is named."""
        named = {str(one.absolute()) for one in self._paths}
        return path.endswith(".rules") or path in named or Path(path).is_dir()


@dataclass(frozen=True, slots=True)
class _Move:
    """A world that is to stand elsewhere: how it would be made there, the rules that it would consult, the errors of
    those that don't fit, and what its tables would keep.
    """

    mount: Mount
    recipe: Recipe
    rules: RunTime
    wrong: tuple[Diagnostic, ...]
    specs: Mapping[str, TableSpec]


def stand(mounts: Mounts, ground: Ground) -> tuple[Diagnostic, ...]:
    """Put all worlds on another ground, with all that they hold; gives the errors of texts that don't fit it.

    Raises CantStand where a world can't stand there; then all of them are as they were.
    """
    with mounts.changing, ExitStack() as held:
        for mount in mounts.all():
            held.enter_context(mount.lock)
        moves = [_move(mount, ground) for mount in mounts.all()]
        # Nobody waits until here: requests take the lock of their world alone.
        for move in moves:
            held.enter_context(move.mount.world.lock)
        _respecify(moves)
        for move in moves:
            move.mount.recipe = move.recipe
            put(move.mount, move.rules)
        mounts.ground = ground
    return tuple(one for move in moves for one in move.wrong)


def _move(mount: Mount, ground: Ground) -> _Move:
    try:
        recipe = on_ground(recipe_in(mount), ground)
        fresh = begun(replace(recipe, origin=None), mount.world.id)
    except DiagnosticError as wrong:
        raise CantStand(f"world `{mount.world.id}` was made otherwise than can be now: {wrong}") from None
    rules, errors = moved(mount.rules, recipe.chosen.footing)
    first, _ = moved(recipe.rules, recipe.chosen.footing)
    return _Move(mount, replace(recipe, rules=first), rules, errors, fresh.specs)


def _respecify(moves: Sequence[_Move]) -> None:
    """Let all worlds keep what the tables of other rules keep, or none."""
    before: list[tuple[World, Parts]] = []
    try:
        for move in moves:
            old, fresh = _tables(move.mount.rules.footing), _tables(move.rules.footing)
            if old == fresh:
                continue
            origin = move.recipe.origin
            for world in (move.mount.world, *([] if origin is None else [origin])):
                _check_shapes(world, old, fresh)
                before.append((world, world.parts()))
                world.respec(move.specs)
    except Exception as problem:
        for world, parts in before:
            world.become(parts)
        if isinstance(problem, Conflict):
            held = before[-1][0]
            raise CantStand(f"world `{held.id}` holds what the rules don't allow now: {problem}") from None
        raise


def _tables(footing: Footing) -> dict[str, tuple[ResourcePlan, object]]:
    """All that says what a world's tables keep, by kind."""
    program = footing.engine.linked.plan
    return {
        resource.kind: (resource, service.quotas)
        for service in program.services.values()
        for resource in service.resources.values()
    }


def _check_shapes(
    world: World, old: Mapping[str, tuple[ResourcePlan, object]], fresh: Mapping[str, tuple[ResourcePlan, object]]
) -> None:
    """Raise CantStand where a world holds records that lack what the rules take for granted of such records now."""
    with world.transaction() as transaction:
        for kind in old.keys() & fresh.keys():
            if shape(old[kind][0]) != shape(fresh[kind][0]) and transaction.partitions(kind):
                raise CantStand(f"world `{world.id}` holds records of `{kind}`, whose fields or states are others now")


def _seen(paths: Iterable[Path]) -> dict[Path, tuple[int, int]]:
    """When each file was changed, in nanoseconds, and its size; of folders, those of all rules files below."""
    files = [file for path in paths for file in (path.rglob("*.rules") if path.is_dir() else [path])]
    seen: dict[Path, tuple[int, int]] = {}
    for file in files:
        # An editor may have moved it away, to put another one in its place.
        with suppress(OSError):
            found = file.stat()
            seen[file] = found.st_mtime_ns, found.st_size
    return seen


def _folders(paths: Iterable[Path]) -> tuple[Path, ...]:
    """What is watched for paths: the folders of files, since an editor may put another file in the place of one; and
    folders of rules with all those below them.
    """
    found: dict[Path, None] = {}
    for path in paths:
        below = [one for one in sorted(path.rglob("*")) if one.is_dir()] if path.is_dir() else []
        # What isn't there can't be watched; what it is in can.
        found.update(dict.fromkeys([path, *below] if path.is_dir() else [path.absolute().parent]))
    return tuple(one for one in found if one.is_dir())


def _watched(loaded: LoadResult) -> tuple[Path, ...]:
    """The configuration, and the files and folders of rules that it names."""
    draft = loaded.draft
    return (*([] if draft.file is None else [Path(draft.file)]), *draft.rules)


def _counted(rules: Mapping[str, int]) -> str:
    return ", ".join(f"{count} of layer {layer}" for layer, count in rules.items())
