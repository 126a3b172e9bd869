# SPDX-License-Identifier: Apache-2.0
"""From the parts of rules, as the grammar names them, to their syntax trees.

On the way of a rule: the last of the builders; `build` makes one `Builder` for a file.
"""

from dataclasses import replace
from decimal import Decimal
from typing import Any as Parts
from typing import Final

from mimic_rules.diagnostics import Span
from mimic_rules.language import declarations as de
from mimic_rules.language import expressions as ex
from mimic_rules.language import lifecycles as li
from mimic_rules.language import rules as ru
from mimic_rules.language.build_behaviour import BehaviourBuilder
from mimic_rules.language.build_expressions import Mark, gather
from mimic_rules.language.build_items import text_or_none
from mimic_rules.language.lexer import Word
from mimic_rules.language.moments import read_moment
from mimic_rules.language.texts import unquote

LONGEST_DELAY: Final = 60.0
"""Seconds that an answer may be delayed: real ones, in which a thread waits."""

_ALL: Final = 100


class Builder(BehaviourBuilder):
    """One method per production that makes a rule or a part of one."""

    def rule(
        self, span: Span, name: Word, doc: Word | None, overrides: Word | None, per: Word | None, body: ru.Rule
    ) -> ru.Rule:
        said = "" if doc is None else unquote(doc.text)
        over, of = text_or_none(overrides), text_or_none(per)
        return replace(body, name=name.text, doc=said, overrides=over, per=of, span=span)

    def sentence(self, span: Span, body: ru.Rule) -> ru.Rule:
        return body

    def body_of_rule(self, span: Span, on: Parts, condition: ex.Expr | None, only: Parts, *effects: Parts) -> ru.Rule:
        return ru.Rule(None, "", None, on or (), condition, only, effects, span=span)

    def on(self, span: Span, *events: li.EventName) -> tuple[li.EventName, ...]:
        return events

    # -- how often ----------------------------------------------------------------------------------------------------

    def only(self, span: Span, *marks: Mark) -> ru.Only:
        found = gather(marks, self.diagnostics)
        return ru.Only(found.get("how often"), found.get("when"), span=span)

    def how_many(self, span: Span, first: Word, *rest: Word) -> ru.Counted:
        match first.type:
            case "ONCE":
                return ru.Counted(times=1, span=span)
            case "NUMBER":
                return ru.Counted(times=self._counts(first), span=span)
            case "PERCENT":
                return ru.Counted(share=self._share(first), at_random=len(rest) > 1, span=span)
        return ru.Counted(every=self.ordinal(rest[0]), span=span)

    def counted(self, span: Span, one: ru.Counted, per: ex.Expr | None) -> Mark:
        return Mark("how often", ru.Counted(one.times, one.every, one.share, one.at_random, per, span=span), span)

    def as_often(self, span: Span, times: ex.Expr, per: ex.Expr | None) -> Mark:
        return Mark("how often", ru.Counted(per=per, as_often=times, span=span), span)

    def during(self, span: Span, length: Word) -> Mark:
        return Mark("when", ru.TimeWindow(during=self.seconds(length), span=span), span)

    def from_moment(self, span: Span, since: Word, end: Word | None) -> Mark:
        start = self._moment(since)
        if end is None or end.type == "DURATION":
            length = None if end is None else self.seconds(end)
            return Mark("when", ru.TimeWindow(length, start, span=span), span)
        stop = self._moment(end)
        # A time of day that is over comes again tomorrow, a date never.
        if start.daily == stop.daily and (start == stop or (start.seconds > stop.seconds and not start.daily)):
            self.no_such(end, f"nothing lies between `{since.text}` and `{end.text}`", "write the earlier one first")
        return Mark("when", ru.TimeWindow(None, start, stop, span=span), span)

    def until_moment(self, span: Span, until: Word) -> Mark:
        return Mark("when", ru.TimeWindow(until=self._moment(until), span=span), span)

    def _moment(self, word: Word) -> ru.Moment:
        found = read_moment(word.text)
        if found is None:
            self.no_such(word, f"`{word.text}` is no time", "write one such as `09:00` or `2030-01-01T00:00:00Z`")
        seconds, daily = found or (0, True)
        return ru.Moment(seconds, daily, span=self.at(word))

    def _counts(self, word: Word) -> int:
        """A whole number that is not nothing."""
        count = self.whole(word)
        if count == 0:
            self.no_such(word, "`0` times is never", "write at least `1`, or leave the rule out")
        return max(count, 1)

    def _share(self, word: Word) -> str:
        """`2.5%` as `2.5`: more than nothing, and no more than all."""
        digits = self._percent(word)
        if 0 < Decimal(digits) <= _ALL:
            return digits
        self.no_such(word, f"`{word.text}` is no part of all", "write more than `0%`, and `100%` at most")
        return str(_ALL)

    def _percent(self, word: Word) -> str:
        """What stands before the `%`; half of all where it is too long to be read, which is reported."""
        digits = word.text.removesuffix("%")
        return digits if self._digits(digits, word) == digits else str(_ALL // 2)

    # -- what states do -----------------------------------------------------------------------------------------------

    def stays(self, span: Span, field: Word, state: Word, _for: Word | None, period: Parts) -> ru.Effect:
        return ru.Stays(field.text, state.text, period, span=span)

    def becomes(self, span: Span, field: Word, *parts: Parts) -> ru.Effect:
        steps = tuple(part for part in parts if isinstance(part, ru.ChainStep))
        return ru.Becomes(field.text, steps, span=span)

    def becomes_from(self, span: Span, field: Word, source: ex.Expr) -> ru.Effect:
        return ru.Becomes(field.text, (), source, span=span)

    def step(self, span: Span, state: Word, period: Parts, fault: de.Fault | None) -> ru.ChainStep:
        return ru.ChainStep(state.text, period, fault, span=span)

    # -- what clients are answered ------------------------------------------------------------------------------------

    def respond(self, span: Span, status: Word, name: Word | None, message: Word | None, *marks: Parts) -> ru.Effect:
        said = None if message is None else self.quoted(message)
        return self._marked(ru.Respond(self._status(status), text_or_none(name), said, span=span), marks)

    def respond_from(self, span: Span, source: ex.Expr, *marks: Parts) -> ru.Effect:
        return self._marked(ru.Respond(None, None, None, source, span=span), marks)

    def _marked(self, respond: ru.Respond, marks: Parts) -> ru.Respond:
        """The same with what is said of it, in any order."""
        found = gather([mark for mark in marks if isinstance(mark, Mark)], self.diagnostics)
        return replace(
            respond,
            body=found.get("with body"),
            headers=tuple(mark for mark in marks if isinstance(mark, de.Header)),
            retry_after=found.get("retry after"),
            after_commit=found.get("instead or after commit", False),
            phase=found.get("before"),
        )

    def instead(self, span: Span) -> Mark:
        return Mark("instead or after commit", False, span)

    def after_commit(self, span: Span) -> Mark:
        return Mark("instead or after commit", True, span)

    def before(self, span: Span, phase: Word) -> Mark:
        return Mark("before", phase.text, span)

    def with_body(self, span: Span, body: ex.Expr) -> Mark:
        return Mark("with body", body, span)

    def retry_after(self, span: Span, period: li.Period) -> Mark:
        if isinstance(period, ex.Duration) and not period.seconds.is_integer():
            help = "write `1s`, or a longer time"
            self.diagnostics.add("MR304", "`retry after` says whole seconds", period.span, help=help)
        return Mark("retry after", period, span)

    def limit(self, span: Span, count: Word, length: Word, per: ex.Expr | None, respond: ru.Respond) -> ru.Effect:
        seconds = self.seconds(length)
        if seconds == 0:
            self.no_such(length, "a limit needs some time", "write a longer one, such as `60s`")
        return ru.Limit(self._counts(count), seconds, per, respond, span=span)

    # -- what else happens to a request -------------------------------------------------------------------------------

    def pretend(self, span: Span, phase: Mark | None) -> ru.Effect:
        return ru.Pretend(_phase(phase), span=span)

    def hidden(self, span: Span, _for: Word, period: li.Period, phase: Mark | None) -> ru.Effect:
        return ru.Hide(period, _phase(phase), span=span)

    def first_of(self, span: Span, count: Word, name: Word, phase: Mark | None) -> ru.Effect:
        return ru.FirstOf(self.whole(count), name.text, _phase(phase), span=span)

    def pass_on(self, span: Span, phase: Mark | None) -> ru.Effect:
        return ru.PassOn(_phase(phase), span=span)

    def delay(self, span: Span, low: Word, high: Word | None) -> ru.Effect:
        seconds = self.seconds(low)
        most = seconds if high is None else self.seconds(high)
        for word, length in ((low, seconds), (high, most)):
            if word is not None and length > LONGEST_DELAY:
                help = f"write `{LONGEST_DELAY:.0f}s` at most; for a client that waits for ever, `drop connection`"
                self.no_such(word, f"`{word.text}` is longer than an answer can be delayed", help)
                break
        else:
            if high is not None and seconds > most:
                told = f"nothing lies between `{low.text}` and `{high.text}`"
                self.no_such(high, told, "write the shorter one first")
        return ru.Delay(seconds, most, span=span)

    def drop(self, span: Span) -> ru.Effect:
        return ru.Wire("drop", span=span)

    def reset(self, span: Span) -> ru.Effect:
        return ru.Wire("reset", span=span)

    def truncate(self, span: Span, share: Word) -> ru.Effect:
        digits = self._percent(share)
        if Decimal(digits) >= _ALL:
            self.no_such(share, f"`{share.text}` of a body leaves it whole", "write less than `100%`")
        return ru.Wire("truncate", digits, span=span)

    def garble(self, span: Span) -> ru.Effect:
        return ru.Wire("garble", span=span)

    # -- what clients see ---------------------------------------------------------------------------------------------

    def set_shown(self, span: Span, key: ex.Text | ex.Literal, value: ex.Expr) -> ru.Effect:
        return ru.SetShown(self.plain_key(key), value, span=span)

    def omit(self, span: Span, key: ex.Text | ex.Literal) -> ru.Effect:
        return ru.Omit(self.plain_key(key), span=span)

    def cycle(self, span: Span, *items: ru.Effect) -> ru.Effect:
        return ru.Cycle(items, span=span)


def _phase(mark: Mark | None) -> str | None:
    return None if mark is None else str(mark.value)
