# SPDX-License-Identifier: Apache-2.0
"""The rules that one world consults: those of the files, less what was disabled, and the texts that were added to it.

On the way of a rule: its end, for texts that come while the cloud runs. Every change makes a new value with an engine
of its own, which is put in the place of the old one between two requests; what fails has changed nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from mimic_rules.compiler.lower_rules import lower_rules
from mimic_rules.compiler.program import RulePlan
from mimic_rules.diagnostics import Diagnostic, DiagnosticError
from mimic_rules.engine import Engine
from mimic_rules.engine.hits import adopt
from mimic_rules.language.additions import load_rules
from mimic_rules.language.model import RuleModel
from mimic_rules.lint import suppress
from mimic_rules.lint.reading import has_errors
from mimic_rules.web.footing import Footing, by_id, nothing

if TYPE_CHECKING:
    from mimic_rules.state.world import World
    from mimic_rules.web.mounts import Mount

MOST_RULES: Final = 10_000
"""How many rules of texts a world has where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Given:
    """A text to be added; without a name it gets one that no text of the world has had: `r1`, `r2` and so on."""

    text: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A text that was added: `plans` are its rules that are there still, by rank, and `models` the same by id."""

    id: str
    text: str
    models: Mapping[str, RuleModel]
    plans: tuple[RulePlan, ...]
    warnings: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class RunTime:
    """What a world consults. `texts` are in the order in which they were added; `disabled` are ids of rules; `made`
    counts the texts without a name so far and `ranks` the rules; `engine` consults the rules that are left.
    """

    footing: Footing
    engine: Engine
    texts: tuple[Text, ...] = ()
    disabled: frozenset[str] = frozenset()
    made: int = 0
    ranks: int = 0

    def plans(self) -> tuple[RulePlan, ...]:
        """All rules by rank, disabled ones too: the text that was added last comes first, then those of the files."""
        return (*_by_rank(self.texts), *self.footing.engine.linked.plan.rules)

    def models(self) -> Mapping[str, RuleModel]:
        """All rules by their ids."""
        return {**self.footing.rules, **{id: one for text in self.texts for id, one in text.models.items()}}

    def sources(self) -> Mapping[str, str]:
        """The texts that places point into, by name."""
        return {**self.footing.texts, **{text.id: text.text for text in self.texts}}


class WrongText(DiagnosticError):
    """A text has errors; `sources` are what its diagnostics point into."""

    def __init__(self, diagnostics: Iterable[Diagnostic], sources: Mapping[str, str]) -> None:
        super().__init__(diagnostics)
        self.sources: Final = sources


class CantAdd(Exception):
    """A text can't be added to this world as it is; the message says why."""


def standing_on(footing: Footing) -> RunTime:
    """The rules of the files, and nothing else."""
    return RunTime(footing, footing.engine)


def on_nothing() -> RunTime:
    """No rule at all."""
    return standing_on(nothing())


# -- changes of a world in its place ----------------------------------------------------------------------------------


def add(mount: Mount, given: Sequence[Given], most: int = MOST_RULES) -> tuple[Text, ...]:
    """Add texts, all or none; the world may hold `most` rules of texts.

    Raises WrongText for texts with errors, and CantAdd where a name is taken or there is no room.
    """
    with mount.lock:
        rules = with_texts(mount.rules, given, most)
        put(mount, rules)
        return rules.texts[len(rules.texts) - len(given) :]


def remove(mount: Mount, ids: Collection[str]) -> None:
    """Remove rules of texts by their ids; a text without a rule is gone. What was counted of them is forgotten."""
    ids = frozenset(ids)
    with mount.lock:
        before = mount.rules
        kept = tuple(one for one in (_without(text, ids) for text in before.texts) if one.plans)
        put(mount, _consulting(replace(before, texts=kept, disabled=before.disabled - ids)))


def switch(mount: Mount, ids: Collection[str], enabled: bool) -> None:
    """Let the world consult rules, or not."""
    with mount.lock:
        before = mount.rules
        disabled = before.disabled - frozenset(ids) if enabled else before.disabled | frozenset(ids)
        put(mount, _consulting(replace(before, disabled=disabled)))


def clear(mount: Mount) -> None:
    """Remove all texts and enable all rules; the numbers of texts go on."""
    with mount.lock:
        put(mount, _consulting(replace(mount.rules, texts=(), disabled=frozenset())))


def put(mount: Mount, rules: RunTime) -> None:
    """Let a world consult these rules from its next request on.

    What was counted of rules that are gone is forgotten; rules that are new are in the world from now on.
    """
    with mount.world.transaction() as transaction:
        before = {plan.id for plan in mount.rules.plans()}
        plans = rules.plans()
        _forget(mount.world, before - {plan.id for plan in plans})
        # PERF: what concerns the others is not worked out for each text that is added.
        program = rules.footing.engine.linked.plan
        new = tuple(plan for plan in plans if plan.id not in before)
        adopt(replace(program, rules=new), replace(program, rules=()), mount.world.tallies, transaction.now)
        mount.rules, mount.engine = rules, rules.engine


# -- the same as values -----------------------------------------------------------------------------------------------


