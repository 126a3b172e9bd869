# SPDX-License-Identifier: Apache-2.0
"""From the parts of examples, as the grammar names them, to their syntax trees.

On the way of a rule: one of the builders; it stands between those of items and of behaviour.
"""

from mimic_rules.diagnostics import Span
from mimic_rules.language import examples as sample
from mimic_rules.language import expressions as ex
from mimic_rules.language.build_items import ItemBuilder, text_or_none
from mimic_rules.language.lexer import Word
from mimic_rules.language.texts import unquote


class ExampleBuilder(ItemBuilder):
    """One method per production that makes an example or a step of one."""

    def example(
        self, span: Span, title: Word, proves: Word | None, caller: ex.ObjectOf | None, *steps: sample.Step
    ) -> sample.Example:
        return sample.Example(unquote(title.text), text_or_none(proves), caller, steps, span=span)

    def example_call(
        self,
        span: Span,
        name: Word | None,
        verb: Word,
        resource: Word,
        at: ex.ObjectOf | None,
        query: ex.ObjectOf | None,
        body: ex.Expr | None,
        status: Word,
        says: Word | None,
    ) -> sample.Step:
        return sample.Ask(
            text_or_none(name),
            verb.text,
            resource.text,
            at,
            query,
            body,
            self._status(status),
            None if says is None else self.quoted(says),
            span=span,
        )

    def example_after(self, span: Span, period: Word) -> sample.Step:
        return sample.After(self.seconds(period), span=span)

    def example_quiet(self, span: Span) -> sample.Step:
        return sample.Quiet(span=span)

    def example_poll(self, span: Span, looks: Word | None) -> sample.Step:
        return sample.Poll(1 if looks is None else self.ordinal(looks), span=span)

    def example_age(self, span: Span, name: Word, period: Word) -> sample.Step:
        return sample.Age(name.text, self.seconds(period), span=span)

    def example_expect(self, span: Span, condition: ex.Expr) -> sample.Step:
        return sample.Expect(condition, span=span)