def with_texts(rules: RunTime, given: Sequence[Given], most: int = MOST_RULES) -> RunTime:
    """The rules with more texts; see `add`."""
    texts, made, ranks = list(rules.texts), rules.made, rules.ranks
    names = {text.id for text in texts} | {rule.rule.span.file for rule in rules.footing.model.rules}
    found: list[Diagnostic] = []
    for one in given:
        made += one.name is None
        name = f"r{made}" if one.name is None else one.name
        if name in names:
            raise CantAdd(f"there are rules with the name `{name}` already: remove them first, or give another name")
        names.add(name)
        text = _read(name, one.text, rules.footing, texts, ranks)
        found += text.warnings
        ranks += len(text.plans)
        texts.append(text)
    if has_errors(found):
        raise WrongText(found, {text.id: text.text for text in texts[len(rules.texts) :]})
    if sum(len(text.plans) for text in texts) > most:
        raise CantAdd(f"this world may hold {most} rules that were added to it: raise `limits.rules`, or remove some")
    return _consulting(replace(rules, texts=tuple(texts), made=made, ranks=ranks))


def moved(rules: RunTime, footing: Footing) -> tuple[RunTime, tuple[Diagnostic, ...]]:
    """The same texts and disabled rules on another footing; then the errors of the texts that don't fit it, which are
    left out.

    A rule of a file stays disabled if there is one of its name, or, where it has none, one like it in the same file.
    """
    texts: list[Text] = []
    wrong: list[Diagnostic] = []
    ranks = 0
    for text in rules.texts:
        read = _read(text.id, text.text, footing, texts, ranks)
        if has_errors(read.warnings):
            wrong += read.warnings
            continue
        ranks += len(read.plans)
        there = {plan.id for plan in text.plans}
        gone = [plan.id for plan in read.plans if plan.id not in there]
        texts.append(_without(read, gone))
    ours = {plan.id for text in texts for plan in text.plans}
    disabled = (ours & rules.disabled) | set(_again(rules, footing))
    fresh = RunTime(footing, footing.engine, tuple(texts), frozenset(disabled), rules.made, ranks)
    return _consulting(fresh), tuple(wrong)


def state(rules: RunTime) -> dict[str, Any]:
    """The texts and disabled rules as JSON data, for snapshots."""
    texts = [{"id": one.id, "text": one.text, "rules": [plan.id for plan in one.plans]} for one in rules.texts]
    return {"made": rules.made, "texts": texts, "disabled": sorted(rules.disabled)}


def restored(footing: Footing, data: Any) -> RunTime:
    """What `state` gave; raises ValueError for what is no such data, and WrongText for texts that don't fit."""
    try:
        made, disabled = int(data["made"]), frozenset(map(str, data["disabled"]))
        given = [Given(str(one["text"]), str(one["id"])) for one in data["texts"]]
        left = {str(rule) for one in data["texts"] for rule in one["rules"]}
    except (KeyError, TypeError, ValueError):
        raise ValueError("this doesn't say which rules a world consults") from None
    try:
        rules = with_texts(standing_on(footing), given, len(left) + MOST_RULES)
    except CantAdd as problem:
        raise ValueError(str(problem)) from None
    gone = {plan.id for text in rules.texts for plan in text.plans} - left
    texts = [_without(one, gone) for one in rules.texts]
    return _consulting(replace(rules, texts=tuple(texts), disabled=disabled, made=made))


def _read(name: str, text: str, footing: Footing, others: Sequence[Text], ranks: int) -> Text:
    """A text with its rules; where its `warnings` hold an error, it has none."""
    beside = [*footing.model.rules, *(model for other in others for model in other.models.values())]
    added = load_rules(name, text, footing.around, beside)
    found = suppress(added.diagnostics, {name: text})
    if has_errors(found):
        return Text(name, text, {}, (), found)
    plans = lower_rules(replace(footing.model, rules=list(added.rules)))
    # What is added later has a lower number than all before it.
    first = -ranks - len(plans)
    numbered = tuple(replace(plan, number=first + number) for number, plan in enumerate(plans))
    return Text(name, text, by_id(added.rules, numbered), numbered, found)


def _consulting(rules: RunTime) -> RunTime:
    """The same with the engine that it asks for; what its engine has linked is linked."""
    if not rules.texts and not rules.disabled:
        return replace(rules, engine=rules.footing.engine)
    plans = tuple(plan for plan in rules.plans() if plan.id not in rules.disabled)
    return replace(rules, engine=rules.engine.with_rules(plans))


def _by_rank(texts: Sequence[Text]) -> list[RulePlan]:
    """The rules of texts: the last text first, but one that overrides another right before that."""
    ordered = [plan for text in reversed(texts) for plan in text.plans]
    names = {plan.name for plan in ordered}
    for plan in [one for one in ordered if one.overrides in names]:
        at = ordered.index(plan)
        target = next(number for number, one in enumerate(ordered) if one.name == plan.overrides)
        if target < at:
            ordered.insert(target, ordered.pop(at))
    return ordered


def _again(rules: RunTime, footing: Footing) -> Iterator[str]:
    """The ids, on another footing, of the rules of files that are disabled."""
    for id in rules.disabled:
        before = rules.footing.rules.get(id)
        if before is None:
            continue
        for place, one in footing.rules.items():
            if one.layer != before.layer:
                continue
            same = one.rule.span.file == before.rule.span.file and one.rule == before.rule
            if one.rule.name == before.rule.name if before.rule.name is not None else same:
                yield place


def _without(text: Text, ids: Collection[str]) -> Text:
    """A text without some of its rules."""
    if not any(plan.id in ids for plan in text.plans):
        return text
    models = {id: one for id, one in text.models.items() if id not in ids}
    return replace(text, models=models, plans=tuple(plan for plan in text.plans if plan.id not in ids))


def _forget(world: World, ids: Collection[str]) -> None:
    """What was counted of rules that are gone: a text of the same name begins anew."""
    for key in (*world.counters.counts(), *world.counters.windows()) if ids else ():
        if isinstance(key, tuple) and key[0] in ids:
            world.counters.forget(key)
    for id in ids:
        world.tallies.forget(id)
